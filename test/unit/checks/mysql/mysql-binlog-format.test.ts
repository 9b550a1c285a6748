import { testChanges } from '../../../support/changes-table.ts'
import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-binlog-format.ts'

import { type MySqlFacts, mysqlFacts, settings, isOfObject } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  formats: 'https://mariadb.com/kb/en/binary-log-formats/',
  binlog: 'https://dev.mysql.com/doc/refman/8.4/en/replication-options-binary-log.html',
  innodb: 'https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'rows, written at every commit',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    manual: 'formats',
  },
  {
    when: 'MIXED',
    facts: { settings: settings({ binlog_format: 'MIXED' }) },
    status: 'passed',
    findings: [],
    manual: 'formats',
  },
  {
    when: 'a row image that leaves columns out',
    facts: { settings: settings({ binlog_row_image: 'MINIMAL' }) },
    status: 'passed',
    findings: [],
    observed: {
      binlog_format: 'ROW',
      binlog_row_image: 'MINIMAL',
      sync_binlog: '1',
      innodb_flush_log_at_trx_commit: '1',
    },
    manual: 'binlog',
  },
  {
    when: 'STATEMENT',
    facts: { settings: settings({ binlog_format: 'STATEMENT' }) },
    status: 'warning',
    findings: [{ code: 'STATEMENT_FORMAT', on, degrades: ['log', 'restore'] }],
    readiness: { instance: { full: 'ready', log: 'degraded', restore: 'degraded' } },
    manual: 'formats',
  },
  {
    when: 'written to disk when the system likes',
    facts: { settings: settings({ sync_binlog: '0' }) },
    status: 'warning',
    findings: [{ code: 'BINLOG_NOT_SYNCED', on, degrades: ['log', 'restore'] }],
    manual: 'binlog',
  },
  {
    when: 'a redo log written once a second',
    facts: { settings: settings({ innodb_flush_log_at_trx_commit: '2' }) },
    status: 'warning',
    findings: [{ code: 'REDO_NOT_FLUSHED', on, degrades: ['log', 'restore'] }],
    manual: 'innodb',
  },
  {
    when: 'the redo log of MariaDB, written twice',
    facts: { settings: settings({ innodb_flush_log_at_trx_commit: '3' }) },
    status: 'passed',
    findings: [],
    manual: 'innodb',
  },
  {
    when: 'binlog_format unknown',
    facts: { settings: settings({ binlog_format: undefined }) },
    status: 'error',
    findings: [{ code: 'SETTINGS_UNKNOWN', on, obscures: ['log', 'restore'] }],
    manual: 'binlog',
  },
  {
    when: 'sync_binlog unknown',
    facts: { settings: settings({ sync_binlog: undefined }) },
    status: 'error',
    findings: [{ code: 'SETTINGS_UNKNOWN', on, obscures: ['log', 'restore'] }],
    manual: 'binlog',
  },
  {
    when: 'innodb_flush_log_at_trx_commit unknown',
    facts: { settings: settings({ innodb_flush_log_at_trx_commit: undefined }) },
    status: 'error',
    findings: [{ code: 'SETTINGS_UNKNOWN', on, obscures: ['log', 'restore'] }],
    manual: 'binlog',
  },
  {
    when: 'no binary log, which another item says',
    facts: { settings: settings({ log_bin: 'OFF', binlog_format: 'STATEMENT' }) },
    status: 'passed',
    findings: [],
    manual: 'formats',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'STATEMENT',
    code: 'STATEMENT_FORMAT',
    on: 'instance db1',
    params: {},
    observed: { binlog_format: 'STATEMENT' },
    expected: { binlog_format: 'ROW' },
    steps: ["online mysql: SET GLOBAL binlog_format = 'ROW';", 'online manual'],
    verify:
      "mysql: SHOW GLOBAL VARIABLES WHERE variable_name IN ('binlog_format', 'sync_binlog', 'innodb_flush_log_at_trx_commit');",
  },
  {
    when: 'written to disk when the system likes',
    code: 'BINLOG_NOT_SYNCED',
    on: 'instance db1',
    params: { value: '0' },
    observed: { sync_binlog: '0' },
    expected: { sync_binlog: 1 },
    steps: ['online mysql: SET GLOBAL sync_binlog = 1;', 'online manual'],
    verify:
      "mysql: SHOW GLOBAL VARIABLES WHERE variable_name IN ('binlog_format', 'sync_binlog', 'innodb_flush_log_at_trx_commit');",
  },
  {
    when: 'a redo log written once a second',
    code: 'REDO_NOT_FLUSHED',
    on: 'instance db1',
    params: { value: '2' },
    observed: { innodb_flush_log_at_trx_commit: '2' },
    expected: { innodb_flush_log_at_trx_commit: 1 },
    steps: ['online mysql: SET GLOBAL innodb_flush_log_at_trx_commit = 1;', 'online manual'],
    verify:
      "mysql: SHOW GLOBAL VARIABLES WHERE variable_name IN ('binlog_format', 'sync_binlog', 'innodb_flush_log_at_trx_commit');",
  },
  {
    when: 'binlog_format unknown',
    code: 'SETTINGS_UNKNOWN',
    on: 'instance db1',
    params: {},
    observed: { binlog_format: null, sync_binlog: '1', innodb_flush_log_at_trx_commit: '1' },
    expected: {},
    steps: [],
  },
]

describe('MYSQL_BINLOG_FORMAT', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': ['log', 'restore'], native: ['log', 'restore'] },
    verdicts,
    details,
    never: { failed: 'log backups run whatever the log holds' },
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })
})
