import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type NightSchedule,
  dueOn,
  duesBetween,
  nightScheduleOf,
  shareOf,
} from '../../../shared/model/night.ts'
import type { Schedule } from '../../../shared/model/schedule.ts'

const fleet = { enabled: true, at: '02:00', window: 120 }
const hour = 3_600_000

const scheduleOf = (id: string, region: string, schedule: Schedule = {}): NightSchedule => {
  const found = nightScheduleOf({ id, region, schedule }, fleet)
  if (!found) throw new Error('no schedule')
  return found
}

const utc = (at: number): string => new Date(at).toISOString()

const startOn = (schedule: NightSchedule, date: string): string => {
  const noon = Date.parse(`${date}T12:00:00Z`)
  const due = duesBetween(schedule, noon - 40 * hour, noon + 40 * hour).find((each) => each.date === date)
  return due ? utc(due.dueAt - schedule.offsetMs) : 'none'
}

describe('the night of an instance', () => {
  it.each([
    ['cn-hangzhou', '2026-11-20T18:00:00.000Z'],
    ['cn-wulanchabu', '2026-11-20T18:00:00.000Z'],
    ['ap-southeast-1', '2026-11-20T18:00:00.000Z'],
    ['ap-northeast-1', '2026-11-20T17:00:00.000Z'],
    ['eu-central-1', '2026-11-21T01:00:00.000Z'],
    ['us-west-1', '2026-11-21T10:00:00.000Z'],
    ['xx-unknown-9', '2026-11-21T02:00:00.000Z'],
  ])('begins at 02:00 of its region: %s', (region, begin) => {
    expect(startOn(scheduleOf('sql-1', region), '2026-11-21')).toBe(begin)
  })

  it('is its own where the instance says so, part by part', () => {
    expect(startOn(scheduleOf('sql-1', 'cn-hangzhou', { at: '23:30' }), '2026-11-21')).toBe(
      '2026-11-21T15:30:00.000Z',
    )
    expect(startOn(scheduleOf('sql-1', 'cn-hangzhou', { timeZone: 'America/Sao_Paulo' }), '2026-11-21')).toBe(
      '2026-11-21T05:00:00.000Z',
    )
    expect(scheduleOf('sql-1', 'cn-hangzhou', { window: 1 }).offsetMs).toBe(0)
    expect(
      nightScheduleOf({ id: 'sql-1', region: 'cn-hangzhou', schedule: { enabled: false } }, fleet),
    ).toBeNull()
  })

  it('is that of nobody when the fleet has none, but of who wants one', () => {
    const none = { ...fleet, enabled: false }
    expect(nightScheduleOf({ id: 'sql-1', region: 'cn-hangzhou', schedule: {} }, none)).toBeNull()
    expect(
      nightScheduleOf({ id: 'sql-1', region: 'cn-hangzhou', schedule: { enabled: true } }, none),
    ).not.toBeNull()
  })

  it.each([
    // Clocks go from 02:00 to 03:00 (the 29th) and from 03:00 back to 02:00 (the 25th).
    ['Europe/Berlin', '02:30', '2026-03-29', '2026-03-29T01:30:00.000Z'],
    ['Europe/Berlin', '02:30', '2026-10-25', '2026-10-25T00:30:00.000Z'],
    ['America/New_York', '02:15', '2026-03-08', '2026-03-08T07:15:00.000Z'],
    ['America/New_York', '01:15', '2026-11-01', '2026-11-01T05:15:00.000Z'],
    // Half an hour only.
    ['Australia/Lord_Howe', '02:10', '2026-10-04', '2026-10-03T15:40:00.000Z'],
  ])('has one start when the clocks change: %s %s on %s', (timeZone, at, date, begin) => {
    expect(startOn(scheduleOf('sql-1', 'eu-central-1', { timeZone, at }), date)).toBe(begin)
  })

  it('belongs to the interval at whose end it is due, and not to the one that begins there', () => {
    const schedule = scheduleOf('sql-1', 'cn-hangzhou')
    const [due] = duesBetween(
      schedule,
      Date.parse('2026-11-20T12:00:00Z'),
      Date.parse('2026-11-21T12:00:00Z'),
    )
    const { dueAt = 0 } = due ?? {}
    expect(duesBetween(schedule, dueAt - hour, dueAt)).toEqual([due])
    expect(duesBetween(schedule, dueAt, dueAt + hour)).toEqual([])
    expect(due && dueOn(schedule, due.date)).toEqual(due)
  })

  it('comes once for every date, wherever and whenever the year is cut', () => {
    const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati', 'Etc/GMT+12']
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 1, max: 720 }),
        fc.stringMatching(/^[a-z0-9]{1,12}$/),
        fc.array(fc.integer({ min: 1, max: 72 * 60 }), { minLength: 1, maxLength: 40 }),
        (timeZone, minute, window, id, steps) => {
          const at = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
          const schedule = scheduleOf(id, 'cn-hangzhou', { timeZone, at, window })
          const from = Date.parse('2026-03-01T00:00:00Z')
          let after = from
          const dates: string[] = []
          for (const step of steps) {
            const through = after + step * 60_000
            for (const due of duesBetween(schedule, after, through)) {
              expect(due.dueAt).toBeGreaterThan(after)
              expect(due.dueAt).toBeLessThanOrEqual(through)
              expect(due.dueAt).toBeLessThan(due.windowEndsAt)
              expect(dueOn(schedule, due.date)).toEqual(due)
              dates.push(due.date)
            }
            after = through
          }
          expect(dates).toEqual(duesBetween(schedule, from, after).map(({ date }) => date))
          expect(new Set(dates).size).toBe(dates.length)
          const days = (after - from) / 86_400_000
          expect(dates.length).toBeGreaterThanOrEqual(Math.floor(days) - 1)
          expect(dates.length).toBeLessThanOrEqual(Math.ceil(days) + 1)
        },
      ),
    )
  })
})

describe('the minute of an instance', () => {
  it('is a whole one, and follows from its id', () => {
    // The first four bytes of the SHA-256 of the ids, modulo 120.
    const offsets = ['sql-1', 'sql-2'].map((id) => scheduleOf(id, 'cn-hangzhou').offsetMs / 60_000)
    expect(offsets).toEqual([62, 41])
    expect(shareOf('sql-1', 0)).toBe(0)
  })

  it('is the same every night', () => {
    const schedule = scheduleOf('orders-primary', 'cn-hangzhou')
    const dues = duesBetween(schedule, Date.parse('2026-11-01T00:00:00Z'), Date.parse('2026-11-11T00:00:00Z'))
    expect(new Set(dues.map(({ dueAt }) => new Date(dueAt).toISOString().slice(11))).size).toBe(1)
    expect(dues).toHaveLength(10)
    expect(scheduleOf('orders-primary', 'cn-hangzhou').offsetMs).toBe(schedule.offsetMs)
  })

  it('spreads a fleet evenly over the window', () => {
    const minutes = Array.from(
      { length: 12_000 },
      (_, index) => scheduleOf(`sql-${index}`, 'cn-hangzhou').offsetMs / 60_000,
    )
    const perMinute = new Map<number, number>()
    for (const minute of minutes) perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1)
    expect(perMinute.size).toBe(120)
    // 100 a minute on average; six standard deviations.
    expect(Math.max(...perMinute.values())).toBeLessThan(160)
    expect(Math.min(...perMinute.values())).toBeGreaterThan(40)
  })
})
