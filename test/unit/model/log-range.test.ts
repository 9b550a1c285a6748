import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCovered, reachOf } from '../../../shared/model/log-range.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const range = (from: number, to: number) => ({ from: String(from), to: String(to) })

describe('ranges of a log', () => {
  it.each([
    ['none', [], '10'],
    ['one that begins where it starts', [range(10, 20)], '20'],
    ['one that begins before', [range(5, 20)], '20'],
    ['one that begins after a hole', [range(11, 20)], '10'],
    ['several in any order', [range(20, 30), range(10, 20)], '30'],
    ['several with a hole', [range(10, 20), range(21, 30)], '20'],
    ['one inside another', [range(10, 30), range(12, 15), range(30, 31)], '31'],
    ['one that ends before', [range(1, 9)], '10'],
  ])('lead on from a place by %s', (_, ranges, reached) => {
    expect(reachOf('10', ranges)).toBe(reached)
  })

  it('are compared as numbers, which are larger than those of JavaScript', () => {
    const long = { from: '9', to: '9999999999999999999999999' }
    expect(reachOf('10', [long])).toBe(long.to)
    expect(isCovered({ from: '10', to: '9999999999999999999999998' }, [long])).toBe(true)
    expect(isCovered(long, [{ from: '9', to: '9999999999999999999999998' }])).toBe(false)
  })

  it('hold a part of it when every place of it is in one of them', () => {
    const ranges = fc.array(
      fc.tuple(fc.nat(30), fc.nat(10)).map(([from, length]) => range(from, from + length)),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(ranges, fc.nat(30), fc.integer({ min: 1, max: 10 }), (held, from, length) => {
        const steps = Array.from({ length }, (_, index) => from + index)
        const isHeld = steps.every((step) => held.some((one) => +one.from <= step && step + 1 <= +one.to))
        expect(isCovered(range(from, from + length), held)).toBe(isHeld)
      }),
      { numRuns: propertyRuns(500) },
    )
  })
})
