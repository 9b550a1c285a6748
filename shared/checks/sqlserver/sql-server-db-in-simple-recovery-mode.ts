import type { Operation } from '../../model/operation.ts'
import type { Profile } from '../../model/profile.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { sqlserver } from './engine.ts'
import { coverageFindings, coverageTexts } from './coverage.ts'
import {
  DatabaseFacts,
  type DatabaseRow,
  considered,
  databaseQueries,
  exclusionTexts,
  observedOf,
  stateOf,
  systemDatabases,
} from './databases.ts'
import { tsql } from './languages.ts'
import { quoteString } from './quote.ts'
import { determineRole } from './remediations.ts'
import { type Role, isSecondary, roleOf } from './role.ts'
import { sqlServerSteps as steps } from './steps.ts'

const texts = {
  ...coverageTexts,
  ...exclusionTexts,
  RECOVERY_MODEL_SIMPLE: {
    en: '{database} uses the SIMPLE recovery model, which rules out: {operations}. Set it to FULL, then take a full backup.',
    zh: '{database} 处于简单（SIMPLE）恢复模式，无法执行：{operations}。请设置为 FULL，然后执行一次全量备份。',
  },
  RECOVERY_MODEL_UNKNOWN: {
    en: 'The recovery model of {database} is unknown: the server reports {model}.',
    zh: '无法判定 {database} 的恢复模式：服务器返回 {model}。',
  },
  MASTER_CONVERTED: {
    en: 'master only supports full backups. Cloud Backup converts its incremental and log backups to full backups.',
    zh: 'master 仅支持全量备份。云备份会将其增量备份和日志备份自动转换为全量备份。',
  },
  MASTER_FULL_ONLY: {
    en: 'master only supports full backups: incremental and log backups of it fail.',
    zh: 'master 仅支持全量备份：对其执行增量备份或日志备份会失败。',
  },
  MSDB_SIMPLE_BY_SETUP: {
    en: 'msdb uses the SIMPLE recovery model, its default, which rules out: {operations}. It only counts as a failure if the registration lists log in operations.',
    zh: 'msdb 默认为简单（SIMPLE）恢复模式，无法执行：{operations}。仅当注册信息的 operations 包含 log 时视为未通过。',
  },
  MODEL_OF_PRIMARY: {
    en: '{database} is a secondary ({role}): it has the recovery model of its primary, which is checked there.',
    zh: '{database} 是辅助数据库（{role}）：其恢复模式与主数据库相同，在主数据库上检查。',
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

/**
 * What SIMPLE takes away. The Cloud Backup documents name incremental and log backup; SQL Server itself takes
 * differential backups in SIMPLE ("Recovery models", SQL Server backup manual), so natively only log backup is lost.
 */
const lostInSimple = (profile: Profile): Operation[] =>
  profile === 'cloud-backup' ? ['incremental', 'log'] : ['log']

/** The log chain starts with a full backup ("View or change the recovery model of a database"). */
const startChain = (database: string, profile: Profile): RemediationStep => {
  if (profile === 'cloud-backup') return steps.runPlannedBackup({})
  const file = `${database.replaceAll(/[^\p{L}\p{N}_-]/gu, '_')}_after_set_full.bak`
  return steps.backUp({ database, file })
}

/** No option of a database can be set before it is online; how it gets there is for the item that judges its state. */
const setFull = (row: DatabaseRow, profile: Profile): Remediation => ({
  steps: [
    ...(stateOf(row) === 'ONLINE' ? [] : [steps.bringOnlineFirst({})]),
    steps.setFull({ database: row.name }),
    startChain(row.name, profile),
  ],
  verify: {
    language: tsql.name,
    query: `SELECT name, recovery_model_desc FROM sys.databases WHERE name = ${quoteString(row.name)};`,
  },
  changes: { recovery_model_desc: 'FULL' },
})

const draft = (row: DatabaseRow, part: Pick<Draft, 'code'> & Partial<Draft>): Draft => ({
  ...part,
  params: { database: row.name, ...part.params },
  object: { type: 'database', name: row.name },
  observed: { recovery_model_desc: row.recovery_model_desc },
  expected: { recovery_model_desc: 'FULL' },
})

const judgeMaster = (row: DatabaseRow, profile: Profile): Draft => {
  const part =
    profile === 'cloud-backup'
      ? ({ code: 'MASTER_CONVERTED' } as const)
      : ({ code: 'MASTER_FULL_ONLY', limits: ['incremental', 'log'] } satisfies Partial<Draft>)
  return { ...draft(row, part), expected: {} }
}

/** A database in an availability group is never SIMPLE, and nothing is to be altered on what may be a secondary. */
const judgeUnknownRole = (row: DatabaseRow, role: Role, facts: DatabaseFacts, context: CheckContext): Draft =>
  draft(row, {
    code: 'ROLE_UNKNOWN',
    params: { role: [role] },
    obscures: lostInSimple(context.target.definition.profile),
    ...(role === 'unknown' && { remediation: determineRole(row, facts, context) }),
  })

const judgeSimple = (row: DatabaseRow, { target }: CheckContext): Draft => {
  const { profile, operations } = target.definition
  const lost = lostInSimple(profile)
  const params = { operations: lost }
  const isAskedFor = operations?.includes('log') ?? false
  if (row.database_id === systemDatabases.msdb && !isAskedFor) {
    return draft(row, { code: 'MSDB_SIMPLE_BY_SETUP', params, limits: lost })
  }
  return draft(row, {
    code: 'RECOVERY_MODEL_SIMPLE',
    params,
    blocks: lost,
    remediation: setFull(row, profile),
  })
}

const judgeDatabase = (row: DatabaseRow, facts: DatabaseFacts, context: CheckContext): Draft[] => {
  const { profile } = context.target.definition
  if (row.database_id === systemDatabases.master) return [judgeMaster(row, profile)]
  const role = roleOf(row, facts)
  if (isSecondary(role)) return [draft(row, { code: 'MODEL_OF_PRIMARY', params: { role: [role] } })]
  switch (row.recovery_model_desc) {
    case 'FULL':
    case 'BULK_LOGGED':
      return row.is_read_only ? [draft(row, { code: 'READ_ONLY' })] : []
    case 'SIMPLE':
      return role === 'principal'
        ? [judgeSimple(row, context)]
        : [judgeUnknownRole(row, role, facts, context)]
    default:
      return [
        draft(row, {
          code: 'RECOVERY_MODEL_UNKNOWN',
          params: { model: row.recovery_model_desc ?? 'NULL' },
          obscures: ['incremental', 'log'],
        }),
      ]
  }
}

/**
 * Verifies that the recovery model of every database allows the backups that are planned. SIMPLE blocks incremental and
 * log backup of that database under `cloud-backup`, log backup alone under `native`. `master` is always full only: a
 * note. Fixed by SET RECOVERY FULL and a full backup, since the log chain starts with one.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE',
  title: { en: 'No database uses the SIMPLE recovery model', zh: '恢复模式检查：没有数据库处于简单恢复模式' },
  failureTitle: {
    en: 'Databases use the SIMPLE recovery model',
    zh: '恢复模式检查：有数据库处于简单恢复模式',
  },
  description: {
    en: 'Checks the recovery model of every database. If a database fails the check, you cannot perform incremental or log backups of it.',
    zh: '检查每个数据库的恢复模式。如果未通过，则无法对提示的数据库执行增量备份或日志备份。',
  },
  affects: lostInSimple,
  texts,
  privileges: [
    'VIEW ANY DATABASE',
    'VIEW SERVER STATE',
    'SELECT ON msdb.dbo.log_shipping_secondary_databases',
  ],
  documents: [
    'https://www.alibabacloud.com/help/en/cloud-backup/user-guide/precheck-an-sql-server-database-deployed-on-an-ecs-instance',
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/recovery-models-sql-server',
  ],
  queries: databaseQueries,
  facts: DatabaseFacts,
  evaluate: (facts, context) => {
    const { databases, excluded } = considered(facts)
    return {
      findings: [
        ...coverageFindings(facts, context),
        ...databases.flatMap((row) => judgeDatabase(row, facts, context)),
      ],
      databases: databases.map(({ name }) => name),
      excluded,
      observed: observedOf(facts, databases),
    }
  },
})
