import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-backup-locks.ts'

import { type MySqlFacts, lock, mysqlFacts } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  plugin: 'https://mariadb.com/kb/en/metadata-lock-info-plugin/',
  stage: 'https://mariadb.com/kb/en/backup-stage/',
  mysql: 'https://dev.mysql.com/doc/refman/8.4/en/lock-instance-for-backup.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'no lock',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { locks: 0 },
    manual: 'plugin',
  },
  {
    when: 'a backup stage',
    facts: { locks: [lock()] },
    status: 'failed',
    findings: [{ code: 'BACKUP_LOCK_HELD', on, blocks: ['incremental'], degrades: ['full'] }],
    readiness: { instance: { full: 'degraded', incremental: 'blocked', log: 'ready' } },
    manual: 'stage',
  },
  {
    when: 'the instance locked for backup on MySQL',
    facts: { locks: [lock({ lock_mode: 'EXCLUSIVE', lock_type: 'BACKUP LOCK' })] },
    status: 'failed',
    findings: [{ code: 'BACKUP_LOCK_HELD', on, blocks: ['incremental'], degrades: ['full'] }],
    manual: 'mysql',
  },
  {
    when: 'a table locked for writing',
    facts: {
      locks: [lock({ lock_mode: 'MDL_SHARED_NO_READ_WRITE', table_schema: 'sales', table_name: 'orders' })],
    },
    status: 'failed',
    findings: [{ code: 'TABLE_LOCKED', on, blocks: ['full', 'incremental'] }],
    manual: 'plugin',
  },
  {
    when: 'both, by the same session',
    facts: {
      locks: [
        lock(),
        lock({ lock_mode: 'SHARED_NO_READ_WRITE', table_schema: 'sales', table_name: 'orders' }),
      ],
    },
    status: 'failed',
    findings: [
      { code: 'TABLE_LOCKED', on, blocks: ['full', 'incremental'] },
      { code: 'BACKUP_LOCK_HELD', on, blocks: ['incremental'], degrades: ['full'] },
    ],
    manual: 'plugin',
  },
  {
    when: 'a server that does not show them',
    facts: { locks: null },
    status: 'passed',
    findings: [{ code: 'LOCKS_NOT_SHOWN', on }],
    readiness: { instance: { full: 'ready' } },
    manual: 'plugin',
  },
  {
    when: 'a table locked for writing that is not named',
    facts: {
      locks: [lock({ lock_mode: 'MDL_SHARED_NO_READ_WRITE', table_schema: null, table_name: null })],
    },
    status: 'failed',
    findings: [{ code: 'TABLE_LOCKED', on, blocks: ['full', 'incremental'] }],
    manual: 'plugin',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'a backup stage',
    code: 'BACKUP_LOCK_HELD',
    on: 'instance db1',
    params: { id: 15, mode: 'MDL_BACKUP_START' },
    observed: { session_id: 15, lock_mode: 'MDL_BACKUP_START' },
    expected: { locks: 0 },
    steps: ['online mysql: SHOW FULL PROCESSLIST;', 'online mysql: KILL 15;'],
  },
  {
    when: 'a table locked for writing',
    code: 'TABLE_LOCKED',
    on: 'instance db1',
    params: { id: 15, table: 'sales.orders' },
    observed: { session_id: 15, lock_mode: 'MDL_SHARED_NO_READ_WRITE' },
    expected: { locks: 0 },
    steps: ['online mysql: SHOW FULL PROCESSLIST;', 'online mysql: KILL 15;'],
  },
  {
    when: 'a server that does not show them',
    code: 'LOCKS_NOT_SHOWN',
    on: 'instance db1',
    params: {},
    observed: {},
    expected: {},
    steps: ["online mysql: INSTALL SONAME 'metadata_lock_info';"],
  },
  {
    when: 'a table locked for writing that is not named',
    code: 'TABLE_LOCKED',
    on: 'instance db1',
    params: { id: 15, table: 'NULL.NULL' },
    observed: { session_id: 15, lock_mode: 'MDL_SHARED_NO_READ_WRITE' },
    expected: { locks: 0 },
    steps: ['online mysql: SHOW FULL PROCESSLIST;', 'online mysql: KILL 15;'],
  },
]

describe('MYSQL_BACKUP_LOCKS', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': ['full', 'incremental'], native: ['full', 'incremental'] },
    verdicts,
    details,
    never: {
      warning: 'a lock that is held stops some backup',
      error: 'what cannot be seen is a blind spot and no verdict',
    },
  })
})
