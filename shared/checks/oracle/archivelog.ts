import * as z from 'zod'
import { backupOperations } from '../../model/operation.ts'
import type { Profile } from '../../model/profile.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { oracle } from './engine.ts'
import { destinationTexts, judgeDestinations } from './archive-destinations.ts'
import { archiverStuck, stuckTexts } from './archiver-stuck.ts'
import { archiverTexts, archives, judgeArchiver } from './archivers.ts'
import {
  DatabaseFact,
  DestinationRows,
  type InstanceRow,
  InstanceRows,
  databaseQuery,
  destinationQuery,
  instanceQuery,
  isCluster,
} from './facts.ts'
import { archiveSteps as steps } from './archive-steps.ts'
import { instanceSteps } from './instance-steps.ts'
import { sqlplus } from './languages.ts'
import { roleOf, takesNoBackup } from './role.ts'

const texts = {
  NOARCHIVELOG: {
    en: 'The database is in NOARCHIVELOG mode, not ARCHIVELOG: you cannot back it up while it is open, nor back up its logs.',
    zh: '数据库处于非归档模式（NOARCHIVELOG）：无法在打开状态下备份数据库，也无法备份日志。',
  },
  ARCHIVE_MANUAL: {
    en: 'The database is in manual archiving mode (MANUAL, not ARCHIVELOG): redo logs must be archived by hand.',
    zh: '数据库为手动归档模式（MANUAL 而非 ARCHIVELOG）：重做日志需要人工归档。',
  },
  LOG_MODE_UNKNOWN: {
    en: 'The archive mode is unknown: the server reports {mode}.',
    zh: '无法判定归档模式：服务器返回 {mode}。',
  },
  ...archiverTexts,
  ...destinationTexts,
  ...stuckTexts,
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

const verifyMode: Remediation['verify'] = {
  language: sqlplus.name,
  query: 'SELECT name, log_mode FROM v$database;',
}
const changes = { log_mode: 'ARCHIVELOG' }

/** "Changing the Database Archiving Mode", Oracle Database Administrator's Guide. */
const onOneInstance: Remediation['steps'] = [
  steps.shutDown({}),
  steps.startMounted({}),
  steps.setArchivelog({}),
  instanceSteps.open({}),
]

/** "Changing the Archiving Mode in Oracle RAC", RAC administration guide: the database must not be open on any instance. */
const onCluster = (name: string): Remediation['steps'] => [
  steps.stopCluster({ name }),
  steps.mountCluster({ name }),
  steps.setArchivelog({}),
  steps.stopCluster({ name }),
  steps.startCluster({ name }),
]

/** A standby that receives its redo has the mode of its primary. Nothing can be said of what has no known role. */
const setArchivelog = (
  database: DatabaseFact,
  instances: readonly InstanceRow[],
): Remediation | undefined => {
  const role = roleOf(database.database_role)
  if (role.redo === 'unknown') return undefined
  if (role.redo === 'received') return { steps: [steps.setOnPrimary({})], verify: verifyMode, changes }
  const { db_unique_name, cdb, log_mode } = database
  const isLogical = role.term === 'logical-standby'
  return {
    steps: [
      steps.sizeRecoveryArea({}),
      ...(isLogical ? [steps.stopSqlApply({})] : []),
      ...(isCluster(instances) ? onCluster(db_unique_name) : onOneInstance),
      ...(cdb === 'NO' ? [] : [steps.openPluggables({})]),
      ...(isLogical ? [steps.startSqlApply({})] : []),
      steps.listMode({}),
      ...(log_mode === 'NOARCHIVELOG' ? [steps.backUpInFull({})] : []),
    ],
    verify: verifyMode,
    changes,
  }
}

/**
 * Cloud Backup: "you cannot back up the Oracle databases". Natively a consistent full backup from MOUNT remains
 * ("Backing Up in NOARCHIVELOG Mode", RMAN user's guide), so that only log backup is lost for good.
 */
const lostWithoutArchivelog = (profile: Profile) =>
  profile === 'cloud-backup'
    ? { blocks: [...backupOperations] }
    : { blocks: ['log' as const], degrades: ['full' as const, 'incremental' as const] }

/** Judges every archive mode but ARCHIVELOG. */
const judgeOtherMode = (
  database: DatabaseFact,
  instances: readonly InstanceRow[],
  { target }: CheckContext,
): Draft[] => {
  const { name, log_mode } = database
  const about = {
    object: { type: 'instance', name },
    observed: { log_mode },
    expected: { log_mode: 'ARCHIVELOG' },
  } as const
  const remediation = setArchivelog(database, instances)
  const fixable = { ...about, ...(remediation && { remediation }) }
  switch (log_mode) {
    case 'MANUAL':
      return [{ ...fixable, code: 'ARCHIVE_MANUAL', degrades: [...backupOperations] }]
    case 'NOARCHIVELOG': {
      const effect = lostWithoutArchivelog(target.definition.profile)
      return [{ ...fixable, code: 'NOARCHIVELOG', ...effect }]
    }
    default: {
      const params = { mode: log_mode }
      return [{ ...about, code: 'LOG_MODE_UNKNOWN', params, obscures: [...backupOperations] }]
    }
  }
}

/**
 * Verifies that the archive mode is normal: ARCHIVELOG, an archiver that runs, and a local destination that takes logs.
 * Blocks every backup of the instance under `cloud-backup`, no restore. The fix needs MOUNT, which means downtime.
 */
export default defineCheck(oracle, {
  id: 'ARCHIVELOG',
  set: 'essential',
  title: { en: 'The archive mode is normal', zh: '归档模式检查：归档模式正常' },
  failureTitle: { en: 'The archive mode is not normal', zh: '归档模式检查：归档模式异常' },
  description: {
    en: 'Checks whether the database archives its redo logs to a valid destination. If the check fails, you cannot back up the database while it is open.',
    zh: '检查数据库是否将重做日志归档到可用的目的地。如果未通过，则无法在数据库打开时备份。',
  },
  affects: () => backupOperations,
  texts,
  privileges: ['SELECT ON SYS.V_$DATABASE', 'SELECT ON SYS.GV_$INSTANCE', 'SELECT ON SYS.GV_$ARCHIVE_DEST'],
  fixes: [
    steps.archiveAll,
    steps.backUpInFull,
    steps.enableDestination,
    steps.fixDestination,
    steps.freeForArchiver,
    steps.freeSpace,
    instanceSteps.grant,
    steps.listMode,
    steps.mountCluster,
    instanceSteps.open,
    steps.openPluggables,
    steps.setArchivelog,
    steps.setDestination,
    steps.setOnPrimary,
    steps.showDestinations,
    steps.showRecoveryArea,
    steps.shutDown,
    steps.sizeRecoveryArea,
    steps.startCluster,
    steps.startMounted,
    steps.startSqlApply,
    steps.stopCluster,
    steps.stopSqlApply,
  ],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/admin/managing-archived-redo-log-files.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ARCHIVE_DEST.html',
  ],
  claims: { ORACLE_ARCHIVER_STUCK: archiverStuck },
  queries: { database: databaseQuery, instances: instanceQuery, destinations: destinationQuery },
  facts: z.object({ database: DatabaseFact, instances: InstanceRows, destinations: DestinationRows }),
  evaluate: ({ database, instances, destinations }, context) => {
    const observed = { log_mode: database.log_mode, destinations: destinations?.length ?? null }
    const role = roleOf(database.database_role)
    // Nobody backs up what has no data: that is said by the item that judges the database.
    if (takesNoBackup(role)) return { findings: [], observed }
    if (database.log_mode !== 'ARCHIVELOG')
      return { findings: judgeOtherMode(database, instances, context), observed }
    const archiving = instances.filter((row) => archives(row, role))
    const findings = [
      ...archiving.flatMap(judgeArchiver),
      ...judgeDestinations({ database, instances, archiving, destinations }, context),
    ]
    return { findings, observed }
  },
})
