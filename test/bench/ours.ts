import { createHandler as createCollect } from '../../functions/collect/handler.ts'
import { checkThreads } from '../../infra/host/check-threads.ts'
import { collecting } from '../../infra/host/host.ts'
import { handOver } from '../../infra/host/hand-over.ts'
import { type Invoke, invoking, pump } from '../../infra/host/pump.ts'
import { startPrecheck } from '../../shared/flows/prechecks/start-precheck.ts'
import type { CompletedPrecheck } from '../../shared/model/precheck.ts'
import type { Results } from '../../shared/ports/results.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { localRuntime } from '../../shared/runtime/local.ts'
import { realProbes } from '../../shared/runtime/probes.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { definition } from './payload.ts'
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
const instanceOf = (id: string) => {
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

/** Ours, the whole path: use case, queue, the functions behind their triggers, every write durable. Only the probes are no-ops. */
export const ours: PeerFactory = async ({ items, probeMs, concurrency, folder }) => {
  const settings = readSettings({
    PRECHECK_DATA: folder,
    PRECHECK_CONCURRENCY: String(concurrency * items),
    PRECHECK_LOG_LEVEL: process.env['BENCH_LOG_LEVEL'] ?? 'error',
    PRECHECK_FAN_OUT: process.env['BENCH_FAN_OUT'] ?? 'item',
  })
  const environment = { BENCH_PASSWORD: 'none', BENCH_PROBE_MS: String(probeMs) }
  const runtime = localRuntime(settings, environment, realProbes)
  const ended = new Map<string, () => void>()
  const deps = { ...runtime, results: announcing(runtime.results, ended) }
  const log = jsonLog('error', (line) => void process.stderr.write(line))
  const program = new URL('noop-checks.mjs', import.meta.url)
  const collect = invoking(createCollect(deps, log), 'results')
  const record = handOver(collect)
  const threads = checkThreads(program, settings, environment, log)
  const runCheck: Invoke = ([body = '']) =>
    threads.run(body, (reply) =>
      reply.queue === 'results'
        ? record([reply.body])
        : runtime.checks.sendBodies([reply.body], reply.delaySeconds),
    )
  const checking = { queue: 'checks', batch: 1, concurrency: settings.concurrency }
  const pumps = [
    pump(runtime.checks, runCheck, checking, log),
    pump(runtime.resultQueue, collect, collecting, log),
  ]
  const known = new Set<string>()

  return {
    run: async (index) => {
      const instanceId = instanceIdOf(index, concurrency)
      if (!known.has(instanceId)) {
        known.add(instanceId)
        await runtime.instances.put(instanceId, instanceOf(instanceId), 0)
      }
      const end = new Promise<void>((resolve) => ended.set(instanceId, resolve))
      const started = await startPrecheck(
        { ...deps, log },
        { instanceId, trigger: 'request', repeatable: null },
      )
      if ('failure' in started) throw new Error(started.failure.detail)
      await end
    },
    serverUsage: noServer,
    close: async () => {
      const stopped = pumps.map(({ stop }) => stop())
      runtime.wake()
      await Promise.all(stopped)
      await threads.stop()
      runtime.close()
    },
  }
}
