import * as z from 'zod'
import { msPerMinute } from './durations.ts'
import { InstanceId } from './instance.ts'
import { type NightSchedule, minuteInNight } from './night.ts'
import { daysLater } from './local-time.ts'

/**
 * That an instance starts so many minutes after 00:00 UTC of the date of a night; negative on clocks that are ahead of
 * UTC. It is the same minute every night, but for changes of the clocks.
 */
export const DueStart = z.strictObject({ minute: z.int(), instanceId: InstanceId })
export type DueStart = Readonly<z.infer<typeof DueStart>>

/** Minutes of the earliest start, at 00:00 on a clock 14 h ahead of UTC, and of the latest, 12 h after 23:59 on one 12 h behind it. */
const earliestMinute = -14 * 60
const latestMinute = 48 * 60 - 1

/** Ids sort by minute: four digits, counted from a day before the night. */
const minuteText = (minute: number): string => String(minute + 24 * 60).padStart(4, '0')

/** Ids of due starts sort by their minute, then by the instance. */
export const dueStartId = ({ minute, instanceId }: DueStart): string => `${minuteText(minute)}.${instanceId}`

/** The starts of an instance in these nights: one as a rule, two where the clocks change between them. */
export const dueStartsIn = (
  schedule: NightSchedule,
  nights: readonly string[],
  instanceId: string,
): readonly DueStart[] => {
  const minutes = new Set(nights.map((date) => minuteInNight(schedule, date)))
  return [...minutes].map((minute) => ({ minute, instanceId }))
}

/** The starts of a night between two moments: their ids sort after `after` and before `before`. */
export interface StartRange {
  readonly after: string
  readonly before: string
}

/** The starts in the night of `date` that are later than `afterMs` and not later than `throughMs`, ms since 1970; null: there can be none. */
export const startsBetween = (date: string, afterMs: number, throughMs: number): StartRange | null => {
  const minuteAt = (ms: number): number => Math.floor((ms - Date.parse(date)) / msPerMinute)
  const after = Math.max(minuteAt(afterMs), earliestMinute - 1)
  const through = Math.min(minuteAt(throughMs), latestMinute)
  // "~" sorts after every character that an id may hold.
  return after < through ? { after: `${minuteText(after)}~`, before: minuteText(through + 1) } : null
}

/** The starts in the night of `date` that are later than `afterMs`; null: there can be none. */
export const startsAfter = (date: string, afterMs: number): StartRange | null =>
  startsBetween(date, afterMs, Date.parse(daysLater(date, 2)))
