import * as z from 'zod'
import type { Evidence } from '../../model/evidence.ts'
import type { ExcludedDatabase } from '../../model/item-result.ts'
import { Refusals, oneRow, orUnknown, rows, someRows } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'
import { rowsBy } from './rows-by.ts'

/**
 * What both SQL Server items ask, over one connection: the server, every database that the login sees, and the roles of
 * databases in availability groups, mirroring and log shipping, without which healthy secondaries look broken. What a
 * login may be refused, or an older server does not have, is optional or null: it makes that one thing unknown.
 * Sources: "sys.databases", "sys.master_files", "sys.database_recovery_status", "sys.database_mirroring",
 * "sys.database_mirroring_endpoints", "sys.dm_hadr_database_replica_states", "sys.availability_groups" and the tables
 * of log shipping in the SQL Server reference.
 */
export const databaseQueries = {
  /** Who may not see definitions finds no mirroring endpoint, whether there is one or not. */
  server: {
    sql: `SELECT CONVERT(nvarchar(128), SERVERPROPERTY('ProductVersion')) AS product_version,
  CONVERT(nvarchar(128), SERVERPROPERTY('ServerName')) AS server_name,
  CONVERT(nvarchar(128), SERVERPROPERTY('Edition')) AS edition,
  CONVERT(int, SERVERPROPERTY('EngineEdition')) AS engine_edition,
  CONVERT(nvarchar(128), SERVERPROPERTY('Collation')) AS collation,
  HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE') AS view_any_database,
  HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION') AS view_any_definition,
  IS_SRVROLEMEMBER('sysadmin') AS is_sysadmin,
  (SELECT COUNT(*) FROM sys.database_mirroring_endpoints) AS mirroring_endpoints`,
  },
  /**
   * `replica_id` came with SQL Server 2012, the oldest that can be judged. File 1 is the primary one; the row of a file
   * is hidden from who may not see definitions. Files of the log are not counted: where one is not online, neither is
   * the database.
   */
  databases: {
    sql: `SELECT d.database_id, d.name, d.state_desc, d.recovery_model_desc, d.user_access_desc, d.is_read_only,
  d.is_in_standby, d.source_database_id, d.collation_name, d.is_auto_close_on, d.is_distributor,
  CONVERT(nvarchar(36), d.replica_id) AS replica_id, m.mirroring_role_desc,
  CASE WHEN f.file_id IS NULL THEN NULL WHEN f.differential_base_lsn IS NULL THEN 0 ELSE 1 END
    AS has_differential_base, CONVERT(nvarchar(36), f.differential_base_guid) AS differential_base_guid,
  CONVERT(nvarchar(30), d.create_date, 126) AS created_at,
  CASE WHEN f.file_id IS NULL THEN NULL ELSE COALESCE(n.files, 0) END AS files_not_online,
  n.name AS file_not_online, n.state_desc AS file_state
FROM sys.databases AS d
LEFT JOIN sys.database_mirroring AS m ON m.database_id = d.database_id
LEFT JOIN sys.master_files AS f ON f.database_id = d.database_id AND f.file_id = 1
OUTER APPLY (SELECT TOP (1) o.name, o.state_desc, COUNT(*) OVER () AS files FROM sys.master_files AS o
  WHERE o.database_id = d.database_id AND o.type <> 1 AND COALESCE(o.state_desc, '') NOT IN ('ONLINE', 'DEFUNCT')
  ORDER BY o.file_id) AS n
ORDER BY d.database_id`,
  },
  replicas: {
    sql: `SELECT r.database_id, CONVERT(nvarchar(36), r.group_id) AS group_id,
  CONVERT(nvarchar(36), r.group_database_id) AS group_database_id, s.role_desc,
  r.synchronization_state_desc, r.is_suspended
FROM sys.dm_hadr_database_replica_states AS r
JOIN sys.dm_hadr_availability_replica_states AS s ON s.replica_id = r.replica_id AND s.group_id = r.group_id
WHERE r.is_local = 1`,
    optional: true,
  },
  /** A distributed group has groups as its replicas, by their names. Both columns came with SQL Server 2016. */
  groups: {
    sql: `SELECT CONVERT(nvarchar(36), g.group_id) AS group_id, g.basic_features, d.name AS distributed_group,
  s.role_desc AS distributed_role_desc
FROM sys.availability_groups AS g
LEFT JOIN (sys.availability_groups AS d
  JOIN sys.availability_replicas AS r ON r.group_id = d.group_id AND d.is_distributed = 1)
  ON r.replica_server_name = g.name
LEFT JOIN sys.dm_hadr_availability_replica_states AS s ON s.replica_id = r.replica_id
WHERE g.is_distributed = 0`,
    optional: true,
  },
  /** Only of databases that are open, since the view tries to start those that are not. */
  chains: {
    sql: `SELECT r.database_id, CASE WHEN r.last_log_backup_lsn IS NULL THEN 0 ELSE 1 END AS has_log_chain,
  CONVERT(nvarchar(36), r.recovery_fork_guid) AS recovery_fork_guid
FROM sys.databases AS d JOIN sys.database_recovery_status AS r ON r.database_id = d.database_id
WHERE d.state = 0 AND d.is_in_standby = 0 AND d.collation_name IS NOT NULL`,
    optional: true,
  },
  // msdb may have another collation than sys.databases, and the name may be written there in another case.
  logShipping: {
    sql: `SELECT d.name FROM msdb.dbo.log_shipping_secondary_databases AS s
JOIN sys.databases AS d ON d.name COLLATE DATABASE_DEFAULT = s.secondary_database COLLATE DATABASE_DEFAULT`,
    optional: true,
  },
  logShippingPrimaries: {
    sql: `SELECT d.name FROM msdb.dbo.log_shipping_primary_databases AS p
JOIN sys.databases AS d ON d.name COLLATE DATABASE_DEFAULT = p.primary_database COLLATE DATABASE_DEFAULT`,
    optional: true,
  },
} as const satisfies Queries

