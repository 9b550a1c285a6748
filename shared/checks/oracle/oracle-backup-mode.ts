import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { type RmanRow, RmanRows, rmanOf, rmanPrivileges, rmanQuery } from './backup-facts.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, databaseQuery } from './facts.ts'
import { sqlplus } from './languages.ts'
import { recoverySteps as steps } from './recovery-steps.ts'
import { roleOf, takesNoBackup } from './role.ts'

const texts = {
  IN_BACKUP_MODE: {
    en: '{files} data files are in backup mode, the first for {hours} hours: more redo is written, and a crash leaves them in need of recovery.',
    zh: '{files} 个数据文件处于备份模式，最早的已持续 {hours} 小时：会产生更多重做日志，且崩溃后需要恢复。',
  },
  BACKUP_MODE_UNKNOWN: {
    en: 'Whether data files are in backup mode could not be determined.',
    zh: '无法判定数据文件是否处于备份模式。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const affected: readonly Operation[] = ['full', 'incremental']

const judgeMode = (
  { name }: DatabaseFact,
  row: RmanRow | undefined,
  { thresholdsFor }: CheckContext,
): Draft[] => {
  const { amount = null, minutes = null } = row ?? {}
  const limit = thresholdsFor().backupModeMaxHours * 60
  const about = {
    object: { type: 'instance', name },
    observed: { amount, minutes },
    expected: { minutes: `<= ${limit}` },
  } as const
  if (amount === 0) return []
  if (amount === null || minutes === null)
    return [{ ...about, code: 'BACKUP_MODE_UNKNOWN', obscures: [...affected] }]
  // A snapshot of the storage, say, is taken while files are in backup mode.
  if (minutes <= limit) return []
  return [
    {
      ...about,
      code: 'IN_BACKUP_MODE',
      params: { files: amount, hours: Math.round(minutes / 60) },
      degrades: [...affected],
      remediation: {
        steps: [steps.letSnapshotEnd({}), steps.endBackupMode({})],
        verify: {
          language: sqlplus.name,
          query: "SELECT file#, status, time FROM v$backup WHERE status = 'ACTIVE';",
        },
        changes: { amount: 0, minutes: null },
      },
    },
  ]
}

/** Verifies that no data file was forgotten in backup mode (ALTER TABLESPACE … BEGIN BACKUP). RMAN needs none. */
export default defineCheck(oracle, {
  id: 'ORACLE_BACKUP_MODE',
  set: 'standard',
  title: { en: 'No data file was left in backup mode', zh: '备份模式检查：没有遗留在备份模式的数据文件' },
  failureTitle: {
    en: 'Data files were left in backup mode',
    zh: '备份模式检查：存在遗留在备份模式的数据文件',
  },
  description: {
    en: 'Checks whether data files have been in backup mode for longer than a snapshot of the storage takes.',
    zh: '检查数据文件处于备份模式的时间是否超过存储快照所需的时间。',
  },
  affects: () => affected,
  texts,
  privileges: ['SELECT ON SYS.V_$DATABASE', ...rmanPrivileges],
  fixes: [steps.endBackupMode, steps.letSnapshotEnd],
  documents: ['https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-BACKUP.html'],
  queries: { database: databaseQuery, rman: rmanQuery },
  facts: z.object({ database: DatabaseFact, rman: RmanRows }),
  evaluate: ({ database, rman }, context) => {
    if (takesNoBackup(roleOf(database.database_role))) return { findings: [] }
    const [mode] = rmanOf(rman, 'backup-mode')
    return { findings: judgeMode(database, mode, context), observed: { files: mode?.amount ?? null } }
  },
})
