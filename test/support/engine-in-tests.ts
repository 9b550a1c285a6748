import type { ErrorNumber, Problem } from '../../shared/checks/framework/problem.ts'
import type { Cell } from './facts/row.ts'

/** What the tests that hold something for every engine need of one: the default export of `engines/<engine>.ts`. */
export interface EngineInTests {
  /** What its probe makes of an error of that number, met by a statement. */
  readonly meets: (number: ErrorNumber) => Problem
  /** A connection as it is registered. */
  readonly connection: Readonly<Record<string, unknown>>
  /** The account that takes the backups of a healthy server. */
  readonly backupAccount: string
  /** One row of each statement of its check items, by the name of the statement. */
  readonly samples: Readonly<Record<string, Readonly<Record<string, Cell>>>>
  /** Values that the manuals name, by the column. */
  readonly words: Readonly<Record<string, readonly Cell[]>>
  /** Columns, as `statement.column`, of which NULL says something that is certain, for example that there is no error. */
  readonly meaningfulNulls: readonly string[]
  /** Statements whose refusal makes nothing unknown on a healthy server. */
  readonly notNeeded: readonly string[]
  /** What each of these statements brings back from a healthy server. */
  readonly healthy: Readonly<Record<string, unknown>>
}

/** A login for the connections of tests. */
export const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }
