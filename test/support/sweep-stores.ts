import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../shared/adapters/sqlite/group-commit.ts'
import { sqliteInstances } from '../../shared/adapters/sqlite/sqlite-instances.ts'
import { sqliteResults } from '../../shared/adapters/sqlite/sqlite-results.ts'
import { sqliteSweepEntries } from '../../shared/adapters/sqlite/sqlite-sweep-entries.ts'
import { sqliteSweeps } from '../../shared/adapters/sqlite/sqlite-sweeps.ts'
import type { Instances } from '../../shared/ports/instances.ts'
import type { Results } from '../../shared/ports/results.ts'
import type { SweepEntries, Sweeps } from '../../shared/ports/sweeps.ts'

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
  const folder = mkdtempSync(join(tmpdir(), 'precheck-sweeps-'))
  const database = openDatabase(join(folder, 'precheck.db'))
  const writer = groupCommit(database)
  return {
    instances: sqliteInstances(database, writer),
    results: sqliteResults(database, writer),
    sweeps: sqliteSweeps(database, writer),
    sweepEntries: sqliteSweepEntries(database, writer),
    close: async () => {
      writer.close()
      database.close()
      rmSync(folder, { recursive: true })
    },
  }
}
