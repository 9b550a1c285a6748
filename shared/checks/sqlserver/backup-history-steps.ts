import { byHand } from '../../model/remediation.ts'
import { tsql } from './languages.ts'
import { quoteName, quoteString } from './quote.ts'
import { type OfDatabase, step } from './step.ts'

type ToFile = Readonly<Record<'database' | 'file', string>>

/** Steps that give a database the backups that it lacks, or find out about those that it has. */
export const backupHistorySteps = {
  showBackups: step('SHOW_BACKUPS', {
    language: tsql,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Look at the last backups of {database}: when they were taken, by whom and to which device.',
    zh: '查看 {database} 最近的备份：时间、执行者和备份设备。',
    command: ({ database }: OfDatabase) =>
      `SELECT TOP (50) s.type, s.backup_finish_date, s.is_copy_only, s.is_snapshot, s.is_damaged, s.server_name, s.user_name, m.device_type, m.physical_device_name FROM msdb.dbo.backupset AS s JOIN msdb.dbo.backupmediafamily AS m ON m.media_set_id = s.media_set_id WHERE s.database_name = ${quoteString(database)} ORDER BY s.backup_finish_date DESC;`,
  }),
  findPlannedBackup: step('FIND_PLANNED_BACKUP', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Look in the backup plan why the backup of {database} did not run, and run it.',
    zh: '在备份计划中查明 {database} 的备份未执行的原因，并执行该备份。',
  }),
  backUpDifferences: step('BACK_UP_DIFFERENCES', {
    language: tsql,
    risk: 'online',
    needs: 'db_backupoperator',
    en: 'Take an incremental backup of {database}.',
    zh: '对 {database} 执行一次增量备份。',
    command: ({ database, file }: ToFile) =>
      `BACKUP DATABASE ${quoteName(database)} TO DISK = ${quoteString(file)} WITH DIFFERENTIAL;`,
  }),
  backUpLog: step('BACK_UP_LOG', {
    language: tsql,
    risk: 'online',
    needs: 'db_backupoperator',
    en: 'Take a log backup of {database}.',
    zh: '对 {database} 执行一次日志备份。',
    command: ({ database, file }: ToFile) =>
      `BACKUP LOG ${quoteName(database)} TO DISK = ${quoteString(file)};`,
  }),
  lookElsewhere: step('LOOK_ELSEWHERE', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Look for the backups of {database} in the tools that take them: msdb of this server does not show them. The next backup that runs here shows again.',
    zh: '在执行备份的工具中查找 {database} 的备份：本服务器的 msdb 中没有记录。下一次在此执行的备份会重新被记录。',
  }),
  lookAtReplicas: step('LOOK_AT_REPLICAS', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Look for the backups of {database} on its other replicas, each of which records its own; register these as well.',
    zh: '在其他副本上查找 {database} 的备份（每个副本各自记录），并注册这些副本。',
  }),
  stopDiscarding: step('STOP_DISCARDING', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Stop the job that sends backups of {database} to the NUL device.',
    zh: '停止将 {database} 的备份发送到 NUL 设备的作业。',
  }),
  oneTool: step('ONE_TOOL', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Decide which tool takes the backups of {database}; have every other one take copies only (COPY_ONLY), or none.',
    zh: '确定由哪个工具备份 {database}；其他工具只执行仅复制（COPY_ONLY）备份或不再备份。',
  }),
  withChecksum: step('WITH_CHECKSUM', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Have the backups of {database} taken WITH CHECKSUM, as the server option "backup checksum default" does since SQL Server 2014.',
    zh: '使 {database} 的备份使用 WITH CHECKSUM（SQL Server 2014 起可使用服务器选项 backup checksum default）。',
  }),
} as const
