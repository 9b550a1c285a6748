import {
  type SqlServerFacts,
  group,
  inAvailabilityGroup,
  replica,
  replicasOfSales,
  server,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import { type DetailRow, type VerdictRow, all, backups } from '../../../support/verdict-table.ts'

/** What an availability group means for its databases. */
export const groupManuals = {
  secondaries:
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/active-secondaries-backup-on-secondary-replicas-always-on-availability-groups',
  sqlServer2025: 'Microsoft, Introducing "Backups on Secondary" with SQL Server 2025',
  basicGroups:
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/basic-availability-groups-always-on-availability-groups',
  distributedGroups:
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/distributed-availability-groups',
  groupsView:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-availability-groups-transact-sql',
  replicaStates:
    'https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-hadr-availability-replica-states-transact-sql',
  databaseReplicas:
    'https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-hadr-database-replica-states-transact-sql',
  suspended:
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/resume-an-availability-database-sql-server',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof groupManuals>

type Changes = NonNullable<Parameters<typeof withSales>[0]>
type Copy = NonNullable<Parameters<typeof replica>[0]>

/** `Sales` in a group, by its roles there. */
const inGroup = (roles: readonly (string | null)[], changes: Changes = {}): Partial<SqlServerFacts> => ({
  databases: withSales({ ...inAvailabilityGroup, ...changes }),
  replicas: replicasOfSales(...roles),
})

/** `Sales` as the copy of a primary elsewhere. */
const copy = (changes: Copy, of: Partial<SqlServerFacts> = {}): Partial<SqlServerFacts> => ({
  databases: withSales(inAvailabilityGroup),
  replicas: [replica({ role_desc: 'SECONDARY', ...changes })],
  ...of,
})

const basic = { groups: [group({ basic_features: true })] }

/** The group of `Sales` is part of a distributed one, in which it has that role. */
const distributed = (distributed_role_desc: string | null) => ({
  groups: [group({ distributed_group: 'worldwide', distributed_role_desc })],
})

const of2025 = { server: [server({ product_version: '17.0.700.9' })] }
const of2014 = { server: [server({ product_version: '12.0.6024.0' })] }

const on = 'database Sales'
const primary = { code: 'AG_PRIMARY', on, limits: ['restore'] } as const
const secondary = {
  code: 'AG_SECONDARY',
  on,
  degrades: ['full'],
  limits: ['incremental', 'restore'],
} as const
const forwarder = { ...secondary, code: 'AG_FORWARDER' } as const
const basicSecondary = { code: 'AG_SECONDARY_BASIC', on, limits: all } as const
const behindForwarder = { code: 'AG_SECONDARY_BEHIND_FORWARDER', on, limits: all } as const
const fullSupport = { code: 'AG_SECONDARY_FULL_SUPPORT', on, limits: ['restore'] } as const
const stopped = { code: 'AG_NOT_SYNCHRONIZING', on, blocks: ['full', 'log'] } as const
const maybeStopped = { code: 'AG_SYNCHRONIZATION_UNKNOWN', on, obscures: ['full', 'log'] } as const
const resolving = { code: 'AG_RESOLVING', on, blocks: all } as const
const roleUnknown = { code: 'ROLE_UNKNOWN', on, obscures: all } as const

const asPrimary: readonly Row[] = [
  {
    when: 'AG primary: it cannot be restored over',
    facts: inGroup(['PRIMARY']),
    status: 'passed',
    findings: [primary],
    readiness: {
      Sales: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'blocked' },
      instance: { full: 'ready', restore: 'degraded' },
    },
    manual: 'secondaries',
  },
  {
    when: 'primary of a basic group',
    facts: { ...inGroup(['PRIMARY']), ...basic },
    status: 'passed',
    findings: [primary],
    readiness: { Sales: { full: 'ready', log: 'ready', restore: 'blocked' } },
    manual: 'basicGroups',
  },
  {
    when: 'primary of both groups of a distributed AG',
    facts: inGroup(['PRIMARY', 'PRIMARY']),
    status: 'passed',
    findings: [primary],
    manual: 'distributedGroups',
  },
  {
    when: 'global primary, by the role of its group',
    facts: { ...inGroup(['PRIMARY']), ...distributed('PRIMARY') },
    status: 'passed',
    findings: [primary],
    manual: 'distributedGroups',
  },
  {
    when: 'AG primary of SQL Server 2014, which has one kind of group',
    facts: { ...inGroup(['PRIMARY']), ...of2014, groups: null },
    status: 'passed',
    findings: [primary],
    manual: 'groupsView',
  },
  {
    when: 'AG primary, OFFLINE',
    facts: inGroup(['PRIMARY'], { state_desc: 'OFFLINE' }),
    status: 'failed',
    findings: [{ code: 'OFFLINE', on, blocks: all }],
    manual: 'secondaries',
  },
  {
    when: 'AG primary, RESTORING',
    facts: inGroup(['PRIMARY'], { state_desc: 'RESTORING' }),
    status: 'failed',
    findings: [{ code: 'RESTORING', on, blocks: all }],
    manual: 'secondaries',
  },
  {
    when: 'AG primary, RESTORING, native: RESTORE refuses it all the same',
    facts: inGroup(['PRIMARY'], { state_desc: 'RESTORING' }),
    registered: { profile: 'native' },
    status: 'failed',
    findings: [{ code: 'RESTORING', on, blocks: all }],
    manual: 'secondaries',
  },
  {
    when: 'AG primary, SUSPECT, native',
    facts: inGroup(['PRIMARY'], { state_desc: 'SUSPECT' }),
    registered: { profile: 'native' },
    status: 'failed',
    findings: [{ code: 'SUSPECT', on, blocks: all }],
    manual: 'secondaries',
  },
  {
    when: 'AG primary in SINGLE_USER',
    facts: inGroup(['PRIMARY'], { user_access_desc: 'SINGLE_USER' }),
    status: 'warning',
    findings: [{ code: 'SINGLE_USER', on, degrades: all }, primary],
    readiness: { Sales: { full: 'degraded', restore: 'blocked' } },
    manual: 'secondaries',
  },
  {
    when: 'AG primary that ships logs and has a snapshot besides',
    facts: {
      ...inGroup(['PRIMARY']),
      databases: [
        ...withSales(inAvailabilityGroup),
        ...withSales({ database_id: 6, name: 'Sales_snapshot', source_database_id: 5 }).slice(-1),
      ],
      logShippingPrimaries: [{ name: 'Sales' }],
    },
    status: 'warning',
    findings: [
      primary,
      { code: 'LOG_SHIPPING_PRIMARY', on, degrades: ['log'] },
      { code: 'SNAPSHOT_SOURCE', on, limits: ['restore'] },
    ],
    manual: 'secondaries',
  },
  {
    when: 'AG primary beside the secondary of another database',
    facts: {
      ...inGroup(['PRIMARY']),
      replicas: [...replicasOfSales('PRIMARY'), replica({ database_id: 6, role_desc: 'SECONDARY' })],
    },
    status: 'passed',
    findings: [primary],
    manual: 'replicaStates',
  },
]

const asSecondary: readonly Row[] = [
  {
    when: 'AG secondary of 2022: full backups as copies only',
    facts: inGroup(['SECONDARY']),
    status: 'warning',
    findings: [secondary],
    readiness: {
      Sales: { full: 'degraded', incremental: 'blocked', log: 'ready', restore: 'blocked' },
      master: { full: 'ready', restore: 'ready' },
      instance: { full: 'degraded', incremental: 'degraded', log: 'ready', restore: 'degraded' },
    },
    manual: 'secondaries',
  },
  {
    when: 'AG secondary of 2014',
    facts: { ...inGroup(['SECONDARY']), ...of2014, groups: null },
    status: 'warning',
    findings: [secondary],
    manual: 'secondaries',
  },
  {
    when: 'AG secondary of a version nobody can read',
    facts: { ...inGroup(['SECONDARY']), server: [server({ product_version: 'vNext' })] },
    status: 'warning',
    findings: [secondary],
    manual: 'secondaries',
  },
  {
    when: 'AG secondary that accepts no connections, which shows as no collation',
    facts: inGroup(['SECONDARY'], { collation_name: null }),
    status: 'warning',
    findings: [secondary],
    manual: 'secondaries',
  },
  {
    when: 'AG secondary, where only log backups are planned',
    facts: inGroup(['SECONDARY']),
    registered: { operations: ['log'] },
    status: 'warning',
    findings: [secondary],
    manual: 'secondaries',
  },
  {
    when: 'AG secondary of 2025',
    facts: { ...inGroup(['SECONDARY']), ...of2025 },
    status: 'passed',
    findings: [fullSupport],
    readiness: { Sales: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'blocked' } },
    manual: 'sqlServer2025',
  },
  {
    when: 'AG secondary of 2025, Standard Edition, in a group that is not basic',
    facts: {
      ...inGroup(['SECONDARY']),
      server: [server({ product_version: '17.0.700.9', engine_edition: 2 })],
    },
    status: 'warning',
    findings: [secondary],
    manual: 'sqlServer2025',
  },
  {
    when: 'secondary of a basic group',
    facts: { ...inGroup(['SECONDARY']), ...basic, server: [server({ engine_edition: 2 })] },
    status: 'passed',
    findings: [basicSecondary],
    readiness: { Sales: { full: 'blocked', log: 'blocked', restore: 'blocked' } },
    manual: 'basicGroups',
  },
  {
    when: 'secondary of a basic group on Enterprise Edition',
    facts: { ...inGroup(['SECONDARY']), ...basic },
    status: 'passed',
    findings: [basicSecondary],
    manual: 'basicGroups',
  },
  {
    when: 'secondary of a basic group of 2025',
    facts: { ...inGroup(['SECONDARY']), ...basic, ...of2025 },
    status: 'passed',
    findings: [basicSecondary],
    manual: 'basicGroups',
  },
  {
    when: 'forwarder of a distributed AG, primary in its own group only',
    facts: inGroup(['PRIMARY', 'SECONDARY']),
    status: 'warning',
    findings: [forwarder],
    readiness: { Sales: { full: 'degraded', incremental: 'blocked', log: 'ready', restore: 'blocked' } },
    manual: 'secondaries',
  },
  {
    when: 'forwarder, by the role of its group',
    facts: { ...inGroup(['PRIMARY']), ...distributed('SECONDARY') },
    status: 'warning',
    findings: [forwarder],
    manual: 'distributedGroups',
  },
  {
    when: 'secondary behind the forwarder, which takes no backup',
    facts: { ...inGroup(['SECONDARY']), ...distributed('SECONDARY') },
    status: 'passed',
    findings: [behindForwarder],
    readiness: { Sales: { full: 'blocked', incremental: 'blocked', log: 'blocked', restore: 'blocked' } },
    manual: 'secondaries',
  },
  {
    when: 'secondary behind the forwarder, by its own roles',
    facts: inGroup(['SECONDARY', 'SECONDARY']),
    status: 'passed',
    findings: [behindForwarder],
    manual: 'secondaries',
  },
  {
    when: 'secondary in the group of the global primary',
    facts: { ...inGroup(['SECONDARY']), ...distributed('PRIMARY') },
    status: 'warning',
    findings: [secondary],
    manual: 'secondaries',
  },
  {
    when: 'every database is an AG secondary',
    facts: {
      databases: withSales(inAvailabilityGroup).slice(-1),
      replicas: replicasOfSales('SECONDARY'),
    },
    status: 'warning',
    findings: [secondary],
    readiness: { instance: { full: 'degraded', incremental: 'blocked', log: 'ready', restore: 'blocked' } },
    manual: 'secondaries',
  },
  {
    when: 'AG secondary, RESTORING',
    facts: inGroup(['SECONDARY'], { state_desc: 'RESTORING' }),
    status: 'passed',
    findings: [{ code: 'SECONDARY', on, limits: all }],
    manual: 'secondaries',
  },
  {
    when: 'AG secondary, SUSPECT',
    facts: inGroup(['SECONDARY'], { state_desc: 'SUSPECT' }),
    status: 'failed',
    findings: [{ code: 'SUSPECT', on, blocks: all }],
    manual: 'secondaries',
  },
  {
    when: 'AG secondary, RECOVERING',
    facts: inGroup(['SECONDARY'], { state_desc: 'RECOVERING' }),
    status: 'failed',
    findings: [{ code: 'TRANSIENT_STATE', on, blocks: all }],
    manual: 'secondaries',
  },
  {
    when: 'AG secondary of unknown state',
    facts: inGroup(['SECONDARY'], { state_desc: null }),
    status: 'error',
    findings: [{ code: 'STATE_UNKNOWN', on, obscures: all }],
    manual: 'databaseReplicas',
  },
  {
    when: 'secondary of an ordinary group beside a basic one of other databases',
    facts: {
      ...inGroup(['SECONDARY']),
      groups: [group({ group_id: 'another', basic_features: true }), group()],
    },
    status: 'warning',
    findings: [secondary],
    manual: 'basicGroups',
  },
  {
    when: 'secondary of a basic group of 2016, the first version that has them',
    facts: { ...inGroup(['SECONDARY']), ...basic, server: [server({ product_version: '13.0.1601.5' })] },
    status: 'passed',
    findings: [basicSecondary],
    manual: 'basicGroups',
  },
  {
    when: 'secondary in one of two ordinary groups, which no server has',
    facts: {
      ...inGroup([]),
      replicas: [replica(), replica({ group_id: 'another', role_desc: 'SECONDARY' })],
      groups: [group(), group({ group_id: 'another' })],
    },
    status: 'warning',
    findings: [secondary],
    manual: 'groupsView',
  },
]

