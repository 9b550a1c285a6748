import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../emulators/tablestore/faults.ts'
import { sweepWorld } from '../../../support/sweep-world.ts'
import { cloudStores } from '../../../support/stores.ts'
import { startTablestoreStore } from '../../../support/tablestore-store.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

/** A minute before the window of 2026-11-21 begins in Shanghai. */
const evening = '2026-11-20T17:59:00.000Z'
const night = '2026-11-21'

const busy = { status: 503, code: 'OTSServerBusy' } as const

/** Requests that are refused, or done without an answer, and for how many rounds; up to two rounds go on at once. */
const trouble = fc.record({
  struck: fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 40 }),
  when: fc.constantFrom('before' as const, 'after' as const),
  atOnce: fc.integer({ min: 1, max: 2 }),
  rounds: fc.integer({ min: 1, max: 4 }),
})

describe('while Tablestore refuses requests and loses answers', () => {
  const open = async () => {
    const store = await startTablestoreStore()
    // A client that gives up at once: what it cannot fix is left to the rounds.
    const tables = store.connect()
    const world = sweepWorld(
      evening,
      {},
      {
        ...cloudStores(tables),
        close: () => store.emulator.close(),
      },
    )
    await world.run()
    return { world, emulator: store.emulator }
  }
  it('a night starts every instance once, and is completed when all is well again', async () => {
    const property = fc.asyncProperty(trouble, async ({ struck, when, atOnce, rounds }) => {
      const { world, emulator } = await open()
      const ids = ['db-0', 'db-1', 'db-2', 'db-3']
      await Promise.all(ids.map((id) => world.register(id, { schedule: { window: 1 } })))
      let number = 0
      const heal = emulator.onRequest((): Fault | undefined => {
        number += 1
        return struck.includes(number) ? { when, outcome: busy } : undefined
      })
      for (let round = 0; round < rounds; round += 1) {
        world.wait(1)
        await Promise.allSettled(Array.from({ length: atOnce }, () => world.run()))
        await world.finish().catch(() => undefined)
      }
      heal()
      for (let round = 0; round < 5; round += 1) {
        world.wait(1)
        await world.run()
        await world.finish()
      }
      expect(await world.statuses(night)).toEqual(Object.fromEntries(ids.map((id) => [id, 'passed'])))
      for (const id of ids) {
        const { items } = await world.results.history(id, { limit: 10 })
        expect(items).toHaveLength(1)
      }
      expect(await world.sweep(night)).toMatchObject({
        state: 'completed',
        counts: { started: 4, passed: 4 },
      })
      await world.close()
    })
    await fc.assert(property, { numRuns: propertyRuns(10) })
  })
})
