import { byHand } from '../../model/remediation.ts'
import { tsql } from './languages.ts'
import { quoteName, quoteString } from './quote.ts'
import { type OfDatabase, step } from './step.ts'

/** Steps that make room in a transaction log ("Troubleshoot a full transaction log", SQL Server manual). */
export const logSteps = {
  runPlannedLogBackup: step('RUN_PLANNED_LOG_BACKUP', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Run a log backup of the database with its backup plan, twice if the first frees little, and let the plan take them more often.',
    zh: '通过备份计划对该数据库执行日志备份（如果第一次释放的空间很少，请再执行一次），并提高日志备份的频率。',
  }),
  freeLog: step('FREE_LOG', {
    language: tsql,
    risk: 'online',
    needs: 'db_backupoperator',
    en: 'Back up the log of {database}, which frees it for reuse.',
    zh: '备份 {database} 的日志，使其空间可重用。',
    command: ({ database, file }: Readonly<Record<'database' | 'file', string>>) =>
      `BACKUP LOG ${quoteName(database)} TO DISK = ${quoteString(file)};`,
  }),
  showTransactions: step('SHOW_TRANSACTIONS', {
    language: tsql,
    risk: 'online',
    needs: 'VIEW SERVER STATE',
    en: 'Find the oldest open transaction in {database}.',
    zh: '查找 {database} 中最早的未结束事务。',
    command: ({ database }: OfDatabase) =>
      `SELECT t.database_transaction_begin_time, s.session_id, t.database_transaction_log_bytes_used FROM sys.dm_tran_database_transactions AS t LEFT JOIN sys.dm_tran_session_transactions AS s ON s.transaction_id = t.transaction_id WHERE t.database_id = DB_ID(${quoteString(database)}) AND t.database_transaction_begin_time IS NOT NULL ORDER BY t.database_transaction_begin_time;`,
  }),
  endTransaction: step('END_TRANSACTION', {
    language: byHand,
    risk: 'downtime',
    needs: 'ALTER ANY CONNECTION',
    en: 'Let the owner of the session commit or roll it back, or end the session with KILL: what it has not committed is rolled back.',
    zh: '请会话所有者提交或回滚该事务，或使用 KILL 终止会话：未提交的更改将回滚。',
  }),
  readLogForReplication: step('READ_LOG_FOR_REPLICATION', {
    language: byHand,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Start the Log Reader Agent or the capture job of change data capture, and find out why it fell behind. If the database is not published any more, remove its publication.',
    zh: '启动日志读取器代理或变更数据捕获的捕获作业，并查明其滞后的原因。如果该数据库不再发布，请删除其发布。',
  }),
  catchUp: step('CATCH_UP', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Bring the partner that does not follow online again, a secondary replica or a mirror, or take it out for good: the log is kept until it has it.',
    zh: '使未跟随的伙伴（次要副本或镜像）恢复联机，或将其永久移除：在其收到日志之前，日志会一直保留。',
  }),
  waitForBackup: step('WAIT_FOR_BACKUP', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Wait until the backup or restore that is running has ended: the log is kept until then.',
    zh: '等待正在运行的备份或还原结束：在此之前日志会一直保留。',
  }),
  enlargeLog: step('ENLARGE_LOG', {
    language: byHand,
    risk: 'online',
    needs: 'ALTER ANY DATABASE',
    en: 'If the log needs more room than it may have, raise the maximum size or the growth of its file, free space on its volume, or add a log file on another volume.',
    zh: '如果日志需要更多空间，请调大日志文件的最大大小或启用自动增长，释放其所在卷的空间，或在其他卷上添加日志文件。',
  }),
} as const
