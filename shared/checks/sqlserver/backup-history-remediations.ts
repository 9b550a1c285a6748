import type { Operation } from '../../model/operation.ts'
import type { Profile } from '../../model/profile.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import { backupHistorySteps as steps } from './backup-history-steps.ts'
import { tsql } from './languages.ts'
import { quoteString } from './quote.ts'
import { backUp } from './recovery-model-remediations.ts'
import { recoveryModelSteps } from './recovery-model-steps.ts'
import { backupFile } from './remediations.ts'
import { sqlServerSteps as databaseSteps } from './steps.ts'

/** What begins a broken chain anew, of log backups or of incremental ones. */
export const fixesOfChains = [
  recoveryModelSteps.backUp,
  steps.lookAtReplicas,
  steps.lookElsewhere,
  steps.oneTool,
  recoveryModelSteps.runPlannedBackup,
  steps.showBackups,
  steps.stopDiscarding,
] as const

/** The last backups of a database as msdb records them. */
const verifyBackups = (database: string): Remediation['verify'] => ({
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

/** For a log chain with a gap: a full backup begins anew, what lies before it stays lost. */
export const startAnew = (database: string, isDiscarded: boolean, profile: Profile): Remediation => ({
  steps: [
    steps.showBackups({ database }),
    ...(isDiscarded ? [steps.stopDiscarding({ database })] : []),
    backUp(database, profile),
  ],
  verify: verifyBackups(database),
  changes: { log_gaps: 0, log_lost: 0 },
})

/** For backups of two tools, each of which has only a part of what a restore needs. */
export const decideOnTool = (database: string): Remediation => ({
  steps: [steps.showBackups({ database }), steps.oneTool({ database })],
  verify: verifyBackups(database),
  changes: {},
})

/** For a base of incremental backups that is gone or that another tool has. */
export const newBase = (database: string, isDiscarded: boolean, profile: Profile): Remediation => ({
  steps: [
    steps.showBackups({ database }),
    isDiscarded ? steps.stopDiscarding({ database }) : steps.oneTool({ database }),
    backUp(database, profile),
  ],
  verify: verifyBackups(database),
  changes: { base_is_lost: false, base_is_snapshot: false, base_is_foreign: false },
})

/** For damage that a backup found: first in the database, then in its backups. */
export const backUpSound = (database: string, profile: Profile): Remediation => ({
  steps: [databaseSteps.checkDatabase({ database }), backUp(database, profile)],
  verify: verifyBackups(database),
  changes: { damaged_backups: 0 },
})

/** For backups without checksums. */
export const backUpWithChecksum = (database: string): Remediation => ({
  steps: [steps.withChecksum({ database })],
  verify: {
    language: tsql.name,
    query: `SELECT TOP (10) type, backup_finish_date, has_backup_checksums, is_damaged FROM msdb.dbo.backupset WHERE database_name = ${quoteString(database)} ORDER BY backup_finish_date DESC;`,
  },
  changes: { last_full_has_checksums: true },
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
