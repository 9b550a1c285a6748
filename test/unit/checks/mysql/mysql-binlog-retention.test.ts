import { testChanges } from '../../../support/changes-table.ts'
import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-binlog-retention.ts'

import { type MySqlFacts, mariaDb, mysqlFacts, settings, isOfObject } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  mariadb: 'https://mariadb.com/kb/en/using-and-maintaining-the-binary-log/',
  mysql: 'https://dev.mysql.com/doc/refman/8.4/en/replication-options-binary-log.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: '30 days',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { retention_seconds: 2592000 },
    manual: 'mysql',
  },
  {
    when: 'less than the interval of log backups',
    facts: { settings: settings({ binlog_expire_logs_seconds: '3599' }) },
    status: 'failed',
    findings: [{ code: 'RETENTION_SHORT', on, blocks: ['log'] }],
    readiness: { instance: { full: 'ready', log: 'blocked' } },
    manual: 'mysql',
  },
  {
    when: 'as long as the interval',
    facts: { settings: settings({ binlog_expire_logs_seconds: '3600' }) },
    status: 'warning',
    findings: [{ code: 'RETENTION_TIGHT', on, degrades: ['log'] }],
    readiness: { instance: { log: 'degraded' } },
    manual: 'mysql',
  },
  {
    when: 'twice the interval',
    facts: { settings: settings({ binlog_expire_logs_seconds: '7200' }) },
    status: 'passed',
    findings: [],
    manual: 'mysql',
  },
  {
    when: 'for ever',
    facts: { settings: settings({ binlog_expire_logs_seconds: '0', expire_logs_days: '0' }) },
    status: 'passed',
    findings: [{ code: 'NEVER_PURGED', on }],
    readiness: { instance: { log: 'ready' } },
    manual: 'mysql',
  },
  {
    when: 'MySQL 8.0 by days',
    facts: { settings: settings({ binlog_expire_logs_seconds: '0', expire_logs_days: '3' }) },
    status: 'passed',
    findings: [],
    observed: { retention_seconds: 259200 },
    manual: 'mysql',
  },
  {
    when: 'MySQL 8.4, which has no days',
    facts: {
      settings: settings({ version: '8.4.0', binlog_expire_logs_seconds: '0', expire_logs_days: undefined }),
    },
    status: 'passed',
    findings: [{ code: 'NEVER_PURGED', on }],
    manual: 'mysql',
  },
  {
    when: 'MySQL 5.7, which has no seconds',
    facts: {
      settings: settings({ version: '5.7.44', binlog_expire_logs_seconds: undefined, expire_logs_days: '3' }),
    },
    status: 'passed',
    findings: [],
    manual: 'mysql',
  },
  {
    when: 'MySQL 5.7, too short a fraction of a day',
    facts: {
      settings: settings({
        version: '5.7.44',
        binlog_expire_logs_seconds: undefined,
        expire_logs_days: '0.01',
      }),
    },
    status: 'failed',
    findings: [{ code: 'RETENTION_SHORT', on, blocks: ['log'] }],
    manual: 'mysql',
  },
  {
    when: 'MariaDB before 10.6 by days',
    facts: {
      settings: settings({
        ...mariaDb('10.5.27'),
        binlog_expire_logs_seconds: undefined,
        expire_logs_days: '7.000000',
      }),
    },
    status: 'passed',
    findings: [],
    manual: 'mariadb',
  },
  {
    when: 'MariaDB by seconds',
    facts: {
      settings: settings({
        ...mariaDb('10.11.19'),
        binlog_expire_logs_seconds: '60',
        expire_logs_days: '0.000694',
      }),
    },
    status: 'failed',
    findings: [{ code: 'RETENTION_SHORT', on, blocks: ['log'] }],
    manual: 'mariadb',
  },
  {
    when: 'nobody knows',
    facts: { settings: settings({ binlog_expire_logs_seconds: undefined }) },
    status: 'error',
    findings: [{ code: 'RETENTION_UNKNOWN', on, obscures: ['log'] }],
    readiness: { instance: { log: 'unknown' } },
    manual: 'mysql',
  },
  {
    when: 'no seconds, and days that are not shown',
    facts: { settings: settings({ binlog_expire_logs_seconds: '0', expire_logs_days: undefined }) },
    status: 'error',
    findings: [{ code: 'RETENTION_UNKNOWN', on, obscures: ['log'] }],
    manual: 'mysql',
  },
  {
    when: 'no binary log, which another item says',
    facts: { settings: settings({ log_bin: 'OFF', binlog_expire_logs_seconds: '60' }) },
    status: 'passed',
    findings: [],
    manual: 'mysql',
  },
  {
    when: 'MariaDB 10.6.1, the first that has seconds',
    facts: {
      settings: settings({
        ...mariaDb('10.6.1'),
        binlog_expire_logs_seconds: '60',
        expire_logs_days: '0.000694',
      }),
    },
    status: 'failed',
    findings: [{ code: 'RETENTION_SHORT', on, blocks: ['log'] }],
    observed: { retention_seconds: 60 },
    manual: 'mariadb',
  },
  {
    when: 'MariaDB, no seconds, and days that are not shown',
    facts: {
      settings: settings({
        ...mariaDb('10.11.19'),
        binlog_expire_logs_seconds: '0',
        expire_logs_days: undefined,
      }),
    },
    status: 'error',
    findings: [{ code: 'RETENTION_UNKNOWN', on, obscures: ['log'] }],
    manual: 'mariadb',
  },
  {
    when: 'a version that nobody knows, by seconds',
    facts: { settings: settings({ version: null, binlog_expire_logs_seconds: '60' }) },
    status: 'failed',
    findings: [{ code: 'RETENTION_SHORT', on, blocks: ['log'] }],
    manual: 'mysql',
  },
  {
    when: 'a version that nobody knows, by days',
    facts: {
      settings: settings({ version: null, binlog_expire_logs_seconds: '0', expire_logs_days: '3' }),
    },
    status: 'passed',
    findings: [],
    observed: { retention_seconds: 259200 },
    manual: 'mysql',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'less than the interval of log backups',
    code: 'RETENTION_SHORT',
    on: 'instance db1',
    params: { minutes: 59, interval: 60 },
    observed: { retention_seconds: 3599 },
    expected: { retention_seconds: 'at least 3600' },
    steps: ['online mysql: SET GLOBAL binlog_expire_logs_seconds = 604800;', 'online manual'],
    verify:
      "mysql: SHOW GLOBAL VARIABLES WHERE variable_name IN ('binlog_expire_logs_seconds', 'expire_logs_days');",
  },
  {
    when: 'as long as the interval',
    code: 'RETENTION_TIGHT',
    on: 'instance db1',
    params: { minutes: 60, interval: 60 },
    observed: { retention_seconds: 3600 },
    expected: { retention_seconds: 'at least 7200' },
    steps: ['online mysql: SET GLOBAL binlog_expire_logs_seconds = 604800;', 'online manual'],
    verify:
      "mysql: SHOW GLOBAL VARIABLES WHERE variable_name IN ('binlog_expire_logs_seconds', 'expire_logs_days');",
  },
  {
    when: 'for ever',
    code: 'NEVER_PURGED',
    on: 'instance db1',
    params: {},
    observed: { retention_seconds: 0 },
    expected: { retention_seconds: 'above 0' },
    steps: ['online mysql: SET GLOBAL binlog_expire_logs_seconds = 604800;', 'online manual'],
    verify:
      "mysql: SHOW GLOBAL VARIABLES WHERE variable_name IN ('binlog_expire_logs_seconds', 'expire_logs_days');",
  },
  {
    when: 'nobody knows',
    code: 'RETENTION_UNKNOWN',
    on: 'instance db1',
    params: {},
    observed: { retention_seconds: null },
    expected: {},
    steps: [],
  },
]

describe('MYSQL_BINLOG_RETENTION', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': ['log'], native: ['log'] },
    verdicts,
    details,
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })
})
