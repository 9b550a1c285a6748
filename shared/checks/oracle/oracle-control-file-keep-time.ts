import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import {
  BackupFact,
  type RmanRow,
  RmanRows,
  backupPrivileges,
  backupQuery,
  rmanOf,
  rmanPrivileges,
  rmanQuery,
} from './backup-facts.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, databaseQuery } from './facts.ts'
import { sqlplus } from './languages.ts'
import { recoverySteps as steps } from './recovery-steps.ts'
import { roleOf, takesNoBackup } from './role.ts'

const texts = {
  KEEP_TIME_TOO_SHORT: {
    en: 'The control file keeps its records of backups for {days} days, but backups are needed for {needed}: without a recovery catalog, RMAN forgets some that it needs.',
    zh: '控制文件将备份记录保留 {days} 天，但备份需要保留 {needed} 天：如果没有恢复目录，RMAN 会丢失仍需要的备份的记录。',
  },
  KEEP_TIME_UNKNOWN: {
    en: 'Whether the control file keeps its records of backups for long enough could not be determined.',
    zh: '无法判定控制文件是否将备份记录保留了足够长的时间。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const affected: readonly Operation[] = ['incremental', 'restore']

/** The most that the parameter takes ("CONTROL_FILE_RECORD_KEEP_TIME", Oracle Database Reference). */
const longestKeepTime = 365

/** Days of the recovery window; 0 where the policy is another; null where it is not known. */
const windowOf = (row: RmanRow | undefined): number | null => {
  if (row?.amount === 0) return 0
  const value = row?.value ?? null
  if (value === null) return null
  return Number(/RECOVERY WINDOW OF (\d{1,5}) DAYS/i.exec(value)?.[1] ?? 0)
}

/** Days for which records are needed: those of the last full backup, of the next one, and of the recovery window. */
const neededFor = (window: number, fullMinutes: number, { thresholdsFor }: CheckContext): number => {
  const days = [window, thresholdsFor().fullBackupMaxAgeHours / 24, fullMinutes / 1440]
  return Math.min(longestKeepTime, Math.ceil(Math.max(...days)))
}

const judgeKeepTime = (
  { name }: DatabaseFact,
  backups: BackupFact,
  policy: RmanRow | undefined,
  context: CheckContext,
): Draft[] => {
  const { keep_days: days, files, files_without_full } = backups
  const window = windowOf(policy)
  const about = {
    object: { type: 'instance', name },
    observed: { keep_days: days, retention: policy?.value ?? null, full_minutes: backups.full_minutes },
  } as const
  // Without any full backup there is none to keep a record of.
  const fullMinutes = files !== null && files_without_full === files ? 0 : backups.full_minutes
  if (days === null || window === null || fullMinutes === null)
    return [{ ...about, code: 'KEEP_TIME_UNKNOWN', expected: { known: true }, obscures: [...affected] }]
  const needed = neededFor(window, fullMinutes, context)
  if (days >= needed) return []
  return [
    {
      ...about,
      code: 'KEEP_TIME_TOO_SHORT',
      params: { days, needed },
      expected: { keep_days: `>= ${needed}` },
      degrades: [...affected],
      remediation: {
        steps: [steps.setKeepTime({ days: String(needed) })],
        verify: {
          language: sqlplus.name,
          query: "SELECT name, value FROM v$parameter WHERE name = 'control_file_record_keep_time';",
        },
        changes: { keep_days: needed },
      },
    },
  ]
}

/** Verifies that the control file keeps its records of backups for as long as these are needed. */
export default defineCheck(oracle, {
  id: 'ORACLE_CONTROL_FILE_KEEP_TIME',
  set: 'standard',
  title: {
    en: 'The control file keeps its records of backups for long enough',
    zh: '控制文件保留时间检查：备份记录的保留时间充足',
  },
  failureTitle: {
    en: 'The control file does not keep its records of backups for long enough',
    zh: '控制文件保留时间检查：备份记录的保留时间不足',
  },
  description: {
    en: 'Checks CONTROL_FILE_RECORD_KEEP_TIME against the age of the last full backup, the age that it may have, and the recovery window of RMAN. With a recovery catalog it matters less.',
    zh: '将 CONTROL_FILE_RECORD_KEEP_TIME 与最近一次全量备份的时间、其允许的最长间隔以及 RMAN 的恢复窗口进行比较。使用恢复目录时影响较小。',
  },
  affects: () => affected,
  texts,
  privileges: [...backupPrivileges, ...rmanPrivileges],
  fixes: [steps.setKeepTime],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/CONTROL_FILE_RECORD_KEEP_TIME.html',
  ],
  queries: { database: databaseQuery, backups: backupQuery, rman: rmanQuery },
  facts: z.object({ database: DatabaseFact, backups: BackupFact, rman: RmanRows }),
  evaluate: ({ database, backups, rman }, context) => {
    if (takesNoBackup(roleOf(database.database_role))) return { findings: [] }
    const [policy] = rmanOf(rman, 'retention')
    return {
      findings: judgeKeepTime(database, backups, policy, context),
      observed: { keep_days: backups.keep_days, retention: policy?.value ?? null },
    }
  },
})
