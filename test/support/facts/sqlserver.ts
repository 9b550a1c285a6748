import type { AffectedObject } from '../../../shared/model/finding.ts'
import { type Cell, type Changes, type RowLike, rowsLike } from './row.ts'

/** SQL Server 2022 Enterprise Edition, to a login that sees every database and is not a sysadmin. */
const healthyServer = {
  product_version: '16.0.4135.4',
  server_name: 'SQL01',
  edition: 'Enterprise Edition (64-bit)',
  engine_edition: 3,
  collation: 'SQL_Latin1_General_CP1_CI_AS',
  view_any_database: 1,
  view_any_definition: 1,
  is_sysadmin: 0,
  mirroring_endpoints: 0,
}

const healthyDatabase = {
  database_id: 5,
  name: 'Sales',
  state_desc: 'ONLINE',
  recovery_model_desc: 'FULL',
  user_access_desc: 'MULTI_USER',
  is_read_only: false,
  is_in_standby: false,
  source_database_id: null,
  collation_name: 'SQL_Latin1_General_CP1_CI_AS',
  is_auto_close_on: false,
  is_distributor: false,
  replica_id: null,
  mirroring_role_desc: null,
  has_differential_base: 1,
  differential_base_guid: 'f1d3a7b0-4c61-4b0e-8d0b-2f6a6f1c9e11',
  created_at: '2025-03-01T10:20:30.123',
  files_not_online: 0,
  file_not_online: null,
  file_state: null,
}
type DatabaseChanges = Changes<typeof healthyDatabase>
export type DatabaseRow = RowLike<typeof healthyDatabase>

export const server = rowsLike(healthyServer)

const databaseLike = rowsLike(healthyDatabase)

/** A healthy database of that id and name, but for the changes. */
export const database = (database_id: number, name: string, changes: DatabaseChanges = {}): DatabaseRow =>
  databaseLike({ database_id, name, ...changes })

/** The system databases of every server, as setup leaves them. */
export const systemDatabases: readonly DatabaseRow[] = [
  database(1, 'master', { recovery_model_desc: 'SIMPLE' }),
  database(2, 'tempdb', { recovery_model_desc: 'SIMPLE' }),
  database(3, 'model'),
  database(4, 'msdb', { recovery_model_desc: 'SIMPLE' }),
]

/** The system databases and one more, `Sales`. */
export const withSales = (changes: DatabaseChanges = {}): readonly DatabaseRow[] => [
  ...systemDatabases,
  database(5, 'Sales', changes),
]

/** Where a database takes part in an availability group, this column says so. */
export const inAvailabilityGroup = { replica_id: '6f9619ff-8b86-d011-b42d-00c04fc964ff' }

const ordinaryGroup = '3a5dbbbc-5a0b-4c2b-9d5f-0c6f2b1d7a10'
const distributedGroup = 'b8a4f2de-1f7e-4a3e-8a55-7be0f9f1c3e2'

/** A local copy of `Sales` in its group that follows its primary, but for the changes. */
export const replica = rowsLike({
  database_id: 5,
  group_id: ordinaryGroup,
  group_database_id: '0d1b7c4e-52a9-4f6a-8e0f-6c1f1b7f2a55',
  role_desc: 'PRIMARY',
  synchronization_state_desc: 'SYNCHRONIZED',
  is_suspended: false,
})

/** Local replicas of `Sales` by their roles: the first in its group, others in a distributed one. */
export const replicasOfSales = (...roles: readonly (string | null)[]) =>
  roles.map((role_desc, index) =>
    replica({ role_desc, group_id: index === 0 ? ordinaryGroup : distributedGroup }),
  )

/** The availability group of `Sales`: neither basic nor part of a distributed one, but for the changes. */
export const group = rowsLike({
  group_id: ordinaryGroup,
  basic_features: false,
  distributed_group: null,
  distributed_role_desc: null,
})

