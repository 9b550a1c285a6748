import * as z from 'zod'
import { oneRow, rows, someRows } from '../framework/answer.ts'
import type { Query } from '../framework/question.ts'

/**
 * Statements that the Oracle items share, and the shapes of their answers. All but that of the kinds work on an
 * instance that is only mounted, the first one before it is mounted too. `gv$` views have one row per instance of a RAC
 * and one row on a single instance. Source: "Dynamic Performance Views" in the Oracle Database Reference.
 */

/** What the schema takes; null for whatever else stands in the column, which is unknown of its row and of no other. */
const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .unknown()
    .refine((cell) => cell !== undefined, 'expected a column')
    .transform((cell): z.output<Schema> | null => schema.safeParse(cell).data ?? null)

export const wordOrNull = orNull(z.string())

export const instanceQuery: Query = {
  sql: `SELECT inst_id, instance_name, thread# AS thread_number, status, database_status, parallel, archiver,
  log_switch_wait, logins, shutdown_pending, blocked, active_state FROM gv$instance ORDER BY inst_id`,
}

export const InstanceRows = someRows({
  inst_id: z.int(),
  instance_name: z.string(),
  /** The redo thread that it has opened. */
  thread_number: z.int(),
  status: z.string(),
  database_status: z.string(),
  /** YES on a RAC, whichever of its instances run. */
  parallel: z.string(),
  archiver: z.string(),
  log_switch_wait: z.string().nullable(),
  logins: z.string(),
  shutdown_pending: z.string(),
  blocked: z.string(),
  active_state: z.string(),
})
export type InstanceRow = z.output<typeof InstanceRows>[number]

/** True on a RAC, of which one instance may run alone. */
export const isCluster = (instances: readonly InstanceRow[]): boolean =>
  instances.some(({ parallel }) => parallel === 'YES')

/** Redo threads of the database, whichever instances run. Needed on a RAC alone. */
export const threadQuery: Query = {
  sql: 'SELECT thread# AS thread_number, enabled, instance FROM v$thread ORDER BY thread#',
  optional: true,
}

export const ThreadRows = rows({
  thread_number: z.int(),
  enabled: z.string(),
  /** The instance that has it or had it last. */
  instance: wordOrNull,
}).nullable()
export type ThreadRow = NonNullable<z.output<typeof ThreadRows>>[number]

export const databaseQuery: Query = {
  sql: `SELECT name, db_unique_name, cdb, open_mode, database_role, log_mode, controlfile_type,
  TO_CHAR(dbid) AS dbid, TO_CHAR(resetlogs_change#) AS resetlogs_change,
  TO_NUMBER(SYS_CONTEXT('USERENV', 'CON_ID')) AS con_id FROM v$database`,
}

export const DatabaseFact = oneRow({
  name: z.string(),
  db_unique_name: z.string(),
  cdb: z.string(),
  /** On the instance of the login: another one of a RAC may have another. */
  open_mode: z.string(),
  database_role: z.string(),
  log_mode: z.string(),
  controlfile_type: z.string(),
  dbid: wordOrNull,
  /** The SCN at which the database was opened last with RESETLOGS. */
  resetlogs_change: wordOrNull,
  con_id: orNull(z.int()),
})
export type DatabaseFact = z.output<typeof DatabaseFact>

/** The role alone, for the item that must also judge an instance that has not mounted its database yet. */
export const roleQuery: Query = {
  sql: 'SELECT database_role, db_unique_name FROM v$database',
  optional: true,
}

export const RoleFact = oneRow({ database_role: z.string(), db_unique_name: z.string() }).nullable()
export type RoleFact = z.output<typeof RoleFact>

export const pluggableQuery: Query = {
  sql: 'SELECT inst_id, con_id, name, open_mode, restricted, RAWTOHEX(guid) AS guid FROM gv$pdbs ORDER BY con_id, inst_id',
}

export const PluggableRows = rows({
  inst_id: z.int(),
  con_id: z.int(),
  name: z.string(),
  open_mode: z.string(),
  /** Null while it is closed. */
  restricted: wordOrNull,
  /** Given once, when it is created. */
  guid: wordOrNull,
})
export type PluggableRow = z.output<typeof PluggableRows>[number]

/** Apart and optional, since 12.1.0.1 has no such column. It needs no other right than the query before. */
export const recoveryQuery: Query = {
  sql: 'SELECT DISTINCT name, recovery_status FROM gv$pdbs',
  optional: true,
}

export const RecoveryRows = rows({ name: z.string(), recovery_status: wordOrNull }).nullable()
export type RecoveryRow = NonNullable<z.output<typeof RecoveryRows>>[number]

/**
 * What tells how a closed pluggable database is to be opened, if at all. A view of the dictionary: it needs an open
 * database, and Oracle 12.2. Whoever may not read it is told to find out.
 */
export const kindQuery: Query = {
  sql: 'SELECT pdb_name AS name, status, application_seed, application_clone FROM dba_pdbs ORDER BY pdb_id',
  optional: true,
}

export const KindRows = rows({
  name: z.string(),
  status: wordOrNull,
  application_seed: wordOrNull,
  application_clone: wordOrNull,
}).nullable()
export type KindRow = NonNullable<z.output<typeof KindRows>>[number]

export const destinationQuery: Query = {
  sql: `SELECT inst_id, dest_name, status, target, binding, error FROM gv$archive_dest
  WHERE status <> 'INACTIVE' ORDER BY inst_id, dest_id`,
  optional: true,
}

export const DestinationRows = rows({
  inst_id: z.int(),
  dest_name: z.string(),
  status: z.string(),
  target: z.string(),
  binding: z.string(),
  error: z.string().nullable(),
}).nullable()
export type DestinationRow = NonNullable<z.output<typeof DestinationRows>>[number]
