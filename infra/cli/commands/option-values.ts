import { InvalidArgumentError } from '@commander-js/extra-typings'
import * as z from 'zod'

/** zod's precision of a time without seconds. */
const minute = -1
const DayOrTime = z.union([
  z.iso.date(),
  z.iso.datetime({ offset: true }),
  z.iso.datetime({ offset: true, precision: minute }),
])

/** A day (its beginning, UTC) or a time with its zone, as the API takes times. */
export const parseTime = (text: string): string => {
  const time = DayOrTime.safeParse(text)
  if (time.success) return new Date(time.data).toISOString()
  throw new InvalidArgumentError('Give a day (2027-01-31) or a time with its zone (2027-01-31T08:00+08:00).')
}

/** Tags of instances by key. */
export type Tags = Readonly<Record<string, string>>

/** Adds one more `key:value`; the value reaches to the end. */
export const parseTag = (text: string, tags: Tags = {}): Tags => {
  const [key = '', ...value] = text.split(':')
  if (key === '' || value.length === 0) throw new InvalidArgumentError('Give key:value.')
  if (Object.hasOwn(tags, key)) {
    throw new InvalidArgumentError(`The key ${key} is given twice; give each key once.`)
  }
  return Object.fromEntries([...Object.entries(tags), [key, value.join(':')]])
}

/** Longest time limit that a user may give, seconds. */
const maxSeconds = 600

/** A time limit in seconds; a fraction is allowed. */
export const parseSeconds = (text: string): number => {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0
  if (seconds > 0 && seconds <= maxSeconds) return seconds
  throw new InvalidArgumentError(`Give a number of seconds greater than 0 and at most ${maxSeconds}.`)
}

/** Seconds in the units of durations. */
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 60 * 60, d: 24 * 60 * 60 }

/** Longest duration, in seconds. */
const maxDuration = 7 * 24 * 60 * 60

/** A duration such as 90s, 15m, 2h or 1d, in seconds; 0 is one too. */
export const parseDuration = (text: string): number => {
  const [, count = '', unit = ''] = /^(\d{1,7})([smhd])$/.exec(text) ?? []
  const seconds = text === '0' ? 0 : Number(count) * (unitSeconds[unit] ?? Number.NaN)
  if (seconds <= maxDuration) return seconds
  throw new InvalidArgumentError('Give a number with a unit, of 7d at most: 90s, 15m, 2h or 1d.')
}

/** Adds one more name. */
export const parseName = (name: string, names: readonly string[] = []): readonly string[] => [...names, name]

/** Most entries that the service lists at once. */
const maxListed = 200

/** How many entries a list may have. */
export const parseCount = (text: string): number => {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (count > 0 && count <= maxListed) return count
  throw new InvalidArgumentError(`Give a whole number from 1 to ${maxListed}.`)
}
