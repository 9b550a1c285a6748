import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-binlog-gaps.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type MySqlFacts,
  binaryLog,
  binlogStatus,
  isOfObject,
  mysqlFacts,
  settings,
} from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  list: 'https://mariadb.com/kb/en/show-binary-logs/',
  status: 'https://mariadb.com/kb/en/show-binlog-status/',
  mysql: 'https://dev.mysql.com/doc/refman/8.4/en/show-binary-log-status.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'two files that follow on each other',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { binary_logs: 2 },
    manual: 'list',
  },
  {
    when: 'MySQL 8.4, which has other words',
    facts: { masterStatus: null, binaryLogStatus: [binlogStatus()] },
    status: 'passed',
    findings: [],
    manual: 'mysql',
  },
  {
    when: 'a file that is gone',
    facts: { binaryLogs: [binaryLog({ log_name: 'binlog.000006', file_size: 0 }), binaryLog()] },
    status: 'failed',
    findings: [{ code: 'LOG_FILE_LOST', on, blocks: ['log'] }],
    readiness: { instance: { full: 'ready', log: 'blocked' } },
    manual: 'list',
  },
  {
    when: 'a number that is missing',
    facts: { binaryLogs: [binaryLog({ log_name: 'binlog.000004' }), binaryLog()] },
    status: 'failed',
    findings: [{ code: 'LOG_NUMBER_MISSING', on, blocks: ['log'] }],
    manual: 'list',
  },
  {
    when: 'a database alone that is logged',
    facts: { masterStatus: [binlogStatus({ binlog_do_db: 'sales' })] },
    status: 'warning',
    findings: [{ code: 'LOG_FILTERED', on, degrades: ['log', 'restore'] }],
    manual: 'status',
  },
  {
    when: 'a database that is not logged, in other words',
    facts: { masterStatus: null, binaryLogStatus: [binlogStatus({ binlog_ignore_db: 'stock' })] },
    status: 'warning',
    findings: [{ code: 'LOG_FILTERED', on, degrades: ['log', 'restore'] }],
    manual: 'mysql',
  },
  {
    when: 'a login that may not list them',
    facts: { binaryLogs: null, masterStatus: null },
    status: 'error',
    findings: [{ code: 'LOGS_UNREADABLE', on, obscures: ['log', 'restore'] }],
    readiness: { instance: { log: 'unknown' } },
    manual: 'list',
  },
  {
    when: 'a size that nobody knows',
    facts: { binaryLogs: [binaryLog({ file_size: null })] },
    status: 'error',
    findings: [{ code: 'LOGS_UNREADABLE', on, obscures: ['log', 'restore'] }],
    manual: 'list',
  },
  {
    when: 'no file at all',
    facts: { binaryLogs: [] },
    status: 'error',
    findings: [{ code: 'LOGS_UNREADABLE', on, obscures: ['log', 'restore'] }],
    manual: 'list',
  },
  {
    when: 'no binary log, which another item says',
    facts: { settings: settings({ log_bin: 'OFF' }), binaryLogs: null, masterStatus: null },
    status: 'passed',
    findings: [],
    manual: 'list',
  },
  {
    when: 'a number that is missing before the last of three',
    facts: {
      binaryLogs: [
        binaryLog({ log_name: 'binlog.000004' }),
        binaryLog({ log_name: 'binlog.000006' }),
        binaryLog({ log_name: 'binlog.000007' }),
      ],
    },
    status: 'failed',
    findings: [{ code: 'LOG_NUMBER_MISSING', on, blocks: ['log'] }],
    manual: 'list',
  },
  {
    when: 'a name with a number of its own before that of the file',
    facts: {
      binaryLogs: [binaryLog({ log_name: 'db.1.000006' }), binaryLog({ log_name: 'db.1.000007' })],
    },
    status: 'passed',
    findings: [],
    manual: 'list',
  },
  {
    when: 'a file without a number',
    facts: { binaryLogs: [binaryLog(), binaryLog({ log_name: 'binlog' })] },
    status: 'failed',
    findings: [{ code: 'LOG_NUMBER_MISSING', on, blocks: ['log'] }],
    manual: 'list',
  },
  {
    when: 'the size of one of two files unknown',
    facts: { binaryLogs: [binaryLog({ log_name: 'binlog.000006', file_size: null }), binaryLog()] },
    status: 'error',
    findings: [{ code: 'LOGS_UNREADABLE', on, obscures: ['log', 'restore'] }],
    manual: 'list',
  },
  {
    when: 'what alone is logged unknown',
    facts: { masterStatus: [binlogStatus({ binlog_do_db: null })] },
    status: 'error',
    findings: [{ code: 'LOGS_UNREADABLE', on, obscures: ['log', 'restore'] }],
    manual: 'status',
  },
  {
    when: 'what is not logged unknown',
    facts: { masterStatus: [binlogStatus({ binlog_ignore_db: null })] },
    status: 'error',
    findings: [{ code: 'LOGS_UNREADABLE', on, obscures: ['log', 'restore'] }],
    manual: 'status',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'a file that is gone',
    code: 'LOG_FILE_LOST',
    on: 'instance db1',
    params: { lost: 1, file: 'binlog.000006' },
    observed: { log_name: 'binlog.000006', file_size: 0 },
    expected: { file_size: 'above 0' },
    steps: [
      'online mysql: FLUSH BINARY LOGS;',
      'online manual',
      "data-loss mysql: PURGE BINARY LOGS TO 'binlog.000007';",
    ],
    verify: 'mysql: SHOW BINARY LOGS;',
  },
  {
    when: 'a number that is missing',
    code: 'LOG_NUMBER_MISSING',
    on: 'instance db1',
    params: { file: 'binlog.000007' },
    observed: { log_name: 'binlog.000007' },
    expected: { log_name: 'the next number' },
    steps: [
      'online mysql: FLUSH BINARY LOGS;',
      'online manual',
      "data-loss mysql: PURGE BINARY LOGS TO 'binlog.000007';",
    ],
    verify: 'mysql: SHOW BINARY LOGS;',
  },
  {
    when: 'a database alone that is logged',
    code: 'LOG_FILTERED',
    on: 'instance db1',
    params: { only: 'sales', never: '' },
    observed: { binlog_do_db: 'sales', binlog_ignore_db: '' },
    expected: { binlog_do_db: '', binlog_ignore_db: '' },
    steps: ['restart manual'],
  },
  {
    when: 'a login that may not list them',
    code: 'LOGS_UNREADABLE',
    on: 'instance db1',
    params: {},
    observed: { binlog_do_db: null, binlog_ignore_db: null, binary_logs: null },
    expected: {},
    steps: ["online mysql: GRANT REPLICATION CLIENT /*M! , SLAVE MONITOR */ ON *.* TO 'precheck'@'%';"],
  },
  {
    when: 'a number that is missing before the last of three',
    code: 'LOG_NUMBER_MISSING',
    on: 'instance db1',
    params: { file: 'binlog.000006' },
    observed: { log_name: 'binlog.000006' },
    expected: { log_name: 'the next number' },
    steps: [
      'online mysql: FLUSH BINARY LOGS;',
      'online manual',
      "data-loss mysql: PURGE BINARY LOGS TO 'binlog.000007';",
    ],
    verify: 'mysql: SHOW BINARY LOGS;',
  },
]

describe('MYSQL_BINLOG_GAPS', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': ['log', 'restore'], native: ['log', 'restore'] },
    verdicts,
    details,
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })
})
