import { cpus } from 'node:os'
import { FanOut } from '../../shared/model/fan-out.ts'
import { makeBundles, peerProgram } from './bundles.ts'
import { type StandIns, startStandIns } from './drivers/start-stand-ins.ts'
import type { Figures } from './measure.ts'
import { itemsOfPrecheck } from './payload.ts'
import { print, row } from './print.ts'
import { type Entrant, type Measured, middle, runApart, takeTurns } from './rounds.ts'

/**
 * Compares the whole path of a precheck (use case, queue, run-check, collect, every write durable) with what else could
 * carry it, in one run on one machine, each system in a process of its own: `npm run bench`. First with no-op probes,
 * where all move the same messages, results and documents and ours alone parses and judges them; then with the real
 * drivers. Figures are not stable from machine to machine, ratios are what counts.
 */

/** An entrant of ours, in both modes of fan-out: a message for each check item, as the peers have it, and one for a session. */
const bothModes = (entrant: Entrant): Entrant[] =>
  FanOut.options.map((fanOut) => ({
    ...entrant,
    label: `${entrant.label}, ${fanOut}`,
    environment: { PRECHECK_FAN_OUT: fanOut },
  }))

const ours = bothModes({ peer: 'ours', label: 'ours (fsync per group)', prechecks: 20_000 })
const bullmq: Entrant = { peer: 'bullmqFlows', label: 'BullMQ flows (Redis, everysec)', prechecks: 1500 }
const pgBoss: Entrant = { peer: 'pgBoss', label: 'pg-boss (PostgreSQL, sync on)', prechecks: 3000 }
const sqlite: Entrant = {
  peer: 'sqliteFloor',
  label: 'floor: SQLite, a transaction each',
  prechecks: 2000,
}
const promises: Entrant = {
  peer: 'promiseAll',
  label: 'floor: Promise.all, not durable',
  prechecks: 100_000,
}

const ratio = (one: number, other: Measured | undefined, by: 'perSecond' | 'cpuMs'): string =>
  other && !('missing' in other) ? (one / other[by]).toFixed(2) : '-'

const latencies = ({ p50, p95, p99 }: Figures): string[] => [p50, p95, p99].map((ms) => ms.toFixed(2))

/** Measures and prints a table of entrants that move the same work, beside the peers in it. */
const printFlows = async (entrants: readonly Entrant[], rounds: number): Promise<void> => {
  const all = await takeTurns(entrants, rounds, (entrant) => runApart(peerProgram, entrant))
  const of = (entrant: Entrant) =>
    middle([...all].find(([{ peer }]) => peer === entrant.peer)?.[1] ?? [], 'perSecond')
  const columns = ['prechecks/s', '× BullMQ', '× pg-boss', 'CPU ms', 'RSS MB', 'p50 ms', 'p95 ms', 'p99 ms']
  print(row('', columns))
  for (const [{ label }, measured] of all) {
    const figures = middle(measured, 'perSecond')
    if (!figures || 'missing' in figures) {
      print(row(label, [`not installed: ${figures?.missing ?? ''}`]))
      continue
    }
    const { perSecond, cpuMs, peakRssMb } = figures
    print(
      row(label, [
        perSecond.toFixed(0),
        ratio(perSecond, of(bullmq), 'perSecond'),
        ratio(perSecond, of(pgBoss), 'perSecond'),
        cpuMs.toFixed(2),
        peakRssMb.toFixed(0),
        ...latencies(figures),
      ]),
    )
  }
}

/** Measures an entrant against the stand-ins; with the logins that a precheck cost there. */
const runAgainst = async (standIns: StandIns, entrant: Entrant) => {
  const before = await standIns.countLogins()
  const environment = { ...entrant.environment, ...standIns.environment }
  const figures = runApart(peerProgram, { ...entrant, environment })
  if ('missing' in figures) throw new Error(figures.missing)
  return { ...figures, logins: ((await standIns.countLogins()) - before) / figures.ran }
}

/** Measures and prints what the real drivers cost us beside the bare drivers, the first of the entrants. */
const printDrivers = async (standIns: StandIns, entrants: readonly Entrant[]): Promise<void> => {
  const all = await takeTurns(entrants, 3, (entrant) => runAgainst(standIns, entrant))
  const [floor] = [...all.values()].map((measured) => middle(measured, 'cpuMs'))
  for (const [{ label }, measured] of all) {
    const figures = middle(measured, 'cpuMs')
    if (!figures) continue
    const { perSecond, cpuMs, logins } = figures
    print(
      row(label, [
        perSecond.toFixed(1),
        cpuMs.toFixed(2),
        ratio(cpuMs, floor, 'cpuMs'),
        logins.toFixed(1),
        ...latencies(figures),
      ]),
    )
  }
}

await makeBundles('run-peer', 'run-check', 'stand-ins')
print(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}`)

print(
  `\n${itemsOfPrecheck} no-op items per precheck; 200 under way for the rate, one at a time for the latencies; median of 3:\n`,
)
await printFlows([...ours, bullmq, pgBoss, sqlite, promises], 3)

print('\nEach probe takes 50 ms, 200 under way (the floor of a precheck is 50 ms):\n')
// Ours is quick enough that fewer would mostly measure how the compiler warms up.
const waiting = [
  ...ours.map((each) => ({ ...each, prechecks: 8000 })),
  ...[bullmq, pgBoss, promises].map((each) => ({ ...each, prechecks: 1000 })),
].map((each) => ({ ...each, probeMs: 50 }))
await printFlows(waiting, 1)

print(
  '\nReal drivers against stand-ins in another process; 40 under way, one at a time; median of 3 by CPU:\n',
)
print(row('', ['prechecks/s', 'CPU ms', '× floor CPU', 'logins', 'p50 ms', 'p95 ms', 'p99 ms']))
const standIns = await startStandIns()
for (const [engine, name] of [
  ['SqlServer', 'SQL Server with TLS'],
  ['Oracle', 'Oracle'],
  ['MySql', 'MySQL with TLS'],
] as const) {
  await printDrivers(standIns, [
    { peer: `bare${engine}`, label: `floor: ${name}, bare driver`, prechecks: 300 },
    ...bothModes({ peer: `ours${engine}`, label: `ours: ${name}`, prechecks: 300 }),
  ])
}
standIns.stop()
