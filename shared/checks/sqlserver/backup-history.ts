import * as z from 'zod'
import { Lsn } from '../../model/log-range.ts'
import { orUnknown, rows } from '../framework/answer.ts'
import type { CheckContext } from '../framework/define-check.ts'
import type { Queries } from '../framework/question.ts'
import { Bit, DatabaseFacts, type DatabaseRow, databasePrivileges, databaseQueries } from './databases.ts'
import { withRestorablePoints } from './restorable-points.ts'
import { rowsBy } from './rows-by.ts'

/**
 * Age of a backup by the clock of the server, in minutes. Its times are local times; `time_zone`, in quarters of an
 * hour, corrects the hour by which summer time may have begun or ended since ("backupset").
 */
const minutesSince = (backup: string): string => {
  const shift = `${backup}.time_zone * 15 - DATEPART(TZoffset, SYSDATETIMEOFFSET())`
  return `DATEDIFF(minute, ${backup}.backup_finish_date, GETDATE())
      + CASE WHEN ${shift} BETWEEN -60 AND 60 THEN ${shift} ELSE 0 END`
}

/**
 * Whether nothing is left of a backup, since it went to the device that keeps nothing (of Windows or Linux), and what
 * kind of device it went to; 1xx is a permanent device of kind xx.
 */
const mediaOf = (backup: string): string => `(SELECT MIN(m.device_type % 100) AS device_type,
    COALESCE(MAX(CASE WHEN UPPER(m.physical_device_name) IN (N'NUL', N'NUL:', N'/DEV/NULL') THEN 1 END), 0) AS is_lost
    FROM msdb.dbo.backupmediafamily AS m WHERE m.media_set_id = ${backup}.media_set_id)`

/** Size, device and account of the newest sound backup of a type. */
const ofNewest = (type: 'D' | 'I' | 'L', name: string): string =>
  [
    ['bytes', 'bytes'],
    ['device_type', 'device'],
    ['user_name', 'user'],
  ]
    .map(
      ([column, suffix]) =>
        `MAX(CASE WHEN w.newest = 1 AND w.is_sound = 1 AND w.type = '${type}' THEN w.${column} END) AS ${name}_${suffix}`,
    )
    .join(',\n    ')

/** A log backup that does not begin where an earlier one, or the full or incremental backup before it, has ended. */
const isAfterGap = `w.is_kept = 1 AND w.type = 'L' AND w.first_lsn > COALESCE(w.data_lsn, 0)
      AND (w.first_lsn > w.previous_lsn OR w.previous_lsn IS NULL AND w.data_lsn IS NOT NULL)`

/** A sound log backup of what came after the last full or incremental backup. */
const isFollowingLog = "w.is_sound = 1 AND w.type = 'L' AND w.last_lsn > COALESCE(w.data_lsn, 0)"

/**
 * What msdb records of the backups that this server took of each database since the database was created: of the last
 * 32 days (by the index `backupsetDate`), at most 200,000. A restore records backups of other servers here, so the name
 * of the server counts; the base of differential backups is found by its identifier, whatever it was recorded as. Log
 * backups have to follow on from the last full or incremental backup; a copy that is a snapshot, of a virtual machine
 * say, is none to restore them on.
 * Sources: "backupset", "backupmediafamily" and "sys.master_files", SQL Server reference.
 */
