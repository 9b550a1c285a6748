import {
  databaseQuery,
  destinationQuery,
  instanceQuery,
  pluggableQuery,
  recoveryQuery,
  roleQuery,
} from '../../../shared/checks/oracle/facts.ts'
import { oracle } from '../../../shared/checks/oracle/engine.ts'
import { statementTable } from '../answer.ts'
import { type Answer, type Cell, table } from './scenario.ts'

/** The catalogue asks for text and numbers alone. */
type Row = Readonly<Record<string, Exclude<Cell, Date>>>

/** An open, active instance; `changes` make it ill. */
export const instance = (changes: Row = {}): Row => ({
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
  ...changes,
})

/** An open primary that archives. */
export const database = (changes: Row = {}): Row => ({
  name: 'ORCL',
  db_unique_name: 'ORCL_HZ',
  cdb: 'YES',
  open_mode: 'READ WRITE',
  database_role: 'PRIMARY',
  log_mode: 'ARCHIVELOG',
  controlfile_type: 'CURRENT',
  con_id: 1,
  ...changes,
})

/** An open pluggable database. */
export const pluggable = (con_id: number, name: string, changes: Row = {}): Row => ({
  inst_id: 1,
  con_id,
  name,
  open_mode: 'READ WRITE',
  restricted: 'NO',
  ...changes,
})

export const seed = pluggable(2, 'PDB$SEED', { open_mode: 'READ ONLY' })

/** A local destination that takes logs. */
export const destination = (changes: Row = {}): Row => ({
  dest_name: 'LOG_ARCHIVE_DEST_1',
  status: 'VALID',
  target: 'PRIMARY',
  binding: 'MANDATORY',
  error: null,
  ...changes,
})

/** What an Oracle server answers to the catalogue. `null` refuses a question for lack of privilege. */
export interface OracleState {
  readonly instances?: readonly Row[] | null
  readonly database?: Row | null
  readonly pluggables?: readonly Row[] | null
  readonly recovery?: readonly Row[] | null
  readonly destinations?: readonly Row[] | null
}

const refused: Answer = { error: { code: 942 } }

const orRefused = (rows: readonly Row[] | null, columns: readonly string[]): Answer =>
  rows === null ? refused : table(rows, columns)

const counted = (rows: unknown): Answer => (rows === null ? refused : table([{ seen: 1 }]))

/** Answers the catalogue's own statements, and no others, from a state. */
export const answersOf = (state: OracleState): ((sql: string) => Answer | undefined) => {
  const instances = state.instances === undefined ? [instance()] : state.instances
  const facts = state.database === undefined ? database() : state.database
  const pluggables = state.pluggables === undefined ? [seed, pluggable(3, 'SALES')] : state.pluggables
  const destinations = state.destinations === undefined ? [destination()] : state.destinations
  const recovery = state.recovery === undefined ? [] : state.recovery
  const { privileges } = oracle
  return statementTable([
    [instanceQuery.sql, orRefused(instances, Object.keys(instance()))],
    [databaseQuery.sql, orRefused(facts && [facts], Object.keys(database()))],
    [
      roleQuery.sql,
      orRefused(facts && [{ database_role: facts['database_role'] ?? null }], ['database_role']),
    ],
    [pluggableQuery.sql, orRefused(pluggables, Object.keys(seed))],
    [recoveryQuery.sql, orRefused(recovery, ['name', 'recovery_status'])],
    [destinationQuery.sql, orRefused(destinations, Object.keys(destination()))],
    [privileges['SELECT ON SYS.GV_$INSTANCE'].probe, counted(instances)],
    [privileges['SELECT ON SYS.V_$DATABASE'].probe, counted(facts)],
    [privileges['SELECT ON SYS.GV_$PDBS'].probe, counted(pluggables)],
    [privileges['SELECT ON SYS.V_$ARCHIVE_DEST'].probe, counted(destinations)],
  ])
}
