import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { type RmanRow, RmanRows, rmanOf, rmanPrivileges, rmanQuery } from './backup-facts.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, databaseQuery } from './facts.ts'
import { sqlplus } from './languages.ts'
import { recoverySteps as steps } from './recovery-steps.ts'

const texts = {
  BACKUP_RUNS: {
    en: 'An RMAN backup of type {type} has been running for {minutes} minutes: another one would compete with it.',
    zh: '{type} 类型的 RMAN 备份已运行 {minutes} 分钟：此时再启动备份会与其争用资源。',
  },
  LOG_BACKUP_RUNS: {
    en: 'An RMAN backup of archived logs has been running for {minutes} minutes.',
    zh: '归档日志的 RMAN 备份已运行 {minutes} 分钟。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const affected: readonly Operation[] = ['full', 'incremental']

const judgeJob = (database: DatabaseFact, { name, value, minutes }: RmanRow): Draft => {
  const about = {
    params: { type: name ?? '-', minutes: minutes ?? '-' },
    object: { type: 'instance', name: `${database.name} ${name ?? '-'}` },
    observed: { status: value, minutes },
    expected: { running: false },
  } as const
  // Those are short, and run all day.
  if (name === 'ARCHIVELOG') return { ...about, code: 'LOG_BACKUP_RUNS' }
  return {
    ...about,
    code: 'BACKUP_RUNS',
    degrades: [...affected],
    remediation: {
      steps: [steps.letJobEnd({})],
      verify: {
        language: sqlplus.name,
        query: "SELECT object_type, status, start_time FROM v$rman_status WHERE status LIKE 'RUNNING%';",
      },
      changes: {},
    },
  }
}

/** Verifies that no backup runs on the instance of the login: jobs that run are known only where they do. */
export default defineCheck(oracle, {
  id: 'ORACLE_BACKUP_RUNNING',
  set: 'standard',
  title: { en: 'No backup is running', zh: '备份作业检查：没有正在运行的备份' },
  failureTitle: { en: 'A backup is running', zh: '备份作业检查：存在正在运行的备份' },
  description: {
    en: 'Checks whether RMAN is backing up data files through this instance. On a RAC, jobs of other instances are not seen.',
    zh: '检查 RMAN 是否正在通过该实例备份数据文件。在 RAC 上无法得知其他实例的作业。',
  },
  affects: () => affected,
  texts,
  seesBackups: true,
  privileges: ['SELECT ON SYS.V_$DATABASE', ...rmanPrivileges],
  fixes: [steps.letJobEnd],
  documents: ['https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RMAN_STATUS.html'],
  queries: { database: databaseQuery, rman: rmanQuery },
  facts: z.object({ database: DatabaseFact, rman: RmanRows }),
  evaluate: ({ database, rman }) => {
    const running = rmanOf(rman, 'running')
    return { findings: running.map((row) => judgeJob(database, row)), observed: { running: running.length } }
  },
})
