import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cloudAssistant } from '../../shared/adapters/cloud-assistant/cloud-assistant.ts'
import { collectResults } from '../../shared/flows/prechecks/collect-results.ts'
import { type RunCheckDeps, runCheck } from '../../shared/flows/prechecks/run-check.ts'
import { startPrecheck } from '../../shared/flows/prechecks/start-precheck.ts'
import type { InstanceDefinition } from '../../shared/model/instance.ts'
import type { CompletedPrecheck } from '../../shared/model/precheck.ts'
import type { CheckMessage, PrecheckMessage } from '../../shared/model/queue-messages.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { localRuntime } from '../../shared/runtime/local.ts'
import { realProbes } from '../../shared/runtime/probes.ts'
import { clocksAt } from './clocks.ts'
import { silent } from './log.ts'

/** Prechecks from their start to their end in this process, with the real probes and a store on disk. */
export interface WholePrechecks {
  /** A full precheck of an instance; the memory of those before under the same id is there. */
  readonly of: (id: string, definition: InstanceDefinition) => Promise<CompletedPrecheck>
  readonly close: () => void
}

const lookAgainMs = 20

/** When every precheck is, UTC. */
const today = Date.parse('2026-11-21T02:00:00Z')

/** `ecs`: the OpenAPI endpoint that commands are sent to, and with which keys. */
export const startWholePrechecks = (
  password: string,
  ecs: Pick<Parameters<typeof cloudAssistant>[0], 'endpoint' | 'credentials'>,
): WholePrechecks => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-whole-'))
  const settings = readSettings({ PRECHECK_DATA: folder, PRECHECK_DEADLINE_SECONDS: '240' })
  const begunAt = Date.now()
  // The days until support ends, say, are those of one day.
  const clocks = clocksAt(() => today + Date.now() - begunAt)
  const runtime = { ...localRuntime(settings, { PRECHECK_SECRET_DB: password }), ...clocks }
  const retry = { attempts: 1, baseDelayMs: 1, maxDelayMs: 1, budgetMs: 1 }
  const asking: RunCheckDeps = {
    ...runtime,
    log: silent,
    probes: realProbes(null),
    hostReach: cloudAssistant({ ...ecs, timeoutMs: 60_000, retry }),
  }

  /** Its results, and those of all that it sends. */
  const run = async (message: CheckMessage): Promise<PrecheckMessage[]> => {
    const results: PrecheckMessage[] = []
    for await (const { queue, messages } of runCheck(asking, message)) {
      if (queue === 'results') results.push(...messages.filter((each) => each.kind !== 'validation'))
      else {
        // A command on the host that is under way is looked at again, sooner than where it costs something.
        if (messages.some(({ awaited }) => awaited)) await sleep(lookAgainMs)
        results.push(...(await Promise.all(messages.map(run))).flat())
      }
    }
    return results
  }

  const of: WholePrechecks['of'] = async (id, definition) => {
    const at = runtime.now().toISOString()
    const known = await runtime.instances.get(id)
    await runtime.instances.put(
      id,
      {
        id,
        definition,
        status: 'registered',
        revision: (known?.revision ?? 0) + 1,
        registeredAt: at,
        updatedAt: at,
        validatedAt: null,
      },
      known?.revision ?? 0,
    )
    const sent: CheckMessage[] = []
    const begin: typeof runtime.begin = (beginning) => {
      sent.push(...beginning.checks)
      return runtime.begin(beginning)
    }
    const request = { instanceId: id, trigger: 'request', repeatable: null } as const
    const started = await startPrecheck({ ...runtime, begin, log: silent }, request)
    if ('failure' in started) throw new Error(started.failure.code)
    const results = await Promise.all(sent.map(run))
    await collectResults({ ...runtime, log: silent }, results.flat())
    const ended = await runtime.results.get(started.value.precheckId)
    if (ended?.precheck.state !== 'completed') throw new Error('The precheck has not ended')
    return ended.precheck
  }

  return {
    of,
    close: () => {
      runtime.wake()
      runtime.close()
      rmSync(folder, { recursive: true })
    },
  }
}