/** What these statements need, for the audit of a login. */
export const databasePrivileges = [
  'VIEW ANY DATABASE',
  'VIEW ANY DEFINITION',
  'VIEW SERVER STATE',
  'SELECT ON msdb.dbo.log_shipping_primary_databases',
  'SELECT ON msdb.dbo.log_shipping_secondary_databases',
] as const

/** A `bit` column, or an `int` that stands for one. */
export const Bit = z.union([z.boolean(), z.literal(0), z.literal(1)]).transform(Boolean)

const Database = {
  database_id: z.int(),
  name: z.string(),
  state_desc: orUnknown(z.string()),
  recovery_model_desc: orUnknown(z.string()),
  user_access_desc: orUnknown(z.string()),
  is_read_only: orUnknown(Bit),
  is_in_standby: orUnknown(Bit),
  source_database_id: z.int().nullable(),
  collation_name: orUnknown(z.string()),
  is_auto_close_on: orUnknown(Bit),
  is_distributor: orUnknown(Bit),
  replica_id: z.string().nullable(),
  mirroring_role_desc: z.string().nullable(),
  has_differential_base: orUnknown(Bit),
  differential_base_guid: orUnknown(z.string()),
  /** When it was created under this name, by the clock of the server. */
  created_at: orUnknown(z.string()),
  files_not_online: orUnknown(z.int()),
  /** The first of them, and its state; null: there is none. */
  file_not_online: z.string().nullable(),
  file_state: z.string().nullable(),
}

