import { type StartRange, startsBetween } from '../../model/due-start.ts'
import { msPerDay, msPerHour, msPerMinute } from '../../model/durations.ts'
import type { Instance } from '../../model/instance.ts'
import { dateAt, daysLater } from '../../model/local-time.ts'
import { datesBetween, dueOn, nightScheduleOf } from '../../model/night.ts'
import type { FleetSchedule } from '../../model/schedule.ts'
import type { SweepClock } from '../../model/sweep.ts'
import type { ScheduledInstance } from '../../ports/instances.ts'
import { isAhead, isMissed, latestInNight } from './latest-start.ts'
import type { DueInstance } from './start-dues.ts'

/** What was due longer ago than this is not even recorded as missed, days. */
const maxCatchUpDays = 7

/** The night of the oldest start that is caught up may have begun two days before it, on the clocks that are farthest behind. */
const oldestNightDays = maxCatchUpDays + 2

/** A walk that was left longer ago than this, ms, is made again up to now. */
const goesOnForMs = msPerDay

/** A night, and where its starts are that a walk is for. */
export interface NightPart {
  readonly night: string
  readonly range: StartRange
}

/** A walk over what is due after `from` and not after `until` (ms since 1970), night by night. */
export interface NightWalk {
  readonly until: number
  readonly parts: readonly NightPart[]
}

/** The part of a walk that is still to be made: it goes on in the night of the clock, after the start that is noted there. */
const remaining = (parts: readonly NightPart[], walk: SweepClock['walk']): readonly NightPart[] =>
  parts
    .filter(({ night }) => !walk || night >= walk.night)
    .map(({ night, range }) =>
      night === walk?.night ? { night, range: { ...range, after: walk.after } } : { night, range },
    )

/**
 * The walk that is to be made: the one that was left, else one up to the last full minute, since all starts are at full
 * minutes; null where nothing can have become due.
 */
export const nextWalk = ({ through, walk }: SweepClock, now: Date): NightWalk | null => {
  const left = walk && now.getTime() - Date.parse(walk.until) < goesOnForMs ? walk : null
  const until = left ? Date.parse(left.until) : Math.floor(now.getTime() / msPerMinute) * msPerMinute
  const from = Math.max(Date.parse(through), until - maxCatchUpDays * msPerDay)
  if (until <= from) return null
  const parts = datesBetween(from, until).flatMap((night) => {
    const range = startsBetween(night, from, until)
    return range ? [{ night, range }] : []
  })
  return { until, parts: remaining(parts, left) }
}

/** Nights that may be looked at in the course of a day, by UTC: all that are caught up, those that run, and the next one. */
export const nightsToLookAt = (now: Date): readonly string[] => {
  const today = dateAt(now.getTime(), 'UTC')
  // A walk that goes on may be for the day before.
  const days = oldestNightDays + 1
  return Array.from({ length: days + 2 }, (_, day) => daysLater(today, day - days))
}

/** Windows take 12 h, and starts in them are made up for during one more: what is due before cannot be started any more, ms. */
const startableMs = 13 * msPerHour

/** By how much the clock of the machine was ahead of now when this was written, ms; null if it was not. */
export const aheadOf = ({ through, walk }: SweepClock, now: Date): number | null => {
  const until = walk?.until ?? through
  return isAhead(until, now) ? Date.parse(until) - now.getTime() : null
}

/** Where the nights begin again after the clock was set back: what can still be started has its entry if it was. */
export const clockSetBack = (now: Date): SweepClock => ({
  through: new Date(now.getTime() - startableMs).toISOString(),
  walk: null,
})

/** The earliest date of which something may be entered when this walk and those after it are made. */
export const earliestNight = ({ until }: Pick<NightWalk, 'until'>): string =>
  daysLater(dateAt(until, 'UTC'), -oldestNightDays)

/** The schedule of an instance that is to be prechecked at night, or null. */
export const scheduledOf = (instance: Instance | null): ScheduledInstance | null => {
  if (!instance?.definition.enabled) return null
  const { region, schedule = {} } = instance.definition
  return { id: instance.id, region, schedule }
}

/** The start of an instance in a night; null where it has none. */
export const dueIn = (night: string, instance: Instance | null, fleet: FleetSchedule): DueInstance | null => {
  const scheduled = scheduledOf(instance)
  const schedule = scheduled && nightScheduleOf(scheduled, fleet)
  if (!schedule) return null
  const { date, dueAt, windowEndsAt } = dueOn(schedule, night)
  return {
    sweepId: date,
    kind: 'nightly',
    instanceId: scheduled.id,
    dueAt: new Date(dueAt).toISOString(),
    latestAt: latestInNight(windowEndsAt),
  }
}

/** How many from the front on there is room for. What is not to be started, null or too late for it, takes none. */
export const fitting = (dues: readonly (DueInstance | null)[], room: number, now: Date): number => {
  let taken = 0
  const tooMany = dues.findIndex((due) => {
    if (due && !isMissed(due.latestAt, now)) taken += 1
    return taken > room
  })
  return tooMany === -1 ? dues.length : tooMany
}
