import * as z from 'zod'
import { Observation } from './observation.ts'

/** Series that are kept of an instance, and points of each. */
export const maxSeries = 64
const maxPoints = 120

/** When it was observed (UTC, minutes since 1970), and what. */
const Point = z.tuple([z.int(), z.number()])
export type Point = Readonly<z.infer<typeof Point>>

/** The same number from precheck to precheck, oldest first. */
export const Series = z.strictObject({
  ...Observation.omit({ value: true }).shape,
  points: z.array(Point).min(1).max(maxPoints),
})
export type Series = Readonly<z.infer<typeof Series>>

const msPerMinute = 60_000
const minuteOf = (at: string): number => Math.floor(Date.parse(at) / msPerMinute)

const keyOf = ({ name, object }: Pick<Series, 'name' | 'object'>): string =>
  JSON.stringify([name, object.type, object.name])

/** Of the older half, every second point goes: what is recent counts more, and what is old still shows its course. */
const thinned = (points: readonly Point[]): Point[] => {
  if (points.length <= maxPoints) return [...points]
  const half = Math.floor(maxPoints / 2)
  return points.filter((_, index) => index >= half || index % 2 === 0)
}

const lastOf = ({ points }: Series): number => points.at(-1)?.[0] ?? 0

/** What has a limit comes first, then what was observed last. */
const byWorth = (one: Series, other: Series): number =>
  Number(other.limit !== undefined) - Number(one.limit !== undefined) || lastOf(other) - lastOf(one)

/** Adds what was observed at `at` (UTC) to the series, once for each, and lets go of those that are too many. */
export const followSeries = (
  known: readonly Series[],
  observations: readonly Observation[],
  at: string,
): Series[] => {
  const minute = minuteOf(at)
  const all = new Map(known.map((series) => [keyOf(series), series]))
  for (const { value, ...about } of observations) {
    const earlier = all.get(keyOf(about))?.points ?? []
    const before = earlier.filter(([when]) => when < minute)
    all.set(keyOf(about), {
      ...about,
      points: thinned([...before, [minute, value]]).map(([...point]) => point),
    })
  }
  return [...all.values()].toSorted(byWorth).slice(0, maxSeries)
}

/** Whether something was added to a series at `at`. */
export const isOf = (series: Series, at: string): boolean => lastOf(series) === minuteOf(at)
