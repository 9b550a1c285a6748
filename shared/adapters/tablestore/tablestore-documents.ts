import TableStore, { type ColumnCondition } from 'tablestore'
import type { Page } from '../../model/page.ts'
import {
  type DocumentKey,
  type DocumentKind,
  type Documents,
  type Selection,
  type Stored,
  documentReader,
  updating,
} from '../../ports/documents.ts'
import { anyOf, equals, isMissingOr, noRow, someRow, someRowWhere } from './conditions.ts'
import { partitionedDocuments } from './partitioned-documents.ts'
import { putOnce } from './put-once.ts'
import { rangeOf, readPage, readRange } from './range.ts'
import type { Columns, Key } from './rows.ts'
import { textOf, toColumn } from './stored-document.ts'
import { type TablestoreClient, batchLimit, rangeLimit } from './tablestore-client.ts'

/** Rows read at a time while documents are looked at one by one. */
const scanSize = 500

const partsOf = (key: DocumentKey): readonly string[] => (typeof key === 'string' ? [key] : key)

/** Rows of tokens and of entries of sweeps had no revision in version 0.1.0: they were written once or twice. */
const firstRevision = 1

const isAt = (revision: number): ColumnCondition => {
  const value = TableStore.Long.fromNumber(revision)
  return revision === firstRevision ? isMissingOr('revision', value) : equals('revision', value)
}

/** Entries of sweeps had their documents in `open` or `ended` in version 0.1.0; their rows are kept for 180 days. */
const documentOf = ({ document, open, ended }: Columns) => document ?? open ?? ended ?? ''

/**
 * Documents of any kind on Tablestore. A row has the columns `revision`, `document`, that of the status of the kind,
 * and those that `columnsBeside` tells of a document.
 */
export const tablestoreDocuments =
  (client: TablestoreClient) =>
  <Document extends object, DocumentsKey extends DocumentKey>(
    kind: DocumentKind<Document, DocumentsKey>,
    columnsBeside: (document: Document) => Columns = () => ({}),
  ): Documents<Document, DocumentsKey> => {
    const { table, status, order } = kind
    const columns: readonly string[] = kind.keyColumns
    const [id = '', group] = columns.toReversed()
    const read = documentReader(kind)

    const keyOf = (key: DocumentKey): Key =>
      Object.fromEntries(partsOf(key).map((part, index) => [columns[index] ?? '', part]))

    /** The key of a document in a group, or without one. */
    const keyIn = (of: string | undefined, name: string): DocumentKey =>
      of === undefined ? name : [of, name]

    const siblingsOf = (of: string | undefined) =>
      ({
        table,
        direction: order === 'ascending' ? 'FORWARD' : 'BACKWARD',
        within: group === undefined || of === undefined ? {} : { [group]: of },
        by: id,
      }) as const

    const storedOf = async (row: Columns, key: DocumentKey): Promise<Stored<Document>> => ({
      document: read(await textOf(documentOf(row)), key),
      revision: Number(row['revision'] ?? firstRevision),
    })

    const get = async (key: DocumentKey): Promise<Stored<Document> | null> => {
      const row = await client.getRow(table, keyOf(key))
      return row && storedOf(row, key)
    }

    const put = async (key: DocumentKey, document: Document, revision: number): Promise<boolean> =>
      putOnce(client, {
        kind: 'put',
        table,
        key: keyOf(key),
        columns: {
          ...(status && { [status]: String(document[status]) }),
          ...columnsBeside(document),
          revision: TableStore.Long.fromNumber(revision + 1),
          document: await toColumn(document),
        },
        condition: revision === 0 ? noRow : someRowWhere(isAt(revision)),
      })

    const readMany = async (keys: readonly DocumentKey[]): Promise<Stored<Document>[]> => {
      const found: Stored<Document>[] = []
      for (let from = 0; from < keys.length; from += batchLimit) {
        const wanted = keys.slice(from, from + batchLimit)
        const rows = await client.batchGetRow(table, wanted.map(keyOf))
        const stored = rows.flatMap((row, index) => (row ? [storedOf(row, wanted[index] ?? '')] : []))
        found.push(...(await Promise.all(stored)))
      }
      return found
    }

    /** Those of some statuses may be few among very many: they are chosen without reading the documents of the others. */
    const listOf = async (
      chosen: readonly string[],
      column: string,
      { group: of, isWanted = () => true, ...page }: Selection<Document>,
    ): Promise<Page<Stored<Document>>> => {
      const [first, ...others] = chosen.map((value) => equals(column, value))
      if (!first) return { items: [], next: null }
      const chosenRows = { ...siblingsOf(of), columns: [column], filter: anyOf(first, ...others) }
      const { items, next } = await readPage(client, chosenRows, page, async (_, name) => keyIn(of, name))
      const found = await readMany(items)
      return { items: found.filter(({ document }) => isWanted(document)), next }
    }

    const documents: Documents<Document, DocumentKey> = {
      get,
      put,
      update: updating({ get, put }),

      // Where an answer was lost and the row is gone, it was there.
      remove: async (key) =>
        (await client.writeRow({ kind: 'delete', table, key: keyOf(key), condition: someRow })) !== 'refused',

      list: (selection) => {
        const { group: of, statuses, isWanted, ...page } = selection
        if (statuses && status) return listOf(statuses, status, selection)
        const readRow = async (row: Columns, name: string): Promise<Stored<Document> | null> => {
          const stored = await storedOf(row, keyIn(of, name))
          return isWanted && !isWanted(stored.document) ? null : stored
        }
        return readPage(client, siblingsOf(of), page, readRow, isWanted ? scanSize : undefined)
      },

      count: async (of) => {
        const counts: Record<string, number> = {}
        const range = rangeOf({ ...siblingsOf(of), columns: [status ?? id] })
        for await (const { columns: found } of readRange(client, { ...range, limit: rangeLimit })) {
          const value = String(status === undefined ? '' : found[status])
          counts[value] = (counts[value] ?? 0) + 1
        }
        return counts
      },
    }
    return kind.partitions ? partitionedDocuments(documents, kind.partitions) : documents
  }
