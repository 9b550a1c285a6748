import { msPerHour, msPerMinute } from '../../model/durations.ts'
import type { Precheck } from '../../model/precheck.ts'
import type { Sweep, SweepEntry } from '../../model/sweep.ts'
import { inParallel } from './in-parallel.ts'
import { latestOf, sendDeadline, startEntry, whyNotRun, withoutRun } from './start-entry.ts'
import { type SweepDeps, type SweepRound, attempt, isOver, widthOfRound } from './sweep-round.ts'

/**
 * True in one minute of every hour after the first that a precheck is past its deadline: the message that was to end it
 * may be lost, and should be sent again, but not in every round.
 */
const isHanging = ({ deadlineAt }: Precheck, now: Date): boolean => {
  const overdueMs = now.getTime() - Date.parse(deadlineAt)
  return overdueMs >= msPerHour && overdueMs % msPerHour < msPerMinute
}

/** Starts an entry of which nobody knows whether it was started: the service ended in the middle of it, or the start failed. */
const startAgain = async (deps: SweepDeps, entry: SweepEntry, isCreated: boolean): Promise<void> => {
  const instance = await deps.instances.get(entry.instanceId)
  const now = deps.now()
  const latestAt = instance ? latestOf(deps.fleetSchedule, entry, instance) : Infinity
  const notRun = isCreated ? null : whyNotRun(instance, latestAt, now)
  if (notRun) await deps.sweepEntries.update(withoutRun(entry, notRun, now), 'starting')
  else if (instance) await startEntry(deps, entry, instance)
  // Its precheck was written before the instance was removed: that ends by its deadline.
  else
    await deps.sweepEntries.update({ ...entry, status: 'started', startedAt: now.toISOString() }, 'starting')
}

/** Notes what became of an open entry, and tells whether it is open still. */
const settle = async (deps: SweepDeps, entry: SweepEntry): Promise<boolean> => {
  const precheck = (await deps.results.get(entry.precheckId))?.precheck
  if (precheck?.state === 'completed') {
    const { startedAt, completedAt, outcome } = precheck
    const ended = { ...entry, startedAt: entry.startedAt ?? startedAt, endedAt: completedAt, status: outcome }
    await deps.sweepEntries.update(ended, entry.status)
    return false
  }
  if (entry.status === 'starting') {
    await startAgain(deps, entry, precheck !== undefined)
    return true
  }
  const now = deps.now()
  if (precheck) {
    if (isHanging(precheck, now)) await sendDeadline(deps, precheck.id)
    return true
  }
  // It was started and is not stored any more: nobody can tell what it came to.
  const lost = { ...entry, endedAt: now.toISOString(), status: 'inconclusive' as const }
  await deps.sweepEntries.update(lost, entry.status)
  return false
}

/**
 * Notes what became of the open entries of a sweep, and gives back how many are open still. Each is looked at once in a
 * round, before anything is started in it.
 */
export const settleEntries = async (deps: SweepDeps, round: SweepRound, sweep: Sweep): Promise<number> => {
  const entries = await deps.sweepEntries.listOpen(sweep.id, deps.sweepConcurrency)
  let open = 0
  await inParallel(widthOfRound, entries, async (entry) => {
    const { instanceId } = entry
    const isOpen = isOver(deps, round) || (await attempt(round, instanceId, () => settle(deps, entry), true))
    if (isOpen) open += 1
  })
  return open
}