/** By how a secondary follows its primary. */
const following: readonly Row[] = [
  {
    when: 'AG secondary that is SYNCHRONIZING',
    facts: copy({ synchronization_state_desc: 'SYNCHRONIZING' }),
    status: 'warning',
    findings: [secondary],
    manual: 'secondaries',
  },
  ...(['NOT SYNCHRONIZING', 'REVERTING', 'INITIALIZING'] as const).map((state): Row => ({
    when: `AG secondary that is ${state}`,
    facts: copy({ synchronization_state_desc: state }),
    status: 'failed',
    findings: [secondary, stopped],
    readiness: { Sales: { full: 'blocked', incremental: 'blocked', log: 'blocked', restore: 'blocked' } },
    manual: 'databaseReplicas',
  })),
  {
    when: 'AG secondary whose data movement is suspended',
    facts: copy({ synchronization_state_desc: 'NOT SYNCHRONIZING', is_suspended: true }),
    status: 'failed',
    findings: [secondary, stopped],
    readiness: { Sales: { full: 'blocked', log: 'blocked' } },
    manual: 'suspended',
  },
  {
    when: 'AG secondary that is suspended and still shows as SYNCHRONIZED',
    facts: copy({ is_suspended: true }),
    status: 'failed',
    findings: [secondary, stopped],
    manual: 'suspended',
  },
  {
    when: 'AG secondary of 2025 that is suspended takes no differential backup either',
    facts: copy({ is_suspended: true }, of2025),
    status: 'failed',
    findings: [fullSupport, { ...stopped, blocks: backups }],
    manual: 'sqlServer2025',
  },
  {
    when: 'AG secondary that is suspended, where only restore is planned',
    facts: copy({ is_suspended: true }),
    registered: { operations: ['restore'] },
    status: 'warning',
    findings: [secondary, stopped],
    manual: 'suspended',
  },
  {
    when: 'AG secondary of unknown data movement',
    facts: copy({ synchronization_state_desc: null }),
    status: 'error',
    findings: [secondary, maybeStopped],
    readiness: { Sales: { full: 'unknown', log: 'unknown' } },
    manual: 'databaseReplicas',
  },
  {
    when: 'AG secondary in a data movement nobody knows',
    facts: copy({ synchronization_state_desc: 'DRIFTING' }),
    status: 'error',
    findings: [secondary, maybeStopped],
    manual: 'databaseReplicas',
  },
  {
    when: 'AG secondary of which nobody knows whether it is suspended',
    facts: copy({ is_suspended: null }),
    status: 'error',
    findings: [secondary, maybeStopped],
    manual: 'databaseReplicas',
  },
  {
    when: 'AG secondary that has stopped, of which nobody knows whether it is suspended',
    facts: copy({ synchronization_state_desc: 'NOT SYNCHRONIZING', is_suspended: null }),
    status: 'failed',
    findings: [secondary, stopped],
    manual: 'databaseReplicas',
  },
  {
    when: 'secondary of a basic group that is suspended: it takes no backup anyway',
    facts: copy({ is_suspended: true }, basic),
    status: 'passed',
    findings: [basicSecondary],
    manual: 'basicGroups',
  },
  {
    when: 'AG primary, whose own movement says nothing of its backups',
    facts: {
      ...inGroup(['PRIMARY']),
      replicas: [replica({ synchronization_state_desc: 'NOT SYNCHRONIZING' })],
    },
    status: 'passed',
    findings: [primary],
    manual: 'databaseReplicas',
  },
  {
    when: 'forwarder that does not follow the global primary',
    facts: {
      ...inGroup(['PRIMARY', 'SECONDARY']),
      replicas: replicasOfSales('PRIMARY', 'SECONDARY').map((each) => ({ ...each, is_suspended: true })),
    },
    status: 'failed',
    findings: [forwarder, stopped],
    manual: 'distributedGroups',
  },
  {
    when: 'AG secondary that follows in one group and is suspended in the other',
    facts: {
      ...inGroup([]),
      replicas: [
        replica({ role_desc: 'SECONDARY' }),
        replica({ role_desc: 'SECONDARY', group_id: 'another', is_suspended: true }),
      ],
      groups: [group(), group({ group_id: 'another' })],
    },
    status: 'failed',
    findings: [secondary, stopped],
    manual: 'databaseReplicas',
  },
  {
    when: 'a database in no group, of which a movement that stopped is still shown',
    facts: { replicas: [replica({ role_desc: 'SECONDARY', is_suspended: true })] },
    status: 'passed',
    findings: [],
    manual: 'databaseReplicas',
  },
]

