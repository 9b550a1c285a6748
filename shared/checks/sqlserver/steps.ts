import { byHand } from '../../model/remediation.ts'
import { tsql } from './languages.ts'
import { quoteName, quoteString } from './quote.ts'
import { type OfDatabase, step } from './step.ts'

/** Steps that bring a database online, or let the service see it. */
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
  /** Nothing is read from the database itself, whose tables may be what is locked. */
  showLocks: step('SHOW_LOCKS', {
    language: tsql,
    risk: 'online',
    needs: 'VIEW SERVER STATE',
    en: 'Find the session that locks tables of {database}.',
    zh: '查找锁定 {database} 中表的会话。',
    command: ({ database }: OfDatabase) =>
      `SELECT request_session_id, resource_type, request_mode, request_status FROM sys.dm_tran_locks WHERE resource_database_id = DB_ID(${quoteString(database)}) AND request_mode NOT IN ('S', 'IS', 'Sch-S');`,
  }),
  askAgain: step('ASK_AGAIN', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Run the precheck again once that session has ended its transaction, or the server has resources again.',
    zh: '待该会话结束其事务，或服务器资源恢复后，重新预检。',
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
    en: 'Remove the cause that the error log names: a file that is missing or cannot be opened, a full disk or too little memory.',
    zh: '排除错误日志中指出的原因：文件缺失或无法打开、磁盘已满或内存不足。',
  }),
  mendCause: step('MEND_CAUSE', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Fix the cause that the error log names, if it lies outside the database: a disk, a path, permissions.',
    zh: '如果错误日志中指出的原因在数据库之外（磁盘、路径或权限），请先排除。',
  }),
  /** NO_TRUNCATE: the log of a database whose data cannot be opened. */
  backUpTail: step('BACK_UP_TAIL', {
    language: tsql,
    risk: 'online',
    needs: 'db_backupoperator',
    en: 'Back up the tail of the log of {database}: without it, a restore loses what was done since the last log backup.',
    zh: '备份 {database} 的结尾日志：否则还原会丢失最近一次日志备份之后的更改。',
    command: ({ database, file }: Readonly<Record<'database' | 'file', string>>) =>
      `BACKUP LOG ${quoteName(database)} TO DISK = ${quoteString(file)} WITH NO_TRUNCATE;`,
  }),
  checkDatabase: step('CHECK_DATABASE', {
    language: tsql,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Check {database} for damage.',
    zh: '检查 {database} 是否损坏。',
    command: ({ database }: OfDatabase) =>
      `DBCC CHECKDB (${quoteString(database)}) WITH NO_INFOMSGS, ALL_ERRORMSGS;`,
  }),
  setOnlineIfSound: step('SET_ONLINE_IF_SOUND', {
    language: tsql,
    risk: 'online',
    needs: 'ALTER ANY DATABASE',
    en: 'If the check found no errors, bring {database} online.',
    zh: '如果检查未发现错误，将 {database} 联机。',
    command: ({ database }: OfDatabase) => `ALTER DATABASE ${quoteName(database)} SET ONLINE;`,
  }),
  restoreLastGood: step('RESTORE_LAST_GOOD', {
    language: byHand,
    risk: 'data-loss',
    needs: 'dbcreator',
    en: 'If the database is damaged, restore it from its last good backup, then its log backups, the tail last. What they do not hold is lost.',
    zh: '如果数据库已损坏，请从最近一次完好的备份还原，再依次还原日志备份，最后还原结尾日志。备份中没有的更改将丢失。',
  }),
  waitForRecovery: step('WAIT_FOR_RECOVERY', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Wait until the database is ready, then run the precheck again. The error log shows the progress of recovery.',
    zh: '等待数据库就绪后重新预检。恢复进度见错误日志。',
  }),
  fixOrSeedAgain: step('FIX_OR_SEED_AGAIN', {
    language: byHand,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Fix the cause that the error log names. If the database is a secondary and does not recover, set it up again from its primary.',
    zh: '排除错误日志中指出的原因。如果该数据库是辅助数据库且无法恢复，请从其主数据库重新建立。',
  }),
  showSessions: step('SHOW_SESSIONS', {
    language: tsql,
    risk: 'online',
    needs: 'VIEW SERVER STATE',
    en: 'Find the session that holds {database}.',
    zh: '查找占用 {database} 的会话。',
    command: ({ database }: OfDatabase) =>
      `SELECT session_id, login_name, host_name, program_name FROM sys.dm_exec_sessions WHERE database_id = DB_ID(${quoteString(database)});`,
  }),
  endSession: step('END_SESSION', {
    language: byHand,
    risk: 'downtime',
    needs: 'ALTER ANY CONNECTION',
    en: 'Let its owner end that session, or end it with KILL and its number: its open transaction is rolled back. While it is there, the next step fails (5064).',
    zh: '请会话所有者结束该会话，或使用 KILL 加会话编号终止（其未提交的事务会回滚）。该会话存在期间，下一步会失败（5064）。',
  }),
  setMultiUser: step('SET_MULTI_USER', {
    language: tsql,
    risk: 'online',
    needs: 'ALTER ANY DATABASE',
    en: 'Let several sessions connect to {database}.',
    zh: '允许多个会话连接 {database}。',
    command: ({ database }: OfDatabase) => `ALTER DATABASE ${quoteName(database)} SET MULTI_USER;`,
  }),
  restoreOrForget: step('RESTORE_OR_FORGET', {
    language: byHand,
    risk: 'online',
    needs: 'dbcreator',
    en: 'Restore or attach the database, or remove its name from requiredDatabases in the registration.',
    zh: '还原或附加该数据库，或者从注册信息的 requiredDatabases 中删除其名称。',
  }),
  rename: step('RENAME', {
    language: byHand,
    risk: 'downtime',
    needs: 'ALTER ANY DATABASE',
    en: 'Rename the database with ALTER DATABASE … MODIFY NAME while nobody is connected, of an availability group on its primary after it is taken out; adapt applications, jobs and the backup plan, and take a full backup.',
    zh: '在无人连接时用 ALTER DATABASE … MODIFY NAME 重命名该数据库（可用性组中的数据库须先移除，并在主要副本上重命名）；同步修改应用程序、作业和备份计划，然后执行一次全量备份。',
  }),
} as const
