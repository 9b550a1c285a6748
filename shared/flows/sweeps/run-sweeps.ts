import type { Sweep } from '../../model/sweep.ts'
import { completeSweep } from './complete-sweep.ts'
import { continueSweep } from './continue-sweep.ts'
import { dateOf, listRunningSweeps } from './list-running-sweeps.ts'
import { settleEntries } from './settle-entries.ts'
import { type RoundFault, type SweepDeps, type SweepRound, attempt, isOver } from './sweep-round.ts'
import { type Walked, walkNights } from './walk-nights.ts'

/** A sweep and how many of its prechecks were open when the round began. */
interface Settled {
  readonly sweep: Sweep
  readonly open: number
}

const settleAll = async (
  deps: SweepDeps,
  round: SweepRound,
  sweeps: readonly Sweep[],
): Promise<readonly Settled[]> => {
  const settled: Settled[] = []
  for (const sweep of sweeps) settled.push({ sweep, open: await settleEntries(deps, round, sweep) })
  return settled
}

const continueRequested = async (
  deps: SweepDeps,
  round: SweepRound,
  sweeps: readonly Sweep[],
): Promise<boolean> => {
  let hasMore = false
  for (const { id } of sweeps.filter(({ listing }) => listing !== null)) {
    if (await attempt(round, id, () => continueSweep(deps, round, id), false)) hasMore = true
  }
  return hasMore
}

/** True if nothing is to be added to a sweep any more. A night is over only for a walk that has just seen all instances. */
const isOverFor = ({ id, kind }: Sweep, walked: Walked): boolean =>
  kind === 'requested' || (walked.kind === 'ended' && !walked.unfinished.has(id))

/** The first fault, where it was, and how many there are. */
const errorOf = ({ at, cause }: RoundFault, count: number): Error => {
  const detail = cause instanceof Error ? cause.message : String(cause)
  const others = count === 1 ? '' : ` (${count} faults in this round)`
  return new Error(`${at}: ${detail}${others}`, { cause })
}

/**
 * One round over all sweeps: notes what became of what runs, starts what has become due, goes on with the sweeps that
 * were asked for, and completes what is over. Everything that is decided is written down once, so that a round may end
 * anywhere, be repeated, and meet another one. `endsAt`: when it has to end (ms since 1970). `isBusy`: more is to do at
 * once. Rejects after all that could be done if something went wrong; the next round tries that again.
 */
export const runSweeps = async (deps: SweepDeps, endsAt: number): Promise<{ readonly isBusy: boolean }> => {
  const clock = await deps.sweeps.readClock()
  const running = await listRunningSweeps(deps, clock?.document.openSince)
  const round: SweepRound = { endsAt, room: 0, faults: [] }
  const settled = await settleAll(deps, round, running)
  const open = settled.reduce((sum, each) => sum + each.open, 0)
  round.room = Math.max(0, deps.sweepConcurrency - open)

  const [oldest] = running
  const walk = () => walkNights(deps, round, clock, oldest && dateOf(oldest))
  const walked = await attempt<Walked>(round, 'nights', walk, { kind: 'none' })
  const hasRequested = await continueRequested(deps, round, running)
  for (const { sweep } of settled.filter((each) => each.open === 0)) {
    if (isOver(deps, round)) break
    if (isOverFor(sweep, walked))
      await attempt(round, sweep.id, () => completeSweep(deps, sweep.id), undefined)
  }
  const [fault] = round.faults
  if (fault) throw errorOf(fault, round.faults.length)
  return { isBusy: walked.kind === 'interrupted' || hasRequested || isOver(deps, round) }
}