const unknown: readonly Row[] = [
  {
    when: 'AG resolving',
    facts: inGroup(['RESOLVING']),
    status: 'failed',
    findings: [resolving],
    manual: 'secondaries',
  },
  {
    when: 'AG primary in one group and resolving in the other',
    facts: inGroup(['PRIMARY', 'RESOLVING']),
    status: 'failed',
    findings: [resolving],
    manual: 'replicaStates',
  },
  {
    when: 'AG resolving, OFFLINE',
    facts: inGroup(['RESOLVING'], { state_desc: 'OFFLINE' }),
    status: 'failed',
    findings: [resolving],
    manual: 'replicaStates',
  },
  {
    when: 'AG, a role of null',
    facts: inGroup([null]),
    status: 'error',
    findings: [roleUnknown],
    manual: 'replicaStates',
  },
  {
    when: 'AG, a role nobody knows',
    facts: inGroup(['WITNESS']),
    status: 'error',
    findings: [roleUnknown],
    manual: 'replicaStates',
  },
  {
    when: 'AG primary, the role in its other group null',
    facts: inGroup(['PRIMARY', null]),
    status: 'error',
    findings: [roleUnknown],
    manual: 'replicaStates',
  },
  {
    when: 'AG without a local replica',
    facts: inGroup([]),
    status: 'error',
    findings: [roleUnknown],
    manual: 'replicaStates',
  },
  {
    when: 'AG, role not readable, ONLINE: it may be resolving',
    facts: { ...inGroup([]), replicas: null },
    status: 'error',
    findings: [roleUnknown],
    manual: 'replicaStates',
  },
  {
    when: 'AG, role not readable, RECOVERING: in no role is it available',
    facts: { ...inGroup([], { state_desc: 'RECOVERING' }), replicas: null },
    status: 'failed',
    findings: [{ code: 'TRANSIENT_STATE', on, blocks: all }],
    manual: 'databaseReplicas',
  },
  {
    when: 'AG, role not readable, SUSPECT: broken in every role',
    facts: { ...inGroup([], { state_desc: 'SUSPECT' }), replicas: null },
    status: 'failed',
    findings: [{ code: 'SUSPECT', on, blocks: all }],
    manual: 'databaseReplicas',
  },
  {
    when: 'AG, role not readable, SUSPECT, native: whether a restore may cure it is unknown',
    facts: { ...inGroup([], { state_desc: 'SUSPECT' }), replicas: null },
    registered: { profile: 'native' },
    status: 'failed',
    findings: [{ code: 'SUSPECT', on, blocks: backups, obscures: ['restore'] }],
    manual: 'databaseReplicas',
  },
  {
    when: 'AG, role not readable, RESTORING',
    facts: { ...inGroup([], { state_desc: 'RESTORING' }), replicas: null },
    status: 'error',
    findings: [roleUnknown],
    manual: 'replicaStates',
  },
  {
    when: 'AG secondary whose group is hidden: it may be basic',
    facts: { ...inGroup(['SECONDARY']), groups: [] },
    status: 'error',
    findings: [roleUnknown],
    readiness: { Sales: { full: 'unknown', incremental: 'unknown', log: 'unknown', restore: 'unknown' } },
    manual: 'groupsView',
  },
  {
    when: 'AG primary whose group is hidden: it may be a forwarder',
    facts: { ...inGroup(['PRIMARY']), groups: null, server: [server({ view_any_definition: 0 })] },
    status: 'error',
    findings: [roleUnknown],
    manual: 'groupsView',
  },
  {
    when: 'AG primary in SINGLE_USER whose group is hidden: no summary leaves it out',
    facts: { ...inGroup(['PRIMARY'], { user_access_desc: 'SINGLE_USER' }), groups: null },
    status: 'error',
    findings: [roleUnknown],
    readiness: { Sales: { restore: 'unknown' }, instance: { restore: 'unknown' } },
    manual: 'groupsView',
  },
  {
    when: 'AG primary beside a group of another kind',
    facts: { ...inGroup(['PRIMARY']), groups: [group({ group_id: 'another' })] },
    status: 'error',
    findings: [roleUnknown],
    manual: 'groupsView',
  },
  {
    when: 'AG secondary of which nobody knows whether the group is basic',
    facts: { ...inGroup(['SECONDARY']), groups: [group({ basic_features: null })] },
    status: 'error',
    findings: [roleUnknown],
    manual: 'groupsView',
  },
  {
    when: 'AG primary whose role in a distributed group is null',
    facts: { ...inGroup(['PRIMARY']), ...distributed(null) },
    status: 'error',
    findings: [roleUnknown],
    manual: 'distributedGroups',
  },
  {
    when: 'AG secondary whose group resolves in a distributed one',
    facts: { ...inGroup(['SECONDARY']), ...distributed('RESOLVING') },
    status: 'error',
    findings: [roleUnknown],
    manual: 'distributedGroups',
  },
  {
    when: 'AG primary whose group is hidden, RESTORING',
    facts: { ...inGroup(['PRIMARY'], { state_desc: 'RESTORING' }), groups: null },
    status: 'error',
    findings: [roleUnknown],
    manual: 'groupsView',
  },
  {
    when: 'AG primary of 2014, in another group in a role nobody knows',
    facts: { ...inGroup(['PRIMARY', 'WITNESS']), ...of2014, groups: null },
    status: 'error',
    findings: [roleUnknown],
    manual: 'replicaStates',
  },
]

