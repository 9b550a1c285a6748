import * as z from 'zod'
import { oneRow, orUnknown, rows } from '../framework/answer.ts'
import type { Query } from '../framework/question.ts'
import type { DestinationRow } from './facts.ts'
import { type Role, roleOf } from './role.ts'

/**
 * What the control file knows of backups, as numbers. Ages are taken in SQL, since the times in it are local times of
 * the server. A backup counts while a copy of each of its pieces is available; one that RMAN deleted, or did not find
 * any more, restores nothing. A data file counts from its creation, since numbers are used again; read-only ones are
 * not backed up every time, and the seed never changes. A log is lost when no copy of it is left and it was not backed
 * up; that its backup was deleted since is not seen here. A day more than a year is the furthest that an age may reach.
 */
export const backupQuery: Query = {
  sql: `SELECT MAX(f.files) AS files, MAX(f.files_without_full) AS files_without_full,
  MAX(f.files_without_base) AS files_without_base, ROUND((SYSDATE - MAX(f.created)) * 1440) AS unprotected_minutes,
  ROUND((SYSDATE - MAX(f.full_time)) * 1440) AS full_minutes,
  ROUND((SYSDATE - MAX(f.last_time)) * 1440) AS backup_minutes,
  ROUND((SYSDATE - MAX(s.log_time)) * 1440) AS log_minutes,
  ROUND((SYSDATE - MAX(d.created)) * 1440) AS database_minutes,
  ROUND((SYSDATE - MAX(d.controlfile_created)) * 1440) AS control_file_minutes, MAX(p.keep_days) AS keep_days,
  COUNT(CASE WHEN l.next_change# > f.full_change THEN 1 END) AS lost_since_full,
  COUNT(CASE WHEN l.next_change# > f.last_change THEN 1 END) AS lost_since_backup,
  MIN(l.thread#) KEEP (DENSE_RANK FIRST ORDER BY CASE WHEN l.next_change# > f.full_change THEN l.next_change# END
  NULLS LAST) AS lost_thread,
  MIN(l.sequence#) KEEP (DENSE_RANK FIRST ORDER BY CASE WHEN l.next_change# > f.full_change THEN l.next_change# END
  NULLS LAST, l.thread#) AS lost_sequence,
  COUNT(CASE WHEN l.next_time > SYSDATE - 7 THEN 1 END) AS lost_recently, MAX(f.full_bytes) AS full_bytes,
  MAX(t.bytes_per_second) AS bytes_per_second, MAX(t.data_device) AS data_device, MAX(t.log_device) AS log_device,
  MAX(g.worst_gap_minutes) AS worst_gap_minutes, MAX(g.first_log_minutes) AS first_log_minutes
  FROM (SELECT COUNT(*) AS files, COUNT(CASE WHEN b.full_time IS NULL THEN 1 END) AS files_without_full,
  COUNT(CASE WHEN b.base_time IS NULL THEN 1 END) AS files_without_base,
  MIN(CASE WHEN b.full_time IS NULL THEN b.creation_time END) AS created, MIN(b.full_time) AS full_time,
  MIN(b.last_time) AS last_time, SUM(b.full_bytes) AS full_bytes,
  MIN(b.full_change) AS full_change, MIN(b.last_change) AS last_change
  FROM (SELECT v.file#, v.creation_time,
  MAX(CASE WHEN NVL(c.incremental_level, 0) = 0 THEN c.completion_time END) AS full_time,
  MAX(CASE WHEN c.incremental_level = 0 THEN c.completion_time END) AS base_time,
  MAX(c.completion_time) AS last_time,
  MAX(CASE WHEN NVL(c.incremental_level, 0) = 0 THEN c.checkpoint_change# END) AS full_change,
  MAX(c.checkpoint_change#) AS last_change,
  MAX(CASE WHEN NVL(c.incremental_level, 0) = 0 THEN c.bytes END) KEEP (DENSE_RANK LAST ORDER BY
  CASE WHEN NVL(c.incremental_level, 0) = 0 THEN c.completion_time END NULLS FIRST) AS full_bytes
  FROM v$datafile v LEFT JOIN (SELECT b.file#, b.incremental_level, b.completion_time, b.checkpoint_change#,
  b.blocks * b.block_size AS bytes
  FROM v$backup_datafile b JOIN (SELECT set_stamp, set_count FROM (SELECT set_stamp, set_count, piece#,
  MAX(CASE WHEN status = 'A' THEN 1 ELSE 0 END) AS held FROM v$backup_piece GROUP BY set_stamp, set_count, piece#)
  GROUP BY set_stamp, set_count HAVING MIN(held) = 1) a ON a.set_stamp = b.set_stamp AND a.set_count = b.set_count
  WHERE b.completion_time > SYSDATE - 367
  UNION ALL SELECT file#, incremental_level, completion_time, checkpoint_change#, blocks * block_size
  FROM v$datafile_copy
  WHERE status = 'A' AND completion_time > SYSDATE - 367) c ON c.file# = v.file# AND c.completion_time > v.creation_time
  WHERE v.enabled <> 'READ ONLY' AND v.con_id <> 2 GROUP BY v.file#, v.creation_time) b) f
  CROSS JOIN (SELECT MAX(completion_time) AS log_time FROM v$backup_set WHERE backup_type = 'L') s
  CROSS JOIN (SELECT SUM(CASE WHEN s.backup_type <> 'L' THEN p.bytes END)
  / NULLIF(SUM(CASE WHEN s.backup_type <> 'L' THEN s.elapsed_seconds END), 0) AS bytes_per_second,
  MAX(CASE WHEN s.backup_type <> 'L' THEN p.device_type END) KEEP (DENSE_RANK LAST ORDER BY
  CASE WHEN s.backup_type <> 'L' THEN s.completion_time END NULLS FIRST) AS data_device,
  MAX(CASE WHEN s.backup_type = 'L' THEN p.device_type END) KEEP (DENSE_RANK LAST ORDER BY
  CASE WHEN s.backup_type = 'L' THEN s.completion_time END NULLS FIRST) AS log_device
  FROM v$backup_set s JOIN (SELECT set_stamp, set_count, SUM(bytes) AS bytes, MAX(device_type) AS device_type
  FROM v$backup_piece WHERE status = 'A' AND copy# = 1 GROUP BY set_stamp, set_count) p
  ON p.set_stamp = s.set_stamp AND p.set_count = s.set_count WHERE s.completion_time > SYSDATE - 32) t
  CROSS JOIN (SELECT MAX(CASE WHEN completion_time > SYSDATE - 7 THEN ROUND((completion_time - before) * 1440) END)
  AS worst_gap_minutes, MAX(CASE WHEN completion_time > SYSDATE - 7 AND before IS NULL
  THEN ROUND((SYSDATE - completion_time) * 1440) END) AS first_log_minutes FROM (SELECT completion_time,
  LAG(completion_time) OVER (ORDER BY completion_time) AS before FROM v$backup_set WHERE backup_type = 'L')) g
  CROSS JOIN v$database d
  CROSS JOIN (SELECT MAX(CASE WHEN name = 'control_file_record_keep_time' THEN TO_NUMBER(value) END) AS keep_days
  FROM v$parameter WHERE name = 'control_file_record_keep_time') p
  LEFT JOIN (SELECT resetlogs_change#, thread#, sequence#, MAX(next_change#) AS next_change#,
  MAX(next_time) AS next_time FROM v$archived_log
  WHERE standby_dest = 'NO' GROUP BY resetlogs_change#, thread#, sequence# HAVING MAX(backup_count) = 0
  AND MAX(CASE WHEN status = 'A' AND deleted = 'NO' AND name IS NOT NULL THEN 1 ELSE 0 END) = 0) l
  ON l.resetlogs_change# = d.resetlogs_change#`,
}

