import type { ShownPrecheck } from '../../shared/model/extract.ts'
import type { Sweep, SweepEntry } from '../../shared/model/sweep.ts'
import { nightTally } from '../../shared/webhooks/events/night-tally.ts'
import { type NightDetails } from '../../shared/webhooks/events/night-data.ts'
import { completedOf, itemResult, lastOf, simpleDatabase } from './completed-prechecks.ts'

/** A night that is over. */
export const nightOf = (id = '2026-11-22'): Sweep & { readonly completedAt: string } => ({
  id,
  kind: 'nightly',
  state: 'completed',
  filter: {},
  listing: null,
  startedAt: '2026-11-21T18:00:00.000Z',
  completedAt: '2026-11-21T20:00:00.000Z',
  counts: null,
})

/** What became of an instance in it. */
export const entryOf = (
  instanceId: string,
  status: SweepEntry['status'],
  over: Partial<SweepEntry> = {},
): SweepEntry => ({
  sweepId: '2026-11-22',
  instanceId,
  precheckId: precheckIdOf(instanceId),
  status,
  dueAt: '2026-11-21T18:00:00.000Z',
  startedAt: status === 'not_run' ? null : '2026-11-21T18:00:01.000Z',
  endedAt: '2026-11-21T18:00:09.000Z',
  notRun: null,
  ...over,
})

/** The id of the precheck of an instance in the night: hex digits of its name. */
const precheckIdOf = (instanceId: string): string =>
  `pc_${Buffer.from(instanceId).toString('hex').padEnd(32, '0').slice(0, 32)}`

/** An instance of which nobody was there to start the precheck. */
export const missedEntry = (instanceId: string): SweepEntry =>
  entryOf(instanceId, 'not_run', {
    notRun: { code: 'WINDOW_MISSED', params: { latestAt: '2026-11-21T21:00:00.000Z' } },
  })

/** What a precheck finds of an instance whose database cannot be backed up by its log: for the first time, or again. */
const brokenPrecheck = (instanceId: string, isNew: boolean): ShownPrecheck => {
  const broken = { results: [itemResult([simpleDatabase('Sales')])], over: { instanceId } }
  return { ...(isNew ? completedOf(broken) : lastOf(broken, broken)), id: precheckIdOf(instanceId) }
}

/** A night with these entries, and the prechecks of those that failed. */
export const detailsOf = (entries: readonly SweepEntry[]): NightDetails => {
  const tally = nightTally()
  tally.add(entries)
  const prechecks = entries
    .filter(({ status }) => status === 'failed')
    .map(({ instanceId, precheckId, change }) => {
      return [precheckId, brokenPrecheck(instanceId, change !== undefined)] as const
    })
  return {
    night: nightOf(),
    completedAt: nightOf().completedAt,
    tally: tally.end(),
    prechecks: new Map(prechecks),
  }
}
