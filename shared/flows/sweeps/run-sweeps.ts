import type { Sweep } from '../../model/sweep.ts'
import { nights } from '../../ports/sweeps.ts'
import { completeSweep } from './complete-sweep.ts'
import { dateOf, listRunningSweeps } from './list-running-sweeps.ts'
import { isNightOver } from './night-over.ts'
import { roundSlots } from './round-slots.ts'
import { type SettledEntries, settleEntries } from './settle-entries.ts'
import { type Walked, startNightly } from './start-nightly.ts'
import { startRequested } from './start-requested.ts'
import { startWaiting } from './start-waiting.ts'
import {
  type RoundFault,
  type RoundLimits,
  type RoundWork,
  type SweepDeps,
  type SweepRound,
  addWork,
  attemptPart,
  isOver,
  noWork,
  withFault,
} from './sweep-round.ts'

/** A sweep and its open entries. */
interface Settled extends SettledEntries {
  readonly sweep: Sweep
}

const settleAll = async (
  round: SweepRound,
  endsAt: number,
  sweeps: readonly Sweep[],
): Promise<readonly Settled[]> => {
  const settled: Settled[] = []
  for (const sweep of sweeps) settled.push({ sweep, ...(await settleEntries(round, endsAt, sweep)) })
  return settled
}

const startAllRequested = async (
  round: SweepRound,
  { endsAt, room }: RoundLimits,
  sweeps: readonly Sweep[],
): Promise<RoundWork & { readonly isBusy: boolean }> => {
  let work = noWork
  let isBusy = false
  for (const { id } of sweeps.filter(({ listing }) => listing !== null)) {
    const limits = { endsAt, room: room - work.started }
    const started = await attemptPart(id, () => startRequested(round, limits, id))
    work = 'fault' in started ? withFault(work, started.fault) : addWork(work, started.value)
    isBusy ||= 'value' in started && started.value.isBusy
  }
  return { ...work, isBusy }
}

/** True if nothing is to be added to a sweep any more. A night is over only after a walk over all that was due in it. */
const isOverFor = async (
  deps: SweepDeps,
  endsAt: number,
  { id, kind }: Sweep,
  walked: Walked,
): Promise<boolean> =>
  kind === 'requested' || (walked.kind === 'ended' && isNightOver(deps, endsAt, id, walked.until))

/** Where no walk was made. */
const none: Walked = { kind: 'none' }

/** Completes those of which nothing is open, if nothing is to come. */
const completeAll = async (
  deps: SweepDeps,
  endsAt: number,
  sweeps: readonly Sweep[],
  walked: Walked,
): Promise<readonly RoundFault[]> => {
  const faults: RoundFault[] = []
  for (const sweep of sweeps) {
    if (isOver(deps, endsAt)) break
    const completed = await attemptPart(sweep.id, async () => {
      if (await isOverFor(deps, endsAt, sweep, walked)) await completeSweep(deps, sweep.id)
    })
    if ('fault' in completed) faults.push(completed.fault)
  }
  return faults
}

/** By how much more may run than ended since the last round: what is started follows what gets done, up and down. */
const growth = 1.25

/** Prechecks that may be started, beside those that run. */
const roomOf = (
  { sweepConcurrency, maxSweepConcurrency }: SweepDeps,
  settled: readonly Settled[],
): number => {
  const open = settled.reduce((sum, each) => sum + each.open, 0)
  const ended = settled.reduce((sum, each) => sum + each.ended, 0)
  const most = Math.max(sweepConcurrency, Math.min(maxSweepConcurrency, Math.floor(ended * growth)))
  return Math.max(0, most - open)
}

/** The first fault, where it was, and how many there are. */
const errorOf = ({ at, cause }: RoundFault, count: number): Error => {
  const detail = cause instanceof Error ? cause.message : String(cause)
  const others = count === 1 ? '' : ` (${count} errors in this round)`
  return new Error(`${at}: ${detail}${others}`, { cause })
}

/**
 * One round over all sweeps: notes what became of what runs, starts what waits and what has become due, goes on with
 * the sweeps that were asked for, and completes what is over. Everything that is decided is written down once, so that
 * a round may end anywhere, be repeated, and meet another one. `endsAt`: when it has to end (ms of the steady clock).
 * `isBusy`: more is to do at once. Rejects after all that could be done if something went wrong; the next round tries
 * that again.
 */
export const runSweeps = async (deps: SweepDeps, endsAt: number): Promise<{ readonly isBusy: boolean }> => {
  const round = { ...deps, slots: roundSlots(deps, deps.hostLimit.perHost, deps.sweepLimits.deadlineMs) }
  const clock = await deps.sweepClock.get(nights)
  const running = await listRunningSweeps(deps, clock?.document.openSince)
  const settled = await settleAll(round, endsAt, running)
  const waiting = settled.flatMap((each) => each.waiting.map((entry) => ({ kind: each.sweep.kind, entry })))
  const waited = await startWaiting(round, { endsAt, room: roomOf(deps, settled) }, waiting)
  const room = roomOf(deps, settled) - waited.started

  const [oldest] = running
  const nightly = await attemptPart('nights', () =>
    startNightly(round, { endsAt, room }, clock, oldest && dateOf(oldest)),
  )
  const night = 'value' in nightly ? nightly.value : { ...withFault(noWork, nightly.fault), walked: none }
  const requested = await startAllRequested(round, { endsAt, room: room - night.started }, running)
  const ended = settled.filter((each) => each.open + each.waiting.length === 0).map(({ sweep }) => sweep)
  const completionFaults = await completeAll(deps, endsAt, ended, night.walked)
  const faults = [...settled.flatMap((each) => each.faults), ...waited.faults]
  const allFaults = [...faults, ...night.faults, ...requested.faults, ...completionFaults]
  const [fault] = allFaults
  if (fault) throw errorOf(fault, allFaults.length)
  return { isBusy: night.walked.kind === 'interrupted' || requested.isBusy || isOver(deps, endsAt) }
}
