import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { takesChanges } from './backup-ages.ts'
import { type HistoryFacts, asksHistory, historyOf, sharesHistory } from './backup-history.ts'
import {
  decideOnTool,
  findBackups,
  findOnReplicas,
  fixesOfChains,
  startAnew,
} from './backup-history-remediations.ts'
import { onDatabase } from './database-finding.ts'
import type { DatabaseRow } from './databases.ts'
import { sqlserver } from './engine.ts'
import { ownTexts, overOwnDatabases } from './own-databases.ts'

const texts = {
  ...ownTexts,
  LOG_DISCARDED: {
    en: '{discarded} log backups of {database} since its last full or incremental backup went to the NUL device: nothing that comes after them can be restored from log backups.',
    zh: '{database} 自最近一次全量或增量备份以来有 {discarded} 次日志备份被发送到 NUL 设备：其后的内容无法通过日志备份还原。',
  },
  LOG_GAP: {
    en: 'The log backups of {database} since its last full or incremental backup have {gaps} gaps: what comes after the first cannot be restored from them.',
    zh: '{database} 自最近一次全量或增量备份以来的日志备份有 {gaps} 处中断：第一处中断之后的内容无法还原。',
  },
  LOG_SPLIT: {
    en: 'Log backups of {database} go to {types} kinds of devices: two tools take parts of one chain, and a restore needs all of them.',
    zh: '{database} 的日志备份使用了 {types} 类设备：不同工具各自保存了同一日志链的一部分，还原时需要全部备份。',
  },
  CHAIN_UNKNOWN: {
    en: 'It is unknown whether the log backups of {database} follow on each other: msdb does not say.',
    zh: '无法判定 {database} 的日志备份是否连续：msdb 中没有相应记录。',
  },
  OTHER_REPLICA: {
    en: 'The log backups of {database} on this server have {gaps} gaps, but another replica may have taken those in between.',
    zh: '本服务器上 {database} 的日志备份有 {gaps} 处中断，但其间的备份可能由其他副本执行。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const unbroken = { log_gaps: 0, log_lost: 0 } as const

const judgeUnknown = (row: DatabaseRow, facts: HistoryFacts): Draft[] => {
  const { log_gaps = null, log_lost = null, log_device_types = null } = historyOf(row, facts) ?? {}
  if (log_gaps !== null && log_lost !== null && log_device_types !== null) return []
  return [
    onDatabase(row, {
      code: 'CHAIN_UNKNOWN',
      observed: { log_gaps, log_lost, log_device_types },
      expected: unbroken,
      obscures: ['restore'],
      remediation: findBackups(row.name),
    }),
  ]
}

/** A log backup that was discarded leaves a gap too, which is said once. */
const judgeBroken = (row: DatabaseRow, facts: HistoryFacts, { target }: CheckContext): Draft[] => {
  const { log_gaps, log_lost } = historyOf(row, facts) ?? {}
  const { profile } = target.definition
  const about = { observed: { log_gaps: log_gaps ?? null, log_lost: log_lost ?? null }, expected: unbroken }
  if (log_lost) {
    const remediation = startAnew(row.name, true, profile)
    const params = { discarded: log_lost }
    return [onDatabase(row, { ...about, code: 'LOG_DISCARDED', params, degrades: ['restore'], remediation })]
  }
  if (!log_gaps) return []
  const params = { gaps: log_gaps }
  return sharesHistory(row)
    ? [
        onDatabase(row, {
          ...about,
          code: 'OTHER_REPLICA',
          params,
          obscures: ['restore'],
          remediation: findOnReplicas(row.name),
        }),
      ]
    : [
        onDatabase(row, {
          ...about,
          code: 'LOG_GAP',
          params,
          degrades: ['restore'],
          remediation: startAnew(row.name, false, profile),
        }),
      ]
}

const judgeSplit = (row: DatabaseRow, facts: HistoryFacts): Draft[] => {
  const { log_device_types: types } = historyOf(row, facts) ?? {}
  if (!types || types === 1) return []
  return [
    onDatabase(row, {
      code: 'LOG_SPLIT',
      params: { types },
      observed: { log_device_types: types },
      expected: { log_device_types: 1 },
      degrades: ['restore'],
      remediation: decideOnTool(row.name),
    }),
  ]
}

const judgeDatabase = (row: DatabaseRow, facts: HistoryFacts, context: CheckContext): Draft[] => {
  if (!takesChanges(row, 'log', facts, context)) return []
  return [...judgeUnknown(row, facts), ...judgeBroken(row, facts, context), ...judgeSplit(row, facts)]
}

/**
 * Verifies that the log backups since the last full or incremental backup of a database can be restored one after the
 * other: each begins where the one before it ended, none was discarded, and one tool has them all. Backups still run
 * where that is not so, since the server does not know what became of them: only a restore finds out.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_LOG_CHAIN',
  set: 'standard',
  title: { en: 'Log backups follow on each other', zh: '日志链检查：日志备份连续' },
  failureTitle: {
    en: 'Log backups do not follow on each other, or it is unknown whether they do',
    zh: '日志链检查：有数据库的日志备份不连续，或无法判定',
  },
  description: {
    en: 'Checks whether the log backups since the last full or incremental backup of every database follow on each other. After a gap, the database can be restored to no later point in time.',
    zh: '检查每个数据库自最近一次全量或增量备份以来的日志备份是否连续。一旦中断，数据库无法恢复到之后的时间点。',
  },
  affects: () => ['restore'],
  texts,
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/system-tables/backupset-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/system-tables/backupmediafamily-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/transaction-log-backups-sql-server',
  ],
  fixes: fixesOfChains,
  ...asksHistory,
  evaluate: (facts, context) => overOwnDatabases(facts, (row) => judgeDatabase(row, facts, context)),
})
