import type { Point } from './series.ts'

/** Fewer points, or points of less time, say nothing of what is to come: a week that repeats looks like a trend. */
export const minTrendPoints = 10
export const minTrendDays = 14

/** Peaks of what is emptied again and again from which its trend is told. */
const minPeaks = 5

const minutesPerDay = 24 * 60
const minutesPerHour = 60

/** Of a normal distribution: nine of ten. */
const z90 = 1.645

/** When a number is expected to reach its limit: minutes since 1970, and by how many hours that may be wrong. */
export interface Arrival {
  readonly minute: number
  readonly hours: number
}

const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((one, other) => one - other)

const median = (numbers: readonly number[]): number => {
  const inOrder = sorted(numbers)
  const middle = (inOrder.length - 1) / 2
  return ((inOrder[Math.floor(middle)] ?? 0) + (inOrder[Math.ceil(middle)] ?? 0)) / 2
}

const rangeOf = (points: readonly Point[]): number => {
  const values = points.map(([, value]) => value)
  return Math.max(...values) - Math.min(...values)
}

/** A point that stands out of two neighbours, by more than half of the range and far more than they differ. */
const middled = (points: readonly Point[], index: number, range: number): Point | null => {
  const [before, here, after] = [points[index - 1], points[index], points[index + 1]]
  if (!before || !here || !after) return null
  const [up, down] = [here[1] - before[1], here[1] - after[1]]
  const isOut = Math.min(Math.abs(up), Math.abs(down)) > range / 2
  return isOut && Math.abs(before[1] - after[1]) < Math.abs(up) / 4
    ? [here[0], (before[1] + after[1]) / 2]
    : null
}

/** Without single outliers; where more than one of eight points is one, they belong to the course of it. */
const withoutOutliers = (points: readonly Point[]): readonly Point[] => {
  const range = rangeOf(points)
  const corrected = points.map((point, index) => middled(points, index, range) ?? point)
  const outliers = corrected.filter((point, index) => point !== points[index])
  return outliers.length * 8 > points.length ? points : corrected
}

/**
 * Parts a series where it jumps: by more than half of its range, and by more than it usually changes. `resets` of
 * the jumps lead down.
 */
const segmentsOf = (
  points: readonly Point[],
): { readonly segments: readonly Point[][]; readonly resets: number } => {
  const values = points.map(([, value]) => value)
  const range = rangeOf(points)
  const changes = values.slice(1).map((value, index) => value - (values[index] ?? value))
  const usual = median(changes.map(Math.abs))
  const isJump = (change: number) => Math.abs(change) > range / 2 && Math.abs(change) > 1.5 * usual
  const segments: Point[][] = [[]]
  for (const [index, point] of points.entries()) {
    if (isJump(changes[index - 1] ?? 0)) segments.push([])
    segments.at(-1)?.push(point)
  }
  return { segments, resets: changes.filter((change) => change < 0 && isJump(change)).length }
}

const highest = (segment: readonly Point[]): Point[] => {
  const [top] = segment.toSorted(([, one], [, other]) => other - one)
  return top ? [top] : []
}

/**
 * The points that tell where a rising number goes: all of them; those since the last step or reset; or the peaks of
 * what is emptied again and again, without the one that it is still on its way to. Null: too few.
 */
const tellingPoints = (points: readonly Point[]): readonly Point[] | null => {
  const { segments, resets } = segmentsOf(withoutOutliers(points))
  const isSawtooth = resets > 1
  const telling = isSawtooth ? segments.slice(0, -1).flatMap(highest) : (segments.at(-1) ?? [])
  const [first] = telling
  const last = telling.at(-1)
  if (!first || !last || telling.length < (isSawtooth ? minPeaks : minTrendPoints)) return null
  return last[0] - first[0] >= minTrendDays * minutesPerDay ? telling : null
}

/** Slopes between all pairs of points, in order. */
const slopesOf = (points: readonly Point[]): number[] =>
  sorted(
    points.flatMap(([minute, value], index) =>
      points.slice(index + 1).map(([later, other]) => (other - value) / (later - minute)),
    ),
  )

/**
 * When a number that rises reaches `limit`, from its points, oldest first, as of `now` (minutes since 1970): by the
 * slope of Theil and Sen, the median of the slopes between all pairs (Theil 1950; Sen, "Estimates of the Regression
 * Coefficient Based on Kendall's Tau", 1968), which up to 29 % of outliers do not move, with the interval in which the
 * slope is in nine of ten cases. Null where it does not rise for certain, or where there are too few points.
 */
const arrivalRising = (points: readonly Point[], limit: number, now: number): Arrival | null => {
  const telling = tellingPoints(points)
  if (!telling) return null
  const slopes = slopesOf(telling)
  const slope = median(slopes)
  const count = telling.length
  // Of five points or more, both ends of the interval are among the slopes.
  const spread = z90 * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18)
  const slowest = slopes[Math.floor((slopes.length - spread) / 2)] ?? 0
  const fastest = slopes[Math.ceil((slopes.length + spread) / 2)] ?? 0
  if (slowest <= 0) return null
  const level = median(telling.map(([minute, value]) => value + slope * (now - minute)))
  const left = Math.max(0, limit - level)
  const minutes = left / slope
  const off = Math.max(left / slowest - minutes, minutes - left / fastest)
  return { minute: Math.round(now + minutes), hours: Math.ceil(off / minutesPerHour) }
}

/** When a number reaches its limit, from whichever side it comes; null where it has, or where that cannot be told. */
export const arrivalAt = (points: readonly Point[], limit: number): Arrival | null => {
  const last = points.at(-1)
  if (!last) return null
  const [now, value] = last
  // 1 from below, -1 from above; 0 where it has reached it, so that nothing is left that rises.
  const side = Math.sign(limit - value)
  return arrivalRising(
    points.map(([minute, each]) => [minute, side * each]),
    side * limit,
    now,
  )
}
