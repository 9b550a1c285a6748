import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-table-engines.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { type MySqlFacts, isOfObject, mysqlFacts, tablesOf } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  tables: 'https://mariadb.com/kb/en/information-schema-tables-table/',
  dump: 'https://mariadb.com/kb/en/mariadb-dump/',
  physical: 'https://mariadb.com/kb/en/mariabackup-overview/',
  mysqldump: 'https://dev.mysql.com/doc/refman/8.4/en/mysqldump.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'all of InnoDB',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    databases: ['sales'],
    observed: { sees_all: 1 },
    manual: 'tables',
  },
  {
    when: 'no database of users',
    facts: { tables: [tablesOf({ name: null, tables: 0 })] },
    status: 'passed',
    findings: [],
    databases: [],
    manual: 'tables',
  },
  {
    when: 'two tables of MyISAM',
    facts: { tables: [tablesOf({ not_transactional: 2 })] },
    status: 'warning',
    findings: [{ code: 'NOT_TRANSACTIONAL', on: 'database sales', degrades: ['full'] }],
    readiness: { sales: { full: 'degraded', restore: 'ready' } },
    manual: 'dump',
  },
  {
    when: 'a table in memory',
    facts: { tables: [tablesOf({ without_rows: 1 })] },
    status: 'warning',
    findings: [{ code: 'WITHOUT_ROWS', on: 'database sales', degrades: ['full', 'incremental', 'restore'] }],
    manual: 'physical',
  },
  {
    when: 'a versioned table',
    facts: { tables: [tablesOf({ versioned: 1 })] },
    status: 'warning',
    findings: [{ code: 'VERSIONED', on: 'database sales', degrades: ['full', 'restore'] }],
    manual: 'dump',
  },
  {
    when: 'the engines of one database unknown',
    facts: { tables: [tablesOf({ not_transactional: null })] },
    status: 'error',
    findings: [
      { code: 'ENGINES_UNKNOWN', on: 'database sales', obscures: ['full', 'incremental', 'restore'] },
    ],
    manual: 'tables',
  },
  {
    when: 'how many have no rows in files unknown: an incremental backup may lack them as well',
    facts: { tables: [tablesOf({ without_rows: null })] },
    status: 'error',
    findings: [
      { code: 'ENGINES_UNKNOWN', on: 'database sales', obscures: ['full', 'incremental', 'restore'] },
    ],
    readiness: { sales: { full: 'unknown', incremental: 'unknown', log: 'ready', restore: 'unknown' } },
    manual: 'tables',
  },
  {
    when: 'a login that does not see all',
    facts: { tables: [tablesOf({ sees_all: 0 })] },
    status: 'error',
    findings: [{ code: 'TABLES_HIDDEN', on, obscures: ['full', 'incremental', 'restore'] }],
    readiness: { instance: { full: 'unknown', incremental: 'unknown', restore: 'unknown' } },
    manual: 'tables',
  },
  {
    when: 'nobody knows whether it sees all',
    facts: { tables: [tablesOf({ sees_all: null })] },
    status: 'error',
    findings: [{ code: 'TABLES_HIDDEN', on, obscures: ['full', 'incremental', 'restore'] }],
    manual: 'mysqldump',
  },
  {
    when: 'a login that may not ask',
    facts: { tables: null },
    status: 'error',
    findings: [{ code: 'TABLES_HIDDEN', on, obscures: ['full', 'incremental', 'restore'] }],
    databases: [],
    observed: { sees_all: null },
    manual: 'tables',
  },
  {
    when: 'how many are versioned unknown',
    facts: { tables: [tablesOf({ versioned: null })] },
    status: 'error',
    findings: [
      { code: 'ENGINES_UNKNOWN', on: 'database sales', obscures: ['full', 'incremental', 'restore'] },
    ],
    manual: 'tables',
  },
  {
    when: 'one row does not say whether it sees all',
    facts: { tables: [tablesOf(), tablesOf({ name: 'stock', sees_all: null })] },
    status: 'error',
    findings: [{ code: 'TABLES_HIDDEN', on, obscures: ['full', 'incremental', 'restore'] }],
    databases: ['sales', 'stock'],
    manual: 'tables',
  },
  {
    when: 'as many databases as are read: there may be more',
    facts: { tables: Array.from({ length: 2000 }, (_, index) => tablesOf({ name: `db${index}` })) },
    status: 'error',
    findings: [{ code: 'TABLES_HIDDEN', on, obscures: ['full', 'incremental', 'restore'] }],
    manual: 'tables',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'two tables of MyISAM',
    code: 'NOT_TRANSACTIONAL',
    on: 'database sales',
    params: { database: 'sales', tables: 2 },
    observed: { not_transactional: 2 },
    expected: { not_transactional: 0 },
    steps: [
      "online mysql: SELECT CONCAT('ALTER TABLE ', '`', REPLACE(table_schema, '`', '``'), '`', '.', '`', REPLACE(table_name, '`', '``'), '`', ' ENGINE=InnoDB;') AS statement FROM information_schema.TABLES WHERE table_schema = 'sales' AND table_type <> 'VIEW' AND engine IN ('MyISAM', 'Aria', 'MRG_MyISAM', 'CSV', 'ARCHIVE', 'MEMORY');",
      'downtime manual',
    ],
    verify:
      "mysql: SELECT table_name, engine FROM information_schema.TABLES WHERE table_schema = 'sales' AND engine <> 'InnoDB';",
  },
  {
    when: 'a table in memory',
    code: 'WITHOUT_ROWS',
    on: 'database sales',
    params: { database: 'sales', tables: 1 },
    observed: { without_rows: 1 },
    expected: { without_rows: 0 },
    steps: [
      "online mysql: SELECT CONCAT('ALTER TABLE ', '`', REPLACE(table_schema, '`', '``'), '`', '.', '`', REPLACE(table_name, '`', '``'), '`', ' ENGINE=InnoDB;') AS statement FROM information_schema.TABLES WHERE table_schema = 'sales' AND table_type <> 'VIEW' AND engine IN ('MyISAM', 'Aria', 'MRG_MyISAM', 'CSV', 'ARCHIVE', 'MEMORY');",
      'downtime manual',
    ],
    verify:
      "mysql: SELECT table_name, engine FROM information_schema.TABLES WHERE table_schema = 'sales' AND engine <> 'InnoDB';",
  },
  {
    when: 'a versioned table',
    code: 'VERSIONED',
    on: 'database sales',
    params: { database: 'sales', tables: 1 },
    observed: { versioned: 1 },
    expected: {},
    steps: ['online manual'],
  },
  {
    when: 'the engines of one database unknown',
    code: 'ENGINES_UNKNOWN',
    on: 'database sales',
    params: { database: 'sales' },
    observed: { not_transactional: null, without_rows: 0, versioned: 0 },
    expected: {},
    steps: [],
  },
  {
    when: 'a login that does not see all',
    code: 'TABLES_HIDDEN',
    on: 'instance db1',
    params: { most: 2000 },
    observed: { sees_all: 0 },
    expected: { sees_all: 1 },
    steps: [
      "online mysql: GRANT SELECT ON *.* TO 'precheck'@'%';",
      "online mysql: GRANT SHOW DATABASES ON *.* TO 'precheck'@'%';",
    ],
  },
]

describe('MYSQL_TABLE_ENGINES', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: {
      'cloud-backup': ['full', 'incremental', 'restore'],
      native: ['full', 'incremental', 'restore'],
    },
    verdicts,
    details,
    never: { failed: 'a locked dump or a physical backup still holds such tables' },
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })
})
