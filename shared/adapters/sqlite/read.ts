import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import type * as z from 'zod'

/** What a statement takes for its parameters. */
export type SqlValue = string | number

/** A prepared SELECT, whose rows are held against their schema. */
export interface Select<Row> {
  /** The first row; undefined where there is none. */
  readonly first: (...values: readonly SqlValue[]) => Row | undefined
  readonly all: (...values: readonly SqlValue[]) => Row[]
}

/** Prepares a SELECT. `row` says what its rows are, which the driver does not know; its functions throw a `ZodError`. */
export const select = <Row>(
  connection: Pick<DatabaseSyncInstance, 'prepare'>,
  sql: string,
  row: z.ZodType<Row>,
): Select<Row> => {
  const statement = connection.prepare(sql)
  const firstOf = (found: unknown): Row | undefined => (found === undefined ? undefined : row.parse(found))
  return {
    first: (...values) => firstOf(statement.get(...values)),
    all: (...values) => statement.all(...values).map((found: unknown) => row.parse(found)),
  }
}
