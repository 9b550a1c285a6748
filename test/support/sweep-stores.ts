import { sqliteInstances } from '../../shared/adapters/sqlite/sqlite-instances.ts'
import { sqliteResults } from '../../shared/adapters/sqlite/sqlite-results.ts'
import { sqliteSweepEntries } from '../../shared/adapters/sqlite/sqlite-sweep-entries.ts'
import { sqliteSweeps } from '../../shared/adapters/sqlite/sqlite-sweeps.ts'
import type { Instances } from '../../shared/ports/instances.ts'
import type { Results } from '../../shared/ports/results.ts'
import type { SweepEntries, Sweeps } from '../../shared/ports/sweeps.ts'
import { temporaryDatabase } from './temporary-database.ts'

/** What sweeps read and write, on some kind of ports. */
export interface SweepStores {
  readonly instances: Instances
  readonly results: Results
  readonly sweeps: Sweeps
  readonly sweepEntries: SweepEntries
  readonly close: () => Promise<void>
}

/** Empty ones on an embedded database in a temporary folder. */
export const embeddedSweepStores = (): SweepStores => {
  const { database, writer, close } = temporaryDatabase()
  return {
    instances: sqliteInstances(database, writer),
    results: sqliteResults(database, writer),
    sweeps: sqliteSweeps(database, writer),
    sweepEntries: sqliteSweepEntries(database, writer),
    close: async () => close(),
  }
}
