import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRetryAfter } from '../../../../shared/adapters/webhook/retry-after.ts'

const now = Date.parse('1994-11-06T08:47:37Z')

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 120_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 120_000],
    ['Sun Nov  6 08:49:37 1994', 120_000],
    ['Sun, 06 Nov 1994 08:47:37 GMT', 0],
  ])('"%s" is %i ms', (header, delay) => {
    expect(parseRetryAfter(header, now)).toBe(delay)
  })

  it.each([
    undefined,
    '',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    '99999999999',
    'soon',
    '1994-11-06',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'Sun, 06 Nov 1994 08:47:36 GMT',
    'Sun, 99 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT; x',
    '120, 240',
  ])('"%s" is none', (header) => {
    expect(parseRetryAfter(header, now)).toBeNull()
  })

  it('is a time to come or none, whatever is sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.date().map(String), fc.integer().map(String)), (header) => {
        const delay = parseRetryAfter(header, now)
        expect(delay === null || (Number.isFinite(delay) && delay >= 0)).toBe(true)
      }),
    )
  })
})
