import { describe, expect, it } from 'vitest'
import type { SweepStores } from '../../../support/sweep-stores.ts'
import { sweepWorld } from '../../../support/sweep-world.ts'
import { cloudStores } from '../../../support/stores.ts'
import { startTablestoreStore } from '../../../support/tablestore-store.ts'
import { runsAll } from '../../../support/property-runs.ts'
import { sweepCrashContract } from './run-sweeps-crash.contract.ts'
import { sweepNightContract } from './run-sweeps-night.contract.ts'

const open = async (): Promise<SweepStores> => {
  const { emulator, connect } = await startTablestoreStore()
  const tables = connect()
  return {
    ...cloudStores(tables),
    close: () => emulator.close(),
  }
}

sweepNightContract('the stores of the cloud', open, runsAll)
sweepCrashContract('the stores of the cloud', open, 6)

describe('a tick of the timer with nothing due', () => {
  it('asks the same, for as many capacity units, of 10 instances and of 300', async () => {
    const usageOf = async (count: number) => {
      const { emulator, connect } = await startTablestoreStore()
      const stores = { ...cloudStores(connect()), close: () => emulator.close() }
      const world = sweepWorld('2026-11-20T17:59:00.000Z', {}, stores)
      await world.run()
      const ids = Array.from({ length: count }, (_, index) => `db-${index}`)
      await Promise.all(ids.map((id) => world.register(id, { schedule: { at: '12:00' } })))
      world.wait(1)
      await world.run()
      emulator.resetUsage()
      world.wait(1)
      await world.run()
      const usage = emulator.usage()
      await world.close()
      return usage
    }
    const few = await usageOf(10)
    expect(few.operations).toEqual({
      // The clock.
      GetRow: { requests: 1, read: 1, write: 0 },
      // The sweeps that run, the changes of schedules, and the three nights that some clock has.
      GetRange: { requests: 5, read: 5, write: 0 },
      // The clock again.
      PutRow: { requests: 1, read: 1, write: 1 },
    })
    expect(await usageOf(300)).toEqual(few)
  })
})
