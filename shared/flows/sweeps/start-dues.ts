import type { Sweep, SweepEntry } from '../../model/sweep.ts'
import { inParallel } from './in-parallel.ts'
import { isAhead, isMissed } from './latest-start.ts'
import { hindered, hindranceOf, notRun } from './hindrance.ts'
import { startInSlot } from './start-entry.ts'
import {
  type RoundFault,
  type RoundWork,
  type SweepRound,
  attemptPart,
  faultsOf,
  isOver,
  widthOfRound,
} from './sweep-round.ts'

/** An instance whose start in a sweep has come. */
export interface DueInstance {
  readonly sweepId: string
  readonly kind: Sweep['kind']
  readonly instanceId: string
  /** UTC. */
  readonly dueAt: string
  /** After this time it is too late, ms since 1970. */
  readonly latestAt: number
}

/** What became of a due instance that has its entry. `isStarted`: it takes room, also where its start failed. */
interface Entered {
  readonly isStarted: boolean
  readonly fault?: RoundFault
}

/**
 * Enters an instance into a sweep, once, and starts its precheck, or says why not or what it waits for. An entry that
 * stands already is left to the settling of open ones. Rejects if it could not be entered; a start that fails is a
 * fault only, since the entry is there. What is still to come is left to its time: the clock was set back in the middle
 * of the round.
 */
const startDue = async (round: SweepRound, due: DueInstance): Promise<Entered> => {
  const { latestAt, kind, ...about } = due
  const now = round.now()
  if (isAhead(due.dueAt, now)) return { isStarted: false }
  const stored = isMissed(latestAt, now) ? null : await round.instances.get(due.instanceId)
  const instance = stored?.document ?? null
  const isRepeat = kind === 'nightly' && round.realNights.wasStarted(due.instanceId)
  const hindrance =
    hindranceOf(round, kind, instance, latestAt) ?? (isRepeat ? { notRun: notRun('NIGHT_REPEATED') } : null)
  const starting: SweepEntry = {
    ...about,
    precheckId: round.newPrecheckId(),
    status: 'starting',
    startedAt: null,
    endedAt: null,
    notRun: null,
  }
  const entry = hindrance ? hindered(starting, hindrance, now) : starting
  const isNew = await round.sweepEntries.put([due.sweepId, due.instanceId], entry, 0)
  if (!isNew || !instance || hindrance) return { isStarted: false }
  const start = () => startInSlot(round, kind, { document: entry, revision: 1 }, instance, latestAt)
  const outcome = await attemptPart(due.instanceId, start)
  return 'fault' in outcome ? { isStarted: true, fault: outcome.fault } : { isStarted: outcome.value }
}

/**
 * Enters instances into sweeps and starts them, as far as there is time. `entered`: how many of them from the front on
 * have their entry, where the next round has to go on. The first ones are started in any case, so that every round gets
 * on.
 */
export const startDues = async (
  round: SweepRound,
  endsAt: number,
  dues: readonly DueInstance[],
): Promise<RoundWork & { readonly entered: number }> => {
  const results = await inParallel(widthOfRound, dues, async (due, index) => {
    const isInTime = index < widthOfRound || !isOver(round, endsAt)
    return isInTime ? startDue(round, due) : null
  })
  const entries = results.map((result) => (result.status === 'fulfilled' ? result.value : null))
  const firstMissing = entries.indexOf(null)
  return {
    entered: firstMissing === -1 ? dues.length : firstMissing,
    started: entries.filter((entry) => entry?.isStarted).length,
    faults: [
      ...faultsOf(results, (index) => dues[index]?.instanceId ?? ''),
      ...entries.flatMap((entry) => entry?.fault ?? []),
    ],
  }
}
