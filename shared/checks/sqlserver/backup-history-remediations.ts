import type { Operation } from '../../model/operation.ts'
import type { Profile } from '../../model/profile.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import { backupHistorySteps as steps } from './backup-history-steps.ts'
import { tsql } from './languages.ts'
import { quoteString } from './quote.ts'
import { backUp } from './recovery-model-remediations.ts'
import { backupFile } from './remediations.ts'

/** The last backups of a database as msdb records them. */
export const verifyBackups = (database: string): Remediation['verify'] => ({
  language: tsql.name,
  query: `SELECT TOP (10) type, backup_finish_date, is_copy_only, server_name FROM msdb.dbo.backupset WHERE database_name = ${quoteString(database)} ORDER BY backup_finish_date DESC;`,
})

type Backup = Exclude<Operation, 'restore'>

const take: Readonly<Record<Backup, (database: string) => RemediationStep>> = {
  full: (database) => backUp(database, 'native'),
  incremental: (database) =>
    steps.backUpDifferences({ database, file: backupFile(database, 'differential.bak') }),
  log: (database) => steps.backUpLog({ database, file: backupFile(database, 'log.trn') }),
}

const after: Readonly<Record<Backup, Remediation['changes']>> = {
  full: { last_full_minutes: 0, has_differential_base: true },
  incremental: { last_incremental_minutes: 0 },
  log: { last_log_minutes: 0 },
}

/** For a backup that is too old or missing. Under `cloud-backup` by its plan, or it would belong to another tool. */
export const takeBackup = (database: string, backup: Backup, profile: Profile): Remediation => ({
  steps: [profile === 'cloud-backup' ? steps.findPlannedBackup({ database }) : take[backup](database)],
  verify: verifyBackups(database),
  changes: after[backup],
})

/** For backups of which the history of this server does not tell. */
export const findBackups = (database: string): Remediation => ({
  steps: [steps.showBackups({ database }), steps.lookElsewhere({ database })],
  verify: verifyBackups(database),
  changes: {},
})

/** For those that another replica may have taken. */
export const findOnReplicas = (database: string): Remediation => ({
  steps: [steps.lookAtReplicas({ database })],
  verify: verifyBackups(database),
  changes: {},
})
