import type { Stored } from '../../ports/stored.ts'
import type { Database } from './database.ts'

/** Documents of one table, each under a key of one text or several, with the number of times it was written. */
export interface RevisionedDocuments<Document> {
  readonly get: (...key: readonly string[]) => Stored<Document> | null
  /** For use in a transaction: writes a document if the stored one is still at `revision` (0: there is none); tells whether it did. */
  readonly put: (key: readonly string[], document: Document, revision: number) => boolean
  /** The document of a row that was read whole. */
  readonly parse: (row: Readonly<Record<string, unknown>>) => Document
}

/**
 * Documents of a table with the columns of the key, `revision` and `document`. Only the adapter that owns the table
 * writes it, under a version of the tables that is checked at start: documents are not parsed a second time.
 */
export const revisionedDocuments = <Document>(
  { connection }: Pick<Database, 'connection'>,
  table: string,
  keyColumns: readonly string[],
): RevisionedDocuments<Document> => {
  const isKey = keyColumns.map((column) => `${column} = ?`).join(' AND ')
  const select = connection.prepare(`SELECT revision, document FROM ${table} WHERE ${isKey}`)
  const insert = connection.prepare(`
    INSERT INTO ${table} (document, ${keyColumns.join(', ')}, revision)
    VALUES (?, ${keyColumns.map(() => '?').join(', ')}, 1) ON CONFLICT DO NOTHING`)
  const update = connection.prepare(
    `UPDATE ${table} SET document = ?, revision = revision + 1 WHERE ${isKey} AND revision = ?`,
  )

  const parse = (row: Readonly<Record<string, unknown>>): Document => JSON.parse(String(row['document']))

  return {
    parse,

    get: (...key) => {
      const row = select.get(...key)
      if (!row) return null
      return { document: parse(row), revision: Number(row['revision']) }
    },

    put: (key, document, revision) => {
      const text = JSON.stringify(document)
      const { changes } = revision === 0 ? insert.run(text, ...key) : update.run(text, ...key, revision)
      return changes === 1
    },
  }
}
