import * as z from 'zod'
import { oneRow, rows, someRows } from '../framework/answer.ts'
import type { Query } from '../framework/question.ts'

/**
 * Statements that the Oracle items share, and the shapes of their answers. All of them work on an instance that is only
 * mounted, the first one before it is mounted too. `gv$` views have one row per instance of a RAC and one row on a
 * single instance. Source: "Dynamic Performance Views" in the Oracle Database Reference.
 */

export const instanceQuery: Query = {
  sql: `SELECT inst_id, instance_name, status, database_status, parallel, archiver, log_switch_wait, logins,
  shutdown_pending, blocked, active_state FROM gv$instance ORDER BY inst_id`,
}

export const InstanceRows = someRows({
  inst_id: z.int(),
  instance_name: z.string(),
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

export const databaseQuery: Query = {
  sql: `SELECT name, db_unique_name, cdb, open_mode, database_role, log_mode, controlfile_type,
  TO_NUMBER(SYS_CONTEXT('USERENV', 'CON_ID')) AS con_id FROM v$database`,
}

export const DatabaseFact = oneRow({
  name: z.string(),
  db_unique_name: z.string(),
  cdb: z.string(),
  open_mode: z.string(),
  database_role: z.string(),
  log_mode: z.string(),
  controlfile_type: z.string(),
  con_id: z.int().nullable(),
})
export type DatabaseFact = z.output<typeof DatabaseFact>

/** The role alone, for the item that must also judge an instance that has not mounted its database yet. */
export const roleQuery: Query = { sql: 'SELECT database_role FROM v$database', optional: true }

export const RoleFact = oneRow({ database_role: z.string() }).nullable()

export const pluggableQuery: Query = {
  sql: 'SELECT inst_id, con_id, name, open_mode, restricted FROM gv$pdbs ORDER BY con_id, inst_id',
}

export const PluggableRows = rows({
  inst_id: z.int(),
  con_id: z.int(),
  name: z.string(),
  open_mode: z.string(),
  restricted: z.string().nullable(),
})
export type PluggableRow = z.output<typeof PluggableRows>[number]

/** Apart and optional, since 12.1.0.1 has no such column. It needs no other right than the query before. */
export const recoveryQuery: Query = {
  sql: 'SELECT DISTINCT name, recovery_status FROM gv$pdbs',
  optional: true,
}

export const RecoveryRows = rows({ name: z.string(), recovery_status: z.string().nullable() }).nullable()

export const destinationQuery: Query = {
  sql: `SELECT dest_name, status, target, binding, error FROM v$archive_dest WHERE status <> 'INACTIVE' ORDER BY dest_id`,
  optional: true,
}

export const DestinationRows = rows({
  dest_name: z.string(),
  status: z.string(),
  target: z.string(),
  binding: z.string(),
  error: z.string().nullable(),
}).nullable()
export type DestinationRow = NonNullable<z.output<typeof DestinationRows>>[number]

/** Roles whose data come from a primary: what is wrong for a primary is normal for them. */
export const isStandby = (databaseRole: string): boolean =>
  databaseRole.endsWith('STANDBY') || databaseRole === 'FAR SYNC'
