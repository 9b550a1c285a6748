import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { BackupFact, backupPrivileges, backupQuery, mayBeBackedUpElsewhere } from './backup-facts.ts'
import { oracle } from './engine.ts'
import {
  DatabaseFact,
  type DestinationRow,
  DestinationRows,
  databaseQuery,
  destinationQuery,
} from './facts.ts'
import { sqlplus } from './languages.ts'
import { recoverySteps as steps } from './recovery-steps.ts'
import { roleOf, takesNoBackup } from './role.ts'

const texts = {
  LOGS_LOST: {
    en: '{count} archived logs from after the last backup are gone and were not backed up, the first of all sequence {sequence} of thread {thread}: no recovery gets past it.',
    zh: '最近一次备份之后的 {count} 个归档日志在备份之前已被删除，其中第一个为线程 {thread} 的序列 {sequence}：恢复无法越过该日志。',
  },
  LOGS_LOST_BEFORE: {
    en: '{count} archived logs from after the last full backup are gone and were not backed up, the first of them sequence {sequence} of thread {thread}. A later incremental backup leads past them, but to no time in between.',
    zh: '最近一次全量备份之后的 {count} 个归档日志在备份之前已被删除，其中第一个为线程 {thread} 的序列 {sequence}。可通过之后的增量备份越过，但无法恢复到其间的时间点。',
  },
  MAY_BE_ELSEWHERE: {
    en: '{count} archived logs are gone and were not backed up here. They may have been backed up at another copy of the database (Data Guard), of which this control file knows nothing.',
    zh: '{count} 个归档日志已不存在，且未在此处备份。它们可能已在该数据库的其他副本（Data Guard）上备份，本控制文件中没有其记录。',
  },
  NO_BASE: {
    en: 'No full backup is known that archived logs could lead on from.',
    zh: '没有已知的全量备份可供归档日志继续恢复。',
  },
  LOGS_UNKNOWN: {
    en: 'Whether archived logs are missing could not be determined.',
    zh: '无法判定是否缺少归档日志。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const affected: readonly Operation[] = ['log', 'restore']

interface Facts {
  readonly database: DatabaseFact
  readonly backups: BackupFact
  /** Null: they could not be read. */
  readonly destinations: readonly DestinationRow[] | null
}

const verifyLogs: Remediation['verify'] = {
  language: sqlplus.name,
  query:
    'SELECT thread#, sequence#, status, deleted, backup_count, next_time FROM v$archived_log ORDER BY next_time DESC FETCH FIRST 100 ROWS ONLY;',
}

/** A backup after the logs that are gone does not need them any more. */
const startAnew: Remediation = {
  steps: [steps.keepLogs({}), steps.takeFull({})],
  verify: verifyLogs,
  changes: { lost_since_full: 0, lost_since_backup: 0 },
}

const judgeLogs = ({ database, backups, destinations }: Facts): Draft[] => {
  const { files, files_without_full, lost_since_full, lost_since_backup } = backups
  const about = {
    object: { type: 'instance', name: database.name },
    observed: { lost_since_full, lost_since_backup },
    expected: { lost_since_full: 0 },
  } as const
  if (files === null || files_without_full === null || lost_since_full === null || lost_since_backup === null)
    return [{ ...about, code: 'LOGS_UNKNOWN', obscures: [...affected] }]
  // How old backups are, and that there is none, is said of the last backup.
  if (files_without_full >= files) return [{ ...about, code: 'NO_BASE' }]
  const count = Math.max(lost_since_full, lost_since_backup)
  if (count === 0) return []
  const params = {
    count,
    thread: backups.lost_thread ?? '-',
    sequence: backups.lost_sequence ?? '-',
  }
  if (mayBeBackedUpElsewhere(database.database_role, destinations))
    return [{ ...about, code: 'MAY_BE_ELSEWHERE', params: { count }, obscures: [...affected] }]
  const fixable = { ...about, params, remediation: startAnew }
  return lost_since_backup > 0
    ? [{ ...fixable, code: 'LOGS_LOST', degrades: ['log'], blocks: ['restore'] }]
    : [{ ...fixable, code: 'LOGS_LOST_BEFORE', degrades: ['restore'] }]
}

/**
 * Verifies that every archived log from after the last full backup is still there or was backed up. What was removed
 * without RMAN is known to be gone only after it has looked (CROSSCHECK); backups that were deleted since are judged as
 * if they were there.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_ARCHIVED_LOG_GAP',
  set: 'standard',
  title: {
    en: 'No archived log is gone that was not backed up',
    zh: '归档日志连续性检查：没有未备份即丢失的归档日志',
  },
  failureTitle: {
    en: 'Archived logs are gone that were not backed up',
    zh: '归档日志连续性检查：存在未备份即丢失的归档日志',
  },
  description: {
    en: 'Checks whether archived logs from after the last full backup were deleted before they were backed up, as far as RMAN knows. If the check fails, the database can be recovered only to the time of the first one that is missing.',
    zh: '检查最近一次全量备份之后的归档日志是否在备份之前已被删除（以 RMAN 的记录为准）。如果未通过，则只能将数据库恢复到第一个缺失的日志之前。',
  },
  affects: () => affected,
  texts,
  privileges: [...backupPrivileges, 'SELECT ON SYS.GV_$ARCHIVE_DEST'],
  fixes: [steps.keepLogs, steps.takeFull],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ARCHIVED_LOG.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/bradv/maintaining-rman-backups.html',
  ],
  queries: { database: databaseQuery, destinations: destinationQuery, backups: backupQuery },
  facts: z.object({ database: DatabaseFact, destinations: DestinationRows, backups: BackupFact }),
  evaluate: (facts) => {
    const { database, backups } = facts
    // In NOARCHIVELOG there are no logs, and nobody backs up what has no data: others say so.
    if (database.log_mode === 'NOARCHIVELOG' || takesNoBackup(roleOf(database.database_role)))
      return { findings: [] }
    return {
      findings: judgeLogs(facts),
      observed: { lost_since_full: backups.lost_since_full, lost_since_backup: backups.lost_since_backup },
    }
  },
})
