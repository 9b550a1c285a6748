import { msPerDay, msPerHour, msPerMinute } from '../../model/durations.ts'
import type { Instance } from '../../model/instance.ts'
import { duesBetween, nightScheduleOf } from '../../model/night.ts'
import type { FleetSchedule } from '../../model/schedule.ts'
import type { Sweep, SweepEntry } from '../../model/sweep.ts'

/** Until when a start of a sweep may be made up for. All times in ms since 1970 unless they are texts. */

/** How much later than the end of its window an instance is still started after an outage: backups of the night come soon after. */
const graceMs = msPerHour

/** What somebody asked for a day ago is not wanted any more. */
const requestedForMs = msPerDay

/** The latest start of an instance whose window ends at `windowEndsAt`. */
export const latestInNight = (windowEndsAt: number): number => windowEndsAt + graceMs

/** The latest start in a sweep that was requested at `dueAt` (UTC). */
export const latestRequested = (dueAt: string): number => Date.parse(dueAt) + requestedForMs

/** The latest start of an entry of a night. Where the schedule was changed since, nothing is known of its window. */
const latestOfNightly = (fleet: FleetSchedule, entry: SweepEntry, { id, definition }: Instance): number => {
  const { region, schedule = {} } = definition
  const night = nightScheduleOf({ id, region, schedule }, fleet)
  const dueAt = Date.parse(entry.dueAt)
  const [due] = night ? duesBetween(night, dueAt - 1, dueAt) : []
  return latestInNight(due?.windowEndsAt ?? dueAt)
}

/** The latest start of an entry that stands already in a sweep of this kind. */
export const latestOf = (
  kind: Sweep['kind'],
  fleet: FleetSchedule,
  entry: SweepEntry,
  instance: Instance,
): number => (kind === 'nightly' ? latestOfNightly(fleet, entry, instance) : latestRequested(entry.dueAt))

/** Walks end at full minutes, so that a clock that is corrected by less is not behind them, ms. */
const correctionMs = 2 * msPerMinute

/** True if only a clock that was ahead of now can have taken this time (UTC) for the present. */
export const isAhead = (time: string, now: Date): boolean => Date.parse(time) - now.getTime() > correctionMs

/** True if it is too late for a start. */
export const isMissed = (latestAt: number, now: Date): boolean => now.getTime() > latestAt
