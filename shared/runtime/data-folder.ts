import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivateFile } from '../adapters/files/private-file.ts'
import { DatabaseInUse, DatabaseUnusable } from '../adapters/sqlite/database-unusable.ts'
import { type Database, openDatabase } from '../adapters/sqlite/database.ts'
import { type Writer, groupCommit } from '../adapters/sqlite/group-commit.ts'
import { sqliteDocuments } from '../adapters/sqlite/sqlite-documents.ts'
import { type Tokens, tokenKind } from '../ports/tokens.ts'

/** The database file of the service on one machine. */
export const databaseFile = (dataFolder: string): string => join(dataFolder, 'precheck.db')

/**
 * Works on the database in a data folder whose service is stopped. Throws `DatabaseUnusable`, also where there is no
 * database yet, unless one `isMade` then: so a mistyped folder stays what it is.
 */
export const withDatabaseIn = async <Value>(
  dataFolder: string,
  work: (database: Database, writer: Writer) => Promise<Value>,
  { isMade = false }: { readonly isMade?: boolean } = {},
): Promise<Value> => {
  const file = databaseFile(dataFolder)
  if (!isMade && !existsSync(file))
    throw new DatabaseUnusable(`There is no database ${file}. Name the data folder of the service.`)
  const database = openDatabase(file)
  const writer = groupCommit(database)
  try {
    return await work(database, writer)
  } finally {
    writer.close()
    database.close()
  }
}

/** Works on the tokens in a data folder whose service is stopped: the way back in for its owner. Throws `DatabaseUnusable`. */
export const withTokensIn = <Value>(
  dataFolder: string,
  work: (tokens: Tokens) => Promise<Value>,
): Promise<Value> =>
  withDatabaseIn(dataFolder, (database, writer) => work(sqliteDocuments(database, writer)(tokenKind)))

export { DatabaseInUse, DatabaseUnusable, writePrivateFile }
