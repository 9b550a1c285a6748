import { clock, language, locale } from './reader.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** In a zone; undefined: that of the browser. */
const timeIn = (timeZone: string | undefined, at: number): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at * 1000)

/** A moment on the clock that the reader chose. `at`: seconds since 1970. */
export const clockTime = (at: number): string =>
  clock.value === 'utc' ? `${timeIn('UTC', at)} UTC` : timeIn(undefined, at)

/** The same on the clock of the browser with its zone, and in UTC: what a pointer shows. */
export const exactTime = (at: number): string => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return `${timeIn(zone, at)} ${zone} · ${new Date(at * 1000).toISOString()}`
}

/** Making a formatter takes as long as a thousand uses of it. */
const relative = {
  en: new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto', style: 'short' }),
  zh: new Intl.RelativeTimeFormat('zh-Hans-CN', { numeric: 'auto', style: 'short' }),
}

/** How long ago a moment was. Both in seconds since 1970. */
export const ago = (at: number, now: number): string => {
  const seconds = Math.max(0, now - at)
  const format = relative[language.value]
  if (seconds < hour) return format.format(-Math.floor(seconds / minute), 'minute')
  if (seconds < 2 * day) return format.format(-Math.floor(seconds / hour), 'hour')
  return format.format(-Math.floor(seconds / day), 'day')
}

/** Moments are seconds since 1970 in all of the console. `time`: UTC, ISO 8601. */
export const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1000)

export const nowInSeconds = (): number => Math.floor(Date.now() / 1000)
