import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { takesChanges } from './backup-ages.ts'
import { type History, type HistoryFacts, asksHistory, historyOf, sharesHistory } from './backup-history.ts'
import { findBackups, findOnReplicas, fixesOfChains, newBase } from './backup-history-remediations.ts'
import { onDatabase } from './database-finding.ts'
import type { DatabaseRow } from './databases.ts'
import { sqlserver } from './engine.ts'
import { ownTexts, overOwnDatabases } from './own-databases.ts'

const texts = {
  ...ownTexts,
  BASE_DISCARDED: {
    en: 'The full backup that incremental backups of {database} are based on went to the NUL device: none of them can be restored.',
    zh: '{database} 的增量备份所依据的全量备份被发送到 NUL 设备：这些增量备份都无法还原。',
  },
  BASE_IS_SNAPSHOT: {
    en: 'The full backup that incremental backups of {database} are based on is a snapshot (VSS), of a virtual machine or a volume say: they can only be restored together with it.',
    zh: '{database} 的增量备份所依据的全量备份是快照（VSS，例如虚拟机或磁盘快照）：只有与该快照一起才能还原。',
  },
  BASE_IS_FOREIGN: {
    en: 'The full backup that incremental backups of {database} are based on went to another kind of device than the later backups: another tool may have it.',
    zh: '{database} 的增量备份所依据的全量备份与其后的备份使用的设备类型不同：可能由其他工具保存。',
  },
  BASE_UNKNOWN: {
    en: 'It is unknown where the full backup is that incremental backups of {database} are based on: msdb does not show it.',
    zh: '无法判定 {database} 的增量备份所依据的全量备份保存在何处：msdb 中没有记录。',
  },
  OTHER_REPLICA: {
    en: 'The history of this server does not show the full backup that incremental backups of {database} are based on; another replica may have taken it.',
    zh: '本服务器的历史中没有 {database} 的增量备份所依据的全量备份，可能由其他副本执行。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const expected = {
  base_is_found: true,
  base_is_lost: false,
  base_is_snapshot: false,
  base_is_foreign: false,
} as const

const judgeUnknown = (row: DatabaseRow, observed: Draft['observed']): Draft =>
  onDatabase(row, {
    code: sharesHistory(row) ? 'OTHER_REPLICA' : 'BASE_UNKNOWN',
    observed,
    expected,
    obscures: ['incremental'],
    remediation: sharesHistory(row) ? findOnReplicas(row.name) : findBackups(row.name),
  })

/** What is worst comes first, and is all that is said. */
const codeOf = ({ base_is_lost, base_is_snapshot, base_is_foreign }: History) => {
  if (base_is_lost === true) return 'BASE_DISCARDED'
  if (base_is_lost === null || base_is_snapshot === null || base_is_foreign === null) return null
  if (base_is_snapshot) return 'BASE_IS_SNAPSHOT'
  return base_is_foreign ? 'BASE_IS_FOREIGN' : 'sound'
}

/** That there is no base at all is for another item to say. */
const judgeDatabase = (row: DatabaseRow, facts: HistoryFacts, context: CheckContext): Draft[] => {
  if (row.has_differential_base === false || !takesChanges(row, 'incremental', facts, context)) return []
  const history = historyOf(row, facts)
  const isKnown = history?.base_is_found === true && row.has_differential_base === true
  if (!isKnown) return [judgeUnknown(row, { base_is_found: history?.base_is_found ?? null })]
  const { base_is_lost, base_is_snapshot, base_is_foreign } = history
  const observed = { base_is_lost, base_is_snapshot, base_is_foreign }
  const code = codeOf(history)
  if (code === null) return [judgeUnknown(row, observed)]
  if (code === 'sound') return []
  return [
    onDatabase(row, {
      code,
      observed,
      expected,
      degrades: ['incremental'],
      remediation: newBase(row.name, code === 'BASE_DISCARDED', context.target.definition.profile),
    }),
  ]
}

/**
 * Verifies that the full backup which incremental backups are based on was taken by the tool that takes them, and can
 * be restored. The server bases them on its last full backup that is not a copy, whoever took it: also on a snapshot
 * of the whole machine. The backup is found by the identifier that the files of the database name.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_DIFFERENTIAL_BASE',
  set: 'standard',
  title: {
    en: 'Incremental backups are based on a full backup of the same tool',
    zh: '增量基准检查：增量备份基于同一工具的全量备份',
  },
  failureTitle: {
    en: 'Incremental backups are based on a full backup of another tool, or it is unknown whether they are',
    zh: '增量基准检查：有数据库的增量备份基于其他工具的全量备份，或无法判定',
  },
  description: {
    en: 'Checks where the full backup is on which incremental backups of every database are based. If another tool took it, they can only be restored together with its backup.',
    zh: '检查每个数据库的增量备份所依据的全量备份保存在何处。如果由其他工具执行，则只有与其备份一起才能还原。',
  },
  affects: () => ['incremental'],
  texts,
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/differential-backups-sql-server',
    'https://learn.microsoft.com/sql/relational-databases/system-tables/backupset-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-master-files-transact-sql',
  ],
  fixes: fixesOfChains,
  ...asksHistory,
  evaluate: (facts, context) => overOwnDatabases(facts, (row) => judgeDatabase(row, facts, context)),
})
