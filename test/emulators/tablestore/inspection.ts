import { type Row, type Table, liveRow } from './table.ts'
import { plainValue } from './values.ts'

/** Key and columns of a row by name, in their newest versions. Integers are numbers, those beyond 2^53 bigints. */
export type PlainRow = Readonly<Record<string, ReturnType<typeof plainValue>>>

const plainRow = ({ primaryKey, columns }: Row): PlainRow =>
  Object.fromEntries([
    ...primaryKey.map(({ name, value }) => [name, plainValue(value)] as const),
    ...[...columns].flatMap(([name, [newest]]) =>
      newest ? [[name, plainValue(newest.value)] as const] : [],
    ),
  ])

/** The rows of all tables as a test reads them, in the order of their keys. */
export const plainRows = (
  tables: ReadonlyMap<string, Table>,
  now: number,
): Readonly<Record<string, readonly PlainRow[]>> =>
  Object.fromEntries(
    [...tables.values()].map(({ name, rows, options }) => [
      name,
      rows.flatMap((row) => liveRow(row, options, now) ?? []).map(plainRow),
    ]),
  )
