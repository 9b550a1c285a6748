import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { quoteShell } from '../framework/quote-shell.ts'
import { bash } from '../framework/script-language.ts'
import { rman, sqlplus } from './languages.ts'
import type { OracleRight } from './rights.ts'

const step = stepsFor<OracleRight>('oracle')

type OfCluster = Readonly<Record<'name', string>>

/** Shows the state of every archive destination. */
export const showDestinations =
  "SELECT inst_id, dest_name, status, binding, error FROM gv$archive_dest WHERE status <> 'INACTIVE';"

/** Every step that sets the archive mode right or lets archiving go on. */
export const archiveSteps = {
  sizeRecoveryArea: step('SIZE_RECOVERY_AREA', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Connect to CDB$ROOT as SYSDBA. Size the recovery area first: the database hangs when it is full.',
    zh: '以 SYSDBA 身份连接到 CDB$ROOT。请先规划恢复区的大小：恢复区写满后数据库会挂起。',
  }),
  shutDown: step('SHUT_DOWN', {
    language: sqlplus,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Shut the instance down.',
    zh: '关闭实例。',
    command: () => 'SHUTDOWN IMMEDIATE;',
  }),
  startMounted: step('START_MOUNTED', {
    language: sqlplus,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Start the instance and mount its database.',
    zh: '启动实例并装载数据库。',
    command: () => 'STARTUP MOUNT;',
  }),
  stopCluster: step('STOP_CLUSTER', {
    language: bash,
    risk: 'downtime',
    needs: 'host-administrator',
    en: 'Stop the database on all instances.',
    zh: '在所有实例上停止数据库。',
    command: ({ name }: OfCluster) => `srvctl stop database -d ${quoteShell(name)}`,
  }),
  mountCluster: step('MOUNT_CLUSTER', {
    language: bash,
    risk: 'downtime',
    needs: 'host-administrator',
    en: 'Start all instances and mount the database.',
    zh: '启动所有实例并装载数据库。',
    command: ({ name }: OfCluster) => `srvctl start database -d ${quoteShell(name)} -o mount`,
  }),
  startCluster: step('START_CLUSTER', {
    language: bash,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Start the database on all instances.',
    zh: '在所有实例上启动数据库。',
    command: ({ name }: OfCluster) => `srvctl start database -d ${quoteShell(name)}`,
  }),
  setArchivelog: step('SET_ARCHIVELOG', {
    language: sqlplus,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Set the database to ARCHIVELOG mode.',
    zh: '将数据库设置为归档模式（ARCHIVELOG）。',
    command: () => 'ALTER DATABASE ARCHIVELOG;',
  }),
  setOnPrimary: step('SET_ON_PRIMARY', {
    language: byHand,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Set ARCHIVELOG on the primary: a standby has the mode of its primary.',
    zh: '在主库上设置归档模式（ARCHIVELOG）：备库的归档模式与主库相同。',
  }),
  /** SHUTDOWN ends it, and STARTUP does not start it again. */
  stopSqlApply: step('STOP_SQL_APPLY', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Stop SQL apply.',
    zh: '停止 SQL 应用。',
    command: () => 'ALTER DATABASE STOP LOGICAL STANDBY APPLY;',
  }),
  startSqlApply: step('START_SQL_APPLY', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Start SQL apply again.',
    zh: '重新启动 SQL 应用。',
    command: () => 'ALTER DATABASE START LOGICAL STANDBY APPLY IMMEDIATE;',
  }),
  openPluggables: step('OPEN_PLUGGABLES', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Open the pluggable databases again, which a start leaves closed unless their state was saved. Add EXCEPT and the names of those that are to stay closed.',
    zh: '重新打开可插拔数据库：未保存状态的可插拔数据库在启动后仍为关闭状态。需保持关闭的请用 EXCEPT 加名称排除。',
    command: () => 'ALTER PLUGGABLE DATABASE ALL OPEN INSTANCES = ALL;',
  }),
  listMode: step('LIST_MODE', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Show the archive mode and the sequence of the logs.',
    zh: '查看归档模式和日志序列号。',
    command: () => 'ARCHIVE LOG LIST',
  }),
  /** "Changing the Database Archiving Mode" (ibid.): earlier backups have no logs that could roll them forward. */
  backUpInFull: step('BACK_UP_IN_FULL', {
    language: rman,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'Take a full backup, or have the backup plan take one: backups from before the change cannot be used with the logs from now on.',
    zh: '执行一次全量备份，或由备份计划执行：更改之前的备份无法与此后的日志配合使用。',
    command: () => 'BACKUP DATABASE PLUS ARCHIVELOG;',
  }),
  showDestinations: step('SHOW_DESTINATIONS', {
    language: sqlplus,
    risk: 'online',
    needs: 'SELECT_CATALOG_ROLE',
    en: 'Show the state of the archive destinations.',
    zh: '查看归档目的地的状态。',
    command: () => showDestinations,
  }),
  /** Archived logs that are removed behind RMAN's back are missing from the next backup. */
  freeSpace: step('FREE_SPACE', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Free space in the destination that shows an error, or enlarge it. Delete archived logs with RMAN only.',
    zh: '释放报错的归档目的地的空间，或为其扩容。只能通过 RMAN 删除归档日志。',
  }),
  showRecoveryArea: step('SHOW_RECOVERY_AREA', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Show how full the recovery area is.',
    zh: '查看恢复区的使用情况。',
    command: () => 'SELECT name, space_limit, space_used, space_reclaimable FROM v$recovery_file_dest;',
  }),
  freeForArchiver: step('FREE_FOR_ARCHIVER', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Log in as SYSDBA or SYSBACKUP, which still works. Free space in the archive destination or the recovery area, or enlarge it (db_recovery_file_dest_size). Delete archived logs with RMAN only.',
    zh: '以 SYSDBA 或 SYSBACKUP 身份登录（此时仍可登录）。释放归档目的地或恢复区的空间，或为其扩容（db_recovery_file_dest_size）。只能通过 RMAN 删除归档日志。',
  }),
  archiveAll: step('ARCHIVE_ALL', {
    language: sqlplus,
    risk: 'online',
    needs: 'ALTER SYSTEM',
    en: 'Archive all logs that wait for it.',
    zh: '归档所有等待归档的日志。',
    command: () => 'ALTER SYSTEM ARCHIVE LOG ALL;',
  }),
  fixDestination: step('FIX_DESTINATION', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Fix the cause that the error names: space, path or network.',
    zh: '排除错误信息中指出的原因：空间、路径或网络。',
  }),
  enableDestination: step('ENABLE_DESTINATION', {
    language: sqlplus,
    risk: 'online',
    needs: 'ALTER SYSTEM',
    en: 'Enable the archive destination {number} again.',
    zh: '重新启用归档目的地 {number}。',
    command: ({ number }: Readonly<Record<'number', string>>) =>
      `ALTER SYSTEM SET log_archive_dest_state_${number} = ENABLE;`,
  }),
  setDestination: step('SET_DESTINATION', {
    language: byHand,
    risk: 'online',
    needs: 'ALTER SYSTEM',
    en: 'If no local destination is set, set log_archive_dest_1 or a recovery area.',
    zh: '如果未设置本地归档目的地，请设置 log_archive_dest_1 或恢复区。',
  }),
} as const
