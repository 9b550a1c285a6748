import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-version.ts'
import { supportedVersions } from '../../../../shared/checks/sqlserver/support-dates.ts'
import { type SqlServerFacts, server, sqlServerFacts } from '../../../support/facts/sqlserver.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const lifecycle = 'https://learn.microsoft.com/lifecycle/products'
const manuals = {
  of2012: `${lifecycle}/microsoft-sql-server-2012`,
  of2014: `${lifecycle}/sql-server-2014`,
  of2016: `${lifecycle}/sql-server-2016`,
  of2017: `${lifecycle}/sql-server-2017`,
  of2019: `${lifecycle}/sql-server-2019`,
  of2022: `${lifecycle}/sql-server-2022`,
  of2025: `${lifecycle}/sql-server-2025`,
  engineEdition: 'https://learn.microsoft.com/sql/t-sql/functions/serverproperty-transact-sql',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>

const on = 'instance db1'
const ended = { code: 'SUPPORT_ENDED', on, degrades: all } as const
const ends = { code: 'SUPPORT_ENDS', on, degrades: all } as const
const unknown = { code: 'VERSION_UNKNOWN', on, obscures: all } as const

const version = (product_version: string, engine_edition = 3) => ({
  server: [server({ product_version, engine_edition })],
})

const verdicts: readonly Row[] = [
  {
    when: 'SQL Server 2022, in support',
    status: 'passed',
    findings: [],
    observed: {
      product_version: '16.0.4135.4',
      edition: 'Enterprise Edition (64-bit)',
      engine_edition: 3,
    },
    manual: 'of2022',
  },
  {
    when: 'SQL Server 2012',
    facts: version('11.0.7001.0'),
    status: 'warning',
    findings: [ended],
    readiness: { instance: { full: 'degraded', restore: 'degraded' } },
    manual: 'of2012',
  },
  {
    when: 'SQL Server 2014',
    facts: version('12.0.6024.0'),
    status: 'warning',
    findings: [ended],
    manual: 'of2014',
  },
  {
    when: 'SQL Server 2016, the day after its support',
    facts: version('13.0.6300.2'),
    now: '2026-07-15T00:00:00Z',
    status: 'warning',
    findings: [ended],
    manual: 'of2016',
  },
  {
    when: 'SQL Server 2016, the last day of its support',
    facts: version('13.0.6300.2'),
    now: '2026-07-14T23:59:59Z',
    status: 'warning',
    findings: [ends],
    manual: 'of2016',
  },
  {
    when: 'SQL Server 2016, 14 days before its support ends',
    facts: version('13.0.6300.2'),
    now: '2026-06-30T00:00:00Z',
    status: 'warning',
    findings: [ends],
    manual: 'of2016',
  },
  {
    when: 'SQL Server 2016, 15 days before its support ends',
    facts: version('13.0.6300.2'),
    now: '2026-06-29T23:59:59Z',
    status: 'passed',
    findings: [],
    manual: 'of2016',
  },
  {
    when: 'SQL Server 2017',
    facts: version('14.0.3456.2'),
    status: 'passed',
    findings: [],
    manual: 'of2017',
  },
  {
    when: 'SQL Server 2019',
    facts: version('15.0.4316.3'),
    status: 'passed',
    findings: [],
    manual: 'of2019',
  },
  { when: 'SQL Server 2025', facts: version('17.0.700.9'), status: 'passed', findings: [], manual: 'of2025' },
  {
    when: 'a version newer than those of the table',
    facts: version('18.0.100.1'),
    status: 'passed',
    findings: [{ code: 'VERSION_NOT_LISTED', on }],
    manual: 'of2025',
  },
  {
    when: 'a version older than those of the table',
    facts: version('10.50.6000.34'),
    status: 'error',
    findings: [unknown],
    manual: 'engineEdition',
  },
  {
    when: 'no version',
    facts: version('unknown'),
    status: 'error',
    findings: [unknown],
    manual: 'engineEdition',
  },
  ...[5, 6, 8, 9, 11].map((edition): Row => ({
    when: `a managed service, EngineEdition ${edition}, whose vendor keeps it up`,
    facts: version('12.0.2000.8', edition),
    status: 'passed',
    findings: [],
    manual: 'engineEdition',
  })),
]

const expected = { product_version: 'of a version in support' }
const details: readonly DetailRow[] = [
  {
    when: 'SQL Server 2012',
    code: 'SUPPORT_ENDED',
    on,
    params: { version: '11.0.7001.0', title: 'SQL Server 2012', date: '2022-07-12' },
    observed: { product_version: '11.0.7001.0' },
    expected,
    steps: ['downtime manual'],
  },
  {
    when: 'SQL Server 2016, the last day of its support',
    code: 'SUPPORT_ENDS',
    on,
    params: { version: '13.0.6300.2', title: 'SQL Server 2016', date: '2026-07-14' },
    observed: { product_version: '13.0.6300.2' },
    expected,
    steps: ['downtime manual'],
  },
  {
    when: 'a version newer than those of the table',
    code: 'VERSION_NOT_LISTED',
    on,
    params: { version: '18.0.100.1' },
    observed: { product_version: '18.0.100.1' },
    expected: {},
    steps: [],
  },
  {
    when: 'no version',
    code: 'VERSION_UNKNOWN',
    on,
    params: { version: 'unknown' },
    observed: { product_version: 'unknown' },
    expected: {},
    steps: [],
  },
]

describe('SQL_SERVER_VERSION', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
    never: { failed: 'a version out of support takes backups as before' },
  })

  it('has a table in which every later version is supported longer', () => {
    const days = [...supportedVersions].map(([number, { supportEnds }]) => [number, Date.parse(supportEnds)])
    expect(days).toEqual(days.toSorted(([one = 0], [other = 0]) => one - other))
    expect(days.map(([, day]) => day)).toEqual(
      days.map(([, day = NaN]) => day).toSorted((one, other) => one - other),
    )
  })
})
