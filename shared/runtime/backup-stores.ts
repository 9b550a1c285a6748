import { sqliteDocuments } from '../adapters/sqlite/sqlite-documents.ts'
import { sqliteInstances } from '../adapters/sqlite/sqlite-instances.ts'
import { sqliteResults } from '../adapters/sqlite/sqlite-results.ts'
import type { BackupStores } from '../flows/backup/backup-stores.ts'
import { backupDocuments } from './backup-documents.ts'
import { DatabaseUnusable, withDatabaseIn } from './data-folder.ts'

/** Works on what is backed up of a data folder whose service is stopped. `isMade`: also where there is none. Throws `DatabaseUnusable`. */
export const withStoresIn = <Value>(
  dataFolder: string,
  work: (stores: BackupStores) => Promise<Value>,
  options: { readonly isMade: boolean },
): Promise<Value> =>
  withDatabaseIn(
    dataFolder,
    (database, writer) =>
      work({
        ...backupDocuments(sqliteDocuments(database, writer)),
        instances: sqliteInstances(database, writer),
        results: sqliteResults(database, writer),
      }),
    options,
  )

export { DatabaseUnusable }
