import { createHandler as createCollect } from '../../functions/collect/handler.ts'
import { createHandler as createRunCheck } from '../../functions/run-check/handler.ts'
import { collecting } from '../../infra/host/host.ts'
import { pump } from '../../infra/host/pump.ts'
import type { ProbeOutcome } from '../../shared/checks/judge.ts'
import { startPrecheck } from '../../shared/flows/start-precheck.ts'
import { InstanceDefinition } from '../../shared/model/instance.ts'
import type { CompletedPrecheck } from '../../shared/model/precheck.ts'
import type { Results } from '../../shared/ports/results.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { localRuntime } from '../../shared/runtime/local.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { answersOf } from '../emulators/oracle/catalogue-answers.ts'
import { type PeerFactory, noServer, probe } from './peers/peer.ts'

/** Facts of a healthy Oracle, as the probes give them: what is asked for by name, from the stand-in's own table. */
const healthyAnswer = (queries: Readonly<Record<string, { readonly sql: string }>>): ProbeOutcome => {
  const answer = answersOf({})
  const rowsOf = (sql: string) => {
    const found = answer(sql)
    if (!found || !('rows' in found)) throw new Error(`No facts for ${sql}`)
    return found.rows.map((row) =>
      Object.fromEntries(found.columns.map(({ name }, index) => [name.toLowerCase(), row[index]])),
    )
  }
  return { answer: Object.fromEntries(Object.entries(queries).map(([name, { sql }]) => [name, rowsOf(sql)])) }
}

const reached: ProbeOutcome = {
  answer: [
    {
      url: 'https://oss-cn-hangzhou-internal.aliyuncs.com/',
      address: '127.0.0.1',
      phases: { dns: 1, connect: 1, tls: 1, http: 1 },
      status: 403,
      failure: null,
    },
  ],
}

/** Tells who waits for a precheck that it has ended: its last result is on disk by then. */
const announcing = (results: Results, ended: Map<string, () => void>): Results => ({
  ...results,
  complete: async (precheck: CompletedPrecheck, revision: number) => {
    const isWritten = await results.complete(precheck, revision)
    if (isWritten) ended.get(precheck.instanceId)?.()
    return isWritten
  },
})

/** Ours, the whole path: use case, queue, the functions behind their triggers, every write durable. Only the probes are no-ops. */
export const ours: PeerFactory = async ({ items, probeMs, concurrency, folder }) => {
  const settings = readSettings({ PRECHECK_DATA: folder, PRECHECK_CONCURRENCY: String(concurrency * items) })
  const canned = new Map<object, ProbeOutcome>()
  const answerOnce = (queries: Parameters<typeof healthyAnswer>[0]): ProbeOutcome => {
    const known = canned.get(queries) ?? healthyAnswer(queries)
    canned.set(queries, known)
    return known
  }
  const database = async ({ queries }: { readonly queries: Parameters<typeof healthyAnswer>[0] }) => {
    await probe(probeMs)
    return answerOnce(queries)
  }
  const https = async () => {
    await probe(probeMs)
    return reached
  }
  const environment = { BENCH_PASSWORD: 'none' }
  const runtime = localRuntime(settings, environment, { https, oracle: database, sqlserver: database })
  const ended = new Map<string, () => void>()
  const deps = { ...runtime, results: announcing(runtime.results, ended) }
  const log = jsonLog('error', (line) => void process.stderr.write(line))
  const pumps = [
    pump(
      runtime.checks,
      createRunCheck(deps, log),
      { queue: 'checks', batch: 1, concurrency: concurrency * items },
      log,
    ),
    pump(runtime.resultQueue, createCollect(deps, log), collecting, log),
  ]

  const definition = InstanceDefinition.parse({
    engine: 'oracle',
    region: 'cn-hangzhou',
    connection: {
      host: 'db.example',
      serviceName: 'orcl',
      credential: { username: 'precheck', password: 'env:BENCH_PASSWORD' },
    },
  })
  const now = new Date().toISOString()
  const registered = {
    status: 'online',
    revision: 1,
    registeredAt: now,
    updatedAt: now,
    validatedAt: now,
  } as const
  const known = new Set<string>()

  return {
    run: async (index) => {
      const instanceId = `bench-${index % (concurrency * 4)}`
      if (!known.has(instanceId)) {
        known.add(instanceId)
        await runtime.instances.put({ id: instanceId, definition, ...registered }, 0)
      }
      const end = new Promise<void>((resolve) => ended.set(instanceId, resolve))
      const started = await startPrecheck(deps, { instanceId, trigger: 'request', repeatable: null })
      if ('failure' in started) throw new Error(started.failure.detail)
      await end
    },
    serverUsage: noServer,
    close: async () => {
      const stopped = pumps.map(({ stop }) => stop())
      runtime.wake()
      await Promise.all(stopped)
      runtime.close()
    },
  }
}
