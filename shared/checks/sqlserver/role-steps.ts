import { byHand } from '../../model/remediation.ts'
import { tsql } from './languages.ts'
import { quoteName, quoteString } from './quote.ts'
import { type OfDatabase, step } from './step.ts'

/** Steps for databases in availability groups, mirroring and log shipping, and for those with snapshots. */
export const roleSteps = {
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
    en: 'Check the availability group: its replica on this server reports no role, or the server does not show its kind.',
    zh: '检查可用性组：其位于本服务器的副本未报告角色，或服务器未显示该组的类型。',
  }),
  showMovement: step('SHOW_MOVEMENT', {
    language: tsql,
    risk: 'online',
    needs: 'VIEW SERVER STATE',
    en: 'Find out why {database} does not follow its primary.',
    zh: '查明 {database} 未跟随主要副本的原因。',
    command: ({ database }: OfDatabase) =>
      `SELECT synchronization_state_desc, suspend_reason_desc FROM sys.dm_hadr_database_replica_states WHERE is_local = 1 AND database_id = DB_ID(${quoteString(database)});`,
  }),
  connectPrimary: step('CONNECT_PRIMARY', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Bring the primary replica online, restore the connection to its endpoint, and wait until the copy has caught up.',
    zh: '使主要副本联机，恢复与其端点的连接，并等待副本追上。',
  }),
  /** After a forced failover, the former primary loses what the new one does not have. */
  resumeMovement: step('RESUME_MOVEMENT', {
    language: tsql,
    risk: 'data-loss',
    needs: 'ALTER ANY DATABASE',
    en: 'Resume the data movement to {database}. After a forced failover, what only this copy holds is lost.',
    zh: '恢复 {database} 的数据移动。如果发生过强制故障转移，仅存在于该副本的更改将丢失。',
    command: ({ database }: OfDatabase) => `ALTER DATABASE ${quoteName(database)} SET HADR RESUME;`,
  }),
  takeOut: step('TAKE_OUT', {
    language: byHand,
    risk: 'downtime',
    needs: 'sysadmin',
    en: 'Find out why a primary is in this state. RESTORE refuses it (3104) until it is removed from its availability group or mirroring is ended.',
    zh: '查明主数据库处于该状态的原因。将其从可用性组中移除或结束镜像之前，RESTORE 会被拒绝（3104）。',
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
  showLogShipping: step('SHOW_LOG_SHIPPING', {
    language: tsql,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Show where log shipping writes the log backups of {database}, and when it last did.',
    zh: '查看日志传送将 {database} 的日志备份写到何处，以及最近一次执行时间。',
    command: ({ database }: OfDatabase) =>
      `SELECT backup_directory, last_backup_file, last_backup_date FROM msdb.dbo.log_shipping_primary_databases WHERE primary_database = ${quoteString(database)};`,
  }),
  oneLogBackup: step('ONE_LOG_BACKUP', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Leave the log backups to log shipping and take log backup out of the plan, or end log shipping of the database.',
    zh: '由日志传送执行日志备份，并从备份计划中去掉日志备份；或者结束该数据库的日志传送。',
  }),
  showSnapshots: step('SHOW_SNAPSHOTS', {
    language: tsql,
    risk: 'online',
    needs: 'VIEW ANY DATABASE',
    en: 'List the snapshots of {database}.',
    zh: '列出 {database} 的快照。',
    command: ({ database }: OfDatabase) =>
      `SELECT name, create_date FROM sys.databases WHERE source_database_id = DB_ID(${quoteString(database)});`,
  }),
  dropSnapshots: step('DROP_SNAPSHOTS', {
    language: byHand,
    risk: 'data-loss',
    needs: 'ALTER ANY DATABASE',
    en: 'Before a restore, drop the snapshots with DROP DATABASE if nobody needs them any more.',
    zh: '还原之前，如果不再需要这些快照，请用 DROP DATABASE 删除。',
  }),
} as const
