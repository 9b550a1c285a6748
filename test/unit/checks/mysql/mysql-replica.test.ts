import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-replica.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type MySqlFacts,
  isOfObject,
  mysqlFacts,
  replica,
  settings,
  slave,
} from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  mariadb: 'https://mariadb.com/kb/en/show-replica-status/',
  logging: 'https://mariadb.com/kb/en/replication-and-binary-log-system-variables/',
  mysql: 'https://dev.mysql.com/doc/refman/8.4/en/show-replica-status.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'no replica',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { role: 'standalone' },
    manual: 'mariadb',
  },
  {
    when: 'a replica that follows',
    facts: { slaves: [slave()] },
    status: 'passed',
    findings: [],
    observed: { role: 'replica' },
    manual: 'mariadb',
  },
  {
    when: 'a replica of MySQL 8 that follows',
    facts: { slaves: null, replicas: [replica()] },
    status: 'passed',
    findings: [],
    manual: 'mysql',
  },
  {
    when: 'a receiver that has stopped',
    facts: { slaves: [slave({ slave_io_running: 'No' })] },
    status: 'warning',
    findings: [{ code: 'REPLICATION_STOPPED', on, degrades: ['full', 'incremental', 'log'] }],
    readiness: { instance: { full: 'degraded', restore: 'ready' } },
    manual: 'mariadb',
  },
  {
    when: 'a receiver of MySQL 8 that cannot connect',
    facts: { slaves: null, replicas: [replica({ replica_io_running: 'Connecting' })] },
    status: 'warning',
    findings: [{ code: 'REPLICATION_STOPPED', on, degrades: ['full', 'incremental', 'log'] }],
    manual: 'mysql',
  },
  {
    when: 'the second of two sources stopped',
    facts: { slaves: [slave(), slave({ slave_sql_running: 'No' })] },
    status: 'warning',
    findings: [{ code: 'REPLICATION_STOPPED', on, degrades: ['full', 'incremental', 'log'] }],
    manual: 'mariadb',
  },
  {
    when: 'an hour behind',
    facts: { slaves: [slave({ seconds_behind_master: 3659 })] },
    status: 'passed',
    findings: [],
    manual: 'mariadb',
  },
  {
    when: 'more than an hour behind',
    facts: { slaves: [slave({ seconds_behind_master: 3660 })] },
    status: 'warning',
    findings: [{ code: 'REPLICA_LAGS', on, degrades: ['full', 'incremental', 'log'] }],
    manual: 'mariadb',
  },
  {
    when: 'nobody knows how far behind',
    facts: { slaves: [slave({ seconds_behind_master: null })] },
    status: 'error',
    findings: [{ code: 'LAG_UNKNOWN', on, obscures: ['full', 'incremental', 'log'] }],
    manual: 'mariadb',
  },
  {
    when: 'a replica that does not log what it receives',
    facts: { slaves: [slave()], settings: settings({ log_slave_updates: 'OFF' }) },
    status: 'failed',
    findings: [{ code: 'UPDATES_NOT_LOGGED', on, blocks: ['log'] }],
    readiness: { instance: { full: 'ready', log: 'blocked' } },
    manual: 'logging',
  },
  {
    when: 'the same, under its later name',
    facts: {
      slaves: null,
      replicas: [replica()],
      settings: settings({ log_slave_updates: undefined, log_replica_updates: 'OFF' }),
    },
    status: 'failed',
    findings: [{ code: 'UPDATES_NOT_LOGGED', on, blocks: ['log'] }],
    manual: 'mysql',
  },
  {
    when: 'the same without a binary log, which another item says',
    facts: { slaves: [slave()], settings: settings({ log_slave_updates: 'OFF', log_bin: 'OFF' }) },
    status: 'passed',
    findings: [],
    manual: 'logging',
  },
  {
    when: 'nobody knows whether it logs',
    facts: { slaves: [slave()], settings: settings({ log_slave_updates: undefined }) },
    status: 'error',
    findings: [{ code: 'LOGGING_UNKNOWN', on, obscures: ['log'] }],
    manual: 'logging',
  },
  {
    when: 'nobody knows whether it is a replica',
    facts: { slaves: null, replicas: null },
    status: 'error',
    findings: [{ code: 'ROLE_UNKNOWN', on, obscures: ['full', 'incremental', 'log'] }],
    manual: 'mariadb',
  },
  {
    when: 'no replica, and it would not log what it received',
    facts: { settings: settings({ log_slave_updates: 'OFF' }) },
    status: 'passed',
    findings: [],
    manual: 'logging',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'a receiver that has stopped',
    code: 'REPLICATION_STOPPED',
    on: 'instance db1',
    params: { receiver: 'No', applier: 'Yes' },
    observed: { receiver: 'No', applier: 'Yes' },
    expected: { receiver: 'Yes', applier: 'Yes' },
    steps: ['online mysql: SHOW ALL SLAVES STATUS;', 'online mysql: START ALL SLAVES;'],
    verify: 'mysql: SHOW ALL SLAVES STATUS;',
  },
  {
    when: 'more than an hour behind',
    code: 'REPLICA_LAGS',
    on: 'instance db1',
    params: { minutes: 61 },
    observed: { lag_minutes: 61 },
    expected: { lag_minutes: 'at most 60' },
    steps: ['online manual'],
  },
  {
    when: 'nobody knows how far behind',
    code: 'LAG_UNKNOWN',
    on: 'instance db1',
    params: {},
    observed: { lag_seconds: null },
    expected: {},
    steps: [],
  },
  {
    when: 'a replica that does not log what it receives',
    code: 'UPDATES_NOT_LOGGED',
    on: 'instance db1',
    params: {},
    observed: { log_slave_updates: 'OFF' },
    expected: { log_slave_updates: 'ON' },
    steps: ['restart manual'],
  },
  {
    when: 'nobody knows whether it logs',
    code: 'LOGGING_UNKNOWN',
    on: 'instance db1',
    params: {},
    observed: { log_slave_updates: null },
    expected: { log_slave_updates: 'ON' },
    steps: [],
  },
  {
    when: 'nobody knows whether it is a replica',
    code: 'ROLE_UNKNOWN',
    on: 'instance db1',
    params: {},
    observed: { role: 'unknown' },
    expected: {},
    steps: ["online mysql: GRANT REPLICATION CLIENT /*M! , SLAVE MONITOR */ ON *.* TO 'precheck'@'%';"],
  },
]

describe('MYSQL_REPLICA', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': ['full', 'incremental', 'log'], native: ['full', 'incremental', 'log'] },
    verdicts,
    details,
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })
})
