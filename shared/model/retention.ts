import { msPerDay } from './durations.ts'

/** How long prechecks, sweeps with their entries, and deliveries can be read, days; the last result of an instance stays. */
export const keptDays = 180

/** The time (ms since 1970) before which nothing need be kept at `now` (UTC). */
export const keptSince = (now: string): number => Date.parse(now) - keptDays * msPerDay
