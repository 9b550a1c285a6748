import { describe, expect, it } from 'vitest'
import { InstanceDefinition } from '../../../shared/model/instance.ts'
import { maintenanceAt } from '../../../shared/model/maintenance.ts'
import type { MaintenanceWindow } from '../../../shared/model/maintenance-window.ts'
import { definitionOf } from '../../support/context.ts'

const openAt = (now: string, ...maintenanceWindows: MaintenanceWindow[]) => {
  const open = maintenanceAt(definitionOf('sqlserver', { maintenanceWindows }), new Date(now))
  return open && `${open.reason} until ${open.until.toISOString()}`
}

const upgrade = { reason: 'upgrade', from: '2026-11-21T18:00:00Z', until: '2026-11-21T20:00:00Z' }
const weekend: MaintenanceWindow = { reason: 'patches', weekdays: ['sat'], at: '23:00', minutes: 180 }

describe('a maintenance window', () => {
  it.each([
    ['2026-11-21T17:59:59.999Z', null],
    ['2026-11-21T18:00:00.000Z', 'upgrade until 2026-11-21T20:00:00.000Z'],
    ['2026-11-21T19:59:59.999Z', 'upgrade until 2026-11-21T20:00:00.000Z'],
    ['2026-11-21T20:00:00.000Z', null],
  ])('that comes once is open from its begin to before its end: %s', (now, expected) => {
    expect(openAt(now, upgrade)).toBe(expected)
  })

  it.each([
    // Saturday the 21st, 23:00 in Hangzhou is 15:00 UTC.
    ['2026-11-21T14:59:00Z', null],
    ['2026-11-21T15:00:00Z', 'patches until 2026-11-21T18:00:00.000Z'],
    // Sunday there.
    ['2026-11-21T17:59:00Z', 'patches until 2026-11-21T18:00:00.000Z'],
    ['2026-11-21T18:00:00Z', null],
    ['2026-11-22T15:30:00Z', null],
    ['2026-11-28T16:00:00Z', 'patches until 2026-11-28T18:00:00.000Z'],
  ])('that comes every week is open on its day, by the clock of the region: %s', (now, expected) => {
    expect(openAt(now, weekend)).toBe(expected)
  })

  it('goes by the time zone of the schedule beside it', () => {
    const changes = { maintenanceWindows: [weekend], schedule: { timeZone: 'America/New_York' } }
    const at = (now: string) => maintenanceAt(definitionOf('sqlserver', changes), new Date(now))
    expect(at('2026-11-22T04:30:00Z')?.until.toISOString()).toBe('2026-11-22T07:00:00.000Z')
    expect(at('2026-11-21T15:30:00Z')).toBeNull()
  })

  it('goes by a time zone of its own if it names one', () => {
    expect(openAt('2026-11-22T04:30:00Z', { ...weekend, timeZone: 'America/New_York' })).toBe(
      'patches until 2026-11-22T07:00:00.000Z',
    )
  })

  it('lasts its minutes when the clocks change in it', () => {
    // 2026-10-25, 01:30 summer time; at 03:00 it is 02:00 again.
    const night: MaintenanceWindow = {
      reason: 'patches',
      weekdays: ['sun'],
      at: '01:30',
      minutes: 120,
      timeZone: 'Europe/Berlin',
    }
    expect(openAt('2026-10-25T01:29:00Z', night)).toBe('patches until 2026-10-25T01:30:00.000Z')
    expect(openAt('2026-10-25T01:30:00Z', night)).toBeNull()
  })

  it('that lasts a day is that of the day which began last, where two days meet', () => {
    const daily: MaintenanceWindow = {
      reason: 'move',
      weekdays: ['sat', 'sun'],
      at: '23:00',
      minutes: 1440,
      timeZone: 'Europe/Berlin',
    }
    // The 29th has 23 hours: the window of the 28th ends an hour after that of the 29th has begun, at 21:00 UTC.
    expect(openAt('2026-03-29T20:59:00Z', daily)).toBe('move until 2026-03-29T22:00:00.000Z')
    expect(openAt('2026-03-29T21:30:00Z', daily)).toBe('move until 2026-03-30T21:00:00.000Z')
  })

  it('is not open where there is none', () => {
    const { region } = definitionOf('sqlserver')
    expect(maintenanceAt({ region }, new Date('2026-11-21T18:30:00Z'))).toBeNull()
  })

  it('that ends last of several that are open is the one that counts', () => {
    const long = { ...upgrade, reason: 'migration', until: '2026-11-22T00:00:00Z' }
    expect(openAt('2026-11-21T18:30:00Z', upgrade, long)).toBe('migration until 2026-11-22T00:00:00.000Z')
  })

  it.each([
    [{ ...upgrade, until: upgrade.from }],
    [{ reason: 'x', weekdays: [], at: '23:00', minutes: 60 }],
    [{ reason: 'x', weekdays: ['sat'], at: '24:00', minutes: 60 }],
    [{ reason: 'x', weekdays: ['sat'], at: '23:00', minutes: 60, timeZone: 'Asia/Hangzhou' }],
    [{ ...upgrade, weekdays: ['sat'] }],
  ])('that makes no sense is refused: %j', (window) => {
    const definition = { ...definitionOf('sqlserver'), maintenanceWindows: [window] }
    expect(InstanceDefinition.safeParse(definition).success).toBe(false)
  })
})