/** Whether the log of a database is kept for backups since a full one. */
export const chain = rowsLike({
  database_id: 5,
  has_log_chain: 1,
  recovery_fork_guid: '0b6d5f3c-6a1e-4f0f-9c55-3d0b5c8e7a21',
})

/** What msdb says of the backups of a database: yesterday a full one, then incremental and log backups on disk. */
export const history = rowsLike({
  database_id: 5,
  database_minutes: 500_000,
  database_bytes: 8_388_608,
  history_minutes: 40_000,
  other_server_backups: 0,
  last_full_minutes: 1440,
  last_incremental_minutes: 240,
  last_log_minutes: 15,
  log_gaps: 0,
  log_lost: 0,
  log_device_types: 1,
  base_is_found: 1,
  base_is_snapshot: false,
  base_is_lost: 0,
  base_is_foreign: 0,
  damaged_backups: 0,
  last_full_has_checksums: 1,
  full_bytes: 6_000_000,
  full_seconds: 60,
  full_device: 2,
  full_user: 'backup',
  incremental_bytes: 100_000,
  incremental_device: 2,
  incremental_user: 'backup',
  log_bytes: 10_000,
  log_device: 2,
  log_user: 'backup',
  logs_bytes: 160_000,
  worst_gap_minutes: 15,
  first_point_minutes: null,
  base_lsn: '34000000012300001',
  logs_from_lsn: '34000000011200001',
  logs_to_lsn: '34000000045600001',
  gap_from_lsn: null,
  gap_to_lsn: null,
})
export type HistoryChanges = NonNullable<Parameters<typeof history>[0]>

/** A healthy history of every database, but for changes to that of `Sales`. */
export const historyOfSales = (changes: HistoryChanges = {}) => [
  ...[1, 3, 4].map((database_id) => history({ database_id })),
  history(changes),
]

/** No page of the database is suspect. */
export const pages = rowsLike({ database_id: 5, open_pages: 0, repaired_pages: 0, recorded_pages: 0 })

/** The condition of a database: its log has room, it is neither encrypted nor in an availability group, was checked three days ago, and nothing runs. */
export const condition = rowsLike({
  database_id: 5,
  log_reuse_wait_desc: 'NOTHING',
  log_used_kb: 1_000,
  log_size_kb: 65_536,
  log_limit_kb: 2_147_483_648,
  is_encrypted: false,
  encryption_state: null,
  encryptor_type: null,
  certificate: null,
  is_certificate_backed_up: null,
  certificate_days_left: null,
  is_preferred_replica: null,
  backup_preference: null,
  secondaries: null,
  unhealthy_secondaries: null,
  lag_minutes: null,
  database_minutes: 500_000,
  was_checked: 1,
  last_check_minutes: 4320,
  running_backups: 0,
  running_log_backups: 0,
  running_restores: 0,
  running_minutes: null,
})
type ConditionChanges = Parameters<typeof condition>[0]

/** The login of the precheck, whose password never expires, but for the changes. */
export const login = rowsLike({
  name: 'precheck',
  type_desc: 'SQL_LOGIN',
  is_disabled: false,
  is_self: 1,
  is_sysadmin: 0,
  is_connect_denied: 0,
  is_locked: 0,
  is_expired: 0,
  is_password_to_change: 0,
  is_expiration_checked: false,
  password_days_left: null,
})
type LoginChanges = Parameters<typeof login>[0]

/** The login of the precheck, and that of the account that takes the backups, a sysadmin, but for the changes. */
export const withBackupLogin = (changes: LoginChanges = {}) => [
  login(),
  login({ name: 'backup', is_self: 0, is_sysadmin: 1, ...changes }),
]

/** SQL Server Agent, which runs and starts with the host, but for the changes. */
export const service = rowsLike({
  servicename: 'SQL Server Agent (MSSQLSERVER)',
  kind: 'agent',
  startup_type: 2,
  status: 4,
  service_account: 'NT Service\\SQLSERVERAGENT',
  is_clustered: 'N',
})

