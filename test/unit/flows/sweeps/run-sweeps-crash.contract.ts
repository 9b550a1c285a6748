import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestSweep } from '../../../../shared/flows/sweeps/request-sweep.ts'
import type { SweepDeps } from '../../../../shared/flows/sweeps/sweep-round.ts'
import type { Life } from '../../../support/mortal.ts'
import type { SweepStores } from '../../../support/sweep-stores.ts'
import { type SweepWorld, sweepWorld } from '../../../support/sweep-world.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

/** A minute before the window of 2026-11-21 begins in Shanghai. */
const evening = '2026-11-20T17:59:00.000Z'
const night = '2026-11-21'

const life: fc.Arbitrary<Life> = fc.record({
  calls: fc.integer({ min: 1, max: 60 }),
  dies: fc.constantFrom('before', 'after'),
})

/** What happens before all goes well: processes that die, one at a time or two at once, and prechecks that end between. */
const troubles = fc.array(
  fc.record({
    lives: fc.array(life, { minLength: 1, maxLength: 2 }),
    minutes: fc.integer({ min: 0, max: 2 }),
    isFinished: fc.boolean(),
  }),
  { maxLength: 8 },
)
type Troubles = typeof troubles extends fc.Arbitrary<infer Value> ? Value : never

const fleet = fc.record({
  size: fc.integer({ min: 1, max: 7 }),
  sweepConcurrency: fc.integer({ min: 1, max: 9 }),
  /** All instances are on one host. */
  perHost: fc.integer({ min: 0, max: 3 }),
})

const ids = (count: number) => Array.from({ length: count }, (_, index) => `db-${index}`)

const suffer = async (world: SweepWorld, suffered: Troubles): Promise<void> => {
  for (const { lives, minutes, isFinished } of suffered) {
    world.wait(minutes)
    await Promise.all(lives.map((each) => world.runMortal({ ...each })))
    if (isFinished) await world.finish()
  }
}

/** Rounds without trouble until a sweep is completed. */
const recover = async (world: SweepWorld, sweepId: string): Promise<void> => {
  for (let round = 0; round < 40; round += 1) {
    world.wait(1)
    await world.run()
    await world.finish()
    if ((await world.sweep(sweepId))?.state === 'completed') return
  }
}

/** Every instance has an entry, one precheck and no other, which has ended; the counts are those of the entries. */
const expectEachOnce = async (world: SweepWorld, sweepId: string, size: number): Promise<void> => {
  const entries = await world.entries(sweepId)
  expect(entries.map(({ instanceId, status }) => [instanceId, status])).toEqual(
    ids(size).map((id) => [id, 'passed']),
  )
  for (const { instanceId, precheckId } of entries) {
    const history = await world.results.history(instanceId, { limit: 10 })
    expect(history.items.map(({ id }) => id)).toEqual([precheckId])
  }
  const counts = {
    waiting: 0,
    started: size,
    running: 0,
    passed: size,
    warning: 0,
    failed: 0,
    inconclusive: 0,
    notRun: 0,
  }
  expect(await world.sweep(sweepId)).toMatchObject({ state: 'completed', counts })
  expect(world.notifications.length).toBeGreaterThan(0)
}

/** How sweeps survive the death of their processes; `open` gives empty stores for each of `runs` runs of a property. */
export const sweepCrashContract = (
  name: string,
  open: () => SweepStores | Promise<SweepStores>,
  runs: number,
): void => {
  const within = async (
    changes: Partial<SweepDeps>,
    test: (world: SweepWorld) => Promise<void>,
  ): Promise<void> => {
    const world = sweepWorld(evening, changes, await open())
    try {
      await world.run()
      await test(world)
    } finally {
      await world.close()
    }
  }

  describe(`however often the service dies, and two rounds go on at once, on ${name}`, () => {
    it('a night starts every instance once', async () => {
      const property = fc.asyncProperty(fleet, troubles, ({ size, sweepConcurrency, perHost }, suffered) =>
        within({ sweepConcurrency, hostLimit: { perHost, tag: null } }, async (world) => {
          await Promise.all(ids(size).map((id) => world.register(id, { schedule: { window: 10 } })))
          await suffer(world, suffered)
          await recover(world, night)
          await expectEachOnce(world, night, size)
        }),
      )
      await fc.assert(property, { numRuns: propertyRuns(runs) })
    })

    it('a requested sweep starts every instance once', async () => {
      const property = fc.asyncProperty(fleet, troubles, ({ size, sweepConcurrency, perHost }, suffered) =>
        within(
          {
            sweepConcurrency,
            hostLimit: { perHost, tag: null },
            fleetSchedule: { enabled: false, at: '02:00', window: 60 },
          },
          async (world) => {
            await Promise.all(ids(size).map((id) => world.register(id)))
            const { id } = await requestSweep({ ...world.deps, newSweepSuffix: () => '00001' }, {})
            await suffer(world, suffered)
            await recover(world, id)
            await expectEachOnce(world, id, size)
          },
        ),
      )
      await fc.assert(property, { numRuns: propertyRuns(runs) })
    })

    it('an instance that comes while the night is completed is neither lost nor left open', async () => {
      const property = fc.asyncProperty(troubles, troubles, (before, after) =>
        within({}, async (world) => {
          await world.register('db-0', { schedule: { window: 1 } })
          await suffer(world, before)
          await recover(world, night)
          await world.register('db-1', { region: 'us-west-1', schedule: { window: 1 } })
          // 02:00 of the same date in Los Angeles.
          world.setTime('2026-11-21T10:00:00.000Z')
          await suffer(world, after)
          for (let round = 0; round < 4; round += 1) await recover(world, night)
          await expectEachOnce(world, night, 2)
        }),
      )
      await fc.assert(property, { numRuns: propertyRuns(runs) })
    })
  })
}
