import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Observation } from '../../../shared/model/observation.ts'
import { Series, followSeries } from '../../../shared/model/series.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const at = (night: number): string => new Date(Date.UTC(2026, 0, 1 + night, 2)).toISOString()
const used = (value: number, database = 'Sales', limit?: number): Observation => ({
  name: 'log-used-bytes',
  object: { type: 'database', name: database },
  value,
  ...(limit !== undefined && { limit }),
})

const after = (nights: number): Series[] =>
  Array.from({ length: nights }, (_, night) => night).reduce<Series[]>(
    (known, night) => followSeries(known, [used(night)], at(night)),
    [],
  )

describe('a series', () => {
  it('has a point for each time that it was observed, and one for a repeat', () => {
    const twice = followSeries(after(2), [used(7)], at(1))
    expect(twice.map(({ points }) => points.map(([, value]) => value))).toEqual([[0, 7]])
  })

  it('has the limit that was observed last', () => {
    const [series] = followSeries(
      followSeries([], [used(1, 'Sales', 10)], at(0)),
      [used(2, 'Sales', 20)],
      at(1),
    )
    expect([series?.limit, series?.points.length]).toEqual([20, 2])
  })

  it('thins what is old, and keeps its first and its last 60 points', () => {
    const values = after(400)[0]?.points.map(([, value]) => value) ?? []
    expect(values.length).toBeLessThanOrEqual(120)
    expect(values.slice(-60)).toEqual(Array.from({ length: 60 }, (_, index) => 340 + index))
    expect(values[0]).toBe(0)
  })

  it('is whole up to 120 points; with one more, every second of the first 60 goes', () => {
    const nightsOf = (count: number) => after(count)[0]?.points.map(([, value]) => value)
    const upTo = (count: number) => Array.from({ length: count }, (_, night) => night)
    expect(nightsOf(120)).toEqual(upTo(120))
    expect(nightsOf(121)).toEqual(upTo(121).filter((night) => night >= 60 || night % 2 === 0))
  })

  it('comes before another with a limit that was observed earlier', () => {
    const first = followSeries([], [used(1, 'Early', 9)], at(0))
    const both = followSeries(first, [used(1, 'Late', 9), used(1, 'None')], at(1))
    expect(both.map(({ object }) => object.name)).toEqual(['Late', 'Early', 'None'])
  })

  it('gives way to those that have a limit, then to those that are observed now', () => {
    const limited = used(1, 'Limited', 9)
    const many = Array.from({ length: 64 }, (_, index) => used(1, `Other${index}`))
    const kept = followSeries(followSeries([], [limited, used(1, 'Old')], at(0)), many, at(1))
    expect(kept).toHaveLength(64)
    const names = kept.map(({ object }) => object.name)
    expect([names[0], names.includes('Old')]).toEqual(['Limited', false])
  })

  it('stays bounded, and the same for the same precheck, whatever is observed', () => {
    const observation = fc.record({
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      which: fc.nat({ max: 99 }),
    })
    const night = fc.array(observation, { maxLength: 99 })
    const property = fc.property(fc.array(night, { minLength: 1, maxLength: 12 }), (all) => {
      const each = all.map((one) =>
        one.map(({ value, which }) => used(value, `库${which}`.padEnd(128, '库'))),
      )
      const series = each.reduce<Series[]>((known, one, index) => followSeries(known, one, at(index)), [])
      expect(Series.array().max(64).parse(series)).toEqual(series)
      const last = each.at(-1) ?? []
      expect(followSeries(series, last, at(each.length - 1)).length).toBe(series.length)
    })
    fc.assert(property, { numRuns: propertyRuns(30) })
  })
})
