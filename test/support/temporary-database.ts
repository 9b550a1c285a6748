import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../shared/adapters/sqlite/group-commit.ts'

/** An embedded database with its writer, in a folder that goes with it. */
export const temporaryDatabase = () => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-database-'))
  const database = openDatabase(join(folder, 'precheck.db'))
  const writer = groupCommit(database)
  return {
    database,
    writer,
    close: (): void => {
      writer.close()
      database.close()
      rmSync(folder, { recursive: true })
    },
  }
}
