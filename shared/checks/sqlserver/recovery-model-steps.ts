import { byHand } from '../../model/remediation.ts'
import { tsql } from './languages.ts'
import { quoteName, quoteString } from './quote.ts'
import { type OfDatabase, step } from './step.ts'

/** Steps that give a database what its log and incremental backups need. */
export const recoveryModelSteps = {
  setReadWrite: step('SET_READ_WRITE', {
    language: tsql,
    risk: 'downtime',
    needs: 'ALTER ANY DATABASE',
    en: 'Make {database} writable, for which nobody else may be connected: its recovery model cannot be set while it is read-only.',
    zh: '将 {database} 设为可读写（需无其他连接）：只读状态下无法设置恢复模式。',
    command: ({ database }: OfDatabase) => `ALTER DATABASE ${quoteName(database)} SET READ_WRITE;`,
  }),
  setFull: step('SET_FULL', {
    language: tsql,
    risk: 'online',
    needs: 'ALTER ANY DATABASE',
    en: 'Set the recovery model of {database} to FULL.',
    zh: '将 {database} 的恢复模式设置为 FULL。',
    command: ({ database }: OfDatabase) => `ALTER DATABASE ${quoteName(database)} SET RECOVERY FULL;`,
  }),
  setReadOnly: step('SET_READ_ONLY', {
    language: tsql,
    risk: 'downtime',
    needs: 'ALTER ANY DATABASE',
    en: 'Make {database} read-only again.',
    zh: '将 {database} 恢复为只读。',
    command: ({ database }: OfDatabase) => `ALTER DATABASE ${quoteName(database)} SET READ_ONLY;`,
  }),
  closeNoMore: step('CLOSE_NO_MORE', {
    language: tsql,
    risk: 'online',
    needs: 'ALTER ANY DATABASE',
    en: 'Keep {database} open when nobody uses it.',
    zh: '使 {database} 在无人使用时保持打开。',
    command: ({ database }: OfDatabase) => `ALTER DATABASE ${quoteName(database)} SET AUTO_CLOSE OFF;`,
  }),
  runPlannedBackup: step('RUN_PLANNED_BACKUP', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Run a full backup of the database with its backup plan: incremental and log backups only work after it.',
    zh: '通过备份计划对该数据库执行一次全量备份：之后才能进行增量备份和日志备份。',
  }),
  backUp: step('BACK_UP', {
    language: tsql,
    risk: 'online',
    needs: 'db_backupoperator',
    en: 'Take a full backup of {database}: incremental and log backups only work after it.',
    zh: '对 {database} 执行一次全量备份：之后才能进行增量备份和日志备份。',
    command: ({ database, file }: Readonly<Record<'database' | 'file', string>>) =>
      `BACKUP DATABASE ${quoteName(database)} TO DISK = ${quoteString(file)};`,
  }),
} as const