/** The clock of a server may be set back by an hour; what is further in the future says nothing of an age. */
const furthestAhead = -120
const Age = orUnknown(z.number().min(furthestAhead))
const Count = orUnknown(z.int().min(0))

export const BackupFact = oneRow({
  /** Data files that have to be backed up. */
  files: Count,
  /** Of those, files of which no full backup is known, of level 0 or of none. */
  files_without_full: Count,
  /** Of those, files of which no backup of level 0 is known, on which one of level 1 could be based. */
  files_without_base: Count,
  /** How long the oldest file without a full backup has been there; null: all have one. */
  unprotected_minutes: Age,
  /** Age of the last full backup of the file for which it is oldest; null: no file has one. */
  full_minutes: Age,
  /** Age of the last backup of any level of the file for which it is oldest. */
  backup_minutes: Age,
  /** Age of the last backup of archived logs; null: none is known. */
  log_minutes: Age,
  database_minutes: Age,
  /** How long the control file has been there, which knows of nothing before, unless it was told. */
  control_file_minutes: Age,
  /** How long it keeps such records at least. */
  keep_days: Count,
  /** Archived logs that are lost, from after the oldest of the last full backups. */
  lost_since_full: Count,
  /** From after the oldest of the last backups of any level. */
  lost_since_backup: Count,
  /** The first of them. */
  lost_thread: orUnknown(z.int()),
  lost_sequence: orUnknown(z.int()),
  /** Archived logs of the last seven days that are lost. */
  lost_recently: Count,
  /** Of the last full backups of all files, as they were written. */
  full_bytes: orUnknown(z.number().min(0)),
  /** Of a channel, over the backups of data files of the last 32 days. */
  bytes_per_second: orUnknown(z.number().min(0)),
  /** Where the last backup of data files, and that of archived logs, went. */
  data_device: orUnknown(z.string()),
  log_device: orUnknown(z.string()),
  /** Largest time between log backups, of those of the last seven days; the age of the first, if none is known before it. */
  worst_gap_minutes: Count,
  first_log_minutes: orUnknown(z.number()),
})
export type BackupFact = z.output<typeof BackupFact>

