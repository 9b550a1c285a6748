import { msPerMinute } from './durations.ts'
import type { InstanceDefinition } from './instance.ts'
import { dateAt, dayOfWeek, daysLater, wallClockAt } from './local-time.ts'
import { type MaintenanceWindow, Weekday } from './maintenance-window.ts'
import { timeZoneOf } from './region-time-zone.ts'

/** A maintenance window that is open. */
export interface OpenMaintenance {
  readonly reason: string
  readonly until: Date
}

type Maintained = Pick<InstanceDefinition, 'region' | 'schedule' | 'maintenanceWindows'>
type Weekly = Extract<MaintenanceWindow, { readonly at: string }>

/** When a window that is open at `at` (ms since 1970) ends; null if it is not open. A weekly one may have begun the day before. */
const endOfWeekly = ({ weekdays, at: begin, minutes, timeZone }: Weekly, clock: string, at: number) => {
  const zone = timeZone ?? clock
  const today = dateAt(at, zone)
  const days = [daysLater(today, -1), today]
  const ends = days
    .filter((date) => weekdays.some((weekday) => Weekday.options.indexOf(weekday) + 1 === dayOfWeek(date)))
    .map((date) => ({ from: wallClockAt(date, begin, zone) }))
    .filter(({ from }) => from <= at && at < from + minutes * msPerMinute)
    .map(({ from }) => from + minutes * msPerMinute)
  return ends.length === 0 ? null : Math.max(...ends)
}

/** `clock`: time zone of the instance. */
const endOf = (window: MaintenanceWindow, clock: string, at: number): number | null => {
  if ('weekdays' in window) return endOfWeekly(window, clock, at)
  const until = Date.parse(window.until)
  return Date.parse(window.from) <= at && at < until ? until : null
}

/** The maintenance window of an instance that is open now, the one that ends last of several; null if none is. */
export const maintenanceAt = (
  { region, schedule, maintenanceWindows = [] }: Maintained,
  now: Date,
): OpenMaintenance | null => {
  const clock = schedule?.timeZone ?? timeZoneOf(region)
  const open = maintenanceWindows.flatMap((window) => {
    const end = endOf(window, clock, now.getTime())
    return end === null ? [] : [{ reason: window.reason, until: new Date(end) }]
  })
  return open.toSorted((one, other) => other.until.getTime() - one.until.getTime())[0] ?? null
}
