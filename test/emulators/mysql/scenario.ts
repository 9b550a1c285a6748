/** A value in a row. */
export type Cell = string | number | boolean | null

/** A column and the type that it is sent as. */
export interface Column {
  readonly name: string
  readonly type: 'varchar' | 'bigint' | 'double' | 'tinyint' | 'decimal' | 'json' | 'geometry' | 'date'
}

/** An error as the servers send it. `state`: five characters. */
export interface SqlError {
  readonly number: number
  readonly state?: string
  readonly message: string
}

/** Rows, which come after `delayMs`, unless the session has a limit that ends before it. */
export interface Rows {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  readonly delayMs?: number
}

/** Payloads as they are, for a server that somebody has taken over; then another one over and over. */
export interface Raw {
  readonly payloads: readonly Buffer[]
  readonly endless?: { readonly payload: Buffer; readonly everyMs?: number }
  /** The beginning of a packet of 16 MB, which does not end there either. */
  readonly huge?: Buffer
  /** Added to the sequence numbers. */
  readonly outOfOrder?: number
}

/** What a statement is answered with. `hang` ignores every limit too, `drop` cuts the connection in the middle of a row, `garbage` sends what is no answer. */
export type Answer =
  | Rows
  | Raw
  | { readonly error: SqlError }
  | { readonly fault: 'hang' | 'drop' | 'garbage' }
  /** Asks for a file of the client, as LOAD DATA LOCAL INFILE does. */
  | { readonly file: string }

/** What a client tried to log in with. */
export interface LoginAttempt {
  readonly user: string
  /** Name of the plugin that the client answered with. */
  readonly plugin: string
  readonly isTls: boolean
  /** The password itself, where the client told it. */
  readonly revealed: string | null
  /** Whether what the client sent proves that it knows this password. */
  readonly proves: (password: string) => boolean
  /** Names and values that it told of itself. */
  readonly attributes: Readonly<Record<string, string>>
}

/** How accounts of the servers authenticate. */
export type Plugin =
  | 'caching_sha2_password'
  | 'mysql_native_password'
  | 'sha256_password'
  | 'mysql_clear_password'
  | 'dialog'
  | 'client_ed25519'
  | '__proto__'

/** How the stand-in behaves. Statements are matched by their exact text, white space folded; nothing of SQL is parsed. */
export interface MySqlScenario {
  /** As the server calls itself in its greeting. Default: MySQL 8.4. */
  readonly version?: string
  /** Default `none`. */
  readonly tls?: 'none' | 'offered' | 'required'
  /** In PEM. Needed for every kind of TLS. */
  readonly certificate?: { readonly key: string; readonly cert: string }
  /** Fault before the login: falls silent, says something else, closes, never comes to an end, refuses, or goes on without waiting for the client. */
  readonly greeting?: 'hang' | 'garbage' | 'close' | 'endless' | SqlError | { readonly injected: Buffer }
  /** With which every account authenticates. Default: `caching_sha2_password`. */
  readonly plugin?: Plugin
  /** The plugin that the greeting names; default: that of the accounts. */
  readonly greeted?: Plugin
  /** With `caching_sha2_password`: nobody has logged in since the server was started, so that it wants the password itself. */
  readonly isForgetful?: boolean
  /** Decides on a login: an error is sent, then the connection is closed; `drop` closes it without a word. */
  readonly login?: (attempt: LoginAttempt) => SqlError | 'accept' | 'hang' | 'drop'
  /** What it says when it accepts a login: gateways name the server there that the client should go to. */
  readonly info?: string
  /** Keeps its half of the connection open, and goes on sending, when the client ends its own. */
  readonly staysOpen?: boolean
  readonly answer: (sql: string) => Answer | undefined
}

const typeOf = (values: readonly (Cell | undefined)[]): Column['type'] => {
  const first = values.find((value) => value !== null && value !== undefined)
  if (typeof first === 'boolean') return 'tinyint'
  if (typeof first !== 'number') return 'varchar'
  return values.every((value) => typeof value !== 'number' || Number.isInteger(value)) ? 'bigint' : 'double'
}

/** Rows from objects; the type of a column is that of its values, varchar if all are null. */
export const table = (rows: readonly Readonly<Record<string, Cell>>[], names?: readonly string[]): Rows => {
  const columns = (names ?? Object.keys(rows[0] ?? {})).map((name) => ({
    name,
    type: typeOf(rows.map((row) => row[name])),
  }))
  return { columns, rows: rows.map((row) => columns.map(({ name }) => row[name] ?? null)) }
}
