import type { Sweep, SweepClock } from '../../model/sweep.ts'
import type { Stored } from '../../ports/stored.ts'
import { holdOpen } from './hold-open.ts'
import { type NightWalk, earliestNight, idBefore, isFarAhead, nextWalk, takeDues } from './night-walk.ts'
import { type DueInstance, startDues } from './start-entry.ts'
import { type SweepDeps, type SweepRound, isOver } from './sweep-round.ts'

/** Schedules read at a time. */
const pageSize = 500

/** How the walk went on in a round. */
export type Walked =
  /** All instances were seen; of the nights in `unfinished` some are still to come. */
  | { readonly kind: 'ended'; readonly unfinished: ReadonlySet<string> }
  /** There was no room or no time for the rest. */
  | { readonly kind: 'interrupted' }
  /** Nothing can have become due, or another round walks. */
  | { readonly kind: 'none' }

const nightOf = (date: string, now: Date): Sweep => ({
  id: date,
  kind: 'nightly',
  state: 'running',
  filter: {},
  listing: null,
  startedAt: now.toISOString(),
  completedAt: null,
  counts: null,
})

/** Enters what is due into the sweeps of its nights and starts it, as far as there is time; tells how many of them from the front on. */
const startInNights = async (
  deps: SweepDeps,
  round: SweepRound,
  dues: readonly DueInstance[],
): Promise<number> => {
  const nights = [...new Set(dues.map(({ sweepId }) => sweepId))].map((date) => nightOf(date, deps.now()))
  const holdNightsOpen = () => Promise.all(nights.map((night) => holdOpen(deps, night)))
  await holdNightsOpen()
  const entered = await startDues(deps, round, dues)
  await holdNightsOpen()
  return entered
}

/** The clock while a walk is under way. */
const interrupted = (
  clock: SweepClock,
  { until, unfinished }: NightWalk,
  after: string | null,
): SweepClock => ({
  ...clock,
  walk: { until: new Date(until).toISOString(), after, unfinished: [...unfinished] },
})

/** The clock after a walk. `oldestRunning`: the date of the oldest sweep that runs. */
const ended = (walk: NightWalk, oldestRunning: string | undefined): SweepClock => {
  const earliest = earliestNight(walk)
  return {
    through: new Date(walk.until).toISOString(),
    openSince: oldestRunning !== undefined && oldestRunning < earliest ? oldestRunning : earliest,
    walk: null,
  }
}

/**
 * Walks on from a stored clock. The place in the list is kept whenever something was started and when the walk is
 * interrupted: only then is there anything that must not be looked for again.
 */
const walkOn = async (
  deps: SweepDeps,
  round: SweepRound,
  { document: clock, revision }: Stored<SweepClock>,
  walk: NightWalk,
  oldestRunning: string | undefined,
): Promise<Walked> => {
  let written = revision
  let after = clock.walk?.after ?? null
  const keep = async (next: SweepClock): Promise<boolean> => {
    const isWritten = await deps.sweeps.writeClock(next, written)
    written += 1
    return isWritten
  }
  for (;;) {
    const page = await deps.instances.listSchedules({ limit: pageSize, ...(after !== null && { after }) })
    const { dues, last: taken } = takeDues(walk, page.items, deps.fleetSchedule, round.room, deps.now())
    const entered = dues.length > 0 ? await startInNights(deps, round, dues) : 0
    const left = dues[entered]
    const last = left ? idBefore(page.items, left.instanceId) : taken
    const isWhole = last === (page.items.at(-1)?.id ?? null)
    after = last ?? after
    if (isWhole && page.next === null) {
      if (!(await keep(ended(walk, oldestRunning)))) return { kind: 'none' }
      return { kind: 'ended', unfinished: walk.unfinished }
    }
    const isInterrupted = !isWhole || isOver(deps, round)
    const isToBeKept = dues.length > 0 || (isInterrupted && last !== null)
    if (isToBeKept && !(await keep(interrupted(clock, walk, after)))) return { kind: 'none' }
    if (isInterrupted) return { kind: 'interrupted' }
  }
}

/**
 * Starts what has become due in the nights, as far as there is room and time. The first round of all begins the clock;
 * so does one that finds it far ahead, since nothing would be due before the time has come that somebody once took for
 * the present.
 */
export const walkNights = async (
  deps: SweepDeps,
  round: SweepRound,
  stored: Stored<SweepClock> | null,
  oldestRunning: string | undefined,
): Promise<Walked> => {
  const now = deps.now()
  if (!stored || isFarAhead(stored.document, now)) {
    await deps.sweeps.writeClock({ through: now.toISOString(), walk: null }, stored?.revision ?? 0)
    return { kind: 'none' }
  }
  const walk = nextWalk(stored.document, now)
  return walk ? walkOn(deps, round, stored, walk, oldestRunning) : { kind: 'none' }
}
