import { msPerDay } from '../../model/durations.ts'
import { keptDays } from '../../model/retention.ts'

/** The time (ms since 1970) before which nothing need be kept at `now` (UTC). */
export const keptSince = (now: string): number => Date.parse(now) - keptDays * msPerDay
