import { describe, expect, it } from 'vitest'
import { dueStartId, dueStartsIn, startsAfter, startsBetween } from '../../../shared/model/due-start.ts'

const date = '2026-11-21'
/** ms since 1970, `minute` after 00:00 UTC of the night. */
const at = (minute: number): number => Date.parse('2026-11-21T00:00:00.000Z') + minute * 60_000

describe('the starts of an instance', () => {
  const schedule = { at: '04:00', timeZone: 'Europe/Berlin', windowMs: 7_200_000, offsetMs: 1_800_000 }

  it('are at the same minute every night', () => {
    expect(dueStartsIn(schedule, ['2026-11-20', '2026-11-21'], 'db1')).toEqual([
      { minute: 210, instanceId: 'db1' },
    ])
    expect(dueStartsIn(schedule, [], 'db1')).toEqual([])
  })

  // Clocks of Berlin went from UTC+2 to UTC+1 at 03:00 on 25 October 2026.
  it('are two where the clocks change', () => {
    expect(dueStartsIn(schedule, ['2026-10-24', '2026-10-25', '2026-10-26'], 'db1')).toEqual([
      { minute: 150, instanceId: 'db1' },
      { minute: 210, instanceId: 'db1' },
    ])
  })

  it.each([
    [-840, '0600.db1'],
    [0, '1440.db1'],
    [2879, '4319.db1'],
  ])('at minute %i are under %s, in the order of their minutes', (minute, id) => {
    expect(dueStartId({ minute, instanceId: 'db1' })).toBe(id)
  })
})

describe('the starts between two moments', () => {
  it.each([
    ['after the first and up to the second', 60, 120, { after: '1500~', before: '1561' }],
    ['in one minute', 60, 61, { after: '1500~', before: '1502' }],
    ['in no minute', 60, 60.99, null],
    ['in parts of minutes, by those that are over', 60.99, 61.99, { after: '1500~', before: '1502' }],
    ['backwards', 61, 60, null],
    ['from long before', -5000, 0, { after: '0599~', before: '1441' }],
    ['up to the earliest', -5000, -840, { after: '0599~', before: '0601' }],
    ['up to a minute before the earliest', -5000, -841, null],
    ['until long after', 0, 9000, { after: '1440~', before: '4320' }],
    ['from the last but one', 2878, 9000, { after: '4318~', before: '4320' }],
    ['from the last', 2879, 9000, null],
  ])('%s', (_, after, through, range) => {
    expect(startsBetween(date, at(after), at(through))).toEqual(range)
  })

  it('have ids between those of the range', () => {
    const { after, before } = startsBetween(date, at(60), at(120))!
    const isIn = (minute: number): boolean => {
      const id = dueStartId({ minute, instanceId: 'zz' })
      return id > after && id < before
    }
    expect([60, 61, 120, 121].map(isIn)).toEqual([false, true, true, false])
  })

  it('go to the end of the night where there is no second', () => {
    expect(startsAfter(date, at(60))).toEqual({ after: '1500~', before: '4320' })
    expect(startsAfter(date, at(2879))).toBeNull()
  })
})
