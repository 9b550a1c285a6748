import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checksFor, selectedChecks } from '../../../shared/checks/catalogue.ts'
import { collectResults } from '../../../shared/flows/prechecks/collect-results.ts'
import { startPrecheck } from '../../../shared/flows/prechecks/start-precheck.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { readSettings } from '../../../shared/runtime/environment.ts'
import { type LocalRuntime, localRuntime } from '../../../shared/runtime/local.ts'
import { definitionOf } from '../../support/context.ts'
import { silent } from '../../support/log.ts'
import { runCheck } from '../../support/run-check.ts'

const now = new Date().toISOString()

let folder: string
let runtime: LocalRuntime
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-limits-'))
  runtime = localRuntime(readSettings({ PRECHECK_DATA: folder }), {})
})
afterEach(() => {
  runtime.wake()
  runtime.close()
  rmSync(folder, { recursive: true })
})

/** Items whose probe logs in. */
const loggingIn = Engine.options.flatMap((engine) =>
  checksFor(engine)
    .filter(({ question }) => question.probe === engine)
    .map(({ id }) => [id, engine] as const),
)

describe('an item', () => {
  it.each(loggingIn)('%s is timed_out when its password does not come in time', async (id, engine) => {
    const { status, reason } = await runCheck({
      checkItem: id,
      definition: definitionOf(engine),
      limitMs: 300,
      secrets: { resolve: () => new Promise(() => undefined) },
    })
    expect([status, reason?.code]).toEqual(['timed_out', 'TIME_LIMIT_REACHED'])
  })

  it.each(Engine.options)('of %s that never came to run is timed_out at the deadline', async (engine) => {
    const instance = {
      id: 'db1',
      definition: definitionOf(engine),
      status: 'registered' as const,
      revision: 1,
      registeredAt: now,
      updatedAt: now,
      validatedAt: null,
    }
    await runtime.instances.put(instance.id, instance, 0)
    const started = await startPrecheck(
      { ...runtime, log: silent },
      { instanceId: 'db1', trigger: 'request', repeatable: null },
    )
    if ('failure' in started) throw new Error(started.failure.code)
    const { precheckId } = started.value

    const { steady, limits } = runtime
    const atDeadline = {
      now: () => new Date(Date.now() + limits.deadlineMs),
      steady: { id: steady.id, ms: () => steady.ms() + limits.deadlineMs },
    }
    await collectResults({ ...runtime, log: silent, ...atDeadline }, [{ kind: 'deadline', precheckId }])

    const stored = await runtime.results.get(precheckId)
    const ends = stored?.precheck.results.map(({ checkItem, status, reason }) => [
      checkItem,
      status,
      reason?.code,
    ])
    const planned = selectedChecks(instance.definition)
    expect(ends).toEqual(planned.map(({ id }) => [id, 'timed_out', 'DEADLINE_PASSED']))
  })
})
