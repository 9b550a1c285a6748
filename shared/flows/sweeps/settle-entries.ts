import { msPerHour } from '../../model/durations.ts'
import { type Deadline, type Moment, leftUntil } from '../../model/deadline.ts'
import { isChanged, isRecovered } from '../../model/news.ts'
import type { Page } from '../../model/page.ts'
import type { CompletedPrecheck, RunningPrecheck } from '../../model/precheck.ts'
import { type Sweep, type SweepEntry, openStatuses } from '../../model/sweep.ts'
import type { Stored } from '../../ports/documents.ts'
import { momentOf } from '../../ports/steady-clock.ts'
import { inParallel } from './in-parallel.ts'
import { latestOf } from './latest-start.ts'
import { hindered, hindranceOf } from './hindrance.ts'
import { replaceEntry, sendDeadline, startEntry, startInSlot, started } from './start-entry.ts'
import { type RoundFault, type SweepRound, faultsOf, isOver, widthOfRound } from './sweep-round.ts'

/** The message that was to end a precheck may be lost: it is sent again when the precheck hangs, and then once an hour. */
const deadlineEveryMs = msPerHour

const isDeadlineDue = (
  { deadlineSentAt }: SweepEntry,
  precheck: RunningPrecheck,
  moment: Moment,
): boolean => {
  if (deadlineSentAt !== undefined) return moment.wallMs - Date.parse(deadlineSentAt) >= deadlineEveryMs
  return leftUntil(precheck, moment) <= -deadlineEveryMs
}

const deadlineOf = ({ deadlineAt, deadlineOn }: RunningPrecheck): Deadline => ({
  deadlineAt,
  ...(deadlineOn && { deadlineOn }),
})

/** Starts an entry of which nobody knows whether it was started: the service ended in the middle of it, or the start failed. */
const startAgain = async (
  round: SweepRound,
  kind: Sweep['kind'],
  entry: Stored<SweepEntry>,
  created: RunningPrecheck | undefined,
): Promise<void> => {
  const instance = (await round.instances.get(entry.document.instanceId))?.document ?? null
  const now = round.now()
  if (created && instance) return startEntry(round, kind, entry, instance, deadlineOf(created))
  if (created) {
    // It was written before the instance was removed, and ends by its deadline.
    await replaceEntry(round, entry, started(entry.document, now))
    return
  }
  const latestAt = instance ? latestOf(kind, round.fleetSchedule, entry.document, instance) : Infinity
  const hindrance = hindranceOf(round, kind, instance, latestAt)
  if (hindrance) await replaceEntry(round, entry, hindered(entry.document, hindrance, now))
  else if (instance) await startInSlot(round, kind, entry, instance, latestAt)
}

/** What a digest of the night has to know of a precheck beside its outcome. */
const changeIn = (precheck: CompletedPrecheck): Pick<SweepEntry, 'change'> => {
  if (isRecovered(precheck)) return { change: 'recovered' }
  return isChanged(precheck) ? { change: 'changed' } : {}
}

/** Notes what became of an entry that was started, and tells whether it is open still. */
const settle = async (
  round: SweepRound,
  kind: Sweep['kind'],
  entry: Stored<SweepEntry>,
): Promise<boolean> => {
  const { document } = entry
  const precheck = (await round.results.get(document.precheckId))?.precheck
  if (precheck?.state === 'completed') {
    const { startedAt, completedAt, outcome } = precheck
    const ended = {
      startedAt: document.startedAt ?? startedAt,
      endedAt: completedAt,
      status: outcome,
      ...changeIn(precheck),
    }
    await replaceEntry(round, entry, { ...document, ...ended })
    return false
  }
  if (document.status === 'starting') {
    await startAgain(round, kind, entry, precheck)
    return true
  }
  const now = round.now()
  if (!precheck) {
    // It was started and is not stored any more: nobody can tell what it came to.
    await replaceEntry(round, entry, { ...document, endedAt: now.toISOString(), status: 'inconclusive' })
    return false
  }
  if (isDeadlineDue(document, precheck, momentOf(round))) {
    await sendDeadline(round, precheck.id)
    await replaceEntry(round, entry, { ...document, deadlineSentAt: now.toISOString() })
  }
  return true
}

/** Entries read at a time. */
const pageSize = 1000

const openEntries = async (
  { sweepEntries }: SweepRound,
  sweepId: string,
): Promise<readonly Stored<SweepEntry>[]> => {
  const found: Stored<SweepEntry>[] = []
  let after: string | null = null
  do {
    const page: Page<Stored<SweepEntry>> = await sweepEntries.list({
      group: sweepId,
      limit: pageSize,
      statuses: openStatuses,
      ...(after !== null && { after }),
    })
    found.push(...page.items)
    after = page.next
  } while (after !== null)
  return found
}

/** The open entries of a sweep once those were settled whose prechecks ran. */
export interface SettledEntries {
  /** How many were started and are open still. */
  readonly open: number
  /** How many have ended since the last round. */
  readonly ended: number
  /** Those that wait. */
  readonly waiting: readonly Stored<SweepEntry>[]
  readonly faults: readonly RoundFault[]
}

/**
 * Notes what became of the open entries of a sweep. Each is looked at once in a round, before anything is started in
 * it.
 */
export const settleEntries = async (
  round: SweepRound,
  endsAt: number,
  { id, kind }: Sweep,
): Promise<SettledEntries> => {
  const all = await openEntries(round, id)
  const waiting = all.filter(({ document }) => document.status === 'waiting')
  const running = all.filter(({ document }) => document.status !== 'waiting')
  const results = await inParallel(
    widthOfRound,
    running,
    async (entry) => isOver(round, endsAt) || settle(round, kind, entry),
  )
  const faults = faultsOf(results, (index) => running[index]?.document.instanceId ?? '')
  const open = results.filter((result) => result.status === 'rejected' || result.value).length
  return { open, ended: running.length - open, waiting, faults }
}
