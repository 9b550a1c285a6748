import * as z from 'zod'
import { orUnknown, someRows } from '../framework/answer.ts'
import { Bit, DatabaseFacts, databasePrivileges, databaseQueries } from './databases.ts'

/**
 * When databases were last checked, and the backups and restores that run. Of requests, a login without VIEW SERVER
 * STATE sees only its own, and is not told so: `sys.dm_os_sys_info` is read along because it is refused to such a login
 * (300). 1900-01-01 means never checked; NULL that the version does not show it (before SQL Server 2016 SP2 and 2017
 * CU9). That its time is local no manual says, and hours do not matter to days. A database that is closed is not opened
 * for this. Sources: "DATABASEPROPERTYEX", "sys.dm_exec_requests",
 * "sys.dm_os_sys_info", Transact-SQL reference.
 */
export const stateQueries = {
  ...databaseQueries,
  serverState: {
    sql: `SELECT d.database_id, DATEDIFF(minute, d.create_date, GETDATE()) AS database_minutes,
  CASE WHEN c.checked_at IS NULL THEN NULL WHEN c.checked_at < '19010101' THEN 0 ELSE 1 END AS was_checked,
  DATEDIFF(minute, c.checked_at, GETDATE()) AS last_check_minutes,
  r.running_backups, r.running_log_backups, r.running_restores, r.running_minutes
FROM sys.databases AS d
CROSS APPLY (SELECT CASE WHEN d.state = 0 AND d.collation_name IS NOT NULL
  THEN CONVERT(datetime, DATABASEPROPERTYEX(d.name, 'LastGoodCheckDbTime')) END AS checked_at) AS c
CROSS JOIN (SELECT COUNT(CASE WHEN q.command = 'BACKUP DATABASE' THEN 1 END) AS running_backups,
    COUNT(CASE WHEN q.command = 'BACKUP LOG' THEN 1 END) AS running_log_backups,
    COUNT(CASE WHEN q.command IN ('RESTORE DATABASE', 'RESTORE LOG') THEN 1 END) AS running_restores,
    MAX(DATEDIFF(minute, q.start_time, GETDATE())) AS running_minutes
  FROM sys.dm_os_sys_info AS i
  LEFT JOIN sys.dm_exec_requests AS q
    ON q.command IN ('BACKUP DATABASE', 'BACKUP LOG', 'RESTORE DATABASE', 'RESTORE LOG')) AS r
ORDER BY d.database_id`,
  },
} as const

export const statePrivileges = databasePrivileges

/** Shape of the answer: a row for each database, of which each says the same of what runs. */
export const StateFacts = DatabaseFacts.extend({
  serverState: someRows({
    database_id: z.int(),
    database_minutes: orUnknown(z.int()),
    was_checked: orUnknown(Bit),
    last_check_minutes: orUnknown(z.int()),
    running_backups: orUnknown(z.int()),
    running_log_backups: orUnknown(z.int()),
    running_restores: orUnknown(z.int()),
    /** Since the first of them began; null: none runs. */
    running_minutes: orUnknown(z.int()),
  }),
})
export type StateFacts = z.output<typeof StateFacts>
