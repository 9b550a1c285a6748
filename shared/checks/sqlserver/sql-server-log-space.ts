import type { Operation } from '../../model/operation.ts'
import type { Measurement } from '../../model/measured-number.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { isClosed, keepOpen } from './auto-close.ts'
import { type ConditionFacts, type ConditionRow, asksConditions, conditionOf } from './conditions.ts'
import { overSeenDatabases } from './coverage.ts'
import { onDatabase } from './database-finding.ts'
import { type DatabaseRow, exclusionTexts, stateOf } from './databases.ts'
import { sqlserver } from './engine.ts'
import { tsql } from './languages.ts'
import { logSteps } from './log-steps.ts'
import { quoteString } from './quote.ts'
import { showFact } from './recovery-model-remediations.ts'
import { recoveryModelSteps } from './recovery-model-steps.ts'
import { backupFile } from './remediations.ts'
import { roleOf } from './role.ts'
import { contentsOf } from './roles.ts'
import { sqlServerSteps } from './steps.ts'

const texts = {
  ...exclusionTexts,
  LOG_FULL: {
    en: 'The log of {database} is full: {percent}% of what it may become, held by {wait}. Full and incremental backups fail (9002), as does everything that writes.',
    zh: '{database} 的日志已满：已使用其上限的 {percent}%，占用原因为 {wait}。全量备份、增量备份以及所有写入都会失败（9002）。',
  },
  LOG_FILLS: {
    en: 'The log of {database} is filling up: {percent}% of what it may become, held by {wait}. Once it is full, full and incremental backups fail (9002).',
    zh: '{database} 的日志即将写满：已使用其上限的 {percent}%，占用原因为 {wait}。写满后，全量备份和增量备份会失败（9002）。',
  },
  LOG_HAS_TO_GROW: {
    en: 'The log of {database} is used up to {percent}% of its present size, held by {wait}, and has to grow: if its volume has no room, full and incremental backups fail (9002).',
    zh: '{database} 的日志已使用当前大小的 {percent}%，占用原因为 {wait}，必须增长：如果所在卷空间不足，全量备份和增量备份会失败（9002）。',
  },
  LOG_LIMIT_UNKNOWN: {
    en: 'The log of {database} is used up to {percent}% of its present size, held by {wait}, and it is unknown how far it may grow.',
    zh: '{database} 的日志已使用当前大小的 {percent}%，占用原因为 {wait}，无法判定其可增长到多大。',
  },
  LOG_USE_UNKNOWN: {
    en: 'It is unknown how much of the log of {database} is used: the server has no counters of it.',
    zh: '无法判定 {database} 的日志使用量：服务器没有其计数器。',
  },
  CLOSED_AUTOMATICALLY: {
    en: 'AUTO_CLOSE closed {database}, and the precheck does not open it: how much of its log is used is unknown until it is open.',
    zh: '{database} 已被 AUTO_CLOSE 关闭，预检不会将其打开：在其打开之前，无法判定日志使用量。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** A data backup begins with a checkpoint, which is logged; a log backup is what makes room in a full log. */
const operations: readonly Operation[] = ['full', 'incremental']

/** How many of the largest logs are observed for trends. */
const maxObserved = 20

/** What of a log is used, in percent, of its present size and of what it may become; null: not known. */
interface Use {
  readonly usedKb: number
  readonly ofSize: number
  readonly ofLimit: number | null
}

const percentOf = (part: number, whole: number): number => (whole <= 0 ? 100 : (part / whole) * 100)

const useOf = ({ log_used_kb, log_size_kb, log_limit_kb }: ConditionRow): Use | null => {
  if (log_used_kb === null || log_size_kb === null) return null
  return {
    usedKb: log_used_kb,
    ofSize: percentOf(log_used_kb, log_size_kb),
    // The catalogue may show a size from before the log grew.
    ofLimit: log_limit_kb === null ? null : percentOf(log_used_kb, Math.max(log_limit_kb, log_size_kb)),
  }
}

const takeLogBackup = (database: string, { target }: CheckContext): RemediationStep =>
  target.definition.profile === 'cloud-backup'
    ? logSteps.runPlannedLogBackup({})
    : logSteps.freeLog({ database, file: backupFile(database, 'log.trn') })

/** What ends each `log_reuse_wait_desc` that does not end by itself ("The transaction log", SQL Server manual). */
const release = (database: string, wait: string | null, context: CheckContext): RemediationStep[] => {
  switch (wait) {
    case 'LOG_BACKUP':
      return [takeLogBackup(database, context)]
    case 'ACTIVE_TRANSACTION':
      return [logSteps.showTransactions({ database }), logSteps.endTransaction({})]
    case 'REPLICATION':
      return [logSteps.readLogForReplication({})]
    case 'AVAILABILITY_REPLICA':
    case 'DATABASE_MIRRORING':
      return [logSteps.catchUp({})]
    case 'ACTIVE_BACKUP_OR_RESTORE':
      return [logSteps.waitForBackup({})]
    default:
      return []
  }
}

const makeRoom = (database: string, wait: string | null, context: CheckContext): Remediation => ({
  steps: [...release(database, wait, context), logSteps.enlargeLog({})],
  verify: {
    language: tsql.name,
    query: `SELECT name, log_reuse_wait_desc FROM sys.databases WHERE name = ${quoteString(database)};`,
  },
  // How much room a step makes shows when it is done.
  changes: {},
})

const judgeUse = (row: DatabaseRow, condition: ConditionRow, use: Use, context: CheckContext): Draft[] => {
  const { logSpaceWarningPercent, logSpaceFailurePercent } = context.thresholdsFor(row.name)
  const { log_used_kb, log_size_kb, log_limit_kb, log_reuse_wait_desc: wait } = condition
  const about = (percent: number) => ({
    params: { percent: Math.floor(percent), wait: wait ?? 'NULL' },
    observed: { log_used_kb, log_size_kb, log_limit_kb, log_reuse_wait_desc: wait },
    remediation: makeRoom(row.name, wait, context),
  })
  const { ofSize, ofLimit } = use
  if (ofLimit === null) {
    if (ofSize < logSpaceWarningPercent) return []
    const remediation = showFact(context.target)
    return [
      onDatabase(row, {
        ...about(ofSize),
        code: 'LOG_LIMIT_UNKNOWN',
        expected: { log_limit_kb: 'not NULL' },
        obscures: [...operations],
        remediation,
      }),
    ]
  }
  const below = (percent: number, whole: string) => ({ log_used_kb: `below ${percent}% of ${whole}` })
  if (ofLimit >= logSpaceFailurePercent) {
    const expected = below(logSpaceFailurePercent, 'log_limit_kb')
    return [onDatabase(row, { ...about(ofLimit), code: 'LOG_FULL', expected, blocks: [...operations] })]
  }
  if (ofLimit >= logSpaceWarningPercent) {
    const expected = below(logSpaceWarningPercent, 'log_limit_kb')
    return [onDatabase(row, { ...about(ofLimit), code: 'LOG_FILLS', expected, degrades: [...operations] })]
  }
  if (ofSize < logSpaceFailurePercent) return []
  const expected = below(logSpaceFailurePercent, 'log_size_kb')
  return [onDatabase(row, { ...about(ofSize), code: 'LOG_HAS_TO_GROW', expected, degrades: [...operations] })]
}

const judgeUnknown = (row: DatabaseRow, facts: ConditionFacts): Draft => {
  const about = {
    observed: { log_used_kb: null },
    expected: { log_used_kb: 'not NULL' },
    obscures: [...operations],
  }
  return isClosed(row)
    ? onDatabase(row, { ...about, code: 'CLOSED_AUTOMATICALLY', ...keepOpen(row, facts) })
    : onDatabase(row, { ...about, code: 'LOG_USE_UNKNOWN' })
}

/** The log of a secondary is that of its primary; that of a read-only database does not grow. */
const judgeLog = (row: DatabaseRow, facts: ConditionFacts, context: CheckContext): Draft[] => {
  const isJudged = stateOf(row) === 'ONLINE' && row.is_read_only !== true
  if (!isJudged || contentsOf(roleOf(row, facts)) === 'elsewhere') return []
  const condition = conditionOf(row, facts)
  const use = condition && useOf(condition)
  return condition && use ? judgeUse(row, condition, use, context) : [judgeUnknown(row, facts)]
}

interface LogUse {
  readonly name: string
  readonly usedKb: number
  readonly sizeKb: number
  readonly limitKb: number | null
}

const used = ({ name, usedKb, sizeKb, limitKb }: LogUse): Measurement => ({
  name: 'log-used-bytes',
  object: { type: 'database', name },
  value: usedKb * 1024,
  ...(limitKb !== null && { limit: Math.max(limitKb, sizeKb) * 1024 }),
})

/** Of the largest logs, so that what the trend of a log says comes before it is full. */
const observationsOf = (facts: ConditionFacts): Measurement[] =>
  facts.databases
    .flatMap((row) => {
      const condition = conditionOf(row, facts)
      const use = condition && useOf(condition)
      if (!condition || !use) return []
      const { log_size_kb: sizeKb, log_limit_kb: limitKb } = condition
      return [{ name: row.name, usedKb: use.usedKb, sizeKb: sizeKb ?? 0, limitKb }]
    })
    .toSorted((one, other) => other.sizeKb - one.sizeKb)
    .slice(0, maxObserved)
    .map(used)

/**
 * Verifies that the transaction log of every database has room, and says what holds it where it has not. What counts is
 * what the log may become: one that may grow is not full because its present size is used. Room on the volume is
 * looked at on the host.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_LOG_SPACE',
  set: 'standard',
  title: { en: 'Every transaction log has room', zh: '事务日志空间检查：所有事务日志均有可用空间' },
  failureTitle: {
    en: 'Transaction logs are full or filling up',
    zh: '事务日志空间检查：有事务日志已满或即将写满',
  },
  description: {
    en: 'Checks how much of each transaction log is used, and what keeps it from being reused. If a log is full, full and incremental backups of the database fail.',
    zh: '检查每个事务日志的使用量以及阻止其重用的原因。如果日志已满，该数据库的全量备份和增量备份会失败。',
  },
  affects: () => operations,
  texts,
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/logs/troubleshoot-a-full-transaction-log-sql-server-error-9002',
    'https://learn.microsoft.com/sql/relational-databases/logs/the-transaction-log-sql-server',
    'https://learn.microsoft.com/sql/relational-databases/performance-monitor/sql-server-databases-object',
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-master-files-transact-sql',
  ],
  fixes: [
    logSteps.catchUp,
    recoveryModelSteps.closeNoMore,
    logSteps.endTransaction,
    logSteps.enlargeLog,
    logSteps.freeLog,
    sqlServerSteps.grant,
    logSteps.readLogForReplication,
    logSteps.runPlannedLogBackup,
    logSteps.showTransactions,
    logSteps.waitForBackup,
  ],
  ...asksConditions,
  evaluate: (facts, context) => ({
    ...overSeenDatabases(facts, (row) => judgeLog(row, facts, context)),
    observations: observationsOf(facts),
  }),
})
