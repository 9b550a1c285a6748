import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-tables-broken.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { contextFor, judged } from '../../../support/context.ts'
import { type MySqlFacts, isOfObject, mysqlFacts, openedTablesOf } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  tables: 'https://mariadb.com/kb/en/information-schema-tables-table/',
  check: 'https://mariadb.com/kb/en/check-table/',
  repair: 'https://mariadb.com/kb/en/repair-table/',
  mysql: 'https://dev.mysql.com/doc/refman/8.4/en/information-schema-tables-table.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'all can be opened',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    databases: ['sales'],
    observed: { sees_all: 1 },
    manual: 'tables',
  },
  {
    when: 'a table that cannot be opened',
    facts: { openedTables: [openedTablesOf({ broken: 1, first_broken: 'orders' })] },
    status: 'failed',
    findings: [{ code: 'TABLE_BROKEN', on: 'database sales', blocks: ['full', 'incremental', 'restore'] }],
    readiness: { sales: { full: 'blocked', log: 'ready', restore: 'blocked' } },
    manual: 'repair',
  },
  {
    when: 'a table of an engine that is not there',
    facts: { openedTables: [openedTablesOf({ without_engine: 1, first_without_engine: 'past' })] },
    status: 'failed',
    findings: [
      {
        code: 'ENGINE_MISSING',
        on: 'database sales',
        blocks: ['full', 'incremental', 'restore'],
        degrades: ['log'],
      },
    ],
    manual: 'check',
  },
  {
    when: 'an invalid view',
    facts: { openedTables: [openedTablesOf({ invalid_views: 2, first_invalid_view: 'totals' })] },
    status: 'failed',
    findings: [{ code: 'VIEW_INVALID', on: 'database sales', blocks: ['full'] }],
    manual: 'tables',
  },
  {
    when: 'nobody knows what can be opened',
    facts: { openedTables: [openedTablesOf({ broken: null })] },
    status: 'error',
    findings: [{ code: 'OPENING_UNKNOWN', on: 'database sales', obscures: all }],
    manual: 'tables',
  },
  {
    when: 'a login that does not see all',
    facts: { openedTables: [openedTablesOf({ sees_all: 0 })] },
    status: 'error',
    findings: [{ code: 'TABLES_UNSEEN', on, obscures: all }],
    readiness: { instance: { full: 'unknown' } },
    manual: 'mysql',
  },
  {
    when: 'too many tables to open in time',
    facts: { openedTables: null },
    status: 'error',
    findings: [{ code: 'TABLES_UNSEEN', on, obscures: all }],
    databases: [],
    observed: { sees_all: null },
    manual: 'mysql',
  },
  {
    when: 'no database of users',
    facts: { openedTables: [openedTablesOf({ name: null })] },
    status: 'passed',
    findings: [],
    databases: [],
    manual: 'tables',
  },
  {
    when: 'a table, an engine and a view, none of which is named',
    facts: { openedTables: [openedTablesOf({ broken: 1, without_engine: 2, invalid_views: 3 })] },
    status: 'failed',
    findings: [
      { code: 'TABLE_BROKEN', on: 'database sales', blocks: ['full', 'incremental', 'restore'] },
      {
        code: 'ENGINE_MISSING',
        on: 'database sales',
        blocks: ['full', 'incremental', 'restore'],
        degrades: ['log'],
      },
      { code: 'VIEW_INVALID', on: 'database sales', blocks: ['full'] },
    ],
    manual: 'tables',
  },
  {
    when: 'a view whose name has to be quoted',
    facts: { openedTables: [openedTablesOf({ invalid_views: 1, first_invalid_view: "o`r'd\\e" })] },
    status: 'failed',
    findings: [{ code: 'VIEW_INVALID', on: 'database sales', blocks: ['full'] }],
    manual: 'mysql',
  },
  {
    when: 'nobody knows which engines are there',
    facts: { openedTables: [openedTablesOf({ without_engine: null })] },
    status: 'error',
    findings: [{ code: 'OPENING_UNKNOWN', on: 'database sales', obscures: all }],
    manual: 'tables',
  },
  {
    when: 'nobody knows which views are invalid',
    facts: { openedTables: [openedTablesOf({ invalid_views: null })] },
    status: 'error',
    findings: [{ code: 'OPENING_UNKNOWN', on: 'database sales', obscures: all }],
    manual: 'tables',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'a table that cannot be opened',
    code: 'TABLE_BROKEN',
    on: 'database sales',
    params: { database: 'sales', tables: 1, table: 'orders' },
    observed: { broken: 1 },
    expected: { broken: 0 },
    steps: [
      'online mysql: CHECK TABLE `sales`.`orders` QUICK;',
      'downtime manual',
      'data-loss mysql: REPAIR TABLE `sales`.`orders`;',
      'data-loss mysql: REPAIR TABLE `sales`.`orders` USE_FRM;',
    ],
    verify:
      "mysql: SELECT table_rows, table_comment FROM information_schema.TABLES WHERE table_schema = 'sales' AND table_name = 'orders';",
  },
  {
    when: 'a table of an engine that is not there',
    code: 'ENGINE_MISSING',
    on: 'database sales',
    params: { database: 'sales', tables: 1, table: 'past' },
    observed: { without_engine: 1 },
    expected: { without_engine: 0 },
    steps: ['online mysql: CHECK TABLE `sales`.`past` QUICK;', 'online manual'],
    verify:
      "mysql: SELECT table_rows, table_comment FROM information_schema.TABLES WHERE table_schema = 'sales' AND table_name = 'past';",
  },
  {
    when: 'an invalid view',
    code: 'VIEW_INVALID',
    on: 'database sales',
    params: { database: 'sales', views: 2, table: 'totals' },
    observed: { invalid_views: 2 },
    expected: { invalid_views: 0 },
    steps: [
      'online mysql: SHOW CREATE VIEW `sales`.`totals`;',
      'online manual',
      'data-loss mysql: DROP VIEW `sales`.`totals`;',
    ],
    verify:
      "mysql: SELECT table_rows, table_comment FROM information_schema.TABLES WHERE table_schema = 'sales' AND table_name = 'totals';",
  },
  {
    when: 'nobody knows what can be opened',
    code: 'OPENING_UNKNOWN',
    on: 'database sales',
    params: { database: 'sales' },
    observed: { broken: null, without_engine: 0, invalid_views: 0 },
    expected: {},
    steps: [],
  },
  {
    when: 'a login that does not see all',
    code: 'TABLES_UNSEEN',
    on: 'instance db1',
    params: {},
    observed: { sees_all: 0 },
    expected: { sees_all: 1 },
    steps: [
      "online mysql: GRANT SELECT ON *.* TO 'precheck'@'%';",
      "online mysql: GRANT SHOW DATABASES ON *.* TO 'precheck'@'%';",
    ],
  },
  {
    when: 'a view whose name has to be quoted',
    code: 'VIEW_INVALID',
    on: 'database sales',
    params: { database: 'sales', views: 1, table: "o`r'd\\e" },
    observed: { invalid_views: 1 },
    expected: { invalid_views: 0 },
    steps: [
      "online mysql: SHOW CREATE VIEW `sales`.`o``r'd\\e`;",
      'online manual',
      "data-loss mysql: DROP VIEW `sales`.`o``r'd\\e`;",
    ],
    verify:
      "mysql: SELECT table_rows, table_comment FROM information_schema.TABLES WHERE table_schema = 'sales' AND table_name = 'o`r''d\\\\e';",
  },
]

describe('MYSQL_TABLES_BROKEN', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
    never: { warning: 'what cannot be opened stops some backup' },
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })

  it('says NULL of what the server does not name', () => {
    const row = openedTablesOf({ broken: 1, without_engine: 2, invalid_views: 3 })
    const { findings } = judged(check, { answer: mysqlFacts({ openedTables: [row] }) }, contextFor('mysql'))
    expect(findings.map(({ message }) => message.params['table'])).toEqual(['NULL', 'NULL', 'NULL'])
  })
})
