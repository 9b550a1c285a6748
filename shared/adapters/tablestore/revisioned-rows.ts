import TableStore from 'tablestore'
import type { Stored } from '../../ports/stored.ts'
import { equals, noRow, someRow, where } from './conditions.ts'
import { putOnce } from './put-once.ts'
import type { Columns, Key } from './rows.ts'
import { textOf, toColumn } from './stored-document.ts'
import type { TablestoreClient } from './tablestore-client.ts'

/** Documents of one table, each with the number of times it was written: the write that saw the last one wins. */
export interface RevisionedRows<Document> {
  readonly get: (key: Key) => Promise<Stored<Document> | null>
  /** Writes a document, and columns beside it, if the stored one is still at `revision` (0: there is none); tells whether it did. */
  readonly put: (key: Key, document: Document, revision: number, beside?: Columns) => Promise<boolean>
  /** Tells whether there was one. */
  readonly remove: (key: Key) => Promise<boolean>
  /** The document of a row that was read whole. */
  readonly parse: (columns: Columns) => Promise<Document>
}

/** The rows of a table with the columns `revision` and `document`. Documents are written here alone: they are not parsed a second time. */
export const revisionedRows = <Document extends object>(
  client: TablestoreClient,
  table: string,
): RevisionedRows<Document> => {
  const parse = async ({ document = 'null' }: Columns): Promise<Document> =>
    JSON.parse(await textOf(document))

  return {
    parse,

    get: async (key) => {
      const columns = await client.getRow(table, key)
      return columns && { document: await parse(columns), revision: Number(columns['revision']) }
    },

    put: async (key, document, revision, beside = {}) =>
      putOnce(client, {
        kind: 'put',
        table,
        key,
        columns: {
          ...beside,
          revision: TableStore.Long.fromNumber(revision + 1),
          document: await toColumn(document),
        },
        condition: revision === 0 ? noRow : where(equals('revision', TableStore.Long.fromNumber(revision))),
      }),

    // Where an answer was lost and the row is gone, it was there.
    remove: async (key) =>
      (await client.writeRow({ kind: 'delete', table, key, condition: someRow })) !== 'refused',
  }
}
