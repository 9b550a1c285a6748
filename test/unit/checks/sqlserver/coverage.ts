import { type SqlServerFacts, database, server, withSales } from '../../../support/facts/sqlserver.ts'
import { type DetailRow, type ExpectedFinding, type VerdictRow, all } from '../../../support/verdict-table.ts'

/** What every item over all databases says of those that it could not see, and of those that it leaves out. */
export const coverageManuals = {
  visibility:
    'https://learn.microsoft.com/sql/relational-databases/security/metadata-visibility-configuration',
  engineEdition: 'https://learn.microsoft.com/sql/t-sql/functions/serverproperty-transact-sql',
  collations: 'https://learn.microsoft.com/sql/relational-databases/collations/collation-and-unicode-support',
  catalogue2012:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-databases-transact-sql',
  tempdb: 'https://learn.microsoft.com/sql/relational-databases/databases/tempdb-database',
  snapshots: 'https://learn.microsoft.com/sql/relational-databases/databases/database-snapshots-sql-server',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof coverageManuals>

const limited = { code: 'COVERAGE_LIMITED', on: 'instance db1', obscures: all } as const
const managed = { code: 'NOT_ON_ECS', on: 'instance db1', obscures: all } as const
const seesLess = { server: [server({ view_any_database: 0 })] }

/** `others`: what the item says of the databases of a healthy server. */
export const coverageVerdicts = (others: readonly ExpectedFinding[]): readonly Row[] => [
  {
    when: 'a login that may not see all databases',
    facts: seesLess,
    status: 'error',
    findings: [limited, ...others],
    readiness: { instance: { full: 'unknown', restore: 'unknown' }, Sales: { full: 'unknown' } },
    manual: 'visibility',
  },
  {
    when: 'a login of which nobody knows whether it sees all databases',
    facts: { server: [server({ view_any_database: null })] },
    status: 'error',
    findings: [limited, ...others],
    manual: 'visibility',
  },
  {
    when: 'a managed service, not a server on a host',
    facts: { server: [server({ engine_edition: 8 })] },
    status: 'error',
    findings: [managed, ...others],
    manual: 'engineEdition',
  },
  {
    when: 'Personal Edition, the first of those on a host',
    facts: { server: [server({ engine_edition: 1 })] },
    status: 'passed',
    findings: others,
    manual: 'engineEdition',
  },
  {
    when: 'Express Edition, the last of those on a host',
    facts: { server: [server({ engine_edition: 4 })] },
    status: 'passed',
    findings: others,
    manual: 'engineEdition',
  },
  {
    when: 'Azure SQL Database, the first of those that are not',
    facts: { server: [server({ engine_edition: 5 })] },
    status: 'error',
    findings: [managed, ...others],
    manual: 'engineEdition',
  },
  {
    when: 'a required database that is there',
    registered: { requiredDatabases: ['Sales'] },
    status: 'passed',
    findings: others,
    manual: 'visibility',
  },
  {
    when: 'a required database that is not there',
    registered: { requiredDatabases: ['Sales', 'Payroll'] },
    status: 'failed',
    findings: [{ code: 'REQUIRED_DATABASE_MISSING', on: 'database Payroll', blocks: all }, ...others],
    readiness: { Payroll: { full: 'blocked', restore: 'blocked' }, Sales: { full: 'ready' } },
    manual: 'visibility',
  },
  {
    when: 'a required database that the login may just not see',
    facts: seesLess,
    registered: { requiredDatabases: ['Payroll'] },
    status: 'error',
    findings: [
      limited,
      { code: 'REQUIRED_DATABASE_MISSING', on: 'database Payroll', obscures: all },
      ...others,
    ],
    manual: 'visibility',
  },
  {
    when: 'a required database that is registered in another case, where names have none',
    registered: { requiredDatabases: ['SALES'] },
    status: 'passed',
    findings: others,
    manual: 'collations',
  },
  {
    when: 'a required database that is registered in another case, where names have one',
    facts: { server: [server({ collation: 'Latin1_General_CS_AS' })] },
    registered: { requiredDatabases: ['SALES'] },
    status: 'failed',
    findings: [{ code: 'REQUIRED_DATABASE_MISSING', on: 'database SALES', blocks: all }, ...others],
    manual: 'collations',
  },
  {
    when: 'a required database that is registered in another case, under a binary collation',
    facts: { server: [server({ collation: 'Latin1_General_100_BIN2' })] },
    registered: { requiredDatabases: ['SALES'] },
    status: 'failed',
    findings: [{ code: 'REQUIRED_DATABASE_MISSING', on: 'database SALES', blocks: all }, ...others],
    manual: 'collations',
  },
  {
    when: 'a required database whose accent is a character of its own, under a binary collation',
    facts: {
      server: [server({ collation: 'Latin1_General_100_BIN2' })],
      databases: withSales({ name: 'S\u00e0les' }),
    },
    registered: { requiredDatabases: ['Sa\u0300les'] },
    status: 'failed',
    findings: [{ code: 'REQUIRED_DATABASE_MISSING', on: 'database Sa\u0300les', blocks: all }, ...others],
    manual: 'collations',
  },
  {
    when: 'a required database whose name has other accents, where they count',
    facts: { server: [server({ collation: 'Chinese_PRC_CI_AS' })] },
    registered: { requiredDatabases: ['Sàles'] },
    status: 'failed',
    findings: [{ code: 'REQUIRED_DATABASE_MISSING', on: 'database Sàles', blocks: all }, ...others],
    manual: 'collations',
  },
  {
    when: 'a required database whose name has other accents, where they do not count',
    facts: { server: [server({ collation: 'Latin1_General_CI_AI' })] },
    registered: { requiredDatabases: ['Sàles'] },
    status: 'passed',
    findings: others,
    manual: 'collations',
  },
  {
    when: 'a required database whose name has other accents, where they do not count and the case does',
    facts: { server: [server({ collation: 'Latin1_General_CS_AI' })] },
    registered: { requiredDatabases: ['Sàles', 'SÀLES'] },
    status: 'failed',
    findings: [{ code: 'REQUIRED_DATABASE_MISSING', on: 'database SÀLES', blocks: all }, ...others],
    manual: 'collations',
  },
  {
    when: 'a required database of that very name, under a collation nobody knows',
    facts: { server: [server({ collation: null })] },
    registered: { requiredDatabases: ['Sales'] },
    status: 'passed',
    findings: others,
    manual: 'collations',
  },
  {
    when: 'a required database in another case, under a collation nobody knows',
    facts: { server: [server({ collation: null })] },
    registered: { requiredDatabases: ['SALES'] },
    status: 'error',
    findings: [{ code: 'REQUIRED_DATABASE_MISSING', on: 'database SALES', obscures: all }, ...others],
    manual: 'collations',
  },
  {
    when: 'SQL Server 2012, the oldest that is checked',
    facts: { server: [server({ product_version: '11.0.2100.60' })], groups: null },
    status: 'passed',
    findings: others,
    manual: 'catalogue2012',
  },
  {
    when: 'two databases that the server shows under one name',
    facts: { databases: [...withSales(), database(6, 'Sales')] },
    status: 'error',
    findings: [{ code: 'NAMES_ALIKE', on: 'database Sales', obscures: all }, ...others],
    readiness: { Sales: { full: 'unknown', log: 'unknown', restore: 'unknown' } },
    manual: 'catalogue2012',
  },
  {
    when: 'an EngineEdition that nobody knows',
    facts: { server: [server({ engine_edition: 0 })] },
    status: 'error',
    findings: [managed, ...others],
    manual: 'engineEdition',
  },
  {
    when: 'tempdb, which is never backed up',
    status: 'passed',
    findings: others,
    excluded: { tempdb: 'TEMPDB' },
    manual: 'tempdb',
  },
  {
    when: 'a database snapshot, which is never backed up',
    facts: { databases: withSales({ source_database_id: 9 }) },
    status: 'passed',
    findings: others,
    excluded: { tempdb: 'TEMPDB', Sales: 'SNAPSHOT' },
    manual: 'snapshots',
  },
]

export const coverageDetails: readonly DetailRow[] = [
  {
    when: 'a login that may not see all databases',
    code: 'COVERAGE_LIMITED',
    on: 'instance db1',
    params: { seen: 5 },
    observed: { view_any_database: false },
    expected: { view_any_database: true },
    steps: ['online tsql: USE [master]; GRANT VIEW ANY DATABASE TO [precheck];'],
    verify: "tsql: SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE');",
  },
  {
    when: 'a managed service, not a server on a host',
    code: 'NOT_ON_ECS',
    on: 'instance db1',
    params: { edition: 8 },
    observed: { engine_edition: 8 },
    expected: { engine_edition: '1 to 4' },
    steps: [],
  },
  {
    when: 'two databases that the server shows under one name',
    code: 'NAMES_ALIKE',
    on: 'database Sales',
    params: { database: 'Sales', count: 2, ids: '5, 6' },
    observed: { database_ids: '5, 6' },
    expected: { database_ids: 'one' },
    steps: [],
  },
  {
    when: 'a required database that is not there',
    code: 'REQUIRED_DATABASE_MISSING',
    on: 'database Payroll',
    params: { database: 'Payroll' },
    observed: { exists: false },
    expected: { exists: true },
    steps: ['online manual'],
    verify: "tsql: SELECT name, state_desc, user_access_desc FROM sys.databases WHERE name = N'Payroll';",
  },
]
