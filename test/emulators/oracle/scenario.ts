import type { Endless } from '../pour.ts'

/** A value in a row. */
export type Cell = string | number | null | Date

/** A column and the Oracle type that it is sent as. */
export interface Column {
  readonly name: string
  readonly type: 'varchar2' | 'number' | 'date'
}

/** An error by its number, for example 1033; the text is `ORA-01033: ` and the message. */
export interface OraError {
  readonly code: number
  readonly message?: string
}

/** Rows, at once or after a delay that a break cuts short. */
export interface RowsAnswer {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  readonly delayMs?: number
}

/** Bytes of TTC as they are, for a server that somebody has taken over; then others of the same answer, over and over. */
export interface Raw {
  readonly bytes: Buffer
  readonly endless?: Endless
}

/** What a statement is answered with. `hang` ignores the break too. */
export type Answer =
  | RowsAnswer
  | Raw
  | { readonly error: OraError }
  | { readonly fault: 'hang' | 'drop' | 'garbage' }

export type Privilege = 'normal' | 'sysdba' | 'sysbackup' | 'other'

/** How the stand-in behaves. Statements are matched by their exact text, white space folded; nothing of SQL is parsed. */
export interface OracleScenario {
  /** Present: the port speaks TCPS. */
  readonly certificate?: { readonly key: string; readonly cert: string }
  /** What the listener does with a CONNECT: `redirect` sends the client to another port of 127.0.0.1, or with a text of its own, `resend` asks for it again once. */
  readonly listener?: (
    connectData: string,
  ) =>
    | 'accept'
    | 'hang'
    | 'close'
    | 'garbage'
    | 'resend'
    | { readonly refuse: number }
    | { readonly redirect: number | string }
  /** Accepts the CONNECT, then falls silent. */
  readonly afterAccept?: 'hang'
  /** The password that the server knows for a user, or how it refuses. A wrong password is answered with ORA-01017, and so is an unknown user whose error has that code. */
  readonly login?: (attempt: {
    readonly user: string
    readonly privilege: Privilege
  }) => { readonly password: string } | { readonly error: OraError } | 'hang'
  readonly answer: (sql: string) => Answer | undefined
  /** Puts the markers in front of errors that real servers may put there. */
  readonly markersBeforeErrors?: boolean
}

const typeOf = (value: Cell | undefined): Column['type'] => {
  if (value instanceof Date) return 'date'
  return typeof value === 'number' ? 'number' : 'varchar2'
}

/** An answer from objects; the type of a column is that of its first value that is not null. */
export const table = (
  rows: readonly Readonly<Record<string, Cell>>[],
  names?: readonly string[],
): RowsAnswer => {
  const columns = (names ?? Object.keys(rows[0] ?? {})).map((name) => ({
    name: name.toUpperCase(),
    key: name,
    type: typeOf(rows.map((row) => row[name]).find((value) => value !== null && value !== undefined)),
  }))
  return { columns, rows: rows.map((row) => columns.map(({ key }) => row[key] ?? null)) }
}
