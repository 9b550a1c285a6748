import type { SweepStores } from '../../../support/sweep-stores.ts'
import { cloudStores } from '../../../support/stores.ts'
import { startTablestoreStore } from '../../../support/tablestore-store.ts'
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

sweepNightContract('the stores of the cloud', open)
sweepCrashContract('the stores of the cloud', open, 10)
