import { type DueStart, dueStartId } from '../../model/due-start.ts'
import { msPerMinute } from '../../model/durations.ts'
import type { Sweep, SweepClock } from '../../model/sweep.ts'
import type { Stored } from '../../ports/documents.ts'
import { nights } from '../../ports/sweeps.ts'
import {
  type NightPart,
  type NightWalk,
  aheadOf,
  clockSetBack,
  dueIn,
  earliestNight,
  fitting,
  nextWalk,
} from './due-in-nights.ts'
import { forgetFutureNights } from './forget-future-nights.ts'
import { holdOpen } from './hold-open.ts'
import { inParallel, valuesOf } from './in-parallel.ts'
import { indexNeeded, indexStarts } from './index-starts.ts'
import { type DueInstance, startDues } from './start-dues.ts'
import {
  type RoundLimits,
  type RoundWork,
  type SweepDeps,
  type SweepRound,
  addWork,
  attemptPart,
  isOver,
  noWork,
  widthOfRound,
  withFault,
} from './sweep-round.ts'

/** Due starts read at a time. */
const pageSize = 500

/** How the walk over what is due went on in a round. */
export type Walked =
  /** Everything that is due up to `until` (ms since 1970) has its entry. */
  | { readonly kind: 'ended'; readonly until: number; readonly clock: Stored<SweepClock> }
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

/** The clock after a walk. `oldestRunning`: the date of the oldest sweep that runs. */
const clockAfter = (clock: SweepClock, until: number, oldestRunning: string | undefined): SweepClock => {
  const earliest = earliestNight({ until })
  return {
    ...clock,
    through: new Date(until).toISOString(),
    openSince: oldestRunning !== undefined && oldestRunning < earliest ? oldestRunning : earliest,
    walk: null,
  }
}

/** Where a walk stands: what is left of it, and the clock in which its place is kept. */
interface Place {
  readonly walk: NightWalk
  readonly clock: Stored<SweepClock>
}

/** What was done with a page of the starts of a night. */
interface StartedPage extends RoundWork {
  readonly dues: readonly DueInstance[]
  /** The last start of the page that was dealt with; null: none. */
  readonly last: string | null
  /** Whether all of the page was. */
  readonly isWhole: boolean
  readonly isLast: boolean
}

/**
 * What is due of a page of starts, each at the place of its start. Its instance is looked at, since a start is only
 * where to look; null: it is not due then any more.
 */
const lookAt = async (
  deps: SweepDeps,
  night: string,
  starts: readonly Stored<DueStart>[],
): Promise<readonly (DueInstance | null)[]> => {
  const midnight = Date.parse(night)
  const results = await inParallel(widthOfRound, starts, async ({ document: { minute, instanceId } }) => {
    const stored = await deps.instances.get(instanceId)
    const due = dueIn(night, stored?.document ?? null, deps.fleetSchedule)
    const isThen = due !== null && Date.parse(due.dueAt) === midnight + minute * msPerMinute
    return isThen ? due : null
  })
  return valuesOf(results)
}

/** Starts what is due of one page of a night, as far as there is room and time. */
const startPage = async (
  round: SweepRound,
  { endsAt, room }: RoundLimits,
  { night, range }: NightPart,
): Promise<StartedPage> => {
  // Without room only what is too late can be dealt with.
  const limit = Math.min(pageSize, Math.max(room, widthOfRound))
  const { items, next } = await round.dueStarts.list({ limit, ...range })
  const looked = await lookAt(round, night, items)
  const fit = fitting(looked, room, round.now())
  const dues = looked.slice(0, fit).filter((due) => due !== null)
  await holdNightsOpen(round, dues)
  const { entered, ...work } = await startDues(round, endsAt, dues)
  const left = dues[entered]
  const dealtWith = left ? looked.indexOf(left) : fit
  const last = items[dealtWith - 1]
  return {
    ...work,
    dues,
    last: last ? dueStartId(last.document) : null,
    isWhole: dealtWith === items.length,
    isLast: next === null,
  }
}

/** What is left of a walk after a page of its first night. */
const restOf = ({ until, parts }: NightWalk, { last, isWhole, isLast }: StartedPage): NightWalk => {
  const [first, ...others] = parts
  if (!first || (isWhole && isLast)) return { until, parts: others }
  const range = { ...first.range, after: last ?? first.range.after }
  return { until, parts: [{ ...first, range }, ...others] }
}

/**
 * Keeps the place after a page, and tells how the walk goes on: at that place, or not in this round. It is written
 * whenever something was started and when the walk is interrupted: only then is there anything that must not be looked
 * for again.
 */