/** Shape of the answer. No server is without `master`, so an empty list of databases is not accepted. */
export const DatabaseFacts = z.object({
  server: oneRow({
    product_version: z.string(),
    server_name: orUnknown(z.string()),
    edition: z.string(),
    engine_edition: z.int(),
    collation: orUnknown(z.string()),
    view_any_database: orUnknown(Bit),
    view_any_definition: orUnknown(Bit),
    is_sysadmin: orUnknown(Bit),
    mirroring_endpoints: orUnknown(z.int()),
  }),
  databases: someRows(Database),
  replicas: rows({
    database_id: z.int(),
    group_id: z.string(),
    group_database_id: orUnknown(z.string()),
    role_desc: orUnknown(z.string()),
    synchronization_state_desc: orUnknown(z.string()),
    is_suspended: orUnknown(Bit),
  }).nullable(),
  groups: rows({
    group_id: z.string(),
    basic_features: orUnknown(Bit),
    distributed_group: z.string().nullable(),
    distributed_role_desc: orUnknown(z.string()),
  }).nullable(),
  chains: rows({
    database_id: z.int(),
    has_log_chain: orUnknown(Bit),
    recovery_fork_guid: orUnknown(z.string()),
  }).nullable(),
  logShipping: rows({ name: z.string() }).nullable(),
  logShippingPrimaries: rows({ name: z.string() }).nullable(),
  refusals: Refusals,
})
export type DatabaseFacts = z.output<typeof DatabaseFacts>
export type DatabaseRow = DatabaseFacts['databases'][number]

/** What an item over them asks, with the rights that it takes and the shape of the answer. */
export const asksDatabases = {
  privileges: databasePrivileges,
  queries: databaseQueries,
  facts: DatabaseFacts,
} as const

const chainsById = rowsBy(({ database_id }: NonNullable<DatabaseFacts['chains']>[number]) => database_id)

/** The rows of the log chain of a database: a server shows one of each that it has open, and none where it may not. */
export const chainsOf = ({ database_id }: DatabaseRow, { chains }: Pick<DatabaseFacts, 'chains'>) =>
  chainsById(chains, database_id)

/** The number before the first dot of a version; NaN for what is none. */
export const majorVersionOf = ({ server }: Pick<DatabaseFacts, 'server'>): number =>
  Number.parseInt(server.product_version, 10)

/** The state as a reader knows it: a database in standby is ONLINE to `state_desc`. */
export const stateOf = ({ state_desc, is_in_standby }: DatabaseRow): string => {
  if (state_desc !== 'ONLINE') return state_desc ?? 'NULL'
  if (is_in_standby === null) return 'ONLINE, is_in_standby NULL'
  return is_in_standby ? 'STANDBY' : 'ONLINE'
}

/** `database_id` of the system databases that are judged apart. */
export const systemDatabases = { master: 1, tempdb: 2, model: 3, msdb: 4 } as const

/** True for what setup made. */
export const isSystemDatabase = ({ database_id }: DatabaseRow): boolean =>
  Object.values(systemDatabases).some((each) => each === database_id)

/** Exclusion reasons, with their texts. */
export const exclusionTexts = {
  TEMPDB: {
    en: 'tempdb is recreated at every start and never backed up',
    zh: 'tempdb 在每次启动时重建，从不备份',
  },
  SNAPSHOT: { en: 'a database snapshot is never backed up', zh: '数据库快照从不备份' },
} as const

const exclusionOf = (row: DatabaseRow): keyof typeof exclusionTexts | null => {
  if (row.database_id === systemDatabases.tempdb) return 'TEMPDB'
  return row.source_database_id === null ? null : 'SNAPSHOT'
}

/** Parts the databases into those to judge and those that no backup ever takes. */
export const considered = (
  facts: DatabaseFacts,
): { readonly databases: readonly DatabaseRow[]; readonly excluded: readonly ExcludedDatabase[] } => ({
  databases: facts.databases.filter((row) => exclusionOf(row) === null),
  excluded: facts.databases.flatMap((row) => {
    const code = exclusionOf(row)
    return code ? [{ name: row.name, reason: { code, params: {} } }] : []
  }),
})

/** What both items say of the whole instance. */
export const observedOf = ({ server }: DatabaseFacts, databases: readonly DatabaseRow[]): Evidence => ({
  databases: databases.length,
  product_version: server.product_version,
  edition: server.edition,
})
