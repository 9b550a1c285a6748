import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SweepStores } from '../../../support/sweep-stores.ts'
import { type SweepWorld, sweepWorld } from '../../../support/sweep-world.ts'

/** A minute before the window of 2026-11-21 begins in Shanghai. */
const evening = '2026-11-20T17:59:00.000Z'
const night = '2026-11-21'

const ids = (count: number) =>
  Array.from({ length: count }, (_, index) => `db-${String(index).padStart(4, '0')}`)

/**
 * How a night goes through a fleet, whatever it is stored in; `open` gives empty stores. `holdsMany`: whether they are
 * fast enough for a fleet of several pages.
 */
export const sweepNightContract = (
  name: string,
  open: () => SweepStores | Promise<SweepStores>,
  holdsMany: boolean,
): void => {
  let world: SweepWorld
  beforeEach(async () => {
    world = sweepWorld(evening, {}, await open())
    await world.run()
  })
  afterEach(() => world.close())

  const registerAll = (names: readonly string[], definition = {}) =>
    Promise.all(names.map((id) => world.register(id, definition)))

  describe(`a night on ${name}`, () => {
    it('starts every enabled instance at its minute, notes what came of it, and is told of once', async () => {
      await registerAll(ids(12), { schedule: { window: 12 } })
      await world.register('off', { enabled: false })
      for (let minute = 0; minute < 15; minute += 1) {
        world.wait(1)
        await world.run()
        await world.finish((id) => (id < 'db-0004' ? 'failed' : 'passed'))
      }
      const entries = await world.entries(night)
      expect(entries.map(({ instanceId, status }) => [instanceId, status])).toEqual(
        ids(12).map((id) => [id, id < 'db-0004' ? 'failed' : 'passed']),
      )
      expect(entries.filter(({ dueAt, startedAt }) => dueAt !== startedAt)).toEqual([])
      expect(new Set(entries.map(({ dueAt }) => dueAt)).size).toBeGreaterThan(4)
      const counts = { started: 12, running: 0, passed: 8, warning: 0, failed: 4, inconclusive: 0, notRun: 0 }
      expect(await world.sweep(night)).toMatchObject({ kind: 'nightly', state: 'completed', counts })
      expect(world.notifications.map(({ source }) => source)).toEqual([{ kind: 'sweep', sweepId: night }])
    })

    it.runIf(holdsMany)(
      'walks page by page, ends when its time is over, and goes on where it was',
      async () => {
        Object.assign(world.deps, { sweepConcurrency: 1000 })
        // Two pages, among instances that are due at another time.
        const due = ids(600).filter((_, index) => index % 7 !== 0)
        await registerAll(
          ids(600).filter((id) => !due.includes(id)),
          { schedule: { at: '14:00' } },
        )
        await registerAll(due, { schedule: { window: 1 } })
        world.wait(1)
        // The changes are brought in, as far as there is time.
        await world.run(0)
        await world.run(0)
        const before = world.created.length
        expect(await world.run(0)).toEqual({ isBusy: true })
        const inOneRound = world.created.length - before
        expect(inOneRound).toBeGreaterThan(0)
        expect(inOneRound).toBeLessThan(500)
        await world.run()
        expect(world.created.map(({ instanceId }) => instanceId).toSorted()).toEqual(due)
        await world.finish()
        world.wait(1)
        await world.run()
        expect(Object.keys(await world.statuses(night))).toEqual(due)
      },
    )

    it('lets no more prechecks run than it may, and goes on when there is room', async () => {
      Object.assign(world.deps, { sweepConcurrency: 5 })
      await registerAll(ids(18), { schedule: { window: 1 } })
      world.wait(1)
      const running: number[] = []
      for (let isBusy = true; isBusy && running.length < 9;) {
        ;({ isBusy } = await world.run())
        const statuses = Object.values(await world.statuses(night))
        running.push(statuses.filter((status) => status === 'started').length)
        await world.finish()
      }
      expect(running).toEqual([5, 5, 5, 3])
      world.wait(1)
      await world.run()
      expect(await world.sweep(night)).toMatchObject({
        state: 'completed',
        counts: { started: 18, passed: 18 },
      })
      expect(world.created.map(({ instanceId }) => instanceId).toSorted()).toEqual(ids(18))
    })
  })
}