/** The service of the instance, but for the changes. */
export const engineService = (changes: Parameters<typeof service>[0] = {}) =>
  service({
    servicename: 'SQL Server (MSSQLSERVER)',
    kind: 'engine',
    service_account: 'NT Service\\MSSQLSERVER',
    ...changes,
  })

/** One row of each statement, for its columns; a healthy server may have none. */
export const sqlServerSamples = {
  server: server(),
  databases: database(5, 'Sales'),
  replicas: replica(),
  groups: group(),
  chains: chain(),
  logShipping: { name: 'Sales' },
  logShippingPrimaries: { name: 'Sales' },
  backupHistory: history(),
  suspectPages: pages(),
  conditions: condition(),
  logins: login(),
  services: service(),
} as const satisfies Readonly<Record<string, Readonly<Record<string, Cell>>>>

/** Rows of every statement of the SQL Server items by its name; null: refused for lack of a privilege. */
export type SqlServerFacts = {
  readonly [Statement in keyof typeof sqlServerSamples]:
    | readonly RowLike<(typeof sqlServerSamples)[Statement]>[]
    | null
}

/** What is different from a healthy server, and why statements are refused where it is for another reason. */
export type SqlServerChanges = Partial<SqlServerFacts> & {
  readonly refusals?: Readonly<Record<string, string>>
}

/** A server shows a chain for each database that it has open. */
const chainsOf = (databases: SqlServerFacts['databases']): SqlServerFacts['chains'] =>
  (databases ?? []).flatMap(
    ({ database_id, recovery_model_desc, state_desc, is_in_standby, collation_name }) =>
      state_desc === 'ONLINE' && is_in_standby === false && collation_name !== null
        ? [chain({ database_id, has_log_chain: recovery_model_desc === 'SIMPLE' ? 0 : 1 })]
        : [],
  )

/** What is different of a database in a healthy availability group, whose replica takes the backups. */
const inGroup = {
  is_preferred_replica: 1,
  backup_preference: 'PRIMARY',
  secondaries: 1,
  unhealthy_secondaries: 0,
  lag_minutes: 0,
} as const

/** A server has a condition of each database. */
const conditionsOf = (databases: SqlServerFacts['databases']): SqlServerFacts['conditions'] =>
  (databases ?? []).map(({ database_id, replica_id }) =>
    condition({ database_id, ...(replica_id !== null && inGroup) }),
  )

/** The conditions of the system databases and of `Sales`, but for the changes to the last. */
export const conditionsWithSales = (changes: ConditionChanges = {}): SqlServerFacts['conditions'] => [
  ...(conditionsOf(systemDatabases) ?? []),
  condition(changes),
]

/** True if a row of a statement is about the object of a finding. */
export const isOfObject = (
  statement: string,
  row: Readonly<Record<string, unknown>>,
  { type, name }: AffectedObject,
  { databases }: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[] | null>>,
): boolean => {
  if (type === 'instance') return ['server', 'logins', 'services'].includes(statement)
  const own = databases?.find((each) => each['name'] === name)
  return own !== undefined && (row['database_id'] === own['database_id'] || row['name'] === name)
}

/** What the statements of the SQL Server items bring back from a healthy server, but for the changes. */
export const sqlServerFacts = (changes: SqlServerChanges = {}): SqlServerFacts => {
  const { databases = withSales() } = changes
  return {
    server: [server()],
    databases,
    replicas: [],
    groups: [group()],
    chains: chainsOf(databases),
    logShipping: [],
    logShippingPrimaries: [],
    backupHistory: (databases ?? []).map(({ database_id }) => history({ database_id })),
    suspectPages: (databases ?? []).map(({ database_id }) => pages({ database_id })),
    conditions: conditionsOf(databases),
    logins: withBackupLogin(),
    services: [engineService(), service()],
    ...changes,
  }
}
