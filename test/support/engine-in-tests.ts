import type { ErrorNumber, Problem } from '../../shared/checks/problems/problem.ts'
import type { Operation } from '../../shared/model/operation.ts'
import type { Profile } from '../../shared/model/profile.ts'
import type { Cell } from './facts/row.ts'

export type Row = Readonly<Record<string, unknown>>
/** Rows by the name of the statement; null: it was refused. */
export type Answer = Readonly<Record<string, readonly Row[] | null>>

/** A cell of the readiness table that followed from an answer. */
interface CellOfAnswer {
  readonly answer: Answer
  readonly profile: Profile
  readonly database: string
  readonly operation: Operation
}

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
  /** What is not as a cell that is ready has it at the least, by the manuals alone; nothing of most that could be wrong. */
  readonly missingFor: (cell: CellOfAnswer) => readonly string[]
  /** What each of these statements brings back from a healthy server. */
  readonly healthy: Readonly<Record<string, unknown>>
}

/** A login for the connections of tests. */
export const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }

/** The conditions that do not hold, by what is wrong then. */
export const unmet = (conditions: Readonly<Record<string, boolean>>): string[] =>
  Object.entries(conditions).flatMap(([wrong, holds]) => (holds ? [] : [wrong]))
