import type { Sweep, SweepClock } from '../../model/sweep.ts'
import type { Stored } from '../../ports/documents.ts'
import { nights } from '../../ports/sweeps.ts'
import {
  type NightWalk,
  aheadOf,
  clockSetBack,
  earliestNight,
  idBefore,
  nextWalk,
  takeDues,
} from './due-in-nights.ts'
import { forgetFutureNights } from './forget-future-nights.ts'
import { holdOpen } from './hold-open.ts'
import { type DueInstance, startDues } from './start-dues.ts'
import {
  type RoundLimits,
  type RoundWork,
  type SweepDeps,
  addWork,
  attemptPart,
  isOver,
  noWork,
  withFault,
} from './sweep-round.ts'

/** Schedules read at a time. */
const pageSize = 500

/** How the walk over the schedules went on in a round. */
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

/** Makes sure that the nights of these starts are there and run. */
const holdNightsOpen = async (deps: SweepDeps, dues: readonly DueInstance[]): Promise<void> => {
  const dates = [...new Set(dues.map(({ sweepId }) => sweepId))]
  await Promise.all(dates.map((date) => holdOpen(deps, nightOf(date, deps.now()))))
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
const clockAfter = (walk: NightWalk, oldestRunning: string | undefined): SweepClock => {
  const earliest = earliestNight(walk)
  return {
    through: new Date(walk.until).toISOString(),
    openSince: oldestRunning !== undefined && oldestRunning < earliest ? oldestRunning : earliest,
    walk: null,
  }
}

/** Where a walk stands: what it looks for, the last instance that it has dealt with, and the clock in which that is kept. */
interface Place {
  readonly walk: NightWalk
  readonly after: string | null
  readonly clock: Stored<SweepClock>
}

/** What was done with a page of schedules. */
interface StartedPage extends RoundWork {
  readonly dues: readonly DueInstance[]
  readonly walk: NightWalk
  /** The last instance of the page that was dealt with; null: none. */
  readonly last: string | null
  /** Whether all of the page was. */
  readonly isWhole: boolean
  readonly isLast: boolean
}

/** Starts what is due of one page of schedules, as far as there is room and time. */
const startPage = async (
  deps: SweepDeps,
  { endsAt, room }: RoundLimits,
  { walk, after }: Place,
): Promise<StartedPage> => {
  const page = await deps.instances.listSchedules({ limit: pageSize, ...(after !== null && { after }) })
  const taken = takeDues(walk, page.items, deps.fleetSchedule, room, deps.now())
  const { dues } = taken
  await holdNightsOpen(deps, dues)
  const { entered, ...work } = await startDues(deps, endsAt, dues)
  const left = dues[entered]
  const last = left ? idBefore(page.items, left.instanceId) : taken.last
  const isWhole = last === (page.items.at(-1)?.id ?? null)
  return { ...work, dues, walk: taken.walk, last, isWhole, isLast: page.next === null }
}

/**
 * Keeps the place after a page, and tells how the walk goes on: at that place, or not in this round. It is written
 * whenever something was started and when the walk is interrupted: only then is there anything that must not be looked
 * for again.
 */
const keepPlace = async (
  deps: SweepDeps,
  endsAt: number,
  { after: before, clock }: Place,
  { dues, walk, last, isWhole, isLast }: StartedPage,
  oldestRunning: string | undefined,
): Promise<Place | Walked> => {
  await holdNightsOpen(deps, dues)
  const write = (next: SweepClock): Promise<boolean> => deps.sweepClock.put(nights, next, clock.revision)
  if (isWhole && isLast) {
    const isWritten = await write(clockAfter(walk, oldestRunning))
    return isWritten ? { kind: 'ended', unfinished: walk.unfinished } : { kind: 'none' }
  }
  const after = last ?? before
  const isInterrupted = !isWhole || isOver(deps, endsAt)
  const isToBeKept = dues.length > 0 || (isInterrupted && last !== null)
  const next = interrupted(clock.document, walk, after)
  if (isToBeKept && !(await write(next))) return { kind: 'none' }
  if (isInterrupted) return { kind: 'interrupted' }
  return { walk, after, clock: isToBeKept ? { document: next, revision: clock.revision + 1 } : clock }
}

/** Walks on from a place, page by page. */
const walkFrom = async (
  deps: SweepDeps,
  { endsAt, room }: RoundLimits,
  first: Place,
  oldestRunning: string | undefined,
): Promise<RoundWork & { readonly walked: Walked }> => {
  let work = noWork
  let place = first
  for (;;) {
    const limits = { endsAt, room: room - work.started }
    const page = await attemptPart('nights', () => startPage(deps, limits, place))
    if ('fault' in page) return { ...withFault(work, page.fault), walked: { kind: 'none' } }
    work = addWork(work, page.value)
    const kept = await attemptPart('nights', () => keepPlace(deps, endsAt, place, page.value, oldestRunning))
    if ('fault' in kept) return { ...withFault(work, kept.fault), walked: { kind: 'none' } }
    if ('kind' in kept.value) return { ...work, walked: kept.value }
    place = kept.value
  }
}

/**
 * Starts what has become due in the nights, as far as there is room and time. The first round of all begins the clock;
 * one that finds it far ahead forgets the nights to come and sets it back, since nothing would be due before the time
 * has come that somebody once took for the present.
 */
export const startNightly = async (
  deps: SweepDeps,
  limits: RoundLimits,
  stored: Stored<SweepClock> | null,
  oldestRunning: string | undefined,
): Promise<RoundWork & { readonly walked: Walked }> => {
  const now = deps.now()
  const aheadMs = stored && aheadOf(stored.document, now)
  if (aheadMs !== null) await forgetFutureNights(deps, aheadMs)
  if (!stored || aheadMs !== null) {
    const begin = stored ? clockSetBack(now) : { through: now.toISOString(), walk: null }
    await deps.sweepClock.put(nights, begin, stored?.revision ?? 0)
    return { ...noWork, walked: { kind: 'none' } }
  }
  const walk = nextWalk(stored.document, now)
  if (!walk) return { ...noWork, walked: { kind: 'none' } }
  const place = { walk, after: stored.document.walk?.after ?? null, clock: stored }
  return walkFrom(deps, limits, place, oldestRunning)
}
