import * as z from 'zod'
import type { Evidence } from '../../model/evidence.ts'
import type { ExcludedDatabase } from '../../model/item-result.ts'
import { oneRow, rows, someRows } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'

/**
 * What both SQL Server items ask, over one connection: the server, every database that the login sees, and the roles of
 * databases in availability groups, mirroring and log shipping, without which healthy secondaries look broken.
 * `mirroring` tells whether there can be a mirror at all, since the role of one is shown to a sysadmin only.
 * Sources: "sys.databases", "sys.dm_hadr_database_replica_states", "sys.database_mirroring",
 * "sys.dm_tcp_listener_states" and "log_shipping_secondary_databases" in the SQL Server reference.
 */
export const databaseQueries = {
  server: {
    sql: `SELECT CONVERT(nvarchar(128), SERVERPROPERTY('ProductVersion')) AS product_version,
  CONVERT(nvarchar(128), SERVERPROPERTY('Edition')) AS edition,
  CONVERT(int, SERVERPROPERTY('EngineEdition')) AS engine_edition,
  HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE') AS view_any_database,
  IS_SRVROLEMEMBER('sysadmin') AS is_sysadmin`,
  },
  databases: {
    sql: `SELECT d.database_id, d.name, d.state_desc, d.recovery_model_desc, d.user_access_desc, d.is_read_only,
  d.is_in_standby, d.source_database_id, CONVERT(nvarchar(36), d.replica_id) AS replica_id, m.mirroring_role_desc
FROM sys.databases AS d LEFT JOIN sys.database_mirroring AS m ON m.database_id = d.database_id
ORDER BY d.database_id`,
  },
  replicas: {
    sql: `SELECT r.database_id, s.role_desc
FROM sys.dm_hadr_database_replica_states AS r
JOIN sys.dm_hadr_availability_replica_states AS s ON s.replica_id = r.replica_id AND s.group_id = r.group_id
WHERE r.is_local = 1`,
    optional: true,
  },
  mirroring: {
    sql: `SELECT COUNT(*) AS listeners FROM sys.dm_tcp_listener_states WHERE type_desc = N'DATABASE_MIRRORING'`,
    optional: true,
  },
  // msdb may have another collation than sys.databases, and the name may be written there in another case.
  logShipping: {
    sql: `SELECT d.name FROM msdb.dbo.log_shipping_secondary_databases AS s
JOIN sys.databases AS d ON d.name COLLATE DATABASE_DEFAULT = s.secondary_database COLLATE DATABASE_DEFAULT`,
    optional: true,
  },
} as const satisfies Queries

/** A `bit` column, or an `int` that stands for one. */
const Bit = z.union([z.boolean(), z.literal(0), z.literal(1)]).transform(Boolean)

const Row = {
  database_id: z.int(),
  name: z.string(),
  state_desc: z.string().nullable(),
  recovery_model_desc: z.string().nullable(),
  user_access_desc: z.string().nullable(),
  is_read_only: Bit.nullable(),
  is_in_standby: Bit.nullable(),
  source_database_id: z.int().nullable(),
  replica_id: z.string().nullable(),
  mirroring_role_desc: z.string().nullable(),
}

/** Shape of the answer. No server is without `master`, so an empty list of databases is not accepted. */
export const DatabaseFacts = z.object({
  server: oneRow({
    product_version: z.string(),
    edition: z.string(),
    engine_edition: z.int(),
    view_any_database: Bit.nullable(),
    is_sysadmin: Bit.nullable(),
  }),
  databases: someRows(Row),
  replicas: rows({ database_id: z.int(), role_desc: z.string().nullable() }).nullable(),
  mirroring: oneRow({ listeners: z.int() }).nullable(),
  logShipping: rows({ name: z.string() }).nullable(),
})
export type DatabaseFacts = z.output<typeof DatabaseFacts>
export type DatabaseRow = DatabaseFacts['databases'][number]

/** The state as a reader knows it: a database in standby is ONLINE to `state_desc`. */
export const stateOf = ({ state_desc, is_in_standby }: DatabaseRow): string =>
  state_desc === 'ONLINE' && is_in_standby ? 'STANDBY' : (state_desc ?? 'NULL')

/** `database_id` of the system databases that are judged apart. */
export const systemDatabases = { master: 1, tempdb: 2, msdb: 4 } as const

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