/** The rights that the statement needs. */
export const backupPrivileges = [
  'SELECT ON SYS.V_$DATABASE',
  'SELECT ON SYS.V_$DATAFILE',
  'SELECT ON SYS.V_$BACKUP_DATAFILE',
  'SELECT ON SYS.V_$BACKUP_PIECE',
  'SELECT ON SYS.V_$BACKUP_SET',
  'SELECT ON SYS.V_$DATAFILE_COPY',
  'SELECT ON SYS.V_$ARCHIVED_LOG',
  'SELECT ON SYS.V_$PARAMETER',
] as const

/** How far back the control file knows of backups for sure, in minutes; null where that is not known. */
export const historyOf = ({ keep_days, control_file_minutes }: BackupFact): number | null =>
  keep_days === null || control_file_minutes === null
    ? null
    : Math.min(keep_days * 1440, control_file_minutes)

/** Targets of a destination that receives redo for another copy of the database ("V$ARCHIVE_DEST"). */
const ofCopies: readonly string[] = ['STANDBY', 'REMOTE']

/**
 * True if backups may be taken of another copy of the database: it is a standby, or has one, or nobody can say. RMAN
 * backs up either, and the control file of one does not know what was backed up at the other ("Using RMAN to Back Up
 * and Restore Files", Data Guard Concepts and Administration).
 */
export const mayBeBackedUpElsewhere = (
  databaseRole: string,
  destinations: readonly DestinationRow[] | null,
): boolean => {
  const { redo }: Role = roleOf(databaseRole)
  return (
    redo !== 'own' || destinations === null || destinations.some(({ target }) => ofCopies.includes(target))
  )
}

/**
 * What RMAN did and is set to do, and how redo logs and data files stand: the last job of each type that has ended,
 * jobs that run, what is configured beside the defaults, and data files in backup mode. Sizes of it are bounded by the
 * server.
 */
export const rmanQuery: Query = {
  sql: `SELECT 'job' AS kind, object_type AS name,
  MAX(status) KEEP (DENSE_RANK LAST ORDER BY start_time, recid) AS value, COUNT(*) AS amount,
  ROUND((SYSDATE - MAX(start_time)) * 1440) AS minutes FROM v$rman_status WHERE row_type = 'COMMAND'
  AND operation = 'BACKUP' AND status NOT LIKE 'RUNNING%' AND start_time > SYSDATE - 31 GROUP BY object_type
  UNION ALL SELECT 'running', object_type, status, TO_NUMBER(NULL), ROUND((SYSDATE - start_time) * 1440)
  FROM v$rman_status WHERE row_type = 'COMMAND' AND operation = 'BACKUP' AND status LIKE 'RUNNING%' AND ROWNUM <= 20
  UNION ALL SELECT 'autobackup', NULL, MIN(value), COUNT(*), TO_NUMBER(NULL) FROM v$rman_configuration
  WHERE name = 'CONTROLFILE AUTOBACKUP'
  UNION ALL SELECT 'default-device', NULL, MAX(value), COUNT(*), TO_NUMBER(NULL) FROM v$rman_configuration
  WHERE name = 'DEFAULT DEVICE TYPE TO'
  UNION ALL SELECT 'sbt-channel', NULL, NULL, COUNT(*), TO_NUMBER(NULL) FROM v$rman_configuration
  WHERE name LIKE 'CHANNEL%' AND value LIKE '%SBT%'
  UNION ALL SELECT 'snapshot', NULL, MAX(value), COUNT(*), TO_NUMBER(NULL) FROM v$rman_configuration
  WHERE name = 'SNAPSHOT CONTROLFILE NAME'
  UNION ALL SELECT 'retention', NULL, MAX(value), COUNT(*), TO_NUMBER(NULL) FROM v$rman_configuration
  WHERE name = 'RETENTION POLICY'
  UNION ALL SELECT 'redo-member', member, NVL(status, 'IN USE'), group#, TO_NUMBER(NULL) FROM v$logfile
  WHERE type = 'ONLINE'
  UNION ALL SELECT 'backup-mode', NULL, NULL, COUNT(*), ROUND((SYSDATE - MIN(time)) * 1440) FROM v$backup
  WHERE status = 'ACTIVE'`,
}

export const RmanRows = rows({
  kind: z.enum([
    'job',
    'running',
    'autobackup',
    'default-device',
    'sbt-channel',
    'snapshot',
    'retention',
    'redo-member',
    'backup-mode',
  ]),
  /** What a job backs up, or a file. */
  name: orUnknown(z.string()),
  /** Status of a job or a file, or value of a setting. */
  value: orUnknown(z.string()),
  /** Jobs of that type, how often something is configured (0: the default holds), a group, or data files in backup mode. */
  amount: Count,
  /** Since a job began, or since the first data file has been in backup mode. */
  minutes: Age,
})
export type RmanRow = z.output<typeof RmanRows>[number]

/** The rights that the statement needs. */
export const rmanPrivileges = [
  'SELECT ON SYS.V_$RMAN_STATUS',
  'SELECT ON SYS.V_$RMAN_CONFIGURATION',
  'SELECT ON SYS.V_$LOGFILE',
  'SELECT ON SYS.V_$BACKUP',
] as const

/** The rows of that kind. */
export const rmanOf = (rman: readonly RmanRow[], kind: RmanRow['kind']): readonly RmanRow[] =>
  rman.filter((row) => row.kind === kind)
