import * as z from 'zod'
import { computedOnce } from './computed-once.ts'
import { fieldMessage } from './field-message.ts'

/** A time of day on a wall clock. */
export const TimeOfDay = z
  .string()
  .regex(
    /^([01]\d|2[0-3]):[0-5]\d$/,
    fieldMessage({ en: 'must be HH:MM, from 00:00 to 23:59', zh: '须为 00:00 至 23:59 之间的 HH:MM' }),
  )

/** Asking for a time zone takes 0.2 ms, and the schedules of whole fleets are read again and again. The database has 600 names. */
const zoneOnce = computedOnce<boolean>(1000)

/** Abbreviations would be understood too, but not as they are meant: CST is Chicago, and no China Standard Time. */
const isPlaceOrUtc = (name: string): boolean => name === 'UTC' || name.includes('/')

const isTimeZone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

/** A time zone of the IANA database. */
export const TimeZone = z
  .string()
  .max(64)
  .refine(
    (name) => isPlaceOrUtc(name) && zoneOnce(name, () => isTimeZone(name)),
    fieldMessage({
      en: 'must be a time zone of the IANA database, for example Asia/Shanghai',
      zh: '须为 IANA 数据库中的时区，例如 Asia/Shanghai',
    }),
  )

/** Length of the window over which the starts of a night are spread, minutes. */
export const WindowMinutes = z.int().min(1).max(720)

/** When an instance is prechecked every night. What is left out is inherited from the fleet. */
export const Schedule = z.strictObject({
  enabled: z.boolean().optional().describe('false: not prechecked at night.'),
  at: TimeOfDay.optional().describe('Begin of the window, HH:MM on the clock of timeZone.'),
  timeZone: TimeZone.optional().describe('IANA time zone. Left out: that of the region.'),
  window: WindowMinutes.optional().describe('Minutes over which the starts of a night are spread.'),
})
export type Schedule = Readonly<z.infer<typeof Schedule>>

/** What instances inherit. Their time zone is that of their region. */
export interface FleetSchedule {
  readonly enabled: boolean
  readonly at: string
  /** Minutes. */
  readonly window: number
}

/** A time as people give it, in UTC. */
export const UtcTime = z.iso.datetime(
  fieldMessage({
    en: 'must be a UTC time such as 2026-11-21T18:00:00Z',
    zh: '须为 UTC 时间，例如 2026-11-21T18:00:00Z',
  }),
)

/** A date on the calendar, YYYY-MM-DD. */
export const CalendarDate = z.iso.date()
