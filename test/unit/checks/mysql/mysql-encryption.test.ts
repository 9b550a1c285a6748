import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-encryption.ts'

import { type MySqlFacts, mysqlFacts, settings } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  tables: 'https://mariadb.com/kb/en/information-schema-innodb_tablespaces_encryption-table/',
  keys: 'https://mariadb.com/kb/en/file-key-management-encryption-plugin/',
  mysql: 'https://dev.mysql.com/doc/refman/8.4/en/innodb-data-encryption.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'nothing encrypted',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { encrypted: 0 },
    manual: 'tables',
  },
  {
    when: 'three tablespaces encrypted',
    facts: { encryption: [{ encrypted: 3 }] },
    status: 'warning',
    findings: [{ code: 'KEYS_NEEDED', on, degrades: all }],
    readiness: { instance: { full: 'degraded', restore: 'degraded' } },
    manual: 'keys',
  },
  {
    when: 'the binary log of MariaDB encrypted',
    facts: { settings: settings({ encrypt_binlog: 'ON' }) },
    status: 'passed',
    findings: [{ code: 'LOG_COPY_IN_CLEAR', on }],
    manual: 'keys',
  },
  {
    when: 'the binary log of MySQL encrypted',
    facts: { settings: settings({ encrypt_binlog: undefined, binlog_encryption: 'ON' }) },
    status: 'passed',
    findings: [{ code: 'LOG_COPY_IN_CLEAR', on }],
    manual: 'mysql',
  },
  {
    when: 'a login without PROCESS',
    facts: { encryption: null },
    status: 'error',
    findings: [{ code: 'ENCRYPTION_UNKNOWN', on, obscures: all }],
    readiness: { instance: { restore: 'unknown' } },
    manual: 'tables',
  },
  {
    when: 'nobody knows how many',
    facts: { encryption: [{ encrypted: null }] },
    status: 'error',
    findings: [{ code: 'ENCRYPTION_UNKNOWN', on, obscures: all }],
    manual: 'tables',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'three tablespaces encrypted',
    code: 'KEYS_NEEDED',
    on: 'instance db1',
    params: { tables: 3 },
    observed: { encrypted: 3 },
    expected: {},
    steps: ['online manual'],
  },
  {
    when: 'the binary log of MariaDB encrypted',
    code: 'LOG_COPY_IN_CLEAR',
    on: 'instance db1',
    params: {},
    observed: { binlog_encryption: 'ON' },
    expected: {},
    steps: [],
  },
  {
    when: 'a login without PROCESS',
    code: 'ENCRYPTION_UNKNOWN',
    on: 'instance db1',
    params: {},
    observed: { encrypted: null },
    expected: {},
    steps: ["online mysql: GRANT PROCESS ON *.* TO 'precheck'@'%';"],
  },
]

describe('MYSQL_ENCRYPTION', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
    never: { failed: 'whether the keys are kept nobody can see' },
  })
})
