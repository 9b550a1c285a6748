import { createHash } from 'node:crypto'
import { computedOnce } from './computed-once.ts'
import { msPerDay, msPerMinute } from './durations.ts'
import { dateAt, daysLater, wallClockAt } from './local-time.ts'
import { timeZoneOf } from './region-time-zone.ts'
import type { FleetSchedule, Schedule } from './schedule.ts'

/** When an instance is prechecked every night: its own schedule over that of the fleet. */
export interface NightSchedule {
  readonly at: string
  readonly timeZone: string
  /** Length of the window, ms. */
  readonly windowMs: number
  /** From the begin of the window to the start of this instance, ms. */
  readonly offsetMs: number
}

/** The start of an instance in a night. `date`: that on which its window begins. Times in ms since 1970. */
export interface Due {
  readonly date: string
  readonly dueAt: number
  readonly windowEndsAt: number
}

/** A number from 0 to `count` - 1 that follows from the id of an instance, spread evenly over all instances; 0 if `count` is. */
export const shareOf = (instanceId: string, count: number): number =>
  count === 0 ? 0 : createHash('sha256').update(instanceId).digest().readUInt32BE() % count

/** The schedule of an instance, or null where it has none. */
export const nightScheduleOf = (
  { id, region, schedule }: { readonly id: string; readonly region: string; readonly schedule: Schedule },
  fleet: FleetSchedule,
): NightSchedule | null => {
  if (!(schedule.enabled ?? fleet.enabled)) return null
  const window = schedule.window ?? fleet.window
  return {
    at: schedule.at ?? fleet.at,
    timeZone: schedule.timeZone ?? timeZoneOf(region),
    windowMs: window * msPerMinute,
    // A minute of its own: the same every night.
    offsetMs: shareOf(id, window) * msPerMinute,
  }
}

/** Whole fleets share a few windows and are asked for the same times, while each answer of a time zone takes 20 µs. */
const beginOnce = computedOnce<number>(10_000)
const datesOnce = computedOnce<readonly string[]>(16)

const beginOf = ({ at, timeZone }: NightSchedule, date: string): number =>
  beginOnce(`${date} ${at} ${timeZone}`, () => wallClockAt(date, at, timeZone))

/** The start of an instance in the night of `date`. */
export const dueOn = (schedule: NightSchedule, date: string): Due => {
  const begin = beginOf(schedule, date)
  return { date, dueAt: begin + schedule.offsetMs, windowEndsAt: begin + schedule.windowMs }
}

/**
 * Dates on some wall clock between two moments, the day before the first included, since a window may go over midnight,
 * and a day at either end, since clocks differ from UTC by up to 14 hours.
 */
export const datesBetween = (afterMs: number, throughMs: number): string[] => {
  const first = daysLater(dateAt(afterMs, 'UTC'), -2)
  const days = Math.ceil((throughMs - afterMs) / msPerDay) + 3
  return Array.from({ length: days + 1 }, (_, day) => daysLater(first, day))
}

/** Every start of an instance after `afterMs` and not after `throughMs`, ms since 1970, in order. */
export const duesBetween = (schedule: NightSchedule, afterMs: number, throughMs: number): readonly Due[] =>
  datesOnce(`${afterMs} ${throughMs}`, () => datesBetween(afterMs, throughMs))
    .map((date) => dueOn(schedule, date))
    .filter(({ dueAt }) => dueAt > afterMs && dueAt <= throughMs)

/** The start of an instance in the night of `date`, as minutes after 00:00 UTC of that date. All starts are at full minutes. */
export const minuteInNight = (schedule: NightSchedule, date: string): number =>
  (dueOn(schedule, date).dueAt - Date.parse(date)) / msPerMinute
