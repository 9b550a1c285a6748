import { byHand } from '../../model/remediation.ts'
import { mysqlClient } from './languages.ts'
import { quoteString } from './quote.ts'
import { step } from './step.ts'

/** Steps for the binary log. What SET GLOBAL changes, a restart forgets. */
export const binlogSteps = {
  setRetentionSeconds: step('SET_RETENTION_SECONDS', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SYSTEM_VARIABLES_ADMIN',
    en: 'Keep binary logs for {seconds} seconds. They take room on the disk for that long.',
    zh: '将二进制日志保留 {seconds} 秒。在此期间会占用磁盘空间。',
    command: ({ seconds }: Readonly<Record<'seconds', string>>) =>
      `SET GLOBAL binlog_expire_logs_seconds = ${seconds};`,
  }),
  setRetentionDays: step('SET_RETENTION_DAYS', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SYSTEM_VARIABLES_ADMIN',
    en: 'Keep binary logs for {days} days. They take room on the disk for that long.',
    zh: '将二进制日志保留 {days} 天。在此期间会占用磁盘空间。',
    command: ({ days }: Readonly<Record<'days', string>>) => `SET GLOBAL expire_logs_days = ${days};`,
  }),
  setRowFormat: step('SET_ROW_FORMAT', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SYSTEM_VARIABLES_ADMIN',
    en: 'Write rows to the binary log instead of statements. Sessions that are open keep the old format.',
    zh: '将二进制日志改为行格式。已打开的会话仍使用旧格式。',
    command: () => "SET GLOBAL binlog_format = 'ROW';",
  }),
  setSync: step('SET_SYNC', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SYSTEM_VARIABLES_ADMIN',
    en: 'Write the binary log to disk at every commit. Commits take longer then.',
    zh: '每次提交时将二进制日志写入磁盘。提交会变慢。',
    command: () => 'SET GLOBAL sync_binlog = 1;',
  }),
  setFlush: step('SET_FLUSH', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SYSTEM_VARIABLES_ADMIN',
    en: 'Write the redo log to disk at every commit. Commits take longer then.',
    zh: '每次提交时将重做日志写入磁盘。提交会变慢。',
    command: () => 'SET GLOBAL innodb_flush_log_at_trx_commit = 1;',
  }),
  keepInConfiguration: step('KEEP_IN_CONFIGURATION', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Set the same in the section [mysqld] of the configuration of the server, since a restart forgets what SET GLOBAL changed.',
    zh: '在服务器配置的 [mysqld] 部分进行同样的设置，否则 SET GLOBAL 的更改会在重启后失效。',
  }),
  removeFilters: step('REMOVE_FILTERS', {
    language: byHand,
    risk: 'restart',
    needs: 'host-administrator',
    en: 'Take binlog_do_db and binlog_ignore_db out of the configuration of the server, restart it, then run a full backup.',
    zh: '从服务器配置中删除 binlog_do_db 和 binlog_ignore_db，重启后执行一次全量备份。',
  }),
  rotate: step('ROTATE', {
    language: mysqlClient,
    risk: 'online',
    needs: 'RELOAD',
    en: 'Begin a new binary log.',
    zh: '切换到新的二进制日志文件。',
    command: () => 'FLUSH BINARY LOGS;',
  }),
  startChain: step('START_CHAIN', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Run a full backup with the backup plan: log backups lead on from that one.',
    zh: '通过备份计划执行一次全量备份：之后的日志备份从该备份开始。',
  }),
  purgeBefore: step('PURGE_BEFORE', {
    language: mysqlClient,
    risk: 'data-loss',
    needs: 'BINLOG ADMIN',
    en: 'Then remove the binary logs before {file}, which can no longer be backed up one after the other.',
    zh: '然后删除 {file} 之前的二进制日志，它们已无法连续备份。',
    command: ({ file }: Readonly<Record<'file', string>>) => `PURGE BINARY LOGS TO ${quoteString(file)};`,
  }),
} as const
