import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises'
import * as z from 'zod'
import {
  type DocumentKey,
  type DocumentKind,
  type Documents,
  type Selection,
  type Stored,
  documentReader,
  updating,
} from '../../ports/documents.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { type Select, select } from './read.ts'

/** Rows read at a time while documents are looked at one by one. */
const batch = 500

/** Before and after all ids: where lists begin and end. */
const bounds = { ascending: ['', '~'], descending: ['~', ''] } as const

const StoredRow = z.object({ revision: z.int(), document: z.string() })
type StoredRow = z.infer<typeof StoredRow>
const ListedRow = StoredRow.extend({ id: z.string() })
type ListedRow = z.infer<typeof ListedRow>
const CountRow = z.object({ status: z.string(), documents: z.int() })

const partsOf = (key: DocumentKey): readonly string[] => (typeof key === 'string' ? [key] : key)

/** The texts of the statements on the table of a kind, which has its key columns, `revision` and `document`. */
const textsOf = <Document, Key extends DocumentKey>(kind: DocumentKind<Document, Key>) => {
  const { table, order, status, expiry } = kind
  const columns: readonly string[] = kind.keyColumns
  const id = columns.at(-1) ?? ''
  const groups = columns.slice(0, -1)
  const areEqual = (names: readonly string[]): string[] => names.map((name) => `${name} = ?`)
  const isKey = areEqual(columns).join(' AND ')
  const statusIs = `json_extract(document, '$.${status}')`
  // Those of one status may be few among very many, which SQLite does not know.
  const byStatus = `${table} INDEXED BY ${table}_by_${status}`
  const [isAfter, isBefore, direction] = order === 'ascending' ? ['>', '<', 'ASC'] : ['<', '>', 'DESC']

  const page = (from: string, ...conditions: readonly string[]): string => `
    SELECT ${id} AS id, revision, document FROM ${from}
    WHERE ${[...areEqual(groups), ...conditions, `${id} ${isAfter} ?`, `${id} ${isBefore} ?`].join(' AND ')}
    ORDER BY ${id} ${direction} LIMIT ?`
  const expired = expiry && columns.slice(0, columns.indexOf(expiry.column))

  return {
    select: `SELECT revision, document FROM ${table} WHERE ${isKey}`,
    insert: `
      INSERT INTO ${table} (document, ${columns.join(', ')}, revision)
      VALUES (?, ${columns.map(() => '?').join(', ')}, 1) ON CONFLICT DO NOTHING`,
    update: `UPDATE ${table} SET document = ?, revision = revision + 1 WHERE ${isKey} AND revision = ?`,
    remove: `DELETE FROM ${table} WHERE ${isKey}`,
    removeExpired:
      expiry && expired
        ? `DELETE FROM ${table} WHERE ${[...areEqual(expired), `${expiry.column} < ?`].join(' AND ')}`
        : null,
    page: page(table),
    /** The first ones of every status by themselves, then the first ones of all. */
    pageOf: (statuses: readonly string[]): string =>
      `${statuses.map(() => `SELECT * FROM (${page(byStatus, `${statusIs} = ?`)})`).join(' UNION ALL ')}
      ORDER BY id ${direction} LIMIT ?`,
    count: `
      SELECT ${status ? statusIs : "''"} AS status, count(*) AS documents
      FROM ${status ? byStatus : table} ${groups.length > 0 ? `WHERE ${areEqual(groups).join(' AND ')}` : ''}
      GROUP BY 1`,
  }
}

/** Documents of any kind in the embedded database, whose tables are in `database.ts`. */
export const sqliteDocuments =
  (
    { connection, clock }: Pick<Database, 'connection' | 'clock'>,
    { write, writeAhead }: Pick<Writer, 'write' | 'writeAhead'>,
  ) =>
  <Document extends object, Key extends DocumentKey>(
    kind: DocumentKind<Document, Key>,
  ): Documents<Document, Key> => {
    const texts = textsOf(kind)
    const byKey = select(connection, texts.select, StoredRow)
    const insert = connection.prepare(texts.insert)
    const update = connection.prepare(texts.update)
    const remove = connection.prepare(texts.remove)
    const everyPage = select(connection, texts.page, ListedRow)
    /** By the number of statuses: a statement costs many times what it runs for. */
    const pagesByStatuses = new Map<number, Select<ListedRow>>()
    const removeExpired = texts.removeExpired === null ? null : connection.prepare(texts.removeExpired)
    const read = documentReader(kind)

    const storedOf = ({ revision, document }: StoredRow, key: DocumentKey): Stored<Document> => ({
      document: read(document, key),
      revision,
    })

    const forget = (key: readonly string[], document: Document): void => {
      if (!kind.expiry || !clock.mayForget()) return
      const columns: readonly string[] = kind.keyColumns
      const groups = key.slice(0, columns.indexOf(kind.expiry.column))
      removeExpired?.run(...groups, kind.expiry.firstKept(document))
    }

    const [first, end] = bounds[kind.order]

    /** Reads `limit` rows that come after an id. */
    const pagesOf = ({ group, before = end, statuses }: Selection<Document>) => {
      const groups = group === undefined ? [] : [group]
      if (statuses === undefined)
        return (after: string, limit: number) => everyPage.all(...groups, after, before, limit)
      const page =
        pagesByStatuses.get(statuses.length) ?? select(connection, texts.pageOf(statuses), ListedRow)
      pagesByStatuses.set(statuses.length, page)
      return (after: string, limit: number) =>
        page.all(...statuses.flatMap((status) => [...groups, status, after, before, limit]), limit)
    }

    const get = async (key: Key): Promise<Stored<Document> | null> => {
      const row = byKey.first(...partsOf(key))
      return row ? storedOf(row, key) : null
    }

    const put = (key: Key, document: Document, revision: number): Promise<boolean> => {
      const text = JSON.stringify(document)
      const parts = partsOf(key)
      const writeOne = kind.mayBeLost ? writeAhead : write
      return writeOne(() => {
        if (revision > 0) return update.run(text, ...parts, revision).changes === 1
        const isNew = insert.run(text, ...parts).changes === 1
        if (isNew) forget(parts, document)
        return isNew
      })
    }

    return {
      get,
      put,
      update: updating({ get, put }),
      remove: (key) => write(() => remove.run(...partsOf(key)).changes === 1),

      list: async (selection) => {
        const { limit, statuses, isWanted } = selection
        if (statuses?.length === 0) return { items: [], next: null }
        const page = pagesOf(selection)
        const size = isWanted ? batch : limit + 1
        const items: Stored<Document>[] = []
        let next: string | null = null
        let last = selection.after ?? first
        for (;;) {
          const rows = page(last, size)
          for (const row of rows) {
            last = row.id
            const stored = storedOf(row, last)
            if (isWanted && !isWanted(stored.document)) continue
            if (items.length === limit) return { items, next }
            items.push(stored)
            next = last
          }
          if (rows.length < size) return { items, next: null }
          // A list that lets few through looks at the whole fleet, and requests would have to wait for all of it.
          await untilOthersHadTheirTurn()
        }
      },

      count: async (group) => {
        const groups = kind.keyColumns.length > 1 ? [group] : []
        const rows = select(connection, texts.count, CountRow).all(...groups)
        return Object.fromEntries(rows.map(({ status, documents }) => [status, documents]))
      },
    }
  }
