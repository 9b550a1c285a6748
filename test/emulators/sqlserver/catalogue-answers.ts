import { databaseQueries } from '../../../shared/checks/sqlserver/databases.ts'
import { sqlserver } from '../../../shared/checks/sqlserver/engine.ts'
import { statementTable } from '../answer.ts'
import { type Answer, type Cell, table } from './scenario.ts'

/** A row of `sys.databases` as the catalogue reads it. */
export type DatabaseRow = Readonly<Record<string, Cell>>

const columns = [
  'database_id',
  'name',
  'state_desc',
  'recovery_model_desc',
  'user_access_desc',
  'is_read_only',
  'is_in_standby',
  'source_database_id',
  'replica_id',
  'mirroring_role_desc',
]

/** A healthy user database; `changes` make it ill. */
export const database = (database_id: number, name: string, changes: DatabaseRow = {}): DatabaseRow => ({
  database_id,
  name,
  state_desc: 'ONLINE',
  recovery_model_desc: 'FULL',
  user_access_desc: 'MULTI_USER',
  is_read_only: false,
  is_in_standby: false,
  source_database_id: null,
  replica_id: null,
  mirroring_role_desc: null,
  ...changes,
})

/** The system databases of every server. */
export const systemDatabases: readonly DatabaseRow[] = [
  database(1, 'master', { recovery_model_desc: 'SIMPLE' }),
  database(2, 'tempdb', { recovery_model_desc: 'SIMPLE' }),
  database(3, 'model'),
  database(4, 'msdb', { recovery_model_desc: 'SIMPLE' }),
]

/** What a SQL Server answers to the catalogue. `null` refuses an optional question for lack of privilege. */
export interface SqlServerState {
  readonly databases: readonly DatabaseRow[]
  readonly replicas?: readonly Readonly<Record<string, Cell>>[] | null
  /** Listeners for database mirroring. */
  readonly mirroring?: number | null
  readonly logShipping?: readonly Readonly<Record<string, Cell>>[] | null
  readonly server?: Readonly<Record<string, Cell>>
  /** Permissions of the server that the login lacks. */
  readonly missing?: readonly string[]
}

const refused: Answer = { error: { number: 229, message: 'The SELECT permission was denied.' } }

/** Answers the catalogue's own statements, and no others, from a state. */
export const answersOf = (state: SqlServerState): ((sql: string) => Answer | undefined) => {
  const { server, missing = [], replicas = [], mirroring = 0, logShipping = [] } = state
  const shipped = logShipping === null ? refused : table(logShipping, ['name'])
  const held = (permission: string): Answer => table([{ held: missing.includes(permission) ? 0 : 1 }])
  return statementTable([
    [
      databaseQueries.server.sql,
      table([
        {
          product_version: '16.0.4135.4',
          edition: 'Enterprise Edition (64-bit)',
          engine_edition: 3,
          view_any_database: 1,
          is_sysadmin: 0,
          ...server,
        },
      ]),
    ],
    [databaseQueries.databases.sql, table(state.databases, columns)],
    [
      databaseQueries.replicas.sql,
      replicas === null ? refused : table(replicas, ['database_id', 'role_desc']),
    ],
    [databaseQueries.mirroring.sql, mirroring === null ? refused : table([{ listeners: mirroring }])],
    [databaseQueries.logShipping.sql, shipped],
    [sqlserver.privileges['VIEW ANY DATABASE'].probe, held('VIEW ANY DATABASE')],
    [sqlserver.privileges['VIEW SERVER STATE'].probe, held('VIEW SERVER STATE')],
    [
      sqlserver.privileges['SELECT ON msdb.dbo.log_shipping_secondary_databases'].probe,
      logShipping === null ? refused : table([{ seen: logShipping.length }]),
    ],
  ])
}
