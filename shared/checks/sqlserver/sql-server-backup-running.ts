import type { Operation } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { sqlserver } from './engine.ts'
import { tsql } from './languages.ts'
import { runningSteps as steps } from './running-steps.ts'
import { type ConditionFacts as AllFacts, ConditionFacts, conditionQueries } from './conditions.ts'

const texts = {
  BACKUP_RUNNING: {
    en: '{backups} full or incremental backups run on the instance, the longest for {minutes} minutes: another one of the same database fails until they end (3023).',
    zh: '实例上有 {backups} 个全量或增量备份正在执行，最长已执行 {minutes} 分钟：结束之前，对同一数据库再次备份会失败（3023）。',
  },
  RESTORE_RUNNING: {
    en: '{restores} restores run on the instance, the longest for {minutes} minutes: another one of the same database fails until they end.',
    zh: '实例上有 {restores} 个还原正在执行，最长已执行 {minutes} 分钟：结束之前，对同一数据库再次还原会失败。',
  },
  RUNNING_UNKNOWN: {
    en: 'It is unknown whether backups or restores run on the instance.',
    zh: '无法判定实例上是否有备份或还原正在执行。',
  },
} as const
type Facts = Pick<AllFacts, 'conditions'>
type Draft = FindingDraft<keyof typeof texts>

const affected: Operation[] = ['full', 'incremental', 'restore']

/** Each row says the same of what runs; of rows that differ the most counts, and what one does not say is unknown. */
const mostOf = (
  { conditions }: Facts,
  column: 'running_backups' | 'running_log_backups' | 'running_restores' | 'running_minutes',
): number | null => {
  const known = conditions.flatMap((row) => row[column] ?? [])
  return known.length === conditions.length ? Math.max(...known) : null
}

const remediation: Draft['remediation'] = {
  steps: [steps.showRunning({}), steps.waitForThem({})],
  verify: { language: tsql.name, query: steps.showRunning({}).command ?? '' },
  // What runs ends by itself, nobody knows when.
  changes: {},
}

const judge = (facts: Facts, { target }: CheckContext): Draft[] => {
  const object = { type: 'instance', name: target.instanceId } as const
  const running_backups = mostOf(facts, 'running_backups')
  const running_restores = mostOf(facts, 'running_restores')
  const minutes = mostOf(facts, 'running_minutes') ?? 'NULL'
  const findings: Draft[] = []
  if (running_backups === null || running_restores === null) {
    findings.push({
      code: 'RUNNING_UNKNOWN',
      object,
      observed: { running_backups, running_restores },
      expected: { running_backups: 0, running_restores: 0 },
      obscures: affected,
    })
  }
  if (running_backups) {
    findings.push({
      code: 'BACKUP_RUNNING',
      params: { backups: running_backups, minutes },
      object,
      observed: { running_backups },
      expected: { running_backups: 0 },
      degrades: ['full', 'incremental'],
      remediation,
    })
  }
  if (running_restores) {
    findings.push({
      code: 'RESTORE_RUNNING',
      params: { restores: running_restores, minutes },
      object,
      observed: { running_restores },
      expected: { running_restores: 0 },
      degrades: ['restore'],
      remediation,
    })
  }
  return findings
}

/**
 * Verifies that no full or incremental backup and no restore runs, since one database takes one of them at a time; a
 * log backup may run beside a full one. Of which database one is, the server does not say: the database of a request is
 * that of its session ("sys.dm_exec_requests").
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_BACKUP_RUNNING',
  set: 'standard',
  title: {
    en: 'No backup and no restore is running',
    zh: '正在执行的备份检查：没有备份或还原正在执行',
  },
  failureTitle: {
    en: 'Backups or restores are running, or it is unknown whether they are',
    zh: '正在执行的备份检查：有备份或还原正在执行，或无法判定',
  },
  description: {
    en: 'Checks whether backups or restores are running on the instance. A second backup of the same database fails while they do.',
    zh: '检查实例上是否有备份或还原正在执行。执行期间，对同一数据库再次备份会失败。',
  },
  affects: () => affected,
  texts,
  seesBackups: true,
  privileges: ['VIEW SERVER STATE', 'VIEW SERVER SECURITY STATE'],
  fixes: [steps.showRunning, steps.waitForThem],
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-exec-requests-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/errors-events/mssqlserver-3023-database-engine-error',
  ],
  queries: { conditions: conditionQueries.conditions },
  facts: ConditionFacts.pick({ conditions: true }),
  evaluate: (facts, context) => ({
    findings: judge(facts, context),
    observed: { running_log_backups: mostOf(facts, 'running_log_backups') },
  }),
})
