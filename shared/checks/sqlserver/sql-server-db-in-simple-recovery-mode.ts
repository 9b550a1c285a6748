import type { Operation } from '../../model/operation.ts'
import type { Profile } from '../../model/profile.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { baseTexts, judgeBases, judgeHiddenBases } from './base-backups.ts'
import { coverageTexts, overDatabases } from './coverage.ts'
import { type DatabaseFacts, type DatabaseRow, asksDatabases, systemDatabases } from './databases.ts'
import { onDatabase, onModel } from './database-finding.ts'
import { sqlserver } from './engine.ts'
import { setFull } from './recovery-model-remediations.ts'
import { recoveryModelSteps } from './recovery-model-steps.ts'
import { determineRole } from './remediations.ts'
import { roleSteps } from './role-steps.ts'
import { roleOf } from './role.ts'
import { type Role, contentsOf } from './roles.ts'
import { isLeftAsSetUp } from './setup-databases.ts'
import { sqlServerSteps } from './steps.ts'

const texts = {
  ...coverageTexts,
  ...baseTexts,
  RECOVERY_MODEL_SIMPLE: {
    en: '{database} uses the SIMPLE recovery model, which rules out: {operations}. Set it to FULL, then take a full backup.',
    zh: '{database} 处于简单（SIMPLE）恢复模式，无法执行：{operations}。请设置为 FULL，然后执行一次全量备份。',
  },
  RECOVERY_MODEL_UNKNOWN: {
    en: 'The recovery model of {database} is unknown: the server reports {model}.',
    zh: '无法判定 {database} 的恢复模式：服务器返回 {model}。',
  },
  BULK_LOGGED: {
    en: '{database} uses the BULK_LOGGED recovery model: a log backup that holds bulk operations can only be restored as a whole, not to a point in time within it.',
    zh: '{database} 处于大容量日志（BULK_LOGGED）恢复模式：包含大容量操作的日志备份只能整体还原，无法恢复到其中的某个时间点。',
  },
  MASTER_CONVERTED: {
    en: 'master only supports full backups. Cloud Backup converts its incremental and log backups to full backups.',
    zh: 'master 仅支持全量备份。云备份会将其增量备份和日志备份自动转换为全量备份。',
  },
  MASTER_FULL_ONLY: {
    en: 'master only supports full backups: incremental and log backups of it fail.',
    zh: 'master 仅支持全量备份：对其执行增量备份或日志备份会失败。',
  },
  SIMPLE_BY_SETUP: {
    en: '{database} uses the SIMPLE recovery model, its default, which rules out: {operations}. It only counts as a failure if the registration lists one of them in operations.',
    zh: '{database} 默认为简单（SIMPLE）恢复模式，无法执行：{operations}。仅当注册信息的 operations 包含其中一项时视为未通过。',
  },
  MODEL_OF_PRIMARY: {
    en: '{database} is a secondary ({role}): it has the recovery model and the backups of its primary, which are checked there.',
    zh: '{database} 是辅助数据库（{role}）：其恢复模式和备份与主数据库相同，在主数据库上检查。',
  },
  ROLE_UNKNOWN: {
    en: '{database} shows SIMPLE but may be a secondary, which has the recovery model of its primary: its role ({role}) could not be determined.',
    zh: '{database} 显示为简单（SIMPLE）恢复模式，但可能是辅助数据库（其恢复模式与主数据库相同）：无法确定其角色（{role}）。',
  },
  READ_ONLY: {
    en: '{database} is read-only: its log does not grow, and full backups are sufficient.',
    zh: '{database} 为只读数据库：日志不会增长，全量备份即可。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** EngineEdition of Express, whose `model`, and so every new database, is SIMPLE from setup. */
const express = 4

/**
 * What SIMPLE takes away. The Cloud Backup documents name incremental and log backup; SQL Server itself takes
 * differential backups in SIMPLE ("Recovery models", SQL Server backup manual), so natively only log backup is lost.
 */
const lostInSimple = (profile: Profile): Operation[] =>
  profile === 'cloud-backup' ? ['incremental', 'log'] : ['log']

const judgeMaster = (row: DatabaseRow, profile: Profile): Draft =>
  onDatabase(row, {
    ...(profile === 'cloud-backup'
      ? { code: 'MASTER_CONVERTED' }
      : { code: 'MASTER_FULL_ONLY', limits: ['incremental', 'log'] }),
    observed: { recovery_model_desc: row.recovery_model_desc },
  })

/** A database in an availability group is never SIMPLE, and nothing is to be altered on what may be a secondary. */
const judgeUnknownRole = (row: DatabaseRow, role: Role, facts: DatabaseFacts, context: CheckContext): Draft =>
  onModel(row, {
    code: 'ROLE_UNKNOWN',
    params: { role: [role] },
    obscures: lostInSimple(context.target.definition.profile),
    ...(role !== 'ag-resolving' && { remediation: determineRole(row, facts, context) }),
  })

const judgeSimple = (row: DatabaseRow, { server }: DatabaseFacts, context: CheckContext): Draft => {
  const { profile } = context.target.definition
  const operations = lostInSimple(profile)
  const params = { operations }
  const isDefault = row.database_id !== systemDatabases.model || server.engine_edition === express
  return isDefault && isLeftAsSetUp(row, operations, context)
    ? onModel(row, { code: 'SIMPLE_BY_SETUP', params, limits: operations })
    : onModel(row, {
        code: 'RECOVERY_MODEL_SIMPLE',
        params,
        blocks: operations,
        remediation: setFull(row, profile),
      })
}

const judgeModel = (row: DatabaseRow, facts: DatabaseFacts, context: CheckContext): Draft[] => {
  switch (row.recovery_model_desc) {
    case 'FULL':
      return row.is_read_only ? [onModel(row, { code: 'READ_ONLY' })] : []
    case 'BULK_LOGGED':
      return [onModel(row, { code: row.is_read_only ? 'READ_ONLY' : 'BULK_LOGGED' })]
    case 'SIMPLE':
      return [judgeSimple(row, facts, context)]
    default:
      return [
        onModel(row, {
          code: 'RECOVERY_MODEL_UNKNOWN',
          params: { model: row.recovery_model_desc ?? 'NULL' },
          obscures: lostInSimple(context.target.definition.profile),
        }),
      ]
  }
}

const judgeDatabase = (row: DatabaseRow, facts: DatabaseFacts, context: CheckContext): Draft[] => {
  const { profile } = context.target.definition
  if (row.database_id === systemDatabases.master) return [judgeMaster(row, profile)]
  const role = roleOf(row, facts)
  const isSimple = row.recovery_model_desc === 'SIMPLE'
  switch (contentsOf(role)) {
    case 'elsewhere':
      return [onModel(row, { code: 'MODEL_OF_PRIMARY', params: { role: [role] } })]
    case 'unknown':
      return isSimple ? [judgeUnknownRole(row, role, facts, context)] : judgeModel(row, facts, context)
    case 'own':
      return [
        ...judgeModel(row, facts, context),
        ...judgeBases(row, isSimple ? lostInSimple(profile) : [], facts, context),
      ]
  }
}

/**
 * Verifies that the recovery model of every database allows the backups that are planned, and that the full backup is
 * there on which they are based: without it FULL is not in force yet. SIMPLE blocks incremental and log backup of that
 * database under `cloud-backup`, log backup alone under `native`. `master` is always full only: a note. Fixed by SET
 * RECOVERY FULL and a full backup, since the log chain starts with one.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE',
  set: 'essential',
  title: { en: 'No database uses the SIMPLE recovery model', zh: '恢复模式检查：没有数据库处于简单恢复模式' },
  failureTitle: {
    en: 'Databases use the SIMPLE recovery model, or lack a full backup to build on',
    zh: '恢复模式检查：有数据库处于简单恢复模式，或缺少作为基础的全量备份',
  },
  description: {
    en: 'Checks the recovery model of every database, and whether the full backup exists on which others are based. If a database fails the check, you cannot perform incremental or log backups of it.',
    zh: '检查每个数据库的恢复模式，以及作为其他备份基础的全量备份是否存在。如果未通过，则无法对提示的数据库执行增量备份或日志备份。',
  },
  affects: () => ['incremental', 'log'],
  texts,
  fixes: [
    recoveryModelSteps.backUp,
    sqlServerSteps.bringOnlineFirst,
    recoveryModelSteps.closeNoMore,
    sqlServerSteps.grant,
    roleSteps.lookAtGroup,
    sqlServerSteps.restoreOrForget,
    recoveryModelSteps.runPlannedBackup,
    recoveryModelSteps.setFull,
    recoveryModelSteps.setReadOnly,
    recoveryModelSteps.setReadWrite,
    roleSteps.showMirroringRole,
  ],
  documents: [
    'https://www.alibabacloud.com/help/en/cloud-backup/user-guide/precheck-an-sql-server-database-deployed-on-an-ecs-instance',
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/recovery-models-sql-server',
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-recovery-status-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-master-files-transact-sql',
  ],
  ...asksDatabases,
  evaluate: (facts, context) =>
    overDatabases(facts, context, (databases) => [
      ...judgeHiddenBases(databases, facts, context),
      ...databases.flatMap((row) => judgeDatabase(row, facts, context)),
    ]),
})
