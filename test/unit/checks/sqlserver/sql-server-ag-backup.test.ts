import { describe } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-ag-backup.ts'
import {
  type SqlServerFacts,
  condition,
  conditionsWithSales,
  database,
  group,
  inAvailabilityGroup,
  replicasOfSales,
  sqlServerFacts,
  systemDatabases,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import { type DetailRow, type VerdictRow, backups, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  offload:
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/active-secondaries-backup-on-secondary-replicas-always-on-availability-groups',
  preferred:
    'https://learn.microsoft.com/sql/relational-databases/system-functions/sys-fn-hadr-backup-is-preferred-replica-transact-sql',
  replicaStates:
    'https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-hadr-database-replica-states-transact-sql',
  basic:
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/basic-availability-groups-always-on-availability-groups',
  snapshots: 'https://learn.microsoft.com/sql/relational-databases/databases/database-snapshots-sql-server',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>

const on = 'database Sales'
const elsewhere = { code: 'BACKED_UP_ELSEWHERE', on } as const
const nowhere = { code: 'NO_BACKUP_REPLICA', on, degrades: backups } as const
const unhealthy = { code: 'SECONDARY_UNHEALTHY', on } as const
const unknown = { code: 'PREFERENCE_UNKNOWN', on, obscures: backups } as const
const others = { code: 'SECONDARIES_UNKNOWN', on, obscures: backups } as const

type Changes = Parameters<typeof condition>[0]
const inGroup = (role: string, changes: Changes): Partial<SqlServerFacts> => ({
  databases: withSales(inAvailabilityGroup),
  replicas: replicasOfSales(role),
  conditions: conditionsWithSales({ is_preferred_replica: 1, backup_preference: 'PRIMARY', ...changes }),
})
/** The primary of `Sales` with two healthy secondaries, preferred for backups, but for the changes. */
const primary = (changes: Changes = {}) =>
  inGroup('PRIMARY', { secondaries: 2, unhealthy_secondaries: 0, lag_minutes: 0, ...changes })
/** A primary whose backups are taken on a secondary. */
const notPreferred = (changes: Changes = {}) =>
  primary({ is_preferred_replica: 0, backup_preference: 'SECONDARY_ONLY', ...changes })
/** A secondary of `Sales`, which sees nothing of the others. */
const secondary = (changes: Changes = {}) =>
  inGroup('SECONDARY', { secondaries: 0, unhealthy_secondaries: 0, ...changes })

const verdicts: readonly Row[] = [
  {
    when: 'in no group',
    status: 'passed',
    findings: [],
    readiness: { Sales: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    databases: ['master', 'model', 'msdb', 'Sales'],
    excluded: { tempdb: 'TEMPDB' },
    manual: 'preferred',
  },
  { when: 'the preferred primary', facts: primary(), status: 'passed', findings: [], manual: 'preferred' },
  {
    when: 'a primary that is not preferred, with healthy secondaries',
    facts: notPreferred(),
    status: 'passed',
    findings: [elsewhere],
    readiness: { Sales: { full: 'ready', log: 'ready' } },
    manual: 'offload',
  },
  {
    when: 'a primary that is not preferred, one of its secondaries unhealthy',
    facts: notPreferred({ unhealthy_secondaries: 1 }),
    status: 'passed',
    findings: [elsewhere, unhealthy],
    manual: 'replicaStates',
  },
  {
    when: 'a primary that is not preferred, none of its secondaries healthy',
    facts: notPreferred({ unhealthy_secondaries: 2 }),
    status: 'warning',
    findings: [nowhere],
    readiness: { Sales: { full: 'degraded', incremental: 'degraded', log: 'degraded', restore: 'ready' } },
    manual: 'offload',
  },
  {
    when: 'a primary that is not preferred, without secondaries',
    facts: notPreferred({ secondaries: 0, backup_preference: null }),
    status: 'warning',
    findings: [nowhere],
    manual: 'offload',
  },
  ...(['secondaries', 'unhealthy_secondaries'] as const).map((column): Row => ({
    when: `a primary that is not preferred, ${column} unknown`,
    facts: notPreferred({ [column]: null }),
    status: 'error',
    findings: [others],
    readiness: { Sales: { full: 'unknown', restore: 'ready' } },
    manual: 'replicaStates',
  })),
  {
    when: 'the preferred primary, one of its secondaries unhealthy',
    facts: primary({ unhealthy_secondaries: 1 }),
    status: 'passed',
    findings: [unhealthy],
    manual: 'replicaStates',
  },
  ...(['secondaries', 'unhealthy_secondaries', 'lag_minutes'] as const).map((column): Row => ({
    when: `the preferred primary, ${column} unknown: its backups do not rest on it`,
    facts: primary({ [column]: null }),
    status: 'passed',
    findings: [],
    manual: 'replicaStates',
  })),
  {
    when: 'a secondary that is 60 minutes behind',
    facts: notPreferred({ lag_minutes: 60 }),
    status: 'passed',
    findings: [elsewhere],
    manual: 'replicaStates',
  },
  {
    when: 'a secondary that is 61 minutes behind and takes the backups',
    facts: notPreferred({ lag_minutes: 61 }),
    status: 'warning',
    findings: [elsewhere, { code: 'SECONDARY_LAGS', on, degrades: backups }],
    manual: 'replicaStates',
  },
  {
    when: 'a secondary that is 61 minutes behind, where the primary takes the backups',
    facts: primary({ lag_minutes: 61 }),
    status: 'passed',
    findings: [{ code: 'SECONDARY_LAGS', on }],
    manual: 'replicaStates',
  },
  {
    when: 'no commit to compare',
    facts: notPreferred({ lag_minutes: null }),
    status: 'passed',
    findings: [elsewhere],
    manual: 'replicaStates',
  },
  {
    when: 'the preferred secondary',
    facts: secondary(),
    status: 'passed',
    findings: [],
    manual: 'offload',
  },
  {
    when: 'a secondary that is not preferred',
    facts: secondary({ is_preferred_replica: 0 }),
    status: 'passed',
    findings: [elsewhere],
    manual: 'preferred',
  },
  {
    when: 'nobody knowing which replica is preferred',
    facts: primary({ is_preferred_replica: null }),
    status: 'error',
    findings: [unknown],
    readiness: { Sales: { full: 'unknown', restore: 'ready' } },
    manual: 'preferred',
  },
  {
    when: 'no row of a database',
    facts: {
      ...primary(),
      conditions: systemDatabases.map(({ database_id }) => condition({ database_id })),
    },
    status: 'error',
    findings: [unknown],
    manual: 'preferred',
  },
  {
    when: 'the secondary of a basic group, which takes no backups',
    facts: { ...secondary({ is_preferred_replica: 0 }), groups: [group({ basic_features: true })] },
    status: 'passed',
    findings: [],
    manual: 'basic',
  },
  {
    when: 'a replica of unknown role, which the item over states says',
    facts: { ...notPreferred({ unhealthy_secondaries: 2 }), replicas: null },
    status: 'passed',
    findings: [],
    manual: 'replicaStates',
  },
  {
    when: 'a snapshot of a database in a group',
    facts: { databases: [...withSales(), database(6, 'Sales_snapshot', { source_database_id: 5 })] },
    status: 'passed',
    findings: [],
    excluded: { tempdb: 'TEMPDB', Sales_snapshot: 'SNAPSHOT' },
    manual: 'snapshots',
  },
  {
    when: 'a primary that is not preferred, nobody knowing by which preference',
    facts: notPreferred({ backup_preference: null }),
    status: 'passed',
    findings: [elsewhere],
    manual: 'preferred',
  },
  {
    when: 'the preferred primary, an unhealthy one of nobody knows how many',
    facts: primary({ secondaries: null, unhealthy_secondaries: 1 }),
    status: 'passed',
    findings: [],
    manual: 'replicaStates',
  },
]

const show =
  "online tsql: SELECT r.replica_server_name, s.synchronization_health_desc, s.suspend_reason_desc, s.last_commit_time, s.log_send_queue_size, s.redo_queue_size FROM sys.dm_hadr_database_replica_states AS s JOIN sys.availability_replicas AS r ON r.replica_id = s.replica_id JOIN sys.databases AS d ON d.group_database_id = s.group_database_id WHERE d.name = N'Sales';"
const verify = "tsql: SELECT sys.fn_hadr_backup_is_preferred_replica(N'Sales') AS is_preferred_replica;"

const details: readonly DetailRow[] = [
  {
    when: 'a primary that is not preferred, with healthy secondaries',
    code: 'BACKED_UP_ELSEWHERE',
    on,
    params: { database: 'Sales', preference: 'SECONDARY_ONLY' },
    observed: { is_preferred_replica: false, backup_preference: 'SECONDARY_ONLY' },
    expected: {},
    steps: [],
  },
  {
    when: 'a primary that is not preferred, none of its secondaries healthy',
    code: 'NO_BACKUP_REPLICA',
    on,
    params: { database: 'Sales', preference: 'SECONDARY_ONLY', secondaries: 2 },
    observed: { secondaries: 2, unhealthy_secondaries: 2, backup_preference: 'SECONDARY_ONLY' },
    expected: { unhealthy_secondaries: 0 },
    steps: [show, 'online manual', 'online manual'],
    verify,
  },
  {
    when: 'a primary that is not preferred, without secondaries',
    code: 'NO_BACKUP_REPLICA',
    on,
    params: { database: 'Sales', preference: 'NULL', secondaries: 0 },
    observed: { secondaries: 0, unhealthy_secondaries: 0, backup_preference: null },
    expected: { unhealthy_secondaries: 0 },
    steps: [show, 'online manual', 'online manual'],
    verify,
  },
  {
    when: 'the preferred primary, one of its secondaries unhealthy',
    code: 'SECONDARY_UNHEALTHY',
    on,
    params: { database: 'Sales', unhealthy: 1, secondaries: 2 },
    observed: { secondaries: 2, unhealthy_secondaries: 1 },
    expected: { unhealthy_secondaries: 0 },
    steps: [show, 'online manual'],
    verify,
  },
  {
    when: 'a secondary that is 61 minutes behind and takes the backups',
    code: 'SECONDARY_LAGS',
    on,
    params: { database: 'Sales', minutes: 61 },
    observed: { lag_minutes: 61 },
    expected: { lag_minutes: 'at most 60' },
    steps: [show, 'online manual'],
    verify,
  },
  {
    when: 'nobody knowing which replica is preferred',
    code: 'PREFERENCE_UNKNOWN',
    on,
    params: { database: 'Sales' },
    observed: { is_preferred_replica: null },
    expected: { is_preferred_replica: 'not NULL' },
    steps: [],
  },
  {
    when: 'a primary that is not preferred, secondaries unknown',
    code: 'SECONDARIES_UNKNOWN',
    on,
    params: { database: 'Sales' },
    observed: { secondaries: null, unhealthy_secondaries: 0, backup_preference: 'SECONDARY_ONLY' },
    expected: { unhealthy_secondaries: 0 },
    steps: [],
  },
  {
    when: 'a primary that is not preferred, nobody knowing by which preference',
    code: 'BACKED_UP_ELSEWHERE',
    on,
    params: { database: 'Sales', preference: 'NULL' },
    observed: { is_preferred_replica: false, backup_preference: null },
    expected: {},
    steps: [],
  },
]

describe('SQL_SERVER_AG_BACKUP', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': backups, native: backups },
    verdicts,
    details,
    never: { failed: 'who takes the backups need not follow the preference' },
  })
})
