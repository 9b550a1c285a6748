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

const everySecondNight = (count: number): Point[] =>
  nights(count, (night) => 10 * night).map(([minute, value]) => [2 * minute, value])

/** Up and down by 10, and at 0 both in the night before the twentieth and in it. */
const swinging = (night: number): number => (night < 20 ? 10 * ((night + 1) % 2) : 10 * (night % 2))

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
    ['the limit is reached from above', nights(30, (night) => 340 - 10 * night), 50],
    ['it is followed for a day less than fourteen', nights(14, (night) => 10 * night), 200],
    [
      'it is followed for a day less than fourteen, long after 1970',
      nights(14, (night) => 10 * night).map(([minute, value]) => [minute + 20_000 * day, value]),
      200,
    ],
    ['there are nine points of sixteen days', everySecondNight(9), 200],
    [
      'it took a step up thirteen days ago',
      nights(40, (night) => (night < 26 ? 0 : 1000) + 10 * night),
      1440,
    ],
    [
      'what is emptied had four peaks, and is on its way to the next',
      nights(26, (night) => (night % 6) * 100 + night),
      700,
    ],
    [
      'it swings, and took one step of more than one and a half of that',
      nights(40, (night) => swinging(night) + (night < 20 ? 0 : 16)),
      60,
    ],
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

  // By hand: all but what stands out, or what comes before a step, lies on one line, so that nothing is uncertain.
  it.each<[string, readonly Point[], number, number]>([
    ['there are ten points of eighteen days', everySecondNight(10), 100, 2],
    ['it falls towards a limit that is not nothing', nights(30, (night) => 340 - 10 * night), 20, 3],
    [
      'it took a step up high above nothing',
      nights(40, (night) => (night < 20 ? 1000 : 2000) + 10 * night),
      2440,
      5,
    ],
    [
      'it took a step up fourteen days ago',
      nights(40, (night) => (night < 25 ? 0 : 1000) + 10 * night),
      1440,
      5,
    ],
    [
      'it took a step up, and later one down',
      nights(45, (night) => (night >= 10 && night < 25 ? 1000 : 0) + 10 * night),
      490,
      5,
    ],
    [
      'a single point stands out downwards',
      nights(20, (night) => (night === 5 ? 0 : 1000 + 10 * night)),
      1240,
      5,
    ],
    [
      'what is emptied had five peaks, and is on its way to the next',
      nights(22, (night) => (night % 4) * 100 + night),
      331,
      10,
    ],
    // Up and down by 100 each night, and by 1 a night on the whole: no change is more than the usual one. The median is
    // in the middle of both, at 89 in the last night.
    ['it goes up and down each night alike', nights(40, (night) => (night % 2) * 100 + night), 144, 55],
  ])('is told without any doubt where %s', (_, points, limit, days) => {
    const last = points.at(-1)?.[0] ?? 0
    expect(arrivalAt(points, limit)).toEqual({ minute: last + days * day, hours: 0 })
  })

  it('goes by all points where a step is just half of the range, and by those since it where it is more', () => {
    const stepping = (step: number) => nights(40, (night) => 10 * night + (night < 20 ? 0 : step))
    expect(arrivalAt(stepping(371), 811)).toEqual({ minute: 44 * day, hours: 0 })
    expect(arrivalAt(stepping(370), 810)?.hours).toBeGreaterThan(0)
  })

  it('goes by all points where a step is just one and a half of the usual change', () => {
    const points = nights(40, (night) => swinging(night) + (night < 20 ? 0 : 15))
    expect(arrivalAt(points, 60)).not.toBeNull()
  })

  it('says by how much it may be earlier where it rises faster of late', () => {
    const faster = nights(30, (night) => 10 * night + 10 * Math.max(0, night - 22))
    expect(arrivalAt(faster, 500)?.hours).toBeGreaterThan(0)
  })

  describe('of points of which some stand out', () => {
    const flat = (count: number) => nights(count, (night) => 1060 + 2 * night + 0.5 * noise(night))
    const withValues = (points: readonly Point[], values: Readonly<Record<number, number>>): Point[] =>
      points.map(([minute, value], night) => [minute, values[night] ?? value])
    /** Whether a number with these values is told as if each of `out` were in the middle of its neighbours. */
    const isLeftOut = (points: readonly Point[], ...out: readonly number[]): boolean => {
      const middles = out.map((night) => {
        const [before, after] = [points[night - 1]?.[1] ?? 0, points[night + 1]?.[1] ?? 0]
        return [night, (before + after) / 2] as const
      })
      const [told, without] = [points, withValues(points, Object.fromEntries(middles))].map((each) =>
        arrivalAt(each, 1500),
      )
      expect(without).not.toBeNull()
      return told?.minute === without?.minute && told?.hours === without?.hours
    }

    it.each<[string, Readonly<Record<number, number>>, boolean]>([
      ['more than half of the range', { 0: 1000, 9: 1100, 10: 1201, 11: 1100 }, true],
      ['half of it', { 0: 1000, 9: 1100, 10: 1200, 11: 1100 }, false],
      ['more than half of it on one side alone', { 0: 1040, 9: 1100, 10: 1200, 11: 1124 }, false],
      [
        'more than four times as much as its neighbours differ',
        { 0: 1060, 9: 1100, 10: 1200, 11: 1124 },
        true,
      ],
      ['four times as much as they differ', { 0: 1060, 9: 1100, 10: 1200, 11: 1125 }, false],
    ])('leaves out one that does by %s: %j %s', (_, values, isOut) => {
      expect(isLeftOut(withValues(flat(30), values), 10)).toBe(isOut)
    })

    it('leaves out three of twenty-four, and not four, which belong to its course', () => {
      const three = withValues(flat(24), { 4: 1300, 9: 1300, 14: 1300 })
      expect(isLeftOut(three, 4, 9, 14)).toBe(true)
      expect(isLeftOut(withValues(three, { 19: 1300 }), 4, 9, 14, 19)).toBe(false)
    })
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
