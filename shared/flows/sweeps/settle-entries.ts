import { msPerHour } from '../../model/durations.ts'
import { type Moment, leftUntil } from '../../model/deadline.ts'
import { isChanged, isRecovered } from '../../model/news.ts'
import type { CompletedPrecheck, RunningPrecheck } from '../../model/precheck.ts'
import { type Sweep, type SweepEntry, openStatuses } from '../../model/sweep.ts'
import type { Stored } from '../../ports/documents.ts'
import { momentOf } from '../../ports/steady-clock.ts'
import { inParallel } from './in-parallel.ts'
import { latestOf } from './latest-start.ts'
import { whyNotRun, withoutRun } from './not-run.ts'
import { replaceEntry, sendDeadline, startEntry, started } from './start-entry.ts'
import { type RoundFault, type SweepDeps, faultsOf, isOver, widthOfRound } from './sweep-round.ts'

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

/** Starts an entry of which nobody knows whether it was started: the service ended in the middle of it, or the start failed. */
const startAgain = async (
  deps: SweepDeps,
  kind: Sweep['kind'],
  entry: Stored<SweepEntry>,
  isCreated: boolean,
): Promise<void> => {
  const instance = (await deps.instances.get(entry.document.instanceId))?.document ?? null
  const now = deps.now()
  const latestAt = instance ? latestOf(kind, deps.fleetSchedule, entry.document, instance) : Infinity
  const reason = isCreated ? null : whyNotRun(instance, latestAt, now)
  if (reason) return replaceEntry(deps, entry, withoutRun(entry.document, reason, now))
  if (instance) return startEntry(deps, kind, entry, instance)
  // Its precheck was written before the instance was removed: that ends by its deadline.
  return replaceEntry(deps, entry, started(entry.document, now))
}

/** What a digest of the night has to know of a precheck beside its outcome. */
const changeIn = (precheck: CompletedPrecheck): Pick<SweepEntry, 'change'> => {
  if (isRecovered(precheck)) return { change: 'recovered' }
  return isChanged(precheck) ? { change: 'changed' } : {}
}

/** Notes what became of an open entry, and tells whether it is open still. */
const settle = async (deps: SweepDeps, kind: Sweep['kind'], entry: Stored<SweepEntry>): Promise<boolean> => {
  const { document } = entry
  const precheck = (await deps.results.get(document.precheckId))?.precheck
  if (precheck?.state === 'completed') {
    const { startedAt, completedAt, outcome } = precheck
    const ended = {
      startedAt: document.startedAt ?? startedAt,
      endedAt: completedAt,
      status: outcome,
      ...changeIn(precheck),
    }
    await replaceEntry(deps, entry, { ...document, ...ended })
    return false
  }
  if (document.status === 'starting') {
    await startAgain(deps, kind, entry, precheck !== undefined)
    return true
  }
  const now = deps.now()
  if (!precheck) {
    // It was started and is not stored any more: nobody can tell what it came to.
    await replaceEntry(deps, entry, { ...document, endedAt: now.toISOString(), status: 'inconclusive' })
    return false
  }
  if (isDeadlineDue(document, precheck, momentOf(deps))) {
    await sendDeadline(deps, precheck.id)
    await replaceEntry(deps, entry, { ...document, deadlineSentAt: now.toISOString() })
  }
  return true
}

/**
 * Notes what became of the open entries of a sweep, and gives back how many are open still and how many have ended
 * since the last round. Each is looked at once in a round, before anything is started in it.
 */
export const settleEntries = async (
  deps: SweepDeps,
  endsAt: number,
  { id, kind }: Sweep,
): Promise<{ readonly open: number; readonly ended: number; readonly faults: readonly RoundFault[] }> => {
  const { items } = await deps.sweepEntries.list({
    group: id,
    limit: Math.max(deps.sweepConcurrency, deps.maxSweepConcurrency),
    statuses: openStatuses,
  })
  const results = await inParallel(
    widthOfRound,
    items,
    async (entry) => isOver(deps, endsAt) || settle(deps, kind, entry),
  )
  const faults = faultsOf(results, (index) => items[index]?.document.instanceId ?? '')
  const open = results.filter((result) => result.status === 'rejected' || result.value).length
  return { open, ended: items.length - open, faults }
}
