import * as z from 'zod'
import type { Measurement } from '../../model/measured-number.ts'
import { fullBackupAge } from '../../model/observation.ts'
import { allOperations } from '../../model/operation.ts'
import { defineCheck } from '../framework/define-check.ts'
import { ageTexts, judgeAges } from './backup-ages.ts'
import {
  BackupFact,
  RmanRows,
  backupPrivileges,
  backupQuery,
  rmanPrivileges,
  rmanQuery,
} from './backup-facts.ts'
import { jobTexts, judgeJobs } from './backup-jobs.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, DestinationRows, databaseQuery, destinationQuery } from './facts.ts'
import { protectionIn } from './protection.ts'
import { recoverySteps } from './recovery-steps.ts'
import { roleOf, takesNoBackup } from './role.ts'

const observationsOf = (database: DatabaseFact, fact: BackupFact): Measurement[] => {
  const object = { type: 'instance', name: database.name } as const
  const isWhole = fact.files_without_full === 0
  const ages = [
    { name: fullBackupAge, value: isWhole ? fact.full_minutes : null },
    { name: 'last-backup-age-minutes', value: isWhole ? fact.backup_minutes : null },
    { name: 'log-backup-age-minutes', value: fact.log_minutes },
  ] as const
  return ages.flatMap(({ name, value }) => (value === null ? [] : [{ name, object, value }]))
}

/**
 * Verifies that backups are as recent as the policies want them, for all data files, and that the last job of each type
 * did not fail. It knows what the control file knows: what that may have forgotten, and what another copy of the
 * database knows, is unknown here, and never missing.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_LAST_BACKUP',
  set: 'standard',
  title: { en: 'The last backups are recent and succeeded', zh: '最近备份检查：备份及时且成功' },
  failureTitle: { en: 'Backups are too old, or the last one failed', zh: '最近备份检查：备份过旧或失败' },
  description: {
    en: 'Checks the age of the last full, incremental and log backups that RMAN recorded in the control file, and how the last jobs ended. If the check fails, more is lost in a disaster than planned.',
    zh: '检查 RMAN 在控制文件中记录的最近一次全量、增量和日志备份的时间，以及最近作业的结果。如果未通过，发生灾难时的数据损失将超出预期。',
  },
  affects: () => allOperations,
  texts: { ...ageTexts, ...jobTexts },
  privileges: [...backupPrivileges, ...rmanPrivileges, 'SELECT ON SYS.GV_$ARCHIVE_DEST'],
  fixes: [
    recoverySteps.checkOtherCopies,
    recoverySteps.keepRecords,
    recoverySteps.mendJob,
    recoverySteps.showJobs,
    recoverySteps.takeFull,
    recoverySteps.takeIncremental,
    recoverySteps.takeLogs,
  ],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-BACKUP_DATAFILE.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RMAN_STATUS.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/CONTROL_FILE_RECORD_KEEP_TIME.html',
  ],
  queries: { database: databaseQuery, destinations: destinationQuery, backups: backupQuery, rman: rmanQuery },
  facts: z.object({
    database: DatabaseFact,
    destinations: DestinationRows,
    backups: BackupFact,
    rman: RmanRows,
  }),
  evaluate: (facts, context) => {
    const { database, backups, destinations, rman } = facts
    if (takesNoBackup(roleOf(database.database_role))) return { findings: [] }
    return {
      findings: [...judgeAges(facts, context), ...judgeJobs(database, rman)],
      observed: {
        full_minutes: backups.full_minutes,
        backup_minutes: backups.backup_minutes,
        log_minutes: backups.log_minutes,
      },
      observations: observationsOf(database, backups),
      protection: [protectionIn(database, backups, destinations, context)],
    }
  },
})
