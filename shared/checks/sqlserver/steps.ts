import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { tsql } from './languages.ts'
import { quoteName, quoteString } from './quote.ts'

/** Permissions and fixed roles of SQL Server ("Permissions" of each statement, Transact-SQL reference). */
type Right =
  | 'sysadmin'
  | 'securityadmin'
  | 'dbcreator'
  | 'db_backupoperator'
  | 'CONTROL SERVER'
  | 'ALTER ANY DATABASE'
  | 'VIEW SERVER STATE'

const step = stepsFor<Right>('sqlserver')

type OfDatabase = Readonly<Record<'database', string>>

/** Every step that fixes a finding of SQL Server. */
export const sqlServerSteps = {
  grant: step('GRANT', {
    language: tsql,
    risk: 'online',
    needs: 'CONTROL SERVER',
    en: 'Grant {privilege} to {login}.',
    zh: '向 {login} 授予 {privilege} 权限。',
    command: ({ statement }: Readonly<Record<'privilege' | 'login' | 'statement', string>>) => statement,
  }),
  bringMsdbOnline: step('BRING_MSDB_ONLINE', {
    language: byHand,
    risk: 'online',
    needs: 'ALTER ANY DATABASE',
    en: 'Bring msdb online first, which is {state}: log shipping is recorded in it.',
    zh: '请先使 msdb 联机（当前为 {state}）：日志传送的信息记录在其中。',
  }),
  readErrorLog: step('READ_ERROR_LOG', {
    language: tsql,
    risk: 'online',
    needs: 'securityadmin',
    en: 'Look for {database} in the error log.',
    zh: '在错误日志中查找 {database}。',
    command: ({ database }: OfDatabase) => `EXEC sys.sp_readerrorlog 0, 1, ${quoteString(database)};`,
  }),
  setOnline: step('SET_ONLINE', {
    language: tsql,
    risk: 'online',
    needs: 'ALTER ANY DATABASE',
    en: 'Bring {database} online.',
    zh: '将 {database} 联机。',
    command: ({ database }: OfDatabase) => `ALTER DATABASE ${quoteName(database)} SET ONLINE;`,
  }),
  bringOnlineFirst: step('BRING_ONLINE_FIRST', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Bring the database online first: see SQL_SERVER_DB_NOT_ONLINE.',
    zh: '请先将该数据库联机：参见 SQL_SERVER_DB_NOT_ONLINE。',
  }),
  confirmLastRestore: step('CONFIRM_LAST_RESTORE', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Make sure that no further backups need to be restored: after the next step, none can be.',
    zh: '确认没有其他备份需要还原：执行下一步之后将无法继续还原。',
  }),
  /** Recovery ends the restore sequence for good. */
  recover: step('RECOVER', {
    language: tsql,
    risk: 'data-loss',
    needs: 'dbcreator',
    en: 'End the restore of {database} and recover it.',
    zh: '结束 {database} 的还原并恢复该数据库。',
    command: ({ database }: OfDatabase) => `RESTORE DATABASE ${quoteName(database)} WITH RECOVERY;`,
  }),
  mendFile: step('MEND_FILE', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Restore the missing file or fix its permissions.',
    zh: '恢复缺失的文件，或修正其权限。',
  }),
  fixOrRestore: step('FIX_OR_RESTORE', {
    language: byHand,
    risk: 'downtime',
    needs: 'dbcreator',
    en: 'Fix the cause that the error log names. If the database is damaged, restore it from its last good backup.',
    zh: '排除错误日志中指出的原因。如果数据库已损坏，请从最近一次完好的备份还原。',
  }),
  fixOrSeedAgain: step('FIX_OR_SEED_AGAIN', {
    language: byHand,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Fix the cause that the error log names. If the database is a secondary and does not recover, set it up again from its primary.',
    zh: '排除错误日志中指出的原因。如果该数据库是辅助数据库且无法恢复，请从其主数据库重新建立。',
  }),
  setMultiUser: step('SET_MULTI_USER', {
    language: tsql,
    risk: 'online',
    needs: 'ALTER ANY DATABASE',
    en: 'Let several sessions connect to {database}.',
    zh: '允许多个会话连接 {database}。',
    command: ({ database }: OfDatabase) => `ALTER DATABASE ${quoteName(database)} SET MULTI_USER;`,
  }),
  setFull: step('SET_FULL', {
    language: tsql,
    risk: 'online',
    needs: 'ALTER ANY DATABASE',
    en: 'Set the recovery model of {database} to FULL.',
    zh: '将 {database} 的恢复模式设置为 FULL。',
    command: ({ database }: OfDatabase) => `ALTER DATABASE ${quoteName(database)} SET RECOVERY FULL;`,
  }),
  runPlannedBackup: step('RUN_PLANNED_BACKUP', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Run a full backup of the database with its backup plan: log backups only work after it.',
    zh: '通过备份计划对该数据库执行一次全量备份：之后才能进行日志备份。',
  }),
  backUp: step('BACK_UP', {
    language: tsql,
    risk: 'online',
    needs: 'db_backupoperator',
    en: 'Take a full backup of {database}: log backups only work after it.',
    zh: '对 {database} 执行一次全量备份：之后才能进行日志备份。',
    command: ({ database, file }: Readonly<Record<'database' | 'file', string>>) =>
      `BACKUP DATABASE ${quoteName(database)} TO DISK = ${quoteString(file)};`,
  }),
  showGroups: step('SHOW_GROUPS', {
    language: tsql,
    risk: 'online',
    needs: 'VIEW SERVER STATE',
    en: 'Show the primary replica and the health of each availability group.',
    zh: '查看各可用性组的主要副本和健康状况。',
    command: () =>
      'SELECT g.name, s.primary_replica, s.synchronization_health_desc FROM sys.dm_hadr_availability_group_states AS s JOIN sys.availability_groups AS g ON g.group_id = s.group_id;',
  }),
  restoreQuorum: step('RESTORE_QUORUM', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Restore the quorum of the cluster and bring the primary replica online. If that replica is lost, fail the group over to a synchronized secondary.',
    zh: '恢复集群的仲裁并使主要副本联机。如果该副本已丢失，请将可用性组故障转移到已同步的次要副本。',
  }),
  lookAtGroup: step('LOOK_AT_GROUP', {
    language: byHand,
    risk: 'online',
    needs: 'VIEW SERVER STATE',
    en: 'Check the availability group: its replica on this server reports no role.',
    zh: '检查可用性组：其位于本服务器的副本未报告角色。',
  }),
  lookAsSysadmin: step('LOOK_AS_SYSADMIN', {
    language: byHand,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Only a sysadmin can see whether a database is a mirror: run the next query as sysadmin, or register the instance with such a login.',
    zh: '只有 sysadmin 能看到数据库是否为镜像：请以 sysadmin 身份执行下一条查询，或使用此类登录名注册该实例。',
  }),
  showMirroringRole: step('SHOW_MIRRORING_ROLE', {
    language: tsql,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Show the role of {database} in mirroring.',
    zh: '查看 {database} 的镜像角色。',
    command: ({ database }: OfDatabase) =>
      `SELECT mirroring_role_desc FROM sys.database_mirroring WHERE database_id = DB_ID(${quoteString(database)});`,
  }),
  restoreOrForget: step('RESTORE_OR_FORGET', {
    language: byHand,
    risk: 'online',
    needs: 'dbcreator',
    en: 'Restore or attach the database, or remove its name from requiredDatabases in the registration.',
    zh: '还原或附加该数据库，或者从注册信息的 requiredDatabases 中删除其名称。',
  }),
} as const