/** By its role in an availability group. */
export const groupVerdicts: readonly Row[] = [...asPrimary, ...asSecondary, ...following, ...unknown]

const showsMovement =
  'tsql: SELECT synchronization_state_desc, is_suspended FROM sys.dm_hadr_database_replica_states ' +
  "WHERE is_local = 1 AND database_id = DB_ID(N'Sales');"
const findsReason =
  'online tsql: SELECT synchronization_state_desc, suspend_reason_desc FROM sys.dm_hadr_database_replica_states ' +
  "WHERE is_local = 1 AND database_id = DB_ID(N'Sales');"
const showsGroups =
  'online tsql: SELECT g.name, s.primary_replica, s.synchronization_health_desc ' +
  'FROM sys.dm_hadr_availability_group_states AS s ' +
  'JOIN sys.availability_groups AS g ON g.group_id = s.group_id;'
const showsRights =
  "tsql: SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') AS server_state, " +
  "HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION') AS any_definition;"
const showsState = "tsql: SELECT name, state_desc, user_access_desc FROM sys.databases WHERE name = N'Sales';"
const readErrorLog = "online tsql: EXEC sys.sp_readerrorlog 0, 1, N'Sales';"

const said = (code: string, when: string, role: string): DetailRow => ({
  when,
  code,
  on,
  params: { database: 'Sales' },
  observed: { role },
  expected: {},
  steps: [],
})

