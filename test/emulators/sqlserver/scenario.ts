/** A value in a row. */
export type Cell = string | number | boolean | null

/** A column and the TDS type that it is sent as. */
export interface Column {
  readonly name: string
  readonly type: 'nvarchar' | 'int' | 'bit' | 'float'
}

/** An error as SQL Server sends it. */
export interface SqlError {
  readonly number: number
  readonly state?: number
  readonly class?: number
  readonly message: string
}

/** What a statement is answered with. `hang` ignores the attention too, `drop` cuts the connection in the middle of an answer, `garbage` sends tokens that are none. */
export type Answer =
  | { readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly error: SqlError }
  | { readonly fault: 'hang' | 'drop' | 'garbage' }

/** What a client tried to log in with. */
export interface LoginAttempt {
  readonly user: string
  readonly password: string
  readonly database: string
}

/** How the stand-in behaves. Statements are matched by their exact text, white space folded; nothing of SQL is parsed. */
export interface SqlServerScenario {
  /** Answer to PRELOGIN: no TLS, TLS offered, TLS required, or TDS 8 (`strict`). Default `none`. */
  readonly tls?: 'none' | 'offered' | 'required' | 'strict'
  readonly certificate?: { readonly key: string; readonly cert: string }
  /** Fault before the login: falls silent, answers garbage, or closes. */
  readonly preLogin?: 'hang' | 'garbage' | 'close'
  /** Decides on a login: errors are sent in order, then the connection is closed. */
  readonly login?: (attempt: LoginAttempt) => readonly SqlError[] | 'accept' | 'hang'
  readonly answer: (sql: string) => Answer | undefined
}

const typeOf = (value: Cell | undefined): Column['type'] => {
  if (typeof value === 'boolean') return 'bit'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return 'nvarchar'
}

/** An answer from objects; the type of a column is that of its first value that is not null. */
export const table = (rows: readonly Readonly<Record<string, Cell>>[], names?: readonly string[]): Answer => {
  const columns = (names ?? Object.keys(rows[0] ?? {})).map((name) => ({
    name,
    type: typeOf(rows.map((row) => row[name]).find((value) => value !== null && value !== undefined)),
  }))
  return { columns, rows: rows.map((row) => columns.map(({ name }) => row[name] ?? null)) }
}
