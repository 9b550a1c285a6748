import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { makeBundles, peerProgram } from './bundles.ts'
import type { Figures } from './measure.ts'

/**
 * Compares the whole path of a precheck with five no-op items (use case, queue, run-check, collect, every write
 * durable) with what else could carry it, in one run on one machine, each system in a process of its own: `npm run
 * bench`. All of them move the same messages, results and documents; ours alone parses and judges them. Figures are not
 * stable from machine to machine, ratios are what counts.
 */

interface Entrant {
  readonly peer: string
  readonly label: string
  readonly prechecks: number
}

const entrants: readonly Entrant[] = [
  { peer: 'ours', label: 'ours (embedded, fsync per group)', prechecks: 20_000 },
  { peer: 'bullmqFlows', label: 'BullMQ flows (Redis, everysec)', prechecks: 1500 },
  { peer: 'pgBoss', label: 'pg-boss (PostgreSQL, sync on)', prechecks: 3000 },
  { peer: 'sqliteFloor', label: 'floor: SQLite, a transaction each', prechecks: 2000 },
  { peer: 'promiseAll', label: 'floor: Promise.all, not durable', prechecks: 100_000 },
]

type Measured = Figures | { readonly missing: string }

const runApart = ({ peer, prechecks }: Entrant, probeMs: number): Measured => {
  const args = ['--max-semi-space-size=32', peerProgram, peer, String(prechecks), String(probeMs)]
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )
}

/** The round in the middle by rate: a machine is rarely the same twice. */
const middle = (measured: readonly Measured[]): Measured => {
  const rated = measured.flatMap((one) => ('perSecond' in one ? [one] : []))
  const sorted = rated.toSorted((a, b) => a.perSecond - b.perSecond)
  return sorted[Math.floor(sorted.length / 2)] ?? measured[0] ?? { missing: 'no figures' }
}

/** Measures every system in turn, several rounds, so that what else goes on meets all of them alike. */
const measureAll = (chosen: readonly Entrant[], probeMs: number, rounds: number): Map<Entrant, Measured> => {
  const figures = new Map(chosen.map((entrant) => [entrant, new Array<Measured>()]))
  for (let round = 0; round < rounds; round += 1) {
    for (const entrant of chosen) figures.get(entrant)?.push(runApart(entrant, probeMs))
  }
  return new Map([...figures].map(([entrant, measured]) => [entrant, middle(measured)]))
}

const columns = ['prechecks/s', '× BullMQ', '× pg-boss', 'CPU ms', 'RSS MB', 'p50 ms', 'p95 ms', 'p99 ms']
const labelWidth = 36
const cellWidth = 12

const row = (label: string, cells: readonly string[]): string =>
  label.padEnd(labelWidth) + cells.map((cell) => cell.padStart(cellWidth)).join('')

const ratio = (figures: Figures, base: Measured | undefined): string =>
  base && 'perSecond' in base ? (figures.perSecond / base.perSecond).toFixed(1) : '-'

const print = (measured: ReadonlyMap<Entrant, Measured>): void => {
  const of = (peer: string) => [...measured].find(([entrant]) => entrant.peer === peer)?.[1]
  const lines = [...measured].map(([{ label }, figures]) =>
    'missing' in figures
      ? row(label, [`not installed: ${figures.missing}`])
      : row(label, [
          figures.perSecond.toFixed(0),
          ratio(figures, of('bullmqFlows')),
          ratio(figures, of('pgBoss')),
          figures.cpuMs.toFixed(2),
          figures.peakRssMb.toFixed(0),
          figures.p50.toFixed(2),
          figures.p95.toFixed(2),
          figures.p99.toFixed(2),
        ]),
  )
  process.stdout.write(`${[row('', columns), ...lines].join('\n')}\n`)
}

await makeBundles('run-peer')
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}\n\n`)
process.stdout.write(
  '5 no-op items per precheck; 200 under way for the rate, one at a time for the latencies; median of 3 rounds:\n\n',
)
print(measureAll(entrants, 0, 3))

process.stdout.write('\nEach probe takes 50 ms (the floor of a precheck is 50 ms):\n\n')
const waiting = entrants
  .filter(({ peer }) => peer !== 'sqliteFloor')
  .map((entrant) => ({ ...entrant, prechecks: 1000 }))
print(measureAll(waiting, 50, 1))
