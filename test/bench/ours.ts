import { collecting, createHandler as createCollect } from '../../functions/collect/handler.ts'
import { createHandler as createNotify } from '../../functions/notify/handler.ts'
import { checkThreads } from '../../infra/host/check-threads.ts'
import { endingInterrupted } from '../../infra/host/replies.ts'
import { invoking } from '../../infra/host/pump.ts'
import { checksIn, startPumps } from '../../infra/host/pumps.ts'
import { startPrecheck } from '../../shared/flows/prechecks/start-precheck.ts'
import type { InstanceDefinition } from '../../shared/model/instance.ts'
import type { CompletedPrecheck } from '../../shared/model/precheck.ts'
import type { Results } from '../../shared/ports/results.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { localRuntime } from '../../shared/runtime/local.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { type MeasuredEngine, definitionOf, password, readServers } from './drivers/targets.ts'
import { definition as oracleDefinition } from './payload.ts'
import { type PeerFactory, instanceIdOf, noServer } from './peers/peer.ts'

/** Tells who waits for a precheck that it has ended: its last result is on disk by then. */
const announcing = (results: Results, ended: Map<string, () => void>): Results => ({
  ...results,
  complete: async (precheck: CompletedPrecheck, revision: number) => {
    const isWritten = await results.complete(precheck, revision)
    if (isWritten) ended.get(precheck.instanceId)?.()
    return isWritten
  },
})

/** As registered and validated at this moment. */
const instanceOf = (id: string, definition: InstanceDefinition) => {
  const now = new Date().toISOString()
  return {
    id,
    definition,
    status: 'online',
    revision: 1,
    registeredAt: now,
    updatedAt: now,
    validatedAt: now,
  } as const
}

/** What is checked, and by which program of the check thread. */
interface Checked {
  readonly definition: InstanceDefinition
  readonly program: string
}

/** Ours, the whole path: use case, queue, the functions behind their triggers, every write durable. */
const ours =
  (checkedOf: () => Checked): PeerFactory =>
  async ({ items, probeMs, concurrency, folder }) => {
    const checked = checkedOf()
    const settings = readSettings({
      // The peers log nothing.
      PRECHECK_LOG_LEVEL: 'error',
      ...process.env,
      PRECHECK_DATA: folder,
      PRECHECK_CONCURRENCY: String(concurrency * items),
    })
    const environment = { PRECHECK_SECRET_BENCH: password, BENCH_PROBE_MS: String(probeMs) }
    const runtime = localRuntime(settings, environment)
    const ended = new Map<string, () => void>()
    const deps = { ...runtime, results: announcing(runtime.results, ended) }
    const log = jsonLog('error', (line) => void process.stderr.write(line))
    const program = new URL(checked.program, import.meta.url)
    const threads = checkThreads(program, settings, environment, log, endingInterrupted({ ...runtime, log }))
    const collect = invoking(createCollect(deps, log), 'results')
    const notify = invoking(createNotify(deps, log), 'notifications')
    const runCheck = checksIn(threads, collecting(deps, log), runtime.checks, log)
    const pumps = startPumps(runtime, { runCheck, collect, notify }, settings.concurrency, log)
    const known = new Set<string>()

    return {
      run: async (index) => {
        const instanceId = instanceIdOf(index, concurrency)
        if (!known.has(instanceId)) {
          known.add(instanceId)
          await runtime.instances.put(instanceId, instanceOf(instanceId, checked.definition), 0)
        }
        const end = new Promise<void>((resolve) => ended.set(instanceId, resolve))
        const started = await startPrecheck(
          { ...deps, log },
          { instanceId, trigger: 'request', repeatable: null },
        )
        if ('failure' in started) throw new Error(started.failure.code)
        await end
      },
      serverUsage: noServer,
      close: async () => {
        await pumps.stop()
        await threads.stop()
        runtime.close()
      },
    }
  }

/** With probes that know their answer. */
export const oursWithoutServers = ours(() => ({ definition: oracleDefinition, program: 'noop-checks.mjs' }))

/** With the probes of production, against a server. */
export const oursAgainst = (engine: MeasuredEngine): PeerFactory =>
  ours(() => ({ definition: definitionOf(engine, readServers()), program: 'run-check.mjs' }))
