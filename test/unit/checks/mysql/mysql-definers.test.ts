import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-definers.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { type MySqlFacts, definersOf, isOfObject, mysqlFacts } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  security: 'https://dev.mysql.com/doc/refman/8.4/en/stored-objects-security.html',
  mysqldump: 'https://dev.mysql.com/doc/refman/8.4/en/mysqldump.html',
  views: 'https://mariadb.com/kb/en/information-schema-views-table/',
  mariadbDump: 'https://mariadb.com/kb/en/mariadb-dump/',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const [on, sales] = ['instance db1', 'database sales']
const affected = ['full', 'restore'] as const

const of = (changes: Parameters<typeof definersOf>[0]): Partial<MySqlFacts> => ({
  definers: [definersOf(changes)],
})

const verdicts: readonly Row[] = [
  {
    when: 'all have one',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    databases: ['sales'],
    observed: { sees_all: 1 },
    manual: 'security',
  },
  {
    when: 'a view without its definer',
    facts: of({ views_without_definer: 2, definer_of_view: 'gone@%' }),
    status: 'warning',
    findings: [{ code: 'VIEWS_WITHOUT_DEFINER', on: sales, degrades: ['full'] }],
    readiness: { sales: { full: 'degraded', incremental: 'ready', log: 'ready', restore: 'ready' } },
    manual: 'mariadbDump',
  },
  {
    when: 'a view whose definer was a role',
    facts: of({ views_without_definer: 1, definer_of_view: "re'ports@" }),
    status: 'warning',
    findings: [{ code: 'VIEWS_WITHOUT_DEFINER', on: sales, degrades: ['full'] }],
    manual: 'views',
  },
  {
    when: 'programs without their definer, whose name has an @',
    facts: of({ programs_without_definer: 3, definer_of_program: 'a@b@app.example' }),
    status: 'warning',
    findings: [{ code: 'PROGRAMS_WITHOUT_DEFINER', on: sales, degrades: ['restore'] }],
    readiness: { sales: { full: 'ready', restore: 'degraded' } },
    manual: 'security',
  },
  {
    when: 'both, with definers that the server does not name',
    facts: of({ views_without_definer: 1, programs_without_definer: 1 }),
    status: 'warning',
    findings: [
      { code: 'VIEWS_WITHOUT_DEFINER', on: sales, degrades: ['full'] },
      { code: 'PROGRAMS_WITHOUT_DEFINER', on: sales, degrades: ['restore'] },
    ],
    manual: 'mysqldump',
  },
  {
    when: 'nobody knows of the views',
    facts: of({ views_without_definer: null }),
    status: 'error',
    findings: [{ code: 'DEFINERS_UNKNOWN', on: sales, obscures: affected }],
    readiness: { sales: { full: 'unknown', log: 'ready', restore: 'unknown' } },
    manual: 'security',
  },
  {
    when: 'nobody knows of the programs',
    facts: of({ programs_without_definer: null }),
    status: 'error',
    findings: [{ code: 'DEFINERS_UNKNOWN', on: sales, obscures: affected }],
    manual: 'security',
  },
  {
    when: 'a login that does not see all',
    facts: of({ sees_all: 0 }),
    status: 'error',
    findings: [{ code: 'DEFINERS_HIDDEN', on, obscures: affected }],
    readiness: { instance: { full: 'unknown', log: 'ready' } },
    manual: 'views',
  },
  {
    when: 'a login that may not read the accounts, or too many objects to look at in time',
    facts: { definers: null },
    status: 'error',
    findings: [{ code: 'DEFINERS_HIDDEN', on, obscures: affected }],
    databases: [],
    observed: { sees_all: null },
    manual: 'views',
  },
  {
    when: 'no database of users',
    facts: of({ name: null }),
    status: 'passed',
    findings: [],
    databases: [],
    manual: 'views',
  },
]

const views =
  "mysql: SELECT table_name, definer FROM information_schema.VIEWS WHERE table_schema = 'sales' AND security_type = 'DEFINER' AND definer NOT IN (SELECT CONCAT(User, '@', Host) FROM mysql.user);"
const programs =
  "mysql: SELECT p.name, p.definer FROM (SELECT routine_name AS name, definer FROM information_schema.ROUTINES WHERE routine_schema = 'sales' AND security_type = 'DEFINER' UNION ALL SELECT trigger_name, definer FROM information_schema.TRIGGERS WHERE trigger_schema = 'sales' UNION ALL SELECT event_name, definer FROM information_schema.EVENTS WHERE event_schema = 'sales') AS p WHERE p.definer NOT IN (SELECT CONCAT(User, '@', Host) FROM mysql.user);"

const ofViews = (
  when: string,
  count: number,
  definer: string | null,
  create: readonly string[],
): DetailRow => ({
  when,
  code: 'VIEWS_WITHOUT_DEFINER',
  on: sales,
  params: { database: 'sales', views: count, account: definer ?? 'NULL' },
  observed: { views_without_definer: count, definer_of_view: definer },
  expected: { views_without_definer: 0 },
  steps: [`online ${views}`, ...create, 'online manual'],
  verify: views,
})

const details: readonly DetailRow[] = [
  ofViews('a view without its definer', 2, 'gone@%', [
    "online mysql: CREATE USER IF NOT EXISTS 'gone'@'%' ACCOUNT LOCK;",
  ]),
  ofViews('a view whose definer was a role', 1, "re'ports@", [
    "online mysql: CREATE ROLE IF NOT EXISTS 're''ports';",
  ]),
  ofViews('both, with definers that the server does not name', 1, null, []),
  {
    when: 'programs without their definer, whose name has an @',
    code: 'PROGRAMS_WITHOUT_DEFINER',
    on: sales,
    params: { database: 'sales', programs: 3, account: 'a@b@app.example' },
    observed: { programs_without_definer: 3, definer_of_program: 'a@b@app.example' },
    expected: { programs_without_definer: 0 },
    steps: [
      `online ${programs}`,
      "online mysql: CREATE USER IF NOT EXISTS 'a@b'@'app.example' ACCOUNT LOCK;",
      'online manual',
    ],
    verify: programs,
  },
  {
    when: 'both, with definers that the server does not name',
    code: 'PROGRAMS_WITHOUT_DEFINER',
    on: sales,
    params: { database: 'sales', programs: 1, account: 'NULL' },
    observed: { programs_without_definer: 1, definer_of_program: null },
    expected: { programs_without_definer: 0 },
    steps: [`online ${programs}`, 'online manual'],
    verify: programs,
  },
  {
    when: 'nobody knows of the views',
    code: 'DEFINERS_UNKNOWN',
    on: sales,
    params: { database: 'sales' },
    observed: { views_without_definer: null, programs_without_definer: 0 },
    expected: {},
    steps: [],
  },
  {
    when: 'a login that does not see all',
    code: 'DEFINERS_HIDDEN',
    on,
    params: {},
    observed: { sees_all: 0 },
    expected: { sees_all: 1 },
    steps: ['SELECT', 'SHOW DATABASES', 'TRIGGER', 'EVENT'].map(
      (right) => `online mysql: GRANT ${right} ON *.* TO 'precheck'@'%';`,
    ),
  },
]

describe('MYSQL_DEFINERS', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': affected, native: affected },
    verdicts,
    details,
    never: { failed: 'other ways to back up work' },
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })
})
