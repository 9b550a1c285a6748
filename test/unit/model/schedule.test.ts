import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Schedule } from '../../../shared/model/schedule.ts'

const isTaken = (schedule: unknown): boolean => Schedule.safeParse(schedule).success

describe('a schedule', () => {
  it.each(['Asia/Shanghai', 'America/Argentina/Buenos_Aires', 'Etc/GMT-8', 'UTC'])(
    'may be in the time zone %s',
    (timeZone) => {
      expect(isTaken({ timeZone })).toBe(true)
    },
  )

  // CST is understood as the time of Chicago, IST as that of India and of Israel.
  it.each(['CST', 'IST', 'EST', 'GMT+8', 'UTC+8', '+08:00', 'Asia/Beijing', 'Beijing', '', 'Asia/Shanghai '])(
    'is refused for the time zone %j',
    (timeZone) => {
      expect(isTaken({ timeZone })).toBe(false)
    },
  )

  // Names of zones are the same in whatever case ("Case Sensitivity of Time Zone Names", ECMA-402). What is remembered
  // of one name says nothing of the next.
  it('may be in a time zone however its name is written, and in none that there is not', () => {
    const places = fc.mixedCase(fc.constant('America/Argentina/Buenos_Aires'))
    const nowhere = fc.stringMatching(/^[a-z]{12}$/).map((name) => `Asia/${name}`)
    fc.assert(
      fc.property(places, nowhere, (there, none) => {
        expect([isTaken({ timeZone: there }), isTaken({ timeZone: none })]).toEqual([true, false])
      }),
      { numRuns: 10 },
    )
  })

  it.each([
    [{ at: '24:00' }],
    [{ at: '2:00' }],
    [{ window: 0 }],
    [{ window: 721 }],
    [{ window: 1.5 }],
    [{ enabled: 'yes' }],
    [{ begin: '02:00' }],
  ])('is refused as %j', (schedule) => {
    expect(isTaken(schedule)).toBe(false)
  })
})
