import { afterEach, beforeEach, expect, it } from 'vitest'
import { webhookOf } from '../../../support/delivery-world.ts'
import { pageOf } from '../../../support/stores.ts'
import { type SweepWorld, sweepWorld } from '../../../support/sweep-world.ts'

const night = '2026-11-21'
const nextNight = '2026-11-22'

let world: SweepWorld
beforeEach(async () => {
  const webhooks = [webhookOf(1, { events: ['precheck.missed'] })]
  world = sweepWorld('2026-11-20T17:59:00.000Z', { webhooks: { list: async () => pageOf(webhooks) } })
  await world.run()
})
afterEach(() => world.close())

const told = () => world.notifications.map(({ source }) => source)
const missedIn = (sweepId: string) => ({ kind: 'night', sweepId, type: 'precheck.missed' })

const live = async (minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.wait(1)
    await world.run()
    await world.finish()
  }
}

it('a night that did not run is found by the rounds that come next, and told once', async () => {
  await world.register('db-1')
  await world.register('db-2')
  world.setTime('2026-11-21T09:00:00.000Z')
  await live(3)
  expect(told()).toEqual([missedIn(night)])
  await live(60)
  expect(told()).toHaveLength(1)
})

it('of every night of an outage it is told once', async () => {
  await world.register('db-1')
  world.setTime('2026-11-22T09:00:00.000Z')
  await live(5)
  expect(told()).toEqual(expect.arrayContaining([missedIn(night), missedIn(nextNight)]))
  expect(told()).toHaveLength(2)
})

it('a night of which a part did not run is told when it is over', async () => {
  await world.register('db-1', { schedule: { window: 1 } })
  await world.register('db-2', { schedule: { at: '06:00', window: 1 } })
  await live(5)
  expect(told()).toEqual([])
  world.setTime('2026-11-21T09:00:00.000Z')
  await live(3)
  expect(await world.statuses(night)).toEqual({ 'db-1': 'passed', 'db-2': 'WINDOW_MISSED' })
  expect(told()).toEqual([missedIn(night)])
})

it('nothing is told of a night that ran, or that somebody had left out', async () => {
  const maintenanceWindows = [
    { from: '2026-11-20T00:00:00.000Z', until: '2026-11-23T00:00:00.000Z', reason: 'patches' },
  ]
  await world.register('db-1', { schedule: { window: 1 } })
  await world.register('db-2', { schedule: { window: 1 }, maintenanceWindows })
  await live(5)
  expect(await world.statuses(night)).toEqual({ 'db-1': 'passed', 'db-2': 'MAINTENANCE_WINDOW' })
  expect(await world.sweep(night)).toMatchObject({ state: 'completed' })
  expect(told()).toEqual([])
})

it('an entry says whether its result is news', async () => {
  await world.register('db-1', { schedule: { window: 1 } })
  await live(5)
  expect(await world.entries(night)).toMatchObject([{ status: 'passed', change: 'changed' }])
})
