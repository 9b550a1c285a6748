import * as z from 'zod'
import { orUnknown, someRows } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'
import { Bit, DatabaseFacts, type DatabaseRow, databasePrivileges, databaseQueries } from './databases.ts'
import { rowsBy } from './rows-by.ts'

/**
 * What the items ask that look at the condition of each database, beside what all items ask: its log, its encryption,
 * its place in an availability group, when it was last checked, and the backups and restores that run; one row for
 * each database, from memory and the catalogue alone. Counters and keys are there only of databases that are open,
 * and are not opened for it; `sys.dm_db_log_stats` opens what it is asked for. A log grows to 2 TB at most:
 * 268,435,456 pages of 8 KB. Of requests, a login without VIEW SERVER STATE sees only its own, and is not told so:
 * `sys.dm_os_sys_info` is read along because it is refused to such a login (300). That a database was last checked on
 * 1900-01-01 means never; NULL that the version does not show it (before SQL Server 2016 SP2 and 2017 CU9). That this
 * time is local no manual says, and hours do not matter to days. Sources: "sys.dm_os_performance_counters", "SQL
 * Server, Databases object", "sys.master_files", "sys.dm_database_encryption_keys", "sys.certificates",
 * "sys.dm_hadr_database_replica_states", "sys.fn_hadr_backup_is_preferred_replica", "DATABASEPROPERTYEX",
 * "sys.dm_exec_requests" and "sys.dm_os_sys_info", SQL Server reference.
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
  a.backup_preference, a.secondaries, a.unhealthy_secondaries, a.lag_minutes,
  DATEDIFF(minute, d.create_date, GETDATE()) AS database_minutes,
  CASE WHEN v.checked_at IS NULL THEN NULL WHEN v.checked_at < '19010101' THEN 0 ELSE 1 END AS was_checked,
  DATEDIFF(minute, v.checked_at, GETDATE()) AS last_check_minutes,
  r.running_backups, r.running_log_backups, r.running_restores, r.running_minutes
FROM sys.databases AS d
CROSS APPLY (SELECT CASE WHEN d.state = 0 AND d.collation_name IS NOT NULL
  THEN CONVERT(datetime, DATABASEPROPERTYEX(d.name, 'LastGoodCheckDbTime')) END AS checked_at) AS v
CROSS JOIN (SELECT COUNT(CASE WHEN q.command = 'BACKUP DATABASE' THEN 1 END) AS running_backups,
    COUNT(CASE WHEN q.command = 'BACKUP LOG' THEN 1 END) AS running_log_backups,
    COUNT(CASE WHEN q.command IN ('RESTORE DATABASE', 'RESTORE LOG') THEN 1 END) AS running_restores,
    MAX(DATEDIFF(minute, q.start_time, GETDATE())) AS running_minutes
  FROM sys.dm_os_sys_info AS i
  LEFT JOIN sys.dm_exec_requests AS q
    ON q.command IN ('BACKUP DATABASE', 'BACKUP LOG', 'RESTORE DATABASE', 'RESTORE LOG')) AS r
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

/** What these statements need: the keys of encryption are of the views of security. */
const conditionPrivileges = [...databasePrivileges, 'VIEW SERVER SECURITY STATE'] as const

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
  database_minutes: orUnknown(z.int()),
  was_checked: orUnknown(Bit),
  last_check_minutes: orUnknown(z.int()),
  /** Of the whole server, the same in every row. */
  running_backups: orUnknown(z.int()),
  running_log_backups: orUnknown(z.int()),
  running_restores: orUnknown(z.int()),
  /** Since the first of them began; null: none runs. */
  running_minutes: orUnknown(z.int()),
}

/** Shape of the whole answer. No server is without `master`, so an empty list is not accepted. */
export const ConditionFacts = DatabaseFacts.extend({ conditions: someRows(Condition) })
export type ConditionFacts = z.output<typeof ConditionFacts>
export type ConditionRow = ConditionFacts['conditions'][number]

/** What an item over them asks, with the rights that it takes and the shape of the answer. */
export const asksConditions = {
  privileges: conditionPrivileges,
  queries: conditionQueries,
  facts: ConditionFacts,
} as const

const conditionsById = rowsBy(({ database_id }: ConditionRow) => database_id)

/** The condition of a database; null where the server has no row of it, or several that may disagree. */
export const conditionOf = (
  { database_id }: DatabaseRow,
  { conditions }: ConditionFacts,
): ConditionRow | null => {
  const [own = null, ...more] = conditionsById(conditions, database_id)
  return more.length > 0 ? null : own
}
