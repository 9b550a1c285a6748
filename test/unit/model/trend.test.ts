import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Point } from '../../../shared/model/series.ts'
import { arrivalAt } from '../../../shared/model/trend.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const day = 24 * 60

/** A point each night: what `value` says of it. */
const nights = (count: number, value: (night: number) => number): Point[] =>
  Array.from({ length: count }, (_, night) => [night * day, value(night)])

/** Days until the limit is reached from the last point, or null. */
const daysLeft = (points: readonly Point[], limit: number): number | null => {
  const arrival = arrivalAt(points, limit)
  return arrival && (arrival.minute - (points.at(-1)?.[0] ?? 0)) / day
}

/** Noise between -1 and 1 that looks like none. */
const noise = (night: number): number => Math.sin(night * 12.9898) * Math.cos(night * 78.233)

const growing = nights(30, (night) => 100 + 10 * night)

describe('the trend of a number', () => {
  it.each<[string, readonly Point[], number, number]>([
    ['grows evenly', growing, 440, 5],
    ['falls evenly towards nothing', nights(30, (night) => 340 - 10 * night), 0, 5],
    ['grows with noise', nights(30, (night) => 100 + 10 * night + 5 * noise(night)), 440, 5],
    [
      'grows with single outliers',
      nights(30, (night) => (night % 9 === 4 ? 1000 : 100 + 10 * night)),
      440,
      5,
    ],
    ['grows after a step up', nights(40, (night) => (night < 20 ? 0 : 1000) + 10 * night), 1440, 5],
    ['grows after a reset', nights(40, (night) => (night < 20 ? 1000 : 0) + 10 * night), 440, 5],
    [
      'is emptied every fourth night, from peaks that grow',
      nights(40, (night) => (night % 4) * 100 + night),
      344,
      5,
    ],
    [
      'grows, and swings with the week',
      nights(35, (night) => 10 * night + 15 * Math.sin((night * 2 * Math.PI) / 7)),
      390,
      5,
    ],
  ])('is told where it %s', (_, points, limit, days) => {
    const left = daysLeft(points, limit)
    expect(left).not.toBeNull()
    expect(Math.abs((left ?? 0) - days)).toBeLessThanOrEqual(2)
  })

  it.each<[string, readonly Point[], number]>([
    ['there are few points', nights(9, (night) => 100 + 10 * night), 200],
    ['there are many points of few days', growing.map(([minute, value]) => [minute / 24, value]), 440],
    ['it is always the same', nights(40, () => 100), 101],
    ['it goes away from its limit', nights(40, (night) => 1000 - 10 * night), 1001],
    [
      'it only swings with the week',
      nights(40, (night) => 100 + 50 * Math.sin((night * 2 * Math.PI) / 7)),
      155,
    ],
    ['it works five days of seven', nights(40, (night) => (night % 7 < 5 ? 100 : 20)), 105],
    ['it is emptied every night', nights(60, (night) => [10, 95][night % 2] ?? 0), 100],
    ['it is emptied every fourth night', nights(40, (night) => (night % 4) * 30), 95],
    ['it took one step up', nights(40, (night) => (night < 30 ? 10 : 90)), 100],
    [
      'it took one step a week ago, and grew since',
      nights(40, (night) => (night < 33 ? 10 : 500 + night)),
      545,
    ],
    ['it was reset a week ago', nights(40, (night) => (night < 33 ? 10 * night : 10 * (night - 33))), 100],
    ['there is a single outlier', nights(40, (night) => (night === 39 ? 95 : 10)), 100],
    ['there is noise alone', nights(40, (night) => 50 + 10 * noise(night)), 65],
    ['the limit is reached', nights(30, (night) => 100 + 10 * night), 390],
    ['it is followed for a day less than fourteen', nights(14, (night) => 10 * night), 200],
    ['there is one point', nights(1, () => 1), 2],
    ['there is none', [], 2],
  ])('is not told where %s', (_, points, limit) => {
    expect(daysLeft(points, limit)).toBeNull()
  })

  it('says by how much it may be wrong: more where there is more noise', () => {
    const offBy = (size: number) =>
      arrivalAt(
        nights(30, (night) => 10 * night + size * noise(night)),
        340,
      )?.hours ?? 0
    expect(offBy(0)).toBe(0)
    expect(offBy(10)).toBeGreaterThan(offBy(2))
    expect(offBy(2)).toBeGreaterThan(0)
  })

  // Theil and Sen: the median of the slopes between pairs, and of the levels that it gives on the last day.
  it('is told to the minute, with the interval of the slope, as the literature has it', () => {
    const points = nights(15, (night) => 10 * night + 6 * noise(night))
    const slopes = points
      .flatMap(([at, value], index) =>
        points.slice(index + 1).map(([later, other]) => (other - value) / (later - at)),
      )
      .toSorted((one, other) => one - other)
    const [count, pairs] = [15, 105]
    expect(slopes).toHaveLength(pairs)
    // Kendall's variance n(n-1)(2n+5)/18, and 1.645 for nine cases of ten.
    const spread = 1.645 * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18)
    const at = (index: number) => slopes[index] ?? Number.NaN
    const [slope, slowest, fastest] = [
      at(52),
      at(Math.floor((pairs - spread) / 2)),
      at(Math.ceil((pairs + spread) / 2)),
    ]
    expect(slowest).toBeLessThan(slope)
    expect(fastest).toBeGreaterThan(slope)
    const last = 14 * day
    const levels = points
      .map(([minute, value]) => value + slope * (last - minute))
      .toSorted((one, other) => one - other)
    const left = 400 - (levels[7] ?? Number.NaN)
    const minutes = left / slope
    const off = Math.max(left / slowest - minutes, minutes - left / fastest)
    expect(arrivalAt(points, 400)).toEqual({ minute: Math.round(last + minutes), hours: Math.ceil(off / 60) })
  })

  it.each([
    ['it is followed for just fourteen days', nights(15, (night) => 10 * night), 200],
    [
      'two outliers among twenty are left out',
      nights(20, (night) => (night === 5 || night === 12 ? 900 : 10 * night)),
      250,
    ],
    ['the first point stands out', nights(20, (night) => (night === 0 ? 900 : 10 * night)), 250],
  ])('is told where %s', (_, points, limit) => {
    const last = points.at(-1)?.[0] ?? 0
    const expected = last + ((limit - 10 * (points.length - 1)) / 10) * day
    expect(arrivalAt(points, limit)).toEqual({ minute: expected, hours: 0 })
  })

  it('is never told from fewer points than stated, nor for the past', () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true })
    const property = fc.property(fc.array(value, { maxLength: 40 }), value, (values, limit) => {
      const points = nights(values.length, (night) => values[night] ?? 0)
      const arrival = arrivalAt(points, limit)
      if (arrival === null) return
      expect(points.length).toBeGreaterThanOrEqual(10)
      expect(arrival.minute).toBeGreaterThanOrEqual(points.at(-1)?.[0] ?? 0)
      expect(arrival.hours).toBeGreaterThanOrEqual(0)
    })
    fc.assert(property, { numRuns: propertyRuns(300) })
  })
})
