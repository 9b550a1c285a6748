import { tablestoreInstances } from '../../../../shared/adapters/tablestore/tablestore-instances.ts'
import { tablestoreResults } from '../../../../shared/adapters/tablestore/tablestore-results.ts'
import { tablestoreSweepEntries } from '../../../../shared/adapters/tablestore/tablestore-sweep-entries.ts'
import { tablestoreSweeps } from '../../../../shared/adapters/tablestore/tablestore-sweeps.ts'
import type { SweepStores } from '../../../support/sweep-stores.ts'
import { startTablestoreStore } from '../../../support/tablestore-store.ts'
import { sweepCrashContract } from './run-sweeps-crash.contract.ts'
import { sweepNightContract } from './run-sweeps-night.contract.ts'

const open = async (): Promise<SweepStores> => {
  const { emulator, connect } = await startTablestoreStore()
  const tables = connect()
  return {
    instances: tablestoreInstances(tables),
    results: tablestoreResults(tables),
    sweeps: tablestoreSweeps(tables),
    sweepEntries: tablestoreSweepEntries(tables),
    close: () => emulator.close(),
  }
}

sweepNightContract('the stores of the cloud', open)
sweepCrashContract('the stores of the cloud', open, 10)
