import type { Evidence } from '../../model/evidence.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { type Shortfall, observeAges, shortfallsOf } from './backup-ages.ts'
import { backupHistorySteps } from './backup-history-steps.ts'
import { type HistoryFacts, asksHistory, historyOf, isInGrace, sharesHistory } from './backup-history.ts'
import { findBackups, findOnReplicas, takeBackup } from './backup-history-remediations.ts'
import { onDatabase } from './database-finding.ts'
import type { DatabaseRow } from './databases.ts'
import { sqlserver } from './engine.ts'
import { ownTexts, overOwnDatabases } from './own-databases.ts'
import { protectionIn } from './protection.ts'
import { recoveryModelSteps } from './recovery-model-steps.ts'
import { sharedIn } from './shared-history.ts'

const texts = {
  ...ownTexts,
  FULL_MISSING: {
    en: '{database} has no full backup since it was created, restored, attached or renamed. If it is lost, nothing can be restored.',
    zh: '{database} 自创建、还原、附加或重命名以来没有全量备份。一旦丢失将无法恢复。',
  },
  FULL_OLD: {
    en: 'The last full backup of {database} is {hours} hours old; the policy allows {limit}.',
    zh: '{database} 最近一次全量备份距今 {hours} 小时，策略允许 {limit} 小时。',
  },
  INCREMENTAL_OLD: {
    en: 'The last incremental or full backup of {database} is {hours} hours old; the policy allows {limit}.',
    zh: '{database} 最近一次增量或全量备份距今 {hours} 小时，策略允许 {limit} 小时。',
  },
  LOG_OLD: {
    en: 'The last log backup of {database} is {minutes} minutes old; the policy allows {limit}. What was done since would be lost.',
    zh: '{database} 最近一次日志备份距今 {minutes} 分钟，策略允许 {limit} 分钟。此后的更改一旦出现故障将丢失。',
  },
  LOG_MISSING: {
    en: '{database} has no log backup in the history of backups; the policy allows {limit} minutes between two.',
    zh: '{database} 在备份历史中没有日志备份，策略允许两次日志备份间隔 {limit} 分钟。',
  },
  HISTORY_UNKNOWN: {
    en: 'How old the last backups of {database} are is unknown ({operations}): msdb does not show them, its history does not reach back far enough, or its times lie in the future.',
    zh: '无法判定 {database} 最近的备份距今多久（{operations}）：msdb 中没有记录、历史不够长，或其时间晚于当前时间。',
  },
  OTHER_REPLICA: {
    en: 'The history of this server shows no recent backups of {database} ({operations}), but another replica may have taken them.',
    zh: '本服务器的历史中没有 {database} 近期的备份（{operations}），但可能由其他副本执行。',
  },
  NEW_DATABASE: {
    en: '{database} is new, and may be without these for now: {operations}.',
    zh: '{database} 是新建数据库，暂时可以没有：{operations}。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const columns = {
  full: 'last_full_minutes',
  incremental: 'last_incremental_minutes',
  log: 'last_log_minutes',
} as const

const evidenceOf = (
  shortfalls: readonly Shortfall[],
): { readonly observed: Evidence; readonly expected: Evidence } => ({
  observed: Object.fromEntries(shortfalls.map(({ backup, age }) => [columns[backup], age])),
  expected: Object.fromEntries(shortfalls.map(({ backup, limit }) => [columns[backup], `at most ${limit}`])),
})

const operationsOf = (shortfalls: readonly Shortfall[]) => shortfalls.map(({ backup }) => backup)

/** What is said of a backup that is certainly too old or not there. */
const saying = ({ backup, age, limit }: Shortfall): Pick<Draft, 'params'> & Pick<Draft, 'code'> => {
  if (backup === 'log') {
    return age === null
      ? { code: 'LOG_MISSING', params: { limit } }
      : { code: 'LOG_OLD', params: { minutes: age, limit } }
  }
  if (age === null) return { code: 'FULL_MISSING' }
  const params = { hours: Math.floor(age / 60), limit: limit / 60 }
  return { code: backup === 'full' ? 'FULL_OLD' : 'INCREMENTAL_OLD', params }
}

const judgeCertain = (row: DatabaseRow, shortfall: Shortfall, { target }: CheckContext): Draft =>
  onDatabase(row, {
    ...saying(shortfall),
    ...evidenceOf([shortfall]),
    degrades: ['restore'],
    remediation: takeBackup(row.name, shortfall.backup, target.definition.profile),
  })

const judgeUnknown = (row: DatabaseRow, unknown: readonly Shortfall[]): Draft =>
  onDatabase(row, {
    code: sharesHistory(row) ? 'OTHER_REPLICA' : 'HISTORY_UNKNOWN',
    params: { operations: operationsOf(unknown) },
    ...evidenceOf(unknown),
    obscures: ['restore'],
    remediation: sharesHistory(row) ? findOnReplicas(row.name) : findBackups(row.name),
  })

const judgeDatabase = (row: DatabaseRow, facts: HistoryFacts, context: CheckContext): Draft[] => {
  const shortfalls = shortfallsOf(row, facts, context)
  const unknown = shortfalls.filter(({ isCertain }) => !isCertain || sharesHistory(row))
  const certain = shortfalls.filter((each) => !unknown.includes(each))
  const history = historyOf(row, facts)
  const isNew = certain.length > 0 && history !== null && isInGrace(row, history, context)
  const lateOrMissing = isNew
    ? [
        onDatabase<keyof typeof texts>(row, {
          code: 'NEW_DATABASE',
          params: { operations: operationsOf(certain) },
          ...evidenceOf(certain),
        }),
      ]
    : certain.map((each) => judgeCertain(row, each, context))
  return [...lateOrMissing, ...(unknown.length > 0 ? [judgeUnknown(row, unknown)] : [])]
}

/**
 * Verifies that the last full, incremental and log backup of every database are as recent as its policy asks. Ages are
 * measured by the clock of the server; a history that may be purged, shared with other replicas or of another server
 * proves nothing by what it does not show, unless the files of the database say that there never was a full backup.
 * Backups that were discarded or are damaged do not count, nor do those of single files or filegroups; copies do.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_LAST_BACKUP',
  set: 'standard',
  title: { en: 'Every database has recent backups', zh: '最近备份检查：每个数据库都有近期的备份' },
  failureTitle: {
    en: 'Databases have no recent backup, or it is unknown whether they have',
    zh: '最近备份检查：有数据库缺少近期的备份，或无法判定',
  },
  description: {
    en: 'Checks how old the last full, incremental and log backups of every database are. What was changed after the last backup cannot be restored.',
    zh: '检查每个数据库最近一次全量、增量和日志备份距今多久。最近一次备份之后的更改无法恢复。',
  },
  affects: () => ['restore'],
  texts,
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/system-tables/backupset-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-master-files-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-delete-backuphistory-transact-sql',
  ],
  fixes: [
    recoveryModelSteps.backUp,
    backupHistorySteps.backUpDifferences,
    backupHistorySteps.backUpLog,
    backupHistorySteps.findPlannedBackup,
    backupHistorySteps.lookAtReplicas,
    backupHistorySteps.lookElsewhere,
    backupHistorySteps.showBackups,
  ],
  ...asksHistory,
  evaluate: (facts, context) => ({
    ...overOwnDatabases(facts, (row) => judgeDatabase(row, facts, context)),
    observations: observeAges(facts),
    protection: protectionIn(facts, context),
    shared: sharedIn(facts, context),
  }),
})