const ofState = { state_desc: 'ONLINE', is_in_standby: false } as const
const isSynchronized = {
  synchronization_state_desc: 'SYNCHRONIZED or SYNCHRONIZING',
  is_suspended: false,
} as const

export const groupDetails: readonly DetailRow[] = [
  said('AG_PRIMARY', 'AG primary: it cannot be restored over', 'ag-primary'),
  said('AG_SECONDARY', 'AG secondary of 2022: full backups as copies only', 'ag-secondary'),
  said('AG_SECONDARY_FULL_SUPPORT', 'AG secondary of 2025', 'ag-secondary-full-support'),
  said('AG_SECONDARY_BASIC', 'secondary of a basic group', 'ag-secondary-basic'),
  said('AG_FORWARDER', 'forwarder, by the role of its group', 'ag-forwarder'),
  said(
    'AG_SECONDARY_BEHIND_FORWARDER',
    'secondary behind the forwarder, which takes no backup',
    'ag-secondary-behind-forwarder',
  ),
  {
    when: 'AG secondary whose data movement is suspended',
    code: 'AG_NOT_SYNCHRONIZING',
    on,
    params: { database: 'Sales', state: 'SUSPENDED' },
    observed: { synchronization_state_desc: 'NOT SYNCHRONIZING', is_suspended: true },
    expected: isSynchronized,
    steps: [findsReason, readErrorLog, 'data-loss tsql: ALTER DATABASE [Sales] SET HADR RESUME;'],
    verify: showsMovement,
    changes: { is_suspended: false, synchronization_state_desc: 'SYNCHRONIZING' },
  },
  {
    when: 'AG secondary that is REVERTING',
    code: 'AG_NOT_SYNCHRONIZING',
    on,
    params: { database: 'Sales', state: 'REVERTING' },
    observed: { synchronization_state_desc: 'REVERTING', is_suspended: false },
    expected: isSynchronized,
    steps: [findsReason, showsGroups, 'online manual'],
    verify: showsMovement,
  },
  {
    when: 'AG secondary of unknown data movement',
    code: 'AG_SYNCHRONIZATION_UNKNOWN',
    on,
    params: { database: 'Sales', state: 'NULL' },
    observed: { synchronization_state_desc: null, is_suspended: false },
    expected: isSynchronized,
    steps: [],
  },
  {
    when: 'AG primary in one group and resolving in the other',
    code: 'AG_RESOLVING',
    on,
    params: { database: 'Sales' },
    observed: { ...ofState, role_desc: 'RESOLVING' },
    expected: { state_desc: 'ONLINE', role_desc: 'PRIMARY or SECONDARY' },
    steps: [showsGroups, 'online manual'],
    verify:
      'tsql: SELECT r.role_desc FROM sys.dm_hadr_availability_replica_states AS r ' +
      "JOIN sys.databases AS d ON d.replica_id = r.replica_id WHERE d.name = N'Sales';",
  },
  {
    when: 'AG primary, RESTORING',
    code: 'RESTORING',
    on,
    params: { database: 'Sales' },
    observed: { state_desc: 'RESTORING', is_in_standby: false },
    expected: { state_desc: 'ONLINE' },
    steps: [readErrorLog, 'downtime manual'],
    verify: showsState,
  },
  {
    when: 'AG primary, SUSPECT, native',
    code: 'SUSPECT',
    on,
    params: { database: 'Sales' },
    observed: { state_desc: 'SUSPECT', is_in_standby: false, role: 'ag-primary' },
    expected: { state_desc: 'ONLINE' },
    steps: [
      readErrorLog,
      "online tsql: BACKUP LOG [Sales] TO DISK = N'Sales_tail.trn' WITH NO_TRUNCATE;",
      'online manual',
      'online tsql: ALTER DATABASE [Sales] SET ONLINE;',
      'downtime manual',
      'data-loss manual',
    ],
    verify: showsState,
  },
  {
    when: 'AG secondary, RESTORING',
    code: 'SECONDARY',
    on,
    params: { database: 'Sales', state: 'RESTORING', role: ['ag-secondary'] },
    observed: { state_desc: 'RESTORING', is_in_standby: false, role: 'ag-secondary' },
    expected: { state_desc: 'ONLINE' },
    steps: [],
  },
  {
    when: 'AG secondary, SUSPECT',
    code: 'SUSPECT',
    on,
    params: { database: 'Sales' },
    observed: { state_desc: 'SUSPECT', is_in_standby: false, role: 'ag-secondary' },
    expected: { state_desc: 'ONLINE' },
    steps: [readErrorLog, 'online manual'],
    verify: showsState,
  },
  {
    when: 'AG, a role of null',
    code: 'ROLE_UNKNOWN',
    on,
    params: { database: 'Sales', state: 'ONLINE' },
    observed: { ...ofState, role: 'unknown' },
    expected: { state_desc: 'ONLINE' },
    steps: ['online manual'],
    verify: showsRights,
  },
  {
    when: 'AG, role not readable, ONLINE: it may be resolving',
    code: 'ROLE_UNKNOWN',
    on,
    params: { database: 'Sales', state: 'ONLINE' },
    observed: { ...ofState, role: 'unknown' },
    expected: { state_desc: 'ONLINE' },
    steps: ['online tsql: USE [master]; GRANT VIEW SERVER STATE TO [precheck];'],
    verify: showsRights,
  },
  {
    when: 'AG, role not readable, SUSPECT: broken in every role',
    code: 'SUSPECT',
    on,
    params: { database: 'Sales' },
    observed: { state_desc: 'SUSPECT', is_in_standby: false, role: 'unknown' },
    expected: { state_desc: 'ONLINE' },
    steps: [
      'online tsql: USE [master]; GRANT VIEW SERVER STATE TO [precheck];',
      readErrorLog,
      'online manual',
    ],
    verify: showsState,
  },
  {
    when: 'AG primary whose group is hidden: it may be a forwarder',
    code: 'ROLE_UNKNOWN',
    on,
    params: { database: 'Sales', state: 'ONLINE' },
    observed: { ...ofState, role: 'ag-of-unknown-kind' },
    expected: { state_desc: 'ONLINE' },
    steps: ['online tsql: USE [master]; GRANT VIEW ANY DEFINITION TO [precheck];'],
    verify: showsRights,
  },
]
