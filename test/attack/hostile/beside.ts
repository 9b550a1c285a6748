import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { notApplicable } from '../../../shared/model/outcome.ts'
import { demoPassword } from '../../demo/scenes.ts'
import type { AnsweredItem } from '../../support/answer-json.ts'
import { type HostProcess, startProgram } from '../../support/processes.ts'
import { ask } from '../../support/service.ts'
import { type StandIns, startStandIns } from '../../support/stand-ins.ts'
import { passwordReference } from '../quiet-host.ts'
import { rssMbOf } from '../rss.ts'
import type { HostileServer } from './servers.ts'

/** How many healthy prechecks, and over how long they are spread. */
export interface BesidePlan {
  readonly prechecks: number
  readonly seconds: number
  /** Hostile servers, of as many kinds. */
  readonly hostile: number
}

/** How healthy prechecks did. */
export interface Healthy {
  /** Those that ended with the outcome that they have when nobody attacks. */
  readonly right: number
  /** What the others ended with, by outcome and reasons. */
  readonly wrong: Readonly<Record<string, number>>
  readonly p50Ms: number
  readonly p95Ms: number
  readonly healthP99Ms: number
}

/** How they did alone, and beside hostile servers. */
export interface Beside {
  readonly alone: Healthy
  readonly beside: Healthy
  /** Prechecks of hostile servers that ended, by server. */
  readonly hostile: Readonly<Record<string, number>>
  readonly maxRssMb: number
}

/** Between two questions after health, ms. */
const healthEveryMs = 50

/** Between two looks at the memory, ms. */
const rssEveryMs = 200

const engines = ['sqlserver', 'oracle', 'mysql'] as const

/** Instances of each engine: one that is prechecked is refused another. */
const instancesPerEngine = 50

/** Between two prechecks of a hostile server, ms: with 40 of them, some ten prechecks a second for nothing. */
const pauseMs = 4000

const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((one, another) => one - another)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Does something again and again until it is stopped. */
const repeating = (work: () => Promise<unknown>) => {
  const state = { isStopped: false }
  const run = async (): Promise<void> => {
    while (!state.isStopped) await work()
  }
  const running = run()
  return async (): Promise<void> => {
    state.isStopped = true
    await running
  }
}

/** A connection took longer than a second: what a busy machine adds, whoever is healthy. */
const isSlowAlone = ({ findings }: AnsweredItem): boolean =>
  findings.length > 0 && findings.every(({ message }) => message.code === 'SLOW_CONNECT')

/** A precheck to its end: its outcome, and the reasons of its items. */
const precheck = async (host: HostProcess, instanceId: string): Promise<string> => {
  const path = `/v1/instances/${instanceId}/prechecks`
  const { json } = await ask(host, 'POST', path, { body: {}, headers: { prefer: 'wait=60' } })
  const items = json.items ?? []
  const reasons = items
    .map((item) => item.reason?.code ?? (isSlowAlone(item) ? 'passed' : item.status))
    .filter((reason) => reason !== notApplicable)
  const isOnlySlow = json.outcome === 'warning' && !reasons.includes('warning')
  const outcome = isOnlySlow ? 'passed' : json.outcome
  return [outcome, ...new Set(reasons)].join(' ')
}

const healthy = engines.flatMap((engine) =>
  Array.from({ length: instancesPerEngine }, (_, index) => ({ id: `healthy-${engine}-${index}`, engine })),
)

const registerHealthy = async (host: HostProcess, { definitionOf }: StandIns): Promise<void> => {
  for (const { id, engine } of healthy) {
    await ask(host, 'PUT', `/v1/instances/${id}`, { body: definitionOf(engine, passwordReference) })
  }
}

/** Prechecks the healthy, one after the other begun at even times, and asks after health meanwhile. */
const measure = async (host: HostProcess, { prechecks, seconds }: BesidePlan): Promise<Healthy> => {
  const healthMs: number[] = []
  const stopHealth = repeating(async () => {
    const from = performance.now()
    const { status } = await ask(host, 'GET', '/healthz')
    healthMs.push(status === 200 ? performance.now() - from : Number.POSITIVE_INFINITY)
    await sleep(healthEveryMs)
  })
  const tookMs: number[] = []
  const wrong: Record<string, number> = {}
  const one = async (index: number): Promise<void> => {
    await sleep((index * seconds * 1000) / prechecks)
    const from = performance.now()
    const ended = await precheck(host, healthy[index % healthy.length]?.id ?? '')
    tookMs.push(performance.now() - from)
    if (ended !== 'passed passed') wrong[ended] = (wrong[ended] ?? 0) + 1
  }
  await Promise.all(Array.from({ length: prechecks }, (_, index) => one(index)))
  await stopHealth()
  return {
    right: prechecks - Object.values(wrong).reduce((sum, count) => sum + count, 0),
    wrong,
    p50Ms: percentile(tookMs, 0.5),
    p95Ms: percentile(tookMs, 0.95),
    healthP99Ms: percentile(healthMs, 0.99),
  }
}

const startHostile = async () => {
  const servers = await startProgram('test/attack/hostile/run-servers.ts', {
    PRECHECK_SECRET_DB: demoPassword,
  })
  return { servers: JSON.parse(servers.firstLine) as readonly HostileServer[], stop: servers.stop }
}

/** So many of all kinds, evenly picked. */
const some = (servers: readonly HostileServer[], count: number): readonly HostileServer[] =>
  servers.filter(
    (_, index) =>
      Math.floor((index * count) / servers.length) !== Math.floor(((index - 1) * count) / servers.length),
  )

/** Prechecks hostile servers over and over; resolves with what stops it, and with what came of them. */
const attack = async (host: HostProcess, servers: readonly HostileServer[]) => {
  const ended: Record<string, number> = {}
  for (const { name, definition } of servers) {
    const { status, text } = await ask(host, 'PUT', `/v1/instances/${name}`, { body: definition })
    if (status !== 201) throw new Error(text)
  }
  const stops = servers.map(({ name }) =>
    repeating(async () => {
      const outcome = await precheck(host, name)
      const key = `${name}: ${outcome}`
      ended[key] = (ended[key] ?? 0) + 1
      await sleep(pauseMs)
    }),
  )
  return { ended, stop: () => Promise.all(stops.map((stop) => stop())) }
}

/** Prechecks healthy stand-ins, first alone, then while hostile servers of every kind are prechecked over and over. */
export const beside = async (host: HostProcess, plan: BesidePlan): Promise<Beside> => {
  const standIns = await startStandIns()
  const hostile = await startHostile()
  standIns.heal()
  const rss = { maxMb: 0 }
  const stopLooking = repeating(async () => {
    rss.maxMb = Math.max(rss.maxMb, rssMbOf(host.pid))
    await sleep(rssEveryMs)
  })
  try {
    await registerHealthy(host, standIns)
    // Loads the drivers.
    await Promise.all(healthy.map(({ id }) => precheck(host, id)))
    const alone = await measure(host, plan)
    const attacking = await attack(host, some(hostile.servers, plan.hostile))
    const attacked = await measure(host, plan)
    await attacking.stop()
    return { alone, beside: attacked, hostile: attacking.ended, maxRssMb: rss.maxMb }
  } finally {
    await stopLooking()
    await hostile.stop()
    await standIns.close()
  }
}
