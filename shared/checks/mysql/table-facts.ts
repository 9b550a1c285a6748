import * as z from 'zod'
import { orUnknown, someRows } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'
import { yes } from './grant-tables.ts'

/** More databases than that are not read. */
export const maxDatabases = 2000

/** True of a database that the server has not made for itself. */
export const ofUsers = (column: string): string =>
  `${column} NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')`

/** Whether the login, or its role, has rights over the whole server, by their columns in `mysql.user`. */
export const mayEverywhere = (...columns: readonly `${string}_priv`[]): string =>
  `(SELECT COUNT(*) > 0 FROM mysql.user AS w WHERE ${columns.map((column) => `w.${column} = ${yes}`).join(' AND ')}
    AND (CONCAT(w.User, '@', w.Host) = CURRENT_USER() /*M! OR (w.is_role = ${yes} AND w.User = CURRENT_ROLE()) */))`

/**
 * Whether every table is shown: without the right to read it, `information_schema` leaves it out, and does not say so
 * ("Information Schema TABLES Table", MariaDB reference).
 */
const seesAll = mayEverywhere('Select_priv')

/**
 * What the items ask that look at tables: a row for each database of users, and one without a name where there is none.
 * Engines are read from definitions alone. What is broken shows only when a table is opened, which `table_rows` asks
 * for: that of every table takes long where there are many.
 */
export const tableQueries = {
  tables: {
    sql: `SELECT s.schema_name AS name, o.sees_all, COUNT(t.table_name) AS tables,
  COUNT(IF(t.engine IN ('MyISAM', 'Aria', 'MRG_MyISAM', 'CSV', 'ARCHIVE'), 1, NULL)) AS not_transactional,
  COUNT(IF(t.engine IN ('MEMORY', 'BLACKHOLE', 'FEDERATED'), 1, NULL)) AS without_rows,
  COUNT(IF(t.table_type = 'SYSTEM VERSIONED', 1, NULL)) AS versioned
FROM (SELECT ${seesAll} AS sees_all) AS o
LEFT JOIN information_schema.SCHEMATA AS s ON ${ofUsers('s.schema_name')}
LEFT JOIN information_schema.TABLES AS t ON t.table_schema = s.schema_name AND t.table_type <> 'VIEW'
GROUP BY s.schema_name, o.sees_all ORDER BY s.schema_name LIMIT ${maxDatabases}`,
    optional: true,
  },
  openedTables: {
    sql: `SELECT s.schema_name AS name, o.sees_all,
  COUNT(IF(t.table_type <> 'VIEW' AND t.engine IS NULL AND t.table_comment NOT LIKE 'Unknown storage engine%',
    1, NULL)) AS broken,
  MIN(IF(t.table_type <> 'VIEW' AND t.engine IS NULL AND t.table_comment NOT LIKE 'Unknown storage engine%',
    t.table_name, NULL)) AS first_broken,
  COUNT(IF(t.table_rows IS NULL AND t.table_comment LIKE 'Unknown storage engine%', 1, NULL)) AS without_engine,
  MIN(IF(t.table_rows IS NULL AND t.table_comment LIKE 'Unknown storage engine%', t.table_name, NULL))
    AS first_without_engine,
  COUNT(IF(t.table_type = 'VIEW' AND t.table_comment <> 'VIEW', 1, NULL)) AS invalid_views,
  MIN(IF(t.table_type = 'VIEW' AND t.table_comment <> 'VIEW', t.table_name, NULL)) AS first_invalid_view
FROM (SELECT ${seesAll} AS sees_all) AS o
LEFT JOIN information_schema.SCHEMATA AS s ON ${ofUsers('s.schema_name')}
LEFT JOIN information_schema.TABLES AS t ON t.table_schema = s.schema_name
GROUP BY s.schema_name, o.sees_all ORDER BY s.schema_name LIMIT ${maxDatabases}`,
    optional: true,
  },
} as const satisfies Queries

const Flag = z.union([z.literal(0), z.literal(1)])

/** Whether all of it is shown is the same in every row. */
export const ofDatabase = {
  /** Null: there is no database of users, or none that is shown. */
  name: z.string().nullable(),
  sees_all: orUnknown(Flag),
}

/** Null: the login may not read which rights it has itself. */
export const TableRows = someRows({
  ...ofDatabase,
  tables: orUnknown(z.int()),
  not_transactional: orUnknown(z.int()),
  without_rows: orUnknown(z.int()),
  versioned: orUnknown(z.int()),
}).nullable()
export type TableRow = NonNullable<z.output<typeof TableRows>>[number]

export const OpenedTableRows = someRows({
  ...ofDatabase,
  broken: orUnknown(z.int()),
  first_broken: z.string().nullable(),
  without_engine: orUnknown(z.int()),
  first_without_engine: z.string().nullable(),
  invalid_views: orUnknown(z.int()),
  first_invalid_view: z.string().nullable(),
}).nullable()
export type OpenedTableRow = NonNullable<z.output<typeof OpenedTableRows>>[number]

type Shown = readonly { readonly name: string | null; readonly sees_all: number | null }[] | null

/** What is said of all rows, as evidence: whether the login sees every table. */
export const seenIn = (shown: Shown) => ({ sees_all: shown?.[0]?.sees_all ?? null })

/** Names of the databases that are shown. */
export const namesIn = (shown: Shown): string[] => shown?.flatMap(({ name }) => name ?? []) ?? []

/** Whether what is not among the rows is not there. */
const isAllShown = (shown: Shown): boolean =>
  shown !== null && shown.length < maxDatabases && shown.every(({ sees_all }) => sees_all === 1)

/** What is found in each database that is shown, after `hidden` where others may not be. */
export const overDatabases = <Row extends NonNullable<Shown>[number], Found>(
  rows: readonly Row[] | null,
  judge: (name: string, row: Row) => readonly Found[],
  hidden: Found,
): readonly Found[] => [
  ...(isAllShown(rows) ? [] : [hidden]),
  ...(rows?.flatMap((row) => (row.name === null ? [] : judge(row.name, row))) ?? []),
]
