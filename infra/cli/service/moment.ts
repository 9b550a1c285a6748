/** A moment as a person reads it, UTC, to the minute. */
export const moment = (time: string): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
