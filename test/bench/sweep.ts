import { cpus } from 'node:os'
import { makeBundles } from './bundles.ts'
import { type SweptFleet, sweepFleet } from './fleet.ts'

/**
 * Sweeps fleets of simulated instances on one machine, each in a process of its own: `npm run sweep`. What grows with
 * the fleet is the time; memory must not. The last line is a sweep whose process is killed in the middle and started
 * again.
 */

const columns = ['ended', 'twice', 'lost', 'seconds', 'prechecks/s', 'peak RSS MB'] as const
const labelWidth = 36
const cellWidth = 13

const row = (label: string, cells: readonly string[]): string =>
  label.padEnd(labelWidth) + cells.map((cell) => cell.padStart(cellWidth)).join('')

const line = ({ instances, endedAtKill, ...fleet }: SweptFleet): string =>
  row(
    `${instances} instances × 5 items${endedAtKill === null ? '' : `, killed at ${endedAtKill}`}`,
    [fleet.ended, fleet.startedTwice, fleet.lost]
      .map(String)
      .concat(fleet.seconds.toFixed(1), fleet.perSecond.toFixed(0), fleet.peakRssMb.toFixed(0)),
  )

await makeBundles('fleet-host')
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}\n\n`)
process.stdout.write(`${row('', columns)}\n`)
for (const instances of [1000, 10_000, 50_000]) {
  process.stdout.write(`${line(await sweepFleet({ instances }))}\n`)
}
process.stdout.write(`${line(await sweepFleet({ instances: 10_000, killAt: 0.5 }))}\n`)
