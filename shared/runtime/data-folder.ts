import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivateFile } from '../adapters/files/private-file.ts'
import { DatabaseUnusable } from '../adapters/sqlite/database-unusable.ts'
import { openDatabase } from '../adapters/sqlite/database.ts'
import { groupCommit } from '../adapters/sqlite/group-commit.ts'
import { sqliteDocuments } from '../adapters/sqlite/sqlite-documents.ts'
import { type Tokens, tokenKind } from '../ports/tokens.ts'

/** The database file of the service on one machine. */
export const databaseFile = (dataFolder: string): string => join(dataFolder, 'precheck.db')

/** File of the first token. */
export const firstTokenFile = (dataFolder: string): string => join(dataFolder, 'admin-token')

/**
 * Works on the tokens in a data folder whose service is stopped: the way back in for its owner. Throws
 * `DatabaseUnusable`, also where there is no database yet, so that a mistyped folder stays what it is.
 */
export const withTokensIn = async <Value>(
  dataFolder: string,
  work: (tokens: Tokens) => Promise<Value>,
): Promise<Value> => {
  const file = databaseFile(dataFolder)
  if (!existsSync(file))
    throw new DatabaseUnusable(`There is no database ${file}. Name the data folder of the service.`)
  const database = openDatabase(file)
  const writer = groupCommit(database)
  try {
    return await work(sqliteDocuments(database, writer)(tokenKind))
  } finally {
    writer.close()
    database.close()
  }
}

export { DatabaseUnusable, writePrivateFile }
