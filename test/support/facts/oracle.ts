import { type Cell, type Changes, type RowLike, rowsLike } from './row.ts'

/** An open, active instance that archives. */
export const instance = rowsLike({
  inst_id: 1,
  instance_name: 'orcl1',
  status: 'OPEN',
  database_status: 'ACTIVE',
  parallel: 'NO',
  archiver: 'STARTED',
  log_switch_wait: null,
  logins: 'ALLOWED',
  shutdown_pending: 'NO',
  blocked: 'NO',
  active_state: 'NORMAL',
})

/** Instances of a cluster, numbered from 1. */
export const cluster = (...instances: readonly Parameters<typeof instance>[0][]) =>
  instances.map((changes, index) =>
    instance({ inst_id: index + 1, instance_name: `orcl${index + 1}`, parallel: 'YES', ...changes }),
  )

/** An open primary in ARCHIVELOG mode: a container database, looked at from its root. */
export const database = rowsLike({
  name: 'ORCL',
  db_unique_name: 'ORCL_HZ',
  cdb: 'YES',
  open_mode: 'READ WRITE',
  database_role: 'PRIMARY',
  log_mode: 'ARCHIVELOG',
  controlfile_type: 'CURRENT',
  con_id: 1,
})

const healthyPluggable = { inst_id: 1, con_id: 3, name: 'SALES', open_mode: 'READ WRITE', restricted: 'NO' }
const pluggableLike = rowsLike(healthyPluggable)

/** An open pluggable database of that id and name, but for the changes. */
export const pluggable = (con_id: number, name: string, changes: Changes<typeof healthyPluggable> = {}) =>
  pluggableLike({ con_id, name, ...changes })

/** The template of every container database. */
export const seed = pluggable(2, 'PDB$SEED', { open_mode: 'READ ONLY' })

/** The seed and one pluggable database more, `SALES`. */
export const withSales = (changes: Changes<typeof healthyPluggable> = {}) => [
  seed,
  pluggable(3, 'SALES', changes),
]

/** Whether the data files of pluggable databases are kept recoverable: a row for `SALES`. */
export const recoveryOfSales = (recovery_status: string | null) => [{ name: 'SALES', recovery_status }]

/** A local destination that takes logs. */
export const destination = rowsLike({
  dest_name: 'LOG_ARCHIVE_DEST_1',
  status: 'VALID',
  target: 'PRIMARY',
  binding: 'MANDATORY',
  error: null,
})

/** One row of each statement, for its columns. */
export const oracleSamples = {
  instances: instance(),
  role: { database_role: 'PRIMARY' },
  database: database(),
  pluggables: pluggable(3, 'SALES'),
  recovery: { name: 'SALES', recovery_status: 'ENABLED' },
  destinations: destination(),
} as const satisfies Readonly<Record<string, Readonly<Record<string, Cell>>>>

/** Rows of every statement of the Oracle items by its name; null: refused for lack of a privilege, or of the view. */
export type OracleFacts = {
  readonly [Statement in keyof typeof oracleSamples]:
    | readonly RowLike<(typeof oracleSamples)[Statement]>[]
    | null
}

/** The role stands in the same view as all else about the database, and is read where that is. */
const roleIn = (rows: OracleFacts['database']): OracleFacts['role'] =>
  rows?.map(({ database_role }) => ({ database_role })) ?? null

/** What the statements of the Oracle items bring back from a healthy server, but for the changes. */
export const oracleFacts = (changes: Partial<OracleFacts> = {}): OracleFacts => {
  const { database: rows = [database()] } = changes
  return {
    instances: [instance()],
    role: roleIn(rows),
    database: rows,
    pluggables: withSales(),
    recovery: recoveryOfSales('ENABLED'),
    destinations: [destination()],
    ...changes,
  }
}
