import * as z from 'zod'
import { oneRow, orUnknown, rows } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'

/**
 * What runs now: sessions, those that wait for a lock of a table or of a backup, and transactions of InnoDB. Without
 * PROCESS, a login sees its own sessions alone and is not told so; transactions are refused to it then (1227), and so
 * is this. A transaction that is prepared for XA and whose session has ended has no session (0). Sources: "Information
 * Schema PROCESSLIST Table" and "INNODB_TRX Table", MariaDB reference and MySQL manual.
 */
export const activityQueries = {
  activity: {
    sql: `SELECT COUNT(*) AS sessions, COUNT(IF(p.state LIKE 'Waiting for %lock%', 1, NULL)) AS lock_waits,
  MAX(IF(p.state LIKE 'Waiting for %lock%', p.time, NULL)) AS longest_wait_seconds,
  MIN(IF(p.state LIKE 'Waiting for %lock%', p.id, NULL)) AS first_waiting_id,
  MAX(t.oldest_seconds) AS oldest_transaction_seconds, MAX(t.oldest_id) AS oldest_transaction_id,
  MAX(t.prepared) AS prepared_transactions
FROM information_schema.PROCESSLIST AS p
CROSS JOIN (SELECT MAX(IF(x.trx_mysql_thread_id <> 0, TIMESTAMPDIFF(SECOND, x.trx_started, NOW()), NULL))
    AS oldest_seconds,
  SUBSTRING_INDEX(GROUP_CONCAT(IF(x.trx_mysql_thread_id <> 0, x.trx_mysql_thread_id, NULL)
    ORDER BY x.trx_started), ',', 1) AS oldest_id,
  COUNT(IF(x.trx_mysql_thread_id = 0, 1, NULL)) AS prepared
  FROM information_schema.INNODB_TRX AS x) AS t`,
    optional: true,
  },
  /**
   * Locks that stop backups, by the session that holds them. MariaDB shows them by the plugin metadata_lock_info alone,
   * and to every login ("Metadata Lock Info Plugin"); MySQL in performance_schema.
   */
  locks: {
    sql: `SELECT l.thread_id AS session_id, l.lock_mode, l.lock_type, l.table_schema, l.table_name
FROM /*M! information_schema.METADATA_LOCK_INFO AS l *//*!50700 (SELECT h.processlist_id AS thread_id,
    m.lock_type AS lock_mode, m.object_type AS lock_type, m.object_schema AS table_schema, m.object_name AS table_name
  FROM performance_schema.metadata_locks AS m
  JOIN performance_schema.threads AS h ON h.thread_id = m.owner_thread_id
  WHERE m.lock_status = 'GRANTED') AS l */
WHERE l.lock_mode IN ('MDL_BACKUP_START', 'MDL_BACKUP_FLUSH', 'MDL_BACKUP_WAIT_FLUSH', 'MDL_BACKUP_WAIT_DDL',
    'MDL_BACKUP_WAIT_COMMIT', 'MDL_SHARED_NO_READ_WRITE', 'SHARED_NO_READ_WRITE')
  /*!50700 OR l.lock_type = 'BACKUP LOCK' */
ORDER BY l.thread_id LIMIT 200`,
    optional: true,
  },
} as const satisfies Queries

/** Null: the login may not see them. */
export const ActivityRow = oneRow({
  sessions: orUnknown(z.int()),
  lock_waits: orUnknown(z.int()),
  /** Null: nothing waits. */
  longest_wait_seconds: orUnknown(z.int()),
  first_waiting_id: orUnknown(z.int()),
  /** Null: no transaction is open. */
  oldest_transaction_seconds: z.int().nullable(),
  oldest_transaction_id: orUnknown(z.coerce.number().int()),
  prepared_transactions: orUnknown(z.int()),
}).nullable()
export type ActivityRow = z.output<typeof ActivityRow>

/** Null: the server does not show them. */
export const LockRows = rows({
  session_id: z.int(),
  lock_mode: z.string(),
  lock_type: orUnknown(z.string()),
  table_schema: orUnknown(z.string()),
  table_name: orUnknown(z.string()),
}).nullable()
export type LockRow = NonNullable<z.output<typeof LockRows>>[number]
