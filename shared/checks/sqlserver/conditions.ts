import * as z from 'zod'
import { orUnknown, rows } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'
import { Bit, DatabaseFacts, type DatabaseRow, databaseQueries } from './databases.ts'
import { rowsBy } from './rows-by.ts'

/**
 * What the items ask that look at the condition of each database, beside what all items ask: its log, its encryption
 * and its place in an availability group, one row for each database, from memory and the catalogue alone. Counters and
 * keys are there only of databases that are open, and are not opened for it; `sys.dm_db_log_stats` opens what it is
 * asked for. Sources: "sys.dm_os_performance_counters", "SQL Server, Databases object", "sys.master_files" (a log grows
 * to 2 TB at most, which is 268,435,456 pages of 8 KB), "sys.dm_database_encryption_keys", "sys.certificates",
 * "sys.dm_hadr_database_replica_states" and "sys.fn_hadr_backup_is_preferred_replica", SQL Server reference.
 */
export const conditionQueries = {
  ...databaseQueries,
  /** Ages by the clock of the server. Before a commit is known, its time is that of the year 1900. */
  conditions: {
    sql: `SELECT d.database_id, d.log_reuse_wait_desc, u.log_used_kb, u.log_size_kb, f.log_limit_kb, d.is_encrypted,
  k.encryption_state, k.encryptor_type, c.name AS certificate,
  CASE WHEN c.name IS NULL THEN NULL WHEN c.pvt_key_last_backup_date IS NULL THEN 0 ELSE 1 END
    AS is_certificate_backed_up,
  DATEDIFF(day, GETDATE(), c.expiry_date) AS certificate_days_left,
  CASE WHEN d.replica_id IS NULL THEN NULL ELSE CONVERT(int, sys.fn_hadr_backup_is_preferred_replica(d.name)) END
    AS is_preferred_replica,
  a.backup_preference, a.secondaries, a.unhealthy_secondaries, a.lag_minutes
FROM sys.databases AS d
LEFT JOIN (SELECT instance_name COLLATE Latin1_General_BIN2 AS name,
    MAX(CASE WHEN counter_name LIKE 'Log File(s) Used Size (KB)%' THEN CONVERT(float, cntr_value) END) AS log_used_kb,
    MAX(CASE WHEN counter_name LIKE 'Log File(s) Size (KB)%' THEN CONVERT(float, cntr_value) END) AS log_size_kb
  FROM sys.dm_os_performance_counters
  WHERE object_name LIKE '%:Databases%' AND counter_name LIKE 'Log File(s) %Size (KB)%'
  GROUP BY instance_name COLLATE Latin1_General_BIN2) AS u ON u.name = d.name COLLATE Latin1_General_BIN2
LEFT JOIN (SELECT database_id, SUM(8 * CONVERT(float, CASE WHEN growth = 0 OR max_size = 0 THEN size
      WHEN max_size = -1 THEN 268435456 WHEN max_size < size THEN size ELSE max_size END)) AS log_limit_kb
  FROM sys.master_files WHERE type = 1 GROUP BY database_id) AS f ON f.database_id = d.database_id
LEFT JOIN sys.dm_database_encryption_keys AS k ON k.database_id = d.database_id
LEFT JOIN master.sys.certificates AS c ON c.thumbprint = k.encryptor_thumbprint
LEFT JOIN (SELECT l.database_id, MAX(g.automated_backup_preference_desc) AS backup_preference,
    COUNT(s.replica_id) AS secondaries,
    SUM(CASE WHEN s.replica_id IS NULL OR s.synchronization_health = 2 THEN 0 ELSE 1 END) AS unhealthy_secondaries,
    MAX(CASE WHEN s.last_commit_time >= '20000101' AND l.last_commit_time >= '20000101'
      THEN DATEDIFF(minute, s.last_commit_time, l.last_commit_time) END) AS lag_minutes
  FROM sys.dm_hadr_database_replica_states AS l
  LEFT JOIN sys.availability_groups AS g ON g.group_id = l.group_id
  LEFT JOIN sys.dm_hadr_database_replica_states AS s
    ON s.group_id = l.group_id AND s.group_database_id = l.group_database_id AND s.is_local = 0
  WHERE l.is_local = 1 GROUP BY l.database_id) AS a ON a.database_id = d.database_id
ORDER BY d.database_id`,
  },
} as const satisfies Queries

const Condition = {
  database_id: z.int(),
  log_reuse_wait_desc: orUnknown(z.string()),
  log_used_kb: orUnknown(z.number()),
  log_size_kb: orUnknown(z.number()),
  log_limit_kb: orUnknown(z.number()),
  is_encrypted: orUnknown(Bit),
  /** Null: the database has no encryption key, or is not open. */
  encryption_state: z.int().nullable(),
  encryptor_type: orUnknown(z.string()),
  certificate: orUnknown(z.string()),
  is_certificate_backed_up: orUnknown(Bit),
  certificate_days_left: orUnknown(z.int()),
  is_preferred_replica: orUnknown(Bit),
  backup_preference: orUnknown(z.string()),
  secondaries: orUnknown(z.int()),
  unhealthy_secondaries: orUnknown(z.int()),
  /** Null: no commit of a secondary and of this replica is known, so that there is nothing to be behind of. */
  lag_minutes: z.int().nullable(),
}

/** Shape of the whole answer. */
export const ConditionFacts = DatabaseFacts.extend({ conditions: rows(Condition) })
export type ConditionFacts = z.output<typeof ConditionFacts>
export type ConditionRow = ConditionFacts['conditions'][number]

const conditionsById = rowsBy(({ database_id }: ConditionRow) => database_id)

/** The condition of a database; null where the server has no row of it, or several that may disagree. */
export const conditionOf = (
  { database_id }: DatabaseRow,
  { conditions }: ConditionFacts,
): ConditionRow | null => {
  const [own, ...more] = conditionsById(conditions, database_id)
  return own === undefined || more.length > 0 ? null : own
}