const keepPlace = async (
  deps: SweepDeps,
  endsAt: number,
  { walk: before, clock }: Place,
  page: StartedPage,
  oldestRunning: string | undefined,
): Promise<Place | Walked> => {
  await holdNightsOpen(deps, page.dues)
  const write = (next: SweepClock): Promise<boolean> => deps.sweepClock.put(nights, next, clock.revision)
  const walk = restOf(before, page)
  const { until } = walk
  const [first] = walk.parts
  if (!first) {
    const document = clockAfter(clock.document, until, oldestRunning)
    if (!(await write(document))) return { kind: 'none' }
    return { kind: 'ended', until, clock: { document, revision: clock.revision + 1 } }
  }
  // Where nothing was looked at, as in most nights of a walk, the next round would be at the same place.
  const isInterrupted = !page.isWhole || (page.last !== null && isOver(deps, endsAt))
  const isToBeKept = page.dues.length > 0 || (isInterrupted && page.last !== null)
  const { night, range } = first
  const place = { until: new Date(until).toISOString(), night, after: range.after }
  const next = { ...clock.document, walk: place }
  if (isToBeKept && !(await write(next))) return { kind: 'none' }
  if (isInterrupted) return { kind: 'interrupted' }
  return { walk, clock: isToBeKept ? { document: next, revision: clock.revision + 1 } : clock }
}

/** Walks on from a place, page by page. */
const walkFrom = async (
  round: SweepRound,
  { endsAt, room }: RoundLimits,
  first: Place,
  oldestRunning: string | undefined,
): Promise<RoundWork & { readonly walked: Walked }> => {
  let work = noWork
  let place = first
  for (;;) {
    const limits = { endsAt, room: room - work.started }
    const [part] = place.walk.parts
    if (!part) return { ...work, walked: { kind: 'none' } }
    const page = await attemptPart('nights', () => startPage(round, limits, part))
    if ('fault' in page) return { ...withFault(work, page.fault), walked: { kind: 'none' } }
    work = addWork(work, page.value)
    const kept = await attemptPart('nights', () => keepPlace(round, endsAt, place, page.value, oldestRunning))
    if ('fault' in kept) return { ...withFault(work, kept.fault), walked: { kind: 'none' } }
    if ('kind' in kept.value) return { ...work, walked: kept.value }
    place = kept.value
  }
}

/** The clock once what is due can be found; null: there was no time for that, or another round was faster. */
const findable = async (
  deps: SweepDeps,
  endsAt: number,
  clock: Stored<SweepClock>,
): Promise<Stored<SweepClock> | null> => {
  const indexedFor = indexNeeded(deps.fleetSchedule, deps.now())
  const isCompared = clock.document.indexedFor === indexedFor
  if (!(await indexStarts(deps, endsAt, isCompared))) return null
  if (isCompared) return clock
  const document = { ...clock.document, indexedFor }
  const isWritten = await deps.sweepClock.put(nights, document, clock.revision)
  return isWritten ? { document, revision: clock.revision + 1 } : null
}

/**
 * Starts what has become due in the nights, as far as there is room and time. The first round of all begins the clock;
 * one that finds it far ahead forgets the nights to come and sets it back, since nothing would be due before the time
 * has come that somebody once took for the present.
 */
export const startNightly = async (
  round: SweepRound,
  limits: RoundLimits,
  stored: Stored<SweepClock> | null,
  oldestRunning: string | undefined,
): Promise<RoundWork & { readonly walked: Walked }> => {
  const now = round.now()
  const aheadMs = stored && aheadOf(stored.document, now)
  if (aheadMs !== null) await forgetFutureNights(round, aheadMs)
  if (!stored || aheadMs !== null) {
    const begin = stored ? clockSetBack(now) : { through: now.toISOString(), walk: null }
    await round.sweepClock.put(nights, begin, stored?.revision ?? 0)
    return { ...noWork, walked: { kind: 'none' } }
  }
  const walk = nextWalk(stored.document, now)
  if (!walk) return { ...noWork, walked: { kind: 'none' } }
  const clock = await findable(round, limits.endsAt, stored)
  if (!clock) return { ...noWork, walked: { kind: 'interrupted' } }
  const first = await walkFrom(round, limits, { walk, clock }, oldestRunning)
  if (first.walked.kind !== 'ended') return first
  // It may have been one that was left: what has become due since then is not kept waiting for another round.
  const { clock: ended } = first.walked
  const following = nextWalk(ended.document, round.now())
  if (!following) return first
  const left = { ...limits, room: limits.room - first.started }
  const second = await walkFrom(round, left, { walk: following, clock: ended }, oldestRunning)
  return { ...addWork(first, second), walked: second.walked }
}
