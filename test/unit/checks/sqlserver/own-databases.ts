import {
  type SqlServerFacts,
  inAvailabilityGroup,
  replicasOfSales,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import type { DetailRow, VerdictRow } from '../../../support/verdict-table.ts'

/** What items say of the databases whose backups are not judged on this instance. */
export const ownDatabasesManuals = {
  tempdb: 'https://learn.microsoft.com/sql/relational-databases/databases/tempdb-database',
  snapshots: 'https://learn.microsoft.com/sql/relational-databases/databases/database-snapshots-sql-server',
  secondaries:
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/active-secondaries-backup-on-secondary-replicas-always-on-availability-groups',
  states: 'https://learn.microsoft.com/sql/relational-databases/databases/database-states',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof ownDatabasesManuals>

/** `broken`: facts of which the item finds something where `Sales` is judged, by its statement. */
export const ownDatabasesVerdicts = (broken: Partial<SqlServerFacts>): readonly Row[] => [
  {
    when: 'tempdb, which is never backed up',
    status: 'passed',
    findings: [],
    observed: { databases: 4, product_version: '16.0.4135.4', edition: 'Enterprise Edition (64-bit)' },
    databases: ['master', 'model', 'msdb', 'Sales'],
    excluded: { tempdb: 'TEMPDB' },
    manual: 'tempdb',
  },
  {
    when: 'a database snapshot, which is never backed up',
    facts: { ...broken, databases: withSales({ source_database_id: 9 }) },
    status: 'passed',
    findings: [],
    excluded: { tempdb: 'TEMPDB', Sales: 'SNAPSHOT' },
    manual: 'snapshots',
  },
  {
    when: 'a secondary of a group, whatever its own history says',
    facts: {
      ...broken,
      databases: withSales(inAvailabilityGroup),
      replicas: replicasOfSales('SECONDARY'),
    },
    status: 'passed',
    findings: [{ code: 'JUDGED_ELSEWHERE', on: 'database Sales' }],
    manual: 'secondaries',
  },
  {
    when: 'a secondary of log shipping that is RESTORING',
    facts: {
      ...broken,
      databases: withSales({ state_desc: 'RESTORING' }),
      logShipping: [{ name: 'Sales' }],
    },
    status: 'passed',
    findings: [{ code: 'JUDGED_ELSEWHERE', on: 'database Sales' }],
    manual: 'secondaries',
  },
  {
    when: 'OFFLINE, which another item says',
    facts: { ...broken, databases: withSales({ state_desc: 'OFFLINE' }) },
    status: 'passed',
    findings: [{ code: 'NOT_ONLINE', on: 'database Sales' }],
    manual: 'states',
  },
]

export const ownDatabasesDetails: readonly DetailRow[] = [
  {
    when: 'a secondary of a group, whatever its own history says',
    code: 'JUDGED_ELSEWHERE',
    on: 'database Sales',
    params: { database: 'Sales', role: ['ag-secondary'] },
    observed: { role: 'ag-secondary' },
    expected: {},
    steps: [],
  },
  {
    when: 'OFFLINE, which another item says',
    code: 'NOT_ONLINE',
    on: 'database Sales',
    params: { database: 'Sales', state: 'OFFLINE' },
    observed: { state_desc: 'OFFLINE', is_in_standby: false },
    expected: {},
    steps: [],
  },
]
