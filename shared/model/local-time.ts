import { Temporal } from 'temporal-polyfill'

/**
 * When a wall clock shows this time on this date, ms since 1970. A time that a change of the clocks skips is taken as
 * much later as the clocks jump, of one that comes twice the first: as Temporal calls "compatible", and RFC 5545
 * (3.3.5) has it.
 */
export const wallClockAt = (date: string, timeOfDay: string, timeZone: string): number =>
  Temporal.PlainDateTime.from(`${date}T${timeOfDay}`).toZonedDateTime(timeZone).epochMilliseconds

/** The date on a wall clock at a moment, ms since 1970. */
export const dateAt = (at: number, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString()

/** The date so many days later. */
export const daysLater = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).add({ days }).toString()

/** Monday is 1, Sunday 7. */
export const dayOfWeek = (date: string): number => Temporal.PlainDate.from(date).dayOfWeek
