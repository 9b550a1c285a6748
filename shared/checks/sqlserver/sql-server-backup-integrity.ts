import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { backupHistorySteps } from './backup-history-steps.ts'
import { type HistoryFacts, asksHistory, historyOf } from './backup-history.ts'
import { backUpSound, backUpWithChecksum, findBackups } from './backup-history-remediations.ts'
import { onDatabase } from './database-finding.ts'
import type { DatabaseRow } from './databases.ts'
import { sqlserver } from './engine.ts'
import { ownTexts, overOwnDatabases } from './own-databases.ts'
import { recoveryModelSteps } from './recovery-model-steps.ts'
import { sqlServerSteps } from './steps.ts'

const texts = {
  ...ownTexts,
  BACKUP_DAMAGED: {
    en: '{damaged} backups of {database} found damage in it and went on regardless, and no sound one followed: a restore from them fails, or brings the damage back.',
    zh: '{database} 有 {damaged} 个备份在检测到损坏后仍继续执行，且此后没有完好的备份：从中还原会失败，或带回损坏的数据。',
  },
  NO_CHECKSUM: {
    en: 'The last full backup of {database} has no checksums: damage that happens on the way to it or in it may only show in a restore.',
    zh: '{database} 最近一次全量备份没有校验和：备份过程中或备份文件的损坏可能在还原时才会发现。',
  },
  INTEGRITY_UNKNOWN: {
    en: 'It is unknown whether the backups of {database} are sound: msdb does not say.',
    zh: '无法判定 {database} 的备份是否完好：msdb 中没有相应记录。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const judgeDatabase = (row: DatabaseRow, facts: HistoryFacts, { target }: CheckContext): Draft[] => {
  const history = historyOf(row, facts)
  const { damaged_backups = null, last_full_has_checksums = null } = history ?? {}
  // Where there is no full backup, another item says so.
  const isChecked = history?.last_full_minutes === null ? 'no backup' : last_full_has_checksums
  const findings: Draft[] = []
  if (damaged_backups) {
    findings.push(
      onDatabase(row, {
        code: 'BACKUP_DAMAGED',
        params: { damaged: damaged_backups },
        observed: { damaged_backups },
        expected: { damaged_backups: 0 },
        degrades: ['restore'],
        remediation: backUpSound(row.name, target.definition.profile),
      }),
    )
  }
  if (isChecked === false) {
    findings.push(
      onDatabase(row, {
        code: 'NO_CHECKSUM',
        observed: { last_full_has_checksums },
        expected: { last_full_has_checksums: true },
        degrades: ['restore'],
        remediation: backUpWithChecksum(row.name),
      }),
    )
  }
  if (damaged_backups === null || isChecked === null) {
    findings.push(
      onDatabase(row, {
        code: 'INTEGRITY_UNKNOWN',
        observed: { damaged_backups, last_full_has_checksums },
        expected: { damaged_backups: 0, last_full_has_checksums: true },
        obscures: ['restore'],
        remediation: findBackups(row.name),
      }),
    )
  }
  return findings
}

/**
 * Verifies that the backups which a restore would need now are sound, as far as the server noticed when it took them:
 * none was continued over damage, and the last full one has checksums, which a restore and RESTORE VERIFYONLY check.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_BACKUP_INTEGRITY',
  set: 'standard',
  title: { en: 'Backups are sound and have checksums', zh: '备份完整性检查：备份完好且有校验和' },
  failureTitle: {
    en: 'Backups are damaged or without checksums, or it is unknown whether they are',
    zh: '备份完整性检查：有备份已损坏、没有校验和，或无法判定',
  },
  description: {
    en: 'Checks whether the last backups of every database found damage in it, and whether the last full one has checksums. A damaged backup may not be restorable.',
    zh: '检查每个数据库最近的备份是否检测到损坏，以及最近一次全量备份是否有校验和。损坏的备份可能无法还原。',
  },
  affects: () => ['restore'],
  texts,
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/system-tables/backupset-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/possible-media-errors-during-backup-and-restore-sql-server',
  ],
  fixes: [
    recoveryModelSteps.backUp,
    sqlServerSteps.checkDatabase,
    backupHistorySteps.lookElsewhere,
    recoveryModelSteps.runPlannedBackup,
    backupHistorySteps.showBackups,
    backupHistorySteps.withChecksum,
  ],
  ...asksHistory,
  evaluate: (facts, context) => overOwnDatabases(facts, (row) => judgeDatabase(row, facts, context)),
})
