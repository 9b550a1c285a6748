import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-last-checkdb.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type SqlServerFacts,
  inAvailabilityGroup,
  isOfObject,
  replicasOfSales,
  server,
  condition,
  sqlServerFacts,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type DetailRow,
  type ExpectedFinding,
  type VerdictRow,
  testCheckItem,
} from '../../../support/verdict-table.ts'
import { ownDatabasesDetails, ownDatabasesManuals, ownDatabasesVerdicts } from './own-databases.ts'

const manuals = {
  ...ownDatabasesManuals,
  property: 'https://learn.microsoft.com/sql/t-sql/functions/databasepropertyex-transact-sql',
  checkdb: 'https://learn.microsoft.com/sql/t-sql/database-console-commands/dbcc-checkdb-transact-sql',
  databasesView:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-databases-transact-sql',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>
type Changes = NonNullable<Parameters<typeof condition>[0]>

const ids = [1, 2, 3, 4, 5]

const sales = (changes: Changes): Partial<SqlServerFacts> => ({
  conditions: ids.map((database_id) => condition(database_id === 5 ? changes : { database_id })),
})

const on = 'database Sales'
const old: ExpectedFinding = { code: 'CHECK_OLD', on, degrades: ['restore'] }
const never: ExpectedFinding = { code: 'NEVER_CHECKED', on, degrades: ['restore'] }
const unknown: ExpectedFinding = { code: 'CHECK_UNKNOWN', on, obscures: ['restore'] }
const notShown: ExpectedFinding = { code: 'CHECKS_NOT_SHOWN', on: 'instance db1', obscures: ['restore'] }
const unchecked = { was_checked: 0, last_check_minutes: 66_000_000 } as const

const verdicts: readonly Row[] = [
  { when: 'checked three days ago', status: 'passed', findings: [], manual: 'property' },
  {
    when: 'checked just so long ago as the policy allows',
    facts: sales({ last_check_minutes: 20_160 }),
    status: 'passed',
    findings: [],
    manual: 'property',
  },
  {
    when: 'checked a minute longer ago',
    facts: sales({ last_check_minutes: 20_161 }),
    status: 'warning',
    findings: [old],
    readiness: { Sales: { full: 'ready', restore: 'degraded' } },
    manual: 'property',
  },
  {
    when: 'never checked',
    facts: sales(unchecked),
    status: 'warning',
    findings: [never],
    manual: 'property',
  },
  {
    when: 'never checked, and new',
    facts: sales({ ...unchecked, database_minutes: 1439 }),
    status: 'passed',
    findings: [{ code: 'NEW_DATABASE', on }],
    manual: 'databasesView',
  },
  {
    when: 'never checked, and no longer new',
    facts: sales({ ...unchecked, database_minutes: 1440 }),
    status: 'warning',
    findings: [never],
    manual: 'databasesView',
  },
  {
    when: 'never checked, and of unknown age',
    facts: sales({ ...unchecked, database_minutes: null }),
    status: 'warning',
    findings: [never],
    manual: 'databasesView',
  },
  {
    when: 'no time for one database',
    facts: sales({ was_checked: null, last_check_minutes: null }),
    status: 'error',
    findings: [unknown],
    manual: 'property',
  },
  {
    when: 'closed by AUTO_CLOSE',
    facts: {
      ...sales({ was_checked: null, last_check_minutes: null }),
      databases: withSales({ collation_name: null, is_auto_close_on: true }),
    },
    status: 'error',
    findings: [{ code: 'CLOSED_AUTOMATICALLY', on, obscures: ['restore'] }],
    manual: 'databasesView',
  },
  {
    when: 'a check without its time',
    facts: sales({ last_check_minutes: null }),
    status: 'error',
    findings: [unknown],
    manual: 'property',
  },
  {
    when: 'a check in the future: the clock was set back',
    facts: sales({ last_check_minutes: -60 }),
    status: 'error',
    findings: [unknown],
    manual: 'property',
  },
  {
    when: 'no row for the database',
    facts: { conditions: [1, 2, 3, 4].map((database_id) => condition({ database_id })) },
    status: 'error',
    findings: [unknown],
    manual: 'property',
  },
  {
    when: 'two rows for the database, which no server has',
    facts: { conditions: [...ids, 5].map((database_id) => condition({ database_id })) },
    status: 'error',
    findings: [unknown],
    manual: 'property',
  },
  {
    when: 'SQL Server 2014, which has no times of checks',
    facts: {
      server: [server({ product_version: '12.0.6024.0' })],
      groups: null,
      conditions: ids.map((database_id) =>
        condition({ database_id, was_checked: null, last_check_minutes: null }),
      ),
    },
    status: 'error',
    findings: [notShown],
    readiness: { instance: { restore: 'unknown' } },
    manual: 'property',
  },
  {
    when: 'read-only, of which no check is recorded',
    facts: { ...sales(unchecked), databases: withSales({ is_read_only: true }) },
    status: 'passed',
    findings: [{ code: 'READ_ONLY', on }],
    manual: 'checkdb',
  },
  {
    when: 'AG primary that was not checked lately',
    facts: {
      ...sales({ last_check_minutes: 30_000 }),
      databases: withSales(inAvailabilityGroup),
      replicas: replicasOfSales('PRIMARY'),
    },
    status: 'warning',
    findings: [old],
    manual: 'property',
  },
  {
    when: 'checked in this minute',
    facts: sales({ last_check_minutes: 0 }),
    status: 'passed',
    findings: [],
    manual: 'property',
  },
  {
    when: 'a time that nobody knows to be one of a check',
    facts: sales({ was_checked: null }),
    status: 'error',
    findings: [unknown],
    manual: 'property',
  },
]

const steps = ["online tsql: DBCC CHECKDB (N'Sales') WITH NO_INFOMSGS, ALL_ERRORMSGS;"]
const verify = "tsql: SELECT DATABASEPROPERTYEX(N'Sales', 'LastGoodCheckDbTime');"
const expected = { last_check_minutes: 'at most 20160' }

const details: readonly DetailRow[] = [
  {
    when: 'checked a minute longer ago',
    code: 'CHECK_OLD',
    on,
    params: { database: 'Sales', days: 14, limit: 14 },
    observed: { was_checked: true, last_check_minutes: 20_161 },
    expected,
    steps,
    verify,
  },
  {
    when: 'never checked',
    code: 'NEVER_CHECKED',
    on,
    params: { database: 'Sales' },
    observed: { was_checked: false, last_check_minutes: 66_000_000 },
    expected,
    steps,
    verify,
  },
  {
    when: 'never checked, and new',
    code: 'NEW_DATABASE',
    on,
    params: { database: 'Sales' },
    observed: { was_checked: false, last_check_minutes: 66_000_000 },
    expected,
    steps: [],
  },
  {
    when: 'no time for one database',
    code: 'CHECK_UNKNOWN',
    on,
    params: { database: 'Sales' },
    observed: { was_checked: null, last_check_minutes: null },
    expected,
    steps: [],
  },
  {
    when: 'closed by AUTO_CLOSE',
    code: 'CLOSED_AUTOMATICALLY',
    on,
    params: { database: 'Sales' },
    observed: { was_checked: null, last_check_minutes: null },
    expected,
    steps: ['online tsql: ALTER DATABASE [Sales] SET AUTO_CLOSE OFF;'],
    verify: "tsql: SELECT name, is_auto_close_on, collation_name FROM sys.databases WHERE name = N'Sales';",
  },
  {
    when: 'SQL Server 2014, which has no times of checks',
    code: 'CHECKS_NOT_SHOWN',
    on: 'instance db1',
    params: {},
    observed: { product_version: '12.0.6024.0' },
    expected: { product_version: 'at least 13.0.5026' },
    steps: [],
  },
  {
    when: 'read-only, of which no check is recorded',
    code: 'READ_ONLY',
    on,
    params: { database: 'Sales' },
    observed: {},
    expected: {},
    steps: [],
  },
]

describe('SQL_SERVER_LAST_CHECKDB', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': ['restore'], native: ['restore'] },
    verdicts: [...verdicts, ...ownDatabasesVerdicts(sales(unchecked))],
    details: [...details, ...ownDatabasesDetails],
    never: { failed: 'a check that is due makes no backup fail' },
  })
  testChanges({ check, engine: 'sqlserver', answer: sqlServerFacts, verdicts, isOf: isOfObject })

  it('holds every database to the thresholds of its own policy', () => {
    const context = contextFor('sqlserver')
    const thresholdsFor = (name?: string) => ({
      ...context.thresholdsFor(name),
      ...(name === 'Sales' && { consistencyCheckMaxAgeDays: 2 }),
    })
    const result = judged(check, { answer: sqlServerFacts() }, { ...context, thresholdsFor })
    expect(result.findings.map(({ message, object }) => [message.code, object.name])).toEqual([
      ['CHECK_OLD', 'Sales'],
    ])
  })
})
