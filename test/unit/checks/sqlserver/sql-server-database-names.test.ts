import { describe } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-database-names.ts'
import {
  type SqlServerFacts,
  database,
  inAvailabilityGroup,
  sqlServerFacts,
  systemDatabases,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import {
  type DetailRow,
  type VerdictRow,
  all,
  backups,
  testCheckItem,
} from '../../../support/verdict-table.ts'

const manuals = {
  identifiers: 'https://learn.microsoft.com/sql/relational-databases/databases/database-identifiers',
  files: 'https://learn.microsoft.com/windows/win32/fileio/naming-a-file',
  collations: 'https://learn.microsoft.com/sql/relational-databases/collations/collation-and-unicode-support',
  options: 'https://learn.microsoft.com/sql/t-sql/statements/alter-database-transact-sql-set-options',
  snapshots: 'https://learn.microsoft.com/sql/relational-databases/databases/database-snapshots-sql-server',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>

const named = (...names: readonly string[]) => ({
  databases: [...systemDatabases, ...names.map((name, index) => database(index + 5, name))],
})
const blank = (name: string) => ({ code: 'BLANK_AT_THE_END', on: `database ${name}`, degrades: all }) as const
const noFile = (name: string) => ({ code: 'NO_FILE_NAME', on: `database ${name}`, degrades: all }) as const
const same = (name: string) =>
  ({ code: 'SAME_BUT_FOR_CASE', on: `database ${name}`, degrades: ['restore'] }) as const

const autoClose = { code: 'AUTO_CLOSE_ON', on: 'database Sales', degrades: backups } as const

const verdicts: readonly Row[] = [
  {
    when: 'plain names',
    status: 'passed',
    findings: [],
    readiness: { Sales: { full: 'ready', restore: 'ready' } },
    databases: ['master', 'model', 'msdb', 'Sales'],
    excluded: { tempdb: 'TEMPDB' },
    manual: 'identifiers',
  },
  {
    when: 'names with blanks, dots, signs and Chinese characters inside',
    facts: named('Sales 2026', 'a.b', '销售', 'O’Brien [x] $(y) & z', '.hidden'),
    status: 'passed',
    findings: [],
    manual: 'identifiers',
  },
  {
    when: 'a blank at the end',
    facts: named('Sales '),
    status: 'warning',
    findings: [blank('Sales ')],
    readiness: { 'Sales ': { full: 'degraded', restore: 'degraded' }, model: { full: 'ready' } },
    manual: 'identifiers',
  },
  {
    when: 'a blank in front',
    facts: named(' Sales'),
    status: 'warning',
    findings: [blank(' Sales')],
    manual: 'identifiers',
  },
  {
    when: 'a wide blank at the end',
    facts: named('Sales\u3000'),
    status: 'warning',
    findings: [blank('Sales\u3000')],
    manual: 'identifiers',
  },
  ...['\\', '/', ':', '*', '?', '"', '<', '>', '|', '\u0007'].map((character): Row => ({
    when: `a name that holds ${JSON.stringify(character)}`,
    facts: named(`a${character}b`),
    status: 'warning',
    findings: [noFile(`a${character}b`)],
    manual: 'files',
  })),
  {
    when: 'a dot at the end',
    facts: named('Sales.'),
    status: 'warning',
    findings: [noFile('Sales.')],
    manual: 'files',
  },
  {
    when: 'several characters and a blank at the end',
    facts: named('a/b/c:d '),
    status: 'warning',
    findings: [blank('a/b/c:d '), noFile('a/b/c:d ')],
    manual: 'files',
  },
  {
    when: 'two names that differ only in case',
    facts: named('Sales', 'SALES'),
    status: 'warning',
    findings: [same('Sales'), same('SALES')],
    readiness: { Sales: { full: 'ready', restore: 'degraded' } },
    manual: 'collations',
  },
  {
    when: 'two names that differ in case and more',
    facts: named('Sales', 'SALES2'),
    status: 'passed',
    findings: [],
    manual: 'collations',
  },
  {
    when: 'a snapshot of a strange name, which is never backed up',
    facts: {
      databases: [...systemDatabases, database(5, 'Sales'), database(6, 'a:b ', { source_database_id: 5 })],
    },
    status: 'passed',
    findings: [],
    excluded: { tempdb: 'TEMPDB', 'a:b ': 'SNAPSHOT' },
    manual: 'snapshots',
  },
  {
    when: 'AUTO_CLOSE is on, and somebody uses the database',
    facts: { databases: withSales({ is_auto_close_on: true }) },
    status: 'warning',
    findings: [autoClose],
    readiness: { Sales: { full: 'degraded', log: 'degraded', restore: 'ready' }, model: { full: 'ready' } },
    manual: 'options',
  },
  {
    when: 'AUTO_CLOSE is on, and has closed the database',
    facts: { databases: withSales({ is_auto_close_on: true, collation_name: null }) },
    status: 'warning',
    findings: [autoClose],
    manual: 'options',
  },
  {
    when: 'nobody knows whether AUTO_CLOSE is on',
    facts: { databases: withSales({ is_auto_close_on: null }) },
    status: 'error',
    findings: [{ code: 'AUTO_CLOSE_UNKNOWN', on: 'database Sales', obscures: backups }],
    readiness: { Sales: { full: 'unknown', log: 'unknown', restore: 'ready' } },
    manual: 'options',
  },
  {
    when: 'AUTO_CLOSE is on, and the database is offline: what matters is that',
    facts: { databases: withSales({ is_auto_close_on: true, state_desc: 'OFFLINE' }) },
    status: 'passed',
    findings: [],
    manual: 'options',
  },
  {
    when: 'AUTO_CLOSE is on, of a database of unknown role: nobody alters what may be a secondary',
    facts: { databases: withSales({ ...inAvailabilityGroup, is_auto_close_on: true }), replicas: null },
    status: 'passed',
    findings: [],
    manual: 'options',
  },
]

const verify = 'tsql: SELECT name FROM sys.databases WHERE database_id = 5;'
const details: readonly DetailRow[] = [
  {
    when: 'a blank at the end',
    code: 'BLANK_AT_THE_END',
    on: 'database Sales ',
    params: { database: 'Sales ' },
    observed: { name: 'Sales ' },
    expected: { name: 'another' },
    steps: ['downtime manual'],
    verify,
  },
  {
    when: 'several characters and a blank at the end',
    code: 'NO_FILE_NAME',
    on: 'database a/b/c:d ',
    params: { database: 'a/b/c:d ', characters: '"/" ":"' },
    observed: { name: 'a/b/c:d ' },
    expected: { name: 'another' },
    steps: ['downtime manual'],
    verify,
  },
  {
    when: 'two names that differ only in case',
    code: 'SAME_BUT_FOR_CASE',
    on: 'database Sales',
    params: { database: 'Sales', other: 'SALES' },
    observed: { name: 'Sales', other: 'SALES' },
    expected: { name: 'another' },
    steps: ['downtime manual'],
    verify,
  },
  {
    when: 'AUTO_CLOSE is on, and has closed the database',
    code: 'AUTO_CLOSE_ON',
    on: 'database Sales',
    params: { database: 'Sales' },
    observed: { is_auto_close_on: true },
    expected: { is_auto_close_on: false },
    steps: ['online tsql: ALTER DATABASE [Sales] SET AUTO_CLOSE OFF;'],
    verify: "tsql: SELECT name, is_auto_close_on, collation_name FROM sys.databases WHERE name = N'Sales';",
  },
  {
    when: 'nobody knows whether AUTO_CLOSE is on',
    code: 'AUTO_CLOSE_UNKNOWN',
    on: 'database Sales',
    params: { database: 'Sales' },
    observed: { is_auto_close_on: null },
    expected: { is_auto_close_on: false },
    steps: [],
  },
]

describe('SQL_SERVER_DATABASE_NAMES', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
    never: { failed: 'the server itself takes any name', error: 'a row without a name is no answer' },
  })
})
