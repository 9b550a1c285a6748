import { describe } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-suspect-pages.ts'
import {
  type SqlServerFacts,
  inAvailabilityGroup,
  isOfObject,
  pages,
  replicasOfSales,
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

const manuals = {
  suspectPages:
    'https://learn.microsoft.com/sql/relational-databases/system-tables/suspect-pages-transact-sql',
  manage:
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/manage-the-suspect-pages-table-sql-server',
  tempdb: 'https://learn.microsoft.com/sql/relational-databases/databases/tempdb-database',
  snapshots: 'https://learn.microsoft.com/sql/relational-databases/databases/database-snapshots-sql-server',
  pageRepair:
    'https://learn.microsoft.com/sql/sql-server/failover-clusters/automatic-page-repair-availability-groups-database-mirroring',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>
type Changes = NonNullable<Parameters<typeof pages>[0]>

const ids = [1, 2, 3, 4, 5]

/** Pages of `Sales`; those of the other databases are sound. The table has so many rows for each of them. */
const sales = (changes: Changes): Partial<SqlServerFacts> => ({
  suspectPages: ids.map((database_id) =>
    pages({
      ...(changes.recorded_pages !== undefined && { recorded_pages: changes.recorded_pages }),
      ...(database_id === 5 && changes),
      database_id,
    }),
  ),
})

const affected = ['full', 'incremental', 'restore'] as const
const on = 'database Sales'
const suspect: ExpectedFinding = { code: 'PAGES_SUSPECT', on, degrades: affected }
const unknown: ExpectedFinding = { code: 'PAGES_UNKNOWN', on, obscures: affected }
const full: ExpectedFinding = { code: 'TABLE_FULL', on: 'instance db1', obscures: affected }

const verdicts: readonly Row[] = [
  {
    when: 'no suspect page',
    status: 'passed',
    findings: [],
    observed: { databases: 4, product_version: '16.0.4135.4', edition: 'Enterprise Edition (64-bit)' },
    databases: ['master', 'model', 'msdb', 'Sales'],
    manual: 'suspectPages',
  },
  {
    when: 'suspect pages',
    facts: sales({ open_pages: 3, repaired_pages: 1, recorded_pages: 4 }),
    status: 'warning',
    findings: [suspect],
    readiness: { Sales: { full: 'degraded', incremental: 'degraded', log: 'ready', restore: 'degraded' } },
    manual: 'suspectPages',
  },
  {
    when: 'pages that were restored or repaired',
    facts: sales({ repaired_pages: 2, recorded_pages: 2 }),
    status: 'passed',
    findings: [{ code: 'PAGES_REPAIRED', on }],
    manual: 'suspectPages',
  },
  {
    when: 'suspect pages of a secondary, which has disks of its own',
    facts: {
      ...sales({ open_pages: 1, recorded_pages: 1 }),
      databases: withSales(inAvailabilityGroup),
      replicas: replicasOfSales('SECONDARY'),
    },
    status: 'warning',
    findings: [suspect],
    manual: 'pageRepair',
  },
  {
    when: 'suspect pages of a database that is not ONLINE',
    facts: {
      ...sales({ open_pages: 1, recorded_pages: 1 }),
      databases: withSales({ state_desc: 'SUSPECT' }),
    },
    status: 'warning',
    findings: [suspect],
    manual: 'suspectPages',
  },
  {
    when: 'a table with a row less than it takes',
    facts: sales({ recorded_pages: 999 }),
    status: 'passed',
    findings: [],
    manual: 'manage',
  },
  {
    when: 'a table that is full',
    facts: sales({ recorded_pages: 1000 }),
    status: 'error',
    findings: [full],
    readiness: { instance: { full: 'unknown', log: 'ready', restore: 'unknown' } },
    manual: 'manage',
  },
  {
    when: 'a table of unknown size',
    facts: sales({ recorded_pages: null }),
    status: 'error',
    findings: [full],
    manual: 'manage',
  },
  {
    when: 'no row for the database',
    facts: { suspectPages: ids.slice(0, 4).map((database_id) => pages({ database_id })) },
    status: 'error',
    findings: [unknown],
    manual: 'suspectPages',
  },
  {
    when: 'two rows for the database, which no server has',
    facts: { suspectPages: [...ids, 5].map((database_id) => pages({ database_id })) },
    status: 'error',
    findings: [unknown],
    manual: 'suspectPages',
  },
  ...(['open_pages', 'repaired_pages'] as const).map((column): Row => ({
    when: `nobody knowing ${column}`,
    facts: sales({ [column]: null }),
    status: 'error',
    findings: [unknown],
    manual: 'suspectPages',
  })),
  {
    when: 'suspect pages of tempdb, which is never backed up',
    facts: {
      suspectPages: ids.map((database_id) => pages({ database_id, open_pages: database_id === 2 ? 1 : 0 })),
    },
    status: 'passed',
    findings: [],
    excluded: { tempdb: 'TEMPDB' },
    manual: 'tempdb',
  },
  {
    when: 'suspect pages of a database snapshot, which is never backed up',
    facts: { ...sales({ open_pages: 1 }), databases: withSales({ source_database_id: 9 }) },
    status: 'passed',
    findings: [],
    excluded: { tempdb: 'TEMPDB', Sales: 'SNAPSHOT' },
    manual: 'snapshots',
  },
]

const showPages =
  "tsql: SELECT file_id, page_id, event_type, error_count, last_update_date FROM msdb.dbo.suspect_pages WHERE database_id = DB_ID(N'Sales');"
const countPages = 'tsql: SELECT COUNT(*) FROM msdb.dbo.suspect_pages;'
const forgetRepaired = 'online tsql: DELETE FROM msdb.dbo.suspect_pages WHERE event_type IN (4, 5, 7);'

const details: readonly DetailRow[] = [
  {
    when: 'suspect pages',
    code: 'PAGES_SUSPECT',
    on,
    params: { database: 'Sales', pages: 3 },
    observed: { open_pages: 3 },
    expected: { open_pages: 0 },
    steps: [
      `online ${showPages}`,
      "online tsql: DBCC CHECKDB (N'Sales') WITH NO_INFOMSGS, ALL_ERRORMSGS;",
      "online tsql: DELETE FROM msdb.dbo.suspect_pages WHERE database_id = DB_ID(N'Sales') AND event_type IN (1, 2, 3);",
      'downtime manual',
    ],
    verify: showPages,
  },
  {
    when: 'pages that were restored or repaired',
    code: 'PAGES_REPAIRED',
    on,
    params: { database: 'Sales', pages: 2 },
    observed: { repaired_pages: 2 },
    expected: {},
    steps: [],
  },
  {
    when: 'no row for the database',
    code: 'PAGES_UNKNOWN',
    on,
    params: { database: 'Sales' },
    observed: { open_pages: null, repaired_pages: null },
    expected: { open_pages: 0 },
    steps: [],
  },
  {
    when: 'a table that is full',
    code: 'TABLE_FULL',
    on: 'instance db1',
    params: { recorded: 1000, limit: 1000 },
    observed: { recorded_pages: 1000 },
    expected: { recorded_pages: 'fewer than 1000' },
    steps: [forgetRepaired],
    verify: countPages,
  },
  {
    when: 'a table of unknown size',
    code: 'TABLE_FULL',
    on: 'instance db1',
    params: { recorded: 'NULL', limit: 1000 },
    observed: { recorded_pages: null },
    expected: { recorded_pages: 'fewer than 1000' },
    steps: [forgetRepaired],
    verify: countPages,
  },
]

describe('SQL_SERVER_SUSPECT_PAGES', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: {
      'cloud-backup': ['full', 'incremental', 'restore'],
      native: ['full', 'incremental', 'restore'],
    },
    verdicts,
    details,
    never: { failed: 'a suspect page fails a backup only where that has checksums, and it may be sound' },
  })
  testChanges({ check, engine: 'sqlserver', answer: sqlServerFacts, verdicts, isOf: isOfObject })
})