const historyQuery = {
  sql: `SELECT d.database_id, DATEDIFF(minute, d.create_date, GETDATE()) AS database_minutes,
  CONVERT(float, f.pages * 8192.0) AS database_bytes, MAX(h.history_minutes) OVER () AS history_minutes,
  COALESCE(h.other_server_backups, 0) AS other_server_backups,
  CASE WHEN h.full_minutes <= b.minutes OR b.minutes IS NULL THEN h.full_minutes ELSE b.minutes END
    AS last_full_minutes,
  h.incremental_minutes AS last_incremental_minutes, h.log_minutes AS last_log_minutes,
  COALESCE(h.log_gaps, 0) AS log_gaps, COALESCE(h.log_lost, 0) AS log_lost,
  COALESCE(h.log_device_types, 0) AS log_device_types,
  b.is_found AS base_is_found, b.is_snapshot AS base_is_snapshot, b.is_lost AS base_is_lost,
  CASE WHEN b.device_type IS NULL THEN NULL WHEN b.device_type <> h.first_device_type
    OR b.device_type <> h.last_device_type THEN 1 ELSE 0 END AS base_is_foreign,
  CASE WHEN b.is_damaged = 1 AND COALESCE(h.damaged, 0) = 0 THEN 1 ELSE COALESCE(h.damaged, 0) END
    AS damaged_backups,
  CASE WHEN h.full_minutes IS NULL THEN b.has_backup_checksums
    WHEN h.full_minutes = h.checked_full_minutes THEN 1 ELSE 0 END AS last_full_has_checksums,
  h.full_bytes, h.full_seconds, h.full_device, h.full_user, h.incremental_bytes, h.incremental_device,
  h.incremental_user, h.log_bytes, h.log_device, h.log_user, h.logs_bytes, h.worst_gap_minutes, h.first_point_minutes,
  CONVERT(varchar(25), h.base_lsn) AS base_lsn, CONVERT(varchar(25), h.logs_from_lsn) AS logs_from_lsn,
  CONVERT(varchar(25), h.logs_to_lsn) AS logs_to_lsn, CONVERT(varchar(25), h.gap_from_lsn) AS gap_from_lsn,
  CONVERT(varchar(25), h.gap_to_lsn) AS gap_to_lsn
FROM sys.databases AS d
LEFT JOIN (SELECT database_id, SUM(CONVERT(bigint, size)) AS pages FROM sys.master_files GROUP BY database_id) AS f
  ON f.database_id = d.database_id
LEFT JOIN (SELECT w.database_id, MAX(w.history_minutes) AS history_minutes,
    SUM(1 - w.is_own) AS other_server_backups,
    MIN(CASE WHEN w.is_sound = 1 AND w.type = 'D' THEN w.minutes END) AS full_minutes,
    MIN(CASE WHEN w.is_sound = 1 AND w.type = 'D' AND w.has_backup_checksums = 1 THEN w.minutes END)
      AS checked_full_minutes,
    MIN(CASE WHEN w.is_sound = 1 AND w.type = 'I' THEN w.minutes END) AS incremental_minutes,
    MIN(CASE WHEN w.is_sound = 1 AND w.type = 'L' THEN w.minutes END) AS log_minutes,
    SUM(CASE WHEN ${isAfterGap} THEN 1 ELSE 0 END) AS log_gaps,
    MIN(CASE WHEN ${isAfterGap} THEN CASE WHEN w.previous_lsn > COALESCE(w.data_lsn, 0) THEN w.previous_lsn
      ELSE w.data_lsn END END) AS gap_from_lsn, MAX(CASE WHEN ${isAfterGap} THEN w.first_lsn END) AS gap_to_lsn,
    MAX(w.data_lsn) AS base_lsn,
    MIN(CASE WHEN ${isFollowingLog} THEN w.first_lsn END) AS logs_from_lsn,
    MAX(CASE WHEN ${isFollowingLog} THEN w.last_lsn END) AS logs_to_lsn,
    SUM(CASE WHEN w.is_own = 1 AND w.is_kept = 0 AND w.type = 'L' AND w.is_copy_only = 0
      AND w.last_lsn > COALESCE(w.data_lsn, 0) THEN 1 ELSE 0 END) AS log_lost,
    COUNT(DISTINCT CASE WHEN w.is_kept = 1 AND w.type = 'L' AND w.is_copy_only = 0
      AND w.last_lsn > COALESCE(w.data_lsn, 0) THEN w.device_type END) AS log_device_types,
    MIN(CASE WHEN w.is_kept = 1 AND w.type IN ('I', 'L') AND w.is_copy_only = 0
      AND w.last_lsn >= COALESCE(w.data_lsn, 0) THEN w.device_type END) AS first_device_type,
    MAX(CASE WHEN w.is_kept = 1 AND w.type IN ('I', 'L') AND w.is_copy_only = 0
      AND w.last_lsn >= COALESCE(w.data_lsn, 0) THEN w.device_type END) AS last_device_type,
    SUM(CASE WHEN w.is_kept = 1 AND w.is_damaged = 1 AND w.last_lsn >= COALESCE(w.data_lsn, 0) THEN 1 ELSE 0 END)
      AS damaged,
    ${ofNewest('D', 'full')},
    MAX(CASE WHEN w.newest = 1 AND w.is_sound = 1 AND w.type = 'D' THEN w.seconds END) AS full_seconds,
    ${ofNewest('I', 'incremental')},
    ${ofNewest('L', 'log')},
    SUM(CASE WHEN w.is_sound = 1 AND w.type = 'L' AND w.last_lsn > w.data_lsn THEN w.bytes END) AS logs_bytes,
    MAX(CASE WHEN w.is_point = 1 AND w.minutes <= 10080 THEN w.gap_minutes END) AS worst_gap_minutes,
    MAX(CASE WHEN w.is_point = 1 AND w.minutes <= 10080 AND w.gap_minutes IS NULL THEN w.minutes END)
      AS first_point_minutes
  FROM ${withRestorablePoints(`(SELECT r.*, CASE WHEN r.is_kept = 1 AND r.is_damaged = 0 THEN 1 ELSE 0 END AS is_sound,
      MAX(CASE WHEN r.is_kept = 1 AND r.type IN ('D', 'I') AND NOT (r.is_snapshot = 1 AND r.is_copy_only = 1)
        THEN r.last_lsn END) OVER (PARTITION BY r.database_id) AS data_lsn,
      MAX(CASE WHEN r.is_kept = 1 AND r.type = 'L' THEN r.last_lsn END) OVER (PARTITION BY r.database_id
        ORDER BY r.first_lsn, r.last_lsn ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS previous_lsn
    FROM (SELECT o.database_id, s.type, s.is_copy_only, s.is_snapshot, COALESCE(s.is_damaged, 0) AS is_damaged,
        s.has_backup_checksums, s.first_lsn, s.last_lsn, s.minutes, s.is_own, m.device_type,
        CONVERT(float, s.compressed_backup_size) AS bytes, s.user_name,
        DATEDIFF(second, s.backup_start_date, s.backup_finish_date) AS seconds,
        MAX(CASE WHEN s.is_own = 1 THEN s.minutes END) OVER () AS history_minutes,
        CASE WHEN s.is_own = 1 AND m.is_lost = 0 THEN 1 ELSE 0 END AS is_kept
      FROM (SELECT TOP (200000) u.database_name, u.media_set_id, u.backup_finish_date, u.type, u.is_copy_only,
          u.is_snapshot, u.is_damaged, u.has_backup_checksums, u.first_lsn, u.last_lsn, u.compressed_backup_size,
          u.backup_start_date, u.user_name,
          ${minutesSince('u')} AS minutes,
          CASE WHEN u.server_name COLLATE DATABASE_DEFAULT IN (@@SERVERNAME COLLATE DATABASE_DEFAULT,
            CONVERT(nvarchar(128), SERVERPROPERTY('ServerName')) COLLATE DATABASE_DEFAULT) THEN 1 ELSE 0 END AS is_own
        FROM msdb.dbo.backupset AS u
        WHERE u.backup_finish_date >= DATEADD(day, -32, GETDATE()) AND u.type IN ('D', 'I', 'L')
        ORDER BY u.backup_finish_date DESC) AS s
      JOIN sys.databases AS o ON o.name COLLATE DATABASE_DEFAULT = s.database_name COLLATE DATABASE_DEFAULT
        AND s.backup_finish_date >= o.create_date
      CROSS APPLY ${mediaOf('s')} AS m) AS r)`)} AS w
  GROUP BY w.database_id) AS h ON h.database_id = d.database_id
LEFT JOIN (SELECT p.database_id, CASE WHEN u.media_set_id IS NULL THEN 0 ELSE 1 END AS is_found, u.is_snapshot,
    u.is_damaged, u.has_backup_checksums, m.is_lost, m.device_type,
    CASE WHEN m.is_lost = 0 AND COALESCE(u.is_damaged, 0) = 0 THEN ${minutesSince('u')} END AS minutes
  FROM sys.master_files AS p
  OUTER APPLY (SELECT TOP (1) s.media_set_id, s.is_snapshot, s.is_damaged, s.has_backup_checksums,
    s.backup_finish_date, s.time_zone FROM msdb.dbo.backupset AS s
    WHERE s.backup_set_uuid = p.differential_base_guid ORDER BY s.backup_set_id DESC) AS u
  OUTER APPLY ${mediaOf('u')} AS m
  WHERE p.file_id = 1) AS b ON b.database_id = d.database_id
WHERE d.database_id <> 2 AND d.source_database_id IS NULL
ORDER BY d.database_id`,
} as const satisfies Queries[string]

const historyQueries = { ...databaseQueries, backupHistory: historyQuery } as const

const historyPrivileges = [
  ...databasePrivileges,
  'SELECT ON msdb.dbo.backupset',
  'SELECT ON msdb.dbo.backupmediafamily',
] as const

/** Minutes before now by the clock of the server; null: there is no such backup in the history. */
const LastBackup = z.int().nullable()

const Size = orUnknown(z.number().min(0))

/** Shape of the answer: a row for each database. */
const HistoryFacts = DatabaseFacts.extend({
  backupHistory: rows({
    database_id: z.int(),
    /** Since it was created, restored under this name, attached or renamed. */
    database_minutes: orUnknown(z.int()),
    database_bytes: orUnknown(z.number()),
    /** How far back reaches what was read of the history of all databases. */
    history_minutes: orUnknown(z.int()),
    other_server_backups: orUnknown(z.int()),
    last_full_minutes: LastBackup,
    last_incremental_minutes: LastBackup,
    last_log_minutes: LastBackup,
    /** Since the last full or incremental backup: log backups that do not follow on, that were discarded, their devices. */
    log_gaps: orUnknown(z.int()),
    log_lost: orUnknown(z.int()),
    log_device_types: orUnknown(z.int()),
    base_is_found: orUnknown(Bit),
    base_is_snapshot: orUnknown(Bit),
    base_is_lost: orUnknown(Bit),
    base_is_foreign: orUnknown(Bit),
    damaged_backups: orUnknown(z.int()),
    last_full_has_checksums: orUnknown(Bit),
    /** Of the newest of each type in the history: bytes that were written, device as in "backupmediafamily", account. */
    full_bytes: Size,
    full_seconds: orUnknown(z.int().min(0)),
    full_device: orUnknown(z.int()),
    full_user: orUnknown(z.string()),
    incremental_bytes: Size,
    incremental_device: orUnknown(z.int()),
    incremental_user: orUnknown(z.string()),
    log_bytes: Size,
    log_device: orUnknown(z.int()),
    log_user: orUnknown(z.string()),
    /** Of all log backups since the last full or incremental one. */
    logs_bytes: Size,
    /** Largest time between two points that could be restored to, of those of the last seven days. */
    worst_gap_minutes: orUnknown(z.int().min(0)),
    /** Age of the oldest of them, if nothing before it is known; null: something is. */
    first_point_minutes: orUnknown(z.int()),
    /** Where the last full or incremental backup ends, and from where to where the log backups after it and their gaps reach. */
    base_lsn: orUnknown(Lsn),
    logs_from_lsn: orUnknown(Lsn),
    logs_to_lsn: orUnknown(Lsn),
    gap_from_lsn: orUnknown(Lsn),
    gap_to_lsn: orUnknown(Lsn),
  }),
})
export type HistoryFacts = z.output<typeof HistoryFacts>
export type History = HistoryFacts['backupHistory'][number]

/** What an item over them asks, with the rights that it takes and the shape of the answer. */
export const asksHistory = {
  privileges: historyPrivileges,
  queries: historyQueries,
  facts: HistoryFacts,
} as const

const historiesOf = rowsBy(({ database_id }: History) => database_id)

/** What msdb says of a database; null: nothing, or no one thing. */
export const historyOf = ({ database_id }: DatabaseRow, { backupHistory }: HistoryFacts): History | null => {
  const [own, ...more] = historiesOf(backupHistory, database_id)
  return own && more.length === 0 ? own : null
}

/** Its other replicas may have taken backups that the msdb of this one does not show ("backupset" is local). */
export const sharesHistory = ({ replica_id, mirroring_role_desc }: DatabaseRow): boolean =>
  replica_id !== null || mirroring_role_desc !== null

/** Whether a new database is let be without what the others have. */
export const isInGrace = (
  row: DatabaseRow,
  { database_minutes }: Pick<History, 'database_minutes'>,
  { thresholdsFor }: CheckContext,
): boolean => {
  const grace = thresholdsFor(row.name).newDatabaseGraceHours * 60
  return database_minutes !== null && database_minutes >= 0 && database_minutes < grace
}
