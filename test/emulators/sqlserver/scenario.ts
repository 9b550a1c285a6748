import type { Endless } from '../pour.ts'

/** A value in a row. */
export type Cell = string | number | boolean | Date | null

/** A column and the TDS type that it is sent as. A `bigint` beyond 2^53 is written as a string. */
export interface Column {
  readonly name: string
  readonly type: 'nvarchar' | 'int' | 'bigint' | 'bit' | 'float' | 'datetime'
}

/** An error as SQL Server sends it. */
export interface SqlError {
  readonly number: number
  readonly state?: number
  readonly class?: number
  readonly message: string
}

/** Rows, which come after `delayMs` unless an attention comes first. */
export interface Rows {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  readonly delayMs?: number
}

/** Tokens as they are, for a server that somebody has taken over; then others of the same message, over and over. */
export interface Raw {
  readonly tokens: Buffer
  readonly endless?: Endless
}

/** What a statement is answered with. `hang` ignores the attention too, `drop` cuts the connection in the middle of a row, `garbage` sends tokens that are none. */
export type Answer =
  | Rows
  | Raw
  | { readonly error: SqlError }
  | { readonly fault: 'hang' | 'drop' | 'garbage' }

/** What a client tried to log in with; `app` is the name of the program. */
export interface LoginAttempt {
  readonly user: string
  readonly password: string
  readonly database: string
  readonly app: string
}

/** Sends the session on to another server. */
export interface Routing {
  readonly server: string
  readonly port: number
}

/** How the stand-in behaves. Statements are matched by their exact text, white space folded; nothing of SQL is parsed. */
export interface SqlServerScenario {
  /** What the server is set to: no TLS, TLS for clients that ask, TLS for all, or TDS 8 (`strict`). Default `none`. */
  readonly tls?: 'none' | 'offered' | 'required' | 'strict'
  /** In PEM. Needed for every kind of TLS. */
  readonly certificate?: { readonly key: string; readonly cert: string }
  /**
   * Fault before the login: falls silent, answers garbage, closes, or never comes to an end; or says to every client
   * that there is no TLS (`notSupported`) or that only the login goes through it (`off`), and takes what comes in
   * plain, as somebody in between would who is after passwords.
   */
  readonly preLogin?: 'hang' | 'garbage' | 'close' | 'endless' | { readonly lie: 'notSupported' | 'off' }
  /** Decides on a login: errors are sent in order, then the connection is closed; `drop` closes it without a word. */
  readonly login?: (attempt: LoginAttempt) => readonly SqlError[] | 'accept' | 'hang' | 'drop' | Routing
  readonly answer: (sql: string) => Answer | undefined
  /** Rows that a batch gives which sets up a session and asks for some; left out: none. */
  readonly setUp?: Rows
}

const maxInt = 2 ** 31 - 1

/** What may be beyond an `int` is a `float` in every statement: drivers give a `bigint` as a text. */
const typeOfNumbers = (values: readonly number[]): Column['type'] =>
  values.every((value) => Number.isInteger(value) && Math.abs(value) <= maxInt) ? 'int' : 'float'

const typeOf = (values: readonly (Cell | undefined)[]): Column['type'] => {
  const first = values.find((value) => value !== null && value !== undefined)
  if (first instanceof Date) return 'datetime'
  if (typeof first === 'boolean') return 'bit'
  if (typeof first !== 'number') return 'nvarchar'
  return typeOfNumbers(values.filter((value) => typeof value === 'number'))
}

/** Rows from objects; the type of a column is that of its values, nvarchar if all are null. */
export const table = (rows: readonly Readonly<Record<string, Cell>>[], names?: readonly string[]): Rows => {
  const columns = (names ?? Object.keys(rows[0] ?? {})).map((name) => ({
    name,
    type: typeOf(rows.map((row) => row[name])),
  }))
  return { columns, rows: rows.map((row) => columns.map(({ name }) => row[name] ?? null)) }
}
