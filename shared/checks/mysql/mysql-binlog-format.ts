import * as z from 'zod'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { binlogSteps as steps } from './binlog-steps.ts'
import { mysql } from './engine.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { SettingRows, settingOf, settingsQuery } from './settings.ts'

const texts = {
  STATEMENT_FORMAT: {
    en: 'The binary log has statements (binlog_format is STATEMENT): one that uses UUID() or SYSDATE() restores to other values, without an error.',
    zh: '二进制日志记录的是语句（binlog_format 为 STATEMENT）：使用 UUID、SYSDATE 等函数的语句恢复后会得到不同的值，且不报错。',
  },
  BINLOG_NOT_SYNCED: {
    en: 'The binary log is not written to disk at every commit (sync_binlog is {value}): after a crash of the host, its last transactions may be missing from log backups.',
    zh: '二进制日志并非每次提交都写入磁盘（sync_binlog 为 {value}）：主机崩溃后，日志备份可能缺少最后的事务。',
  },
  REDO_NOT_FLUSHED: {
    en: 'The redo log is not written to disk at every commit (innodb_flush_log_at_trx_commit is {value}): after a crash of the host, tables and binary log may differ.',
    zh: '重做日志并非每次提交都写入磁盘（innodb_flush_log_at_trx_commit 为 {value}）：主机崩溃后，表与二进制日志可能不一致。',
  },
  SETTINGS_UNKNOWN: {
    en: 'It is unknown what the binary log holds and when it is written to disk.',
    zh: '无法判定二进制日志记录的内容及其写入磁盘的时机。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({ settings: SettingRows })
type Facts = z.output<typeof facts>

const verify = {
  language: mysqlClient.name,
  query:
    "SHOW GLOBAL VARIABLES WHERE variable_name IN ('binlog_format', 'sync_binlog', 'innodb_flush_log_at_trx_commit');",
}

const observedIn = ({ settings }: Facts) => ({
  binlog_format: settingOf(settings, 'binlog_format'),
  binlog_row_image: settingOf(settings, 'binlog_row_image'),
  sync_binlog: settingOf(settings, 'sync_binlog'),
  innodb_flush_log_at_trx_commit: settingOf(settings, 'innodb_flush_log_at_trx_commit'),
})

const judge = (asked: Facts, context: CheckContext): Draft[] => {
  if (settingOf(asked.settings, 'log_bin') === 'OFF') return []
  const { binlog_format, sync_binlog, innodb_flush_log_at_trx_commit } = observedIn(asked)
  if (binlog_format === null || sync_binlog === null || innodb_flush_log_at_trx_commit === null) {
    const observed = { binlog_format, sync_binlog, innodb_flush_log_at_trx_commit }
    return [
      onInstance(context, { code: 'SETTINGS_UNKNOWN', observed, expected: {}, obscures: ['log', 'restore'] }),
    ]
  }
  const degraded = { degrades: ['log', 'restore'] } satisfies Partial<Draft>
  const format: Draft = onInstance(context, {
    ...degraded,
    code: 'STATEMENT_FORMAT',
    observed: { binlog_format },
    expected: { binlog_format: 'ROW' },
    remediation: {
      steps: [steps.setRowFormat({}), steps.keepInConfiguration({})],
      verify,
      changes: { binlog_format: 'ROW' },
    },
  })
  const sync: Draft = onInstance(context, {
    ...degraded,
    code: 'BINLOG_NOT_SYNCED',
    params: { value: sync_binlog },
    observed: { sync_binlog },
    expected: { sync_binlog: 1 },
    remediation: {
      steps: [steps.setSync({}), steps.keepInConfiguration({})],
      verify,
      changes: { sync_binlog: '1' },
    },
  })
  const flush: Draft = onInstance(context, {
    ...degraded,
    code: 'REDO_NOT_FLUSHED',
    params: { value: innodb_flush_log_at_trx_commit },
    observed: { innodb_flush_log_at_trx_commit },
    expected: { innodb_flush_log_at_trx_commit: 1 },
    remediation: {
      steps: [steps.setFlush({}), steps.keepInConfiguration({})],
      verify,
      changes: { innodb_flush_log_at_trx_commit: '1' },
    },
  })
  return [
    ...(binlog_format === 'ROW' || binlog_format === 'MIXED' ? [] : [format]),
    ...(sync_binlog === '1' ? [] : [sync]),
    ...(innodb_flush_log_at_trx_commit === '1' || innodb_flush_log_at_trx_commit === '3' ? [] : [flush]),
  ]
}

/**
 * Verifies that the binary log restores to what was written. ROW and MIXED do; so do the row images MINIMAL and NOBLOB,
 * and compressed rows, as was tried.
 */
export default defineCheck(mysql, {
  id: 'MYSQL_BINLOG_FORMAT',
  set: 'standard',
  title: {
    en: 'The binary log restores to what was written',
    zh: '二进制日志格式检查：可准确恢复写入的内容',
  },
  failureTitle: {
    en: 'The binary log may restore to something else, or it is unknown whether it does',
    zh: '二进制日志格式检查：恢复的内容可能不同，或无法判定',
  },
  description: {
    en: 'Checks in which format the server writes its binary log, and whether it is on disk when a transaction is committed.',
    zh: '检查服务器以何种格式写入二进制日志，以及事务提交时日志是否已写入磁盘。',
  },
  affects: () => ['log', 'restore'],
  texts,
  blindSpots: [
    {
      en: 'What a session writes with sql_log_bin = 0 is in no binary log, and no statement shows it.',
      zh: '会话在 sql_log_bin = 0 时写入的内容不在任何二进制日志中，且没有语句可以看到。',
    },
  ],
  privileges: [],
  fixes: [steps.keepInConfiguration, steps.setFlush, steps.setRowFormat, steps.setSync],
  documents: [
    'https://mariadb.com/kb/en/binary-log-formats/',
    'https://dev.mysql.com/doc/refman/8.4/en/replication-options-binary-log.html',
    'https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html',
  ],
  queries: { settings: settingsQuery },
  facts,
  evaluate: (asked, context) => ({ findings: judge(asked, context), observed: observedIn(asked) }),
})
