import { cpus } from 'node:os'
import { CheckSet } from '../../shared/model/check-selection.ts'
import { makeBundles, peerProgram } from './bundles.ts'
import { startStandIns } from './drivers/start-stand-ins.ts'
import { setVariable } from './drivers/targets.ts'
import type { Figures } from './measure.ts'
import { print, row } from './print.ts'
import { type Entrant, middle, runApart, takeTurns } from './rounds.ts'

/**
 * What a precheck of the standard set costs beside one of the essential set, the seven items: one precheck at a time
 * against stand-ins in another process, the whole path on one machine: `npm run bench:sets`.
 */

const prechecks = 100
const rounds = 3

const sets = [CheckSet.enum.essential, CheckSet.enum.standard] as const

const entrantOf = (peer: string, set: CheckSet, environment: Entrant['environment']): Entrant => ({
  peer,
  label: `${peer.slice('ours'.length)}, ${set}`,
  prechecks,
  environment: { ...environment, [setVariable]: set, PRECHECK_FAN_OUT: 'session' },
})

await makeBundles('run-peer', 'run-check', 'stand-ins')
const standIns = await startStandIns()

const runCounting = async (entrant: Entrant): Promise<Figures & { readonly logins: number }> => {
  const before = await standIns.countLogins()
  const figures = runApart(peerProgram, entrant)
  if ('missing' in figures) throw new Error(figures.missing)
  return { ...figures, logins: ((await standIns.countLogins()) - before) / figures.ran }
}

print(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}; median of ${rounds}\n`)
print(row('', ['p50 ms', 'p95 ms', '× essential', 'CPU ms', 'logins']))
for (const peer of ['oursSqlServer', 'oursOracle', 'oursMySql']) {
  const entrants = sets.map((set) => entrantOf(peer, set, standIns.environment))
  const measured = await takeTurns(entrants, rounds, runCounting)
  const figures = [...measured].map(([entrant, all]) => [entrant, middle(all, 'p50')] as const)
  const [, essential] = figures[0] ?? []
  for (const [{ label }, one] of figures) {
    if (!one || !essential) continue
    const { p50, p95, cpuMs, logins } = one
    const cells = [
      p50.toFixed(2),
      p95.toFixed(2),
      (p50 / essential.p50).toFixed(2),
      cpuMs.toFixed(2),
      logins.toFixed(1),
    ]
    print(row(label, cells))
  }
}
standIns.stop()
