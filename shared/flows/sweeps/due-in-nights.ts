import { msPerDay, msPerHour, msPerMinute } from '../../model/durations.ts'
import { dateAt, daysLater } from '../../model/local-time.ts'
import { type NightSchedule, duesBetween, isToCome, nightScheduleOf } from '../../model/night.ts'
import type { FleetSchedule } from '../../model/schedule.ts'
import type { SweepClock } from '../../model/sweep.ts'
import type { ScheduledInstance } from '../../ports/instances.ts'
import { isAhead, isMissed, latestInNight } from './latest-start.ts'
import type { DueInstance } from './start-dues.ts'

/** What was due longer ago than this is not even recorded as missed, days. */
const maxCatchUpDays = 7

/** Days around a moment, by UTC, whose nights may have starts on either side of it: windows take 12 h, clocks differ by 14. */
const nightsAround = [-2, -1, 0, 1]

/** The night of the oldest start that is caught up may have begun two days before it, on the clocks that are farthest behind. */
const oldestNightDays = maxCatchUpDays + 2

/** A walk over the schedules of all instances, for what is due after `from` and not after `until` (ms since 1970). */
export interface NightWalk {
  readonly from: number
  readonly until: number
  /** Nights that may have begun, and may not be over. */
  readonly nights: readonly string[]
  /** Nights of which the start of an instance that was dealt with is still to come. */
  readonly unfinished: ReadonlySet<string>
}

/**
 * The walk that is to be made: the one that was left, else one up to the last full minute, since all starts are at full
 * minutes; null where nothing can have become due.
 */
export const nextWalk = ({ through, walk }: SweepClock, now: Date): NightWalk | null => {
  const until = walk ? Date.parse(walk.until) : Math.floor(now.getTime() / msPerMinute) * msPerMinute
  const from = Math.max(Date.parse(through), until - maxCatchUpDays * msPerDay)
  if (until <= from) return null
  const today = dateAt(until, 'UTC')
  return {
    from,
    until,
    nights: nightsAround.map((days) => daysLater(today, days)),
    unfinished: new Set(walk?.unfinished),
  }
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
export const earliestNight = ({ until }: NightWalk): string =>
  daysLater(dateAt(until, 'UTC'), -oldestNightDays)

/** The instance that comes before another one in a page; null if none does. */
export const idBefore = (page: readonly ScheduledInstance[], instanceId: string): string | null =>
  page[page.findIndex(({ id }) => id === instanceId) - 1]?.id ?? null

/** What is taken of a page of schedules: the starts, the last instance of which all were, and the walk after that. */
export interface Taken {
  readonly dues: readonly DueInstance[]
  readonly last: string | null
  readonly walk: NightWalk
}

/** The starts of one instance that fall into a walk. */
const duesOf = ({ from, until }: NightWalk, schedule: NightSchedule, instanceId: string): DueInstance[] =>
  duesBetween(schedule, from, until).map(({ date, dueAt, windowEndsAt }) => ({
    sweepId: date,
    kind: 'nightly',
    instanceId,
    dueAt: new Date(dueAt).toISOString(),
    latestAt: latestInNight(windowEndsAt),
  }))

/**
 * Takes what is due out of a page of schedules, as far as there is room for prechecks. Of several nights of an instance
 * all but the last are missed by then, so that each takes the room of one.
 */
export const takeDues = (
  walk: NightWalk,
  page: readonly ScheduledInstance[],
  fleet: FleetSchedule,
  room: number,
  now: Date,
): Taken => {
  const dues: DueInstance[] = []
  const unfinished = new Set(walk.unfinished)
  let taken = 0
  let last: string | null = null
  for (const instance of page) {
    const schedule = nightScheduleOf(instance, fleet)
    const own = schedule ? duesOf(walk, schedule, instance.id) : []
    taken += own.filter(({ latestAt }) => !isMissed(latestAt, now)).length
    if (taken > room) break
    dues.push(...own)
    for (const night of walk.nights) {
      if (schedule && !unfinished.has(night) && isToCome(schedule, night, walk.until)) unfinished.add(night)
    }
    last = instance.id
  }
  return { dues, last, walk: { ...walk, unfinished } }
}
