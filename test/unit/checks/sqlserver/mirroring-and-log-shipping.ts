import {
  type SqlServerChanges,
  type SqlServerFacts,
  database,
  server,
  systemDatabases,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import { type DetailRow, type VerdictRow, all, backups } from '../../../support/verdict-table.ts'

/** What database mirroring and log shipping mean for the databases that take part. */
export const partnerManuals = {
  mirroring:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-mirroring-transact-sql',
  mirroringEndpoints:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-mirroring-endpoints-transact-sql',
  mirroringAndRestore:
    'https://learn.microsoft.com/sql/database-engine/database-mirroring/database-mirroring-and-log-shipping-sql-server',
  mirroringRestrictions:
    'https://learn.microsoft.com/sql/database-engine/database-mirroring/prerequisites-restrictions-and-recommendations-for-database-mirroring',
  logShipping: 'https://learn.microsoft.com/sql/database-engine/log-shipping/about-log-shipping-sql-server',
  logShippingPrimaries:
    'https://learn.microsoft.com/sql/relational-databases/system-tables/log-shipping-primary-databases-transact-sql',
  lockTimeout: 'https://learn.microsoft.com/sql/t-sql/statements/set-lock-timeout-transact-sql',
} as const
type Row = VerdictRow<SqlServerChanges, keyof typeof partnerManuals | 'visibility' | 'states'>

/** There is an endpoint of mirroring, whether started or not, and the login is not a sysadmin. */
const mirroringRuns = { server: [server({ mirroring_endpoints: 1 })] }
const toSysadmin = { server: [server({ mirroring_endpoints: 1, is_sysadmin: 1 })] }

/** The login sees no endpoint, and would not if there were one. */
const definitionsHidden = { server: [server({ view_any_definition: 0 })] }

const sales = (
  changes: NonNullable<Parameters<typeof withSales>[0]>,
  rest: Partial<SqlServerFacts> = {},
): Partial<SqlServerFacts> => ({ databases: withSales(changes), ...rest })

const restoring = { state_desc: 'RESTORING' }
const shippedTo = { logShipping: [{ name: 'Sales' }] }
const shipsLogs = { logShippingPrimaries: [{ name: 'Sales' }] }
const native = { profile: 'native' } as const

const on = 'database Sales'
const roleUnknown = { code: 'ROLE_UNKNOWN', on, obscures: all } as const
const isRestoring = { code: 'RESTORING', on, blocks: all } as const
const principal = { code: 'MIRRORING_PRINCIPAL', on, limits: ['restore'] } as const
const mirror = { code: 'SECONDARY', on, limits: all } as const
const logSecondary = { code: 'SECONDARY', on, limits: backups } as const
const logPrimary = { code: 'LOG_SHIPPING_PRIMARY', on, degrades: ['log'] } as const
const tablesUnknown = { code: 'LOG_SHIPPING_UNKNOWN', on: 'instance db1', obscures: ['log'] } as const

/** Reasons of a statement that another right does not mend. */
const hindrances = [
  'SQLSERVER_LOCK_TIMED_OUT',
  'SQLSERVER_STATEMENT_INTERRUPTED',
  'SQLSERVER_RESOURCES_EXHAUSTED',
] as const

const mirrored: readonly Row[] = [
  {
    when: 'mirroring principal: it cannot be restored over',
    facts: sales({ mirroring_role_desc: 'PRINCIPAL' }, mirroringRuns),
    status: 'passed',
    findings: [principal],
    readiness: { Sales: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'blocked' } },
    manual: 'mirroringAndRestore',
  },
  {
    when: 'mirroring principal, RESTORING',
    facts: sales({ ...restoring, mirroring_role_desc: 'PRINCIPAL' }),
    status: 'failed',
    findings: [isRestoring],
    manual: 'mirroring',
  },
  {
    when: 'mirroring principal, RESTORING, native: RESTORE refuses it all the same',
    facts: sales({ ...restoring, mirroring_role_desc: 'PRINCIPAL' }),
    registered: native,
    status: 'failed',
    findings: [isRestoring],
    manual: 'mirroringAndRestore',
  },
  {
    when: 'mirroring principal in EMERGENCY, native',
    facts: sales({ state_desc: 'EMERGENCY', mirroring_role_desc: 'PRINCIPAL' }),
    registered: native,
    status: 'failed',
    findings: [{ code: 'EMERGENCY', on, blocks: all }],
    manual: 'mirroringAndRestore',
  },
  {
    when: 'mirror, RESTORING',
    facts: sales({ ...restoring, mirroring_role_desc: 'MIRROR' }),
    status: 'passed',
    findings: [mirror],
    readiness: { Sales: { full: 'blocked', log: 'blocked', restore: 'blocked' } },
    manual: 'mirroring',
  },
  {
    when: 'mirror that shows as ONLINE, which none is',
    facts: sales({ mirroring_role_desc: 'MIRROR' }),
    status: 'passed',
    findings: [mirror],
    manual: 'mirroring',
  },
  {
    when: 'mirror, SUSPECT',
    facts: sales({ state_desc: 'SUSPECT', mirroring_role_desc: 'MIRROR' }),
    status: 'failed',
    findings: [{ code: 'SUSPECT', on, blocks: all }],
    manual: 'mirroring',
  },
  {
    when: 'mirror, SUSPECT, native: it cannot be restored over',
    facts: sales({ state_desc: 'SUSPECT', mirroring_role_desc: 'MIRROR' }),
    registered: native,
    status: 'failed',
    findings: [{ code: 'SUSPECT', on, blocks: all }],
    manual: 'mirroringAndRestore',
  },
  {
    when: 'a mirroring role nobody knows',
    facts: sales({ mirroring_role_desc: 'WITNESS' }),
    status: 'error',
    findings: [roleUnknown],
    manual: 'mirroring',
  },
  {
    when: 'a mirroring role nobody knows, RESTORING',
    facts: sales({ ...restoring, mirroring_role_desc: 'WITNESS' }),
    status: 'error',
    findings: [roleUnknown],
    manual: 'mirroring',
  },
  {
    when: 'a mirroring role nobody knows, SUSPECT',
    facts: sales({ state_desc: 'SUSPECT', mirroring_role_desc: 'WITNESS' }),
    status: 'failed',
    findings: [{ code: 'SUSPECT', on, blocks: all }],
    manual: 'mirroring',
  },
]

/** Mirrors that only a sysadmin sees. */
const maybeMirrored: readonly Row[] = [
  {
    when: 'RESTORING where there is an endpoint, to a login that sees no mirrors',
    facts: sales(restoring, mirroringRuns),
    status: 'error',
    findings: [roleUnknown],
    manual: 'mirroring',
  },
  {
    when: 'RESTORING where there may be an endpoint',
    facts: sales(restoring, definitionsHidden),
    status: 'error',
    findings: [roleUnknown],
    manual: 'mirroringEndpoints',
  },
  {
    when: 'RESTORING where there is an endpoint, the primaries of log shipping not readable',
    facts: sales(restoring, { ...mirroringRuns, logShippingPrimaries: null }),
    status: 'error',
    findings: [tablesUnknown, roleUnknown],
    manual: 'mirroringEndpoints',
  },
  {
    when: 'RESTORING where nobody counted the endpoints',
    facts: sales(restoring, { server: [server({ mirroring_endpoints: null })] }),
    status: 'error',
    findings: [roleUnknown],
    manual: 'mirroringEndpoints',
  },
  {
    when: 'RESTORING and no mirror to a sysadmin',
    facts: sales(restoring, toSysadmin),
    status: 'failed',
    findings: [isRestoring],
    manual: 'mirroring',
  },
  {
    when: 'RECOVERY_PENDING where there is an endpoint: the columns of a mirror are null then',
    facts: sales({ state_desc: 'RECOVERY_PENDING' }, mirroringRuns),
    status: 'failed',
    findings: [{ code: 'RECOVERY_PENDING', on, blocks: all }],
    manual: 'mirroring',
  },
  {
    when: 'SUSPECT where there is an endpoint, to a sysadmin, native',
    facts: sales({ state_desc: 'SUSPECT' }, toSysadmin),
    registered: native,
    status: 'failed',
    findings: [{ code: 'SUSPECT', on, blocks: backups, obscures: ['restore'] }],
    readiness: { Sales: { full: 'blocked', restore: 'unknown' } },
    manual: 'mirroring',
  },
  {
    when: 'STANDBY where there is an endpoint: no mirror is in standby',
    facts: sales({ is_in_standby: true }, mirroringRuns),
    status: 'failed',
    findings: [{ code: 'STANDBY', on, blocks: all }],
    manual: 'mirroring',
  },
  {
    when: 'log-shipping secondary where there is an endpoint',
    facts: sales(restoring, { ...mirroringRuns, ...shippedTo }),
    status: 'passed',
    findings: [logSecondary],
    manual: 'logShipping',
  },
  {
    when: 'ONLINE where there is an endpoint: no mirror is ONLINE',
    facts: mirroringRuns,
    status: 'passed',
    findings: [],
    manual: 'mirroring',
  },
  {
    when: 'RECOVERING where there is an endpoint: in no role is it available',
    facts: sales({ state_desc: 'RECOVERING' }, mirroringRuns),
    status: 'failed',
    findings: [{ code: 'TRANSIENT_STATE', on, blocks: all }],
    manual: 'states',
  },
]

const shipped: readonly Row[] = [
  {
    when: 'log-shipping secondary, RESTORING',
    facts: sales(restoring, shippedTo),
    status: 'passed',
    findings: [logSecondary],
    readiness: { Sales: { full: 'blocked', log: 'blocked', restore: 'ready' } },
    manual: 'logShipping',
  },
  {
    when: 'log-shipping secondary, STANDBY',
    facts: sales({ is_in_standby: true }, shippedTo),
    status: 'passed',
    findings: [logSecondary],
    manual: 'logShipping',
  },
  {
    when: 'log-shipping secondary, SUSPECT',
    facts: sales({ state_desc: 'SUSPECT' }, shippedTo),
    status: 'failed',
    findings: [{ code: 'SUSPECT', on, blocks: all }],
    manual: 'logShipping',
  },
  {
    when: 'log-shipping secondary, OFFLINE',
    facts: sales({ state_desc: 'OFFLINE' }, shippedTo),
    status: 'failed',
    findings: [{ code: 'OFFLINE', on, blocks: all }],
    manual: 'logShipping',
  },
  {
    when: 'log-shipping secondary that has been recovered is one no more',
    facts: shippedTo,
    status: 'passed',
    findings: [],
    manual: 'logShipping',
  },
  {
    when: 'RESTORING, log shipping of another database',
    facts: sales(restoring, { logShipping: [{ name: 'Other' }] }),
    status: 'failed',
    findings: [isRestoring],
    manual: 'logShipping',
  },
  {
    when: 'log-shipping primary, which takes its log backups',
    facts: shipsLogs,
    status: 'warning',
    findings: [logPrimary],
    readiness: {
      Sales: { full: 'ready', incremental: 'ready', log: 'degraded', restore: 'ready' },
      instance: { log: 'degraded' },
    },
    manual: 'logShippingPrimaries',
  },
  {
    when: 'log-shipping primary that is OFFLINE',
    facts: sales({ state_desc: 'OFFLINE' }, shipsLogs),
    status: 'failed',
    findings: [{ code: 'OFFLINE', on, blocks: all }],
    manual: 'logShippingPrimaries',
  },
  {
    when: 'log-shipping primary and mirroring principal',
    facts: sales({ mirroring_role_desc: 'PRINCIPAL' }, shipsLogs),
    status: 'warning',
    findings: [principal, logPrimary],
    manual: 'mirroringAndRestore',
  },
  {
    when: 'log shipping of another database',
    facts: { logShippingPrimaries: [{ name: 'Other' }] },
    status: 'passed',
    findings: [],
    manual: 'logShippingPrimaries',
  },
]

/** The tables of log shipping are in msdb, which may be hidden or broken. */
const tablesHidden: readonly Row[] = [
  {
    when: 'RESTORING, log shipping not readable',
    facts: sales(restoring, { logShipping: null }),
    status: 'error',
    findings: [roleUnknown],
    manual: 'visibility',
  },
  {
    when: 'RESTORING, log shipping not readable because msdb is OFFLINE',
    facts: {
      databases: withSales(restoring).map((row) =>
        row.name === 'msdb' ? { ...row, state_desc: 'OFFLINE' } : row,
      ),
      logShipping: null,
    },
    status: 'failed',
    findings: [{ code: 'OFFLINE', on: 'database msdb', blocks: all }, roleUnknown],
    manual: 'visibility',
  },
  {
    when: 'STANDBY, log shipping not readable',
    facts: sales({ is_in_standby: true }, { logShipping: null }),
    status: 'error',
    findings: [roleUnknown],
    manual: 'visibility',
  },
  {
    when: 'SUSPECT, log shipping not readable',
    facts: sales({ state_desc: 'SUSPECT' }, { logShipping: null }),
    status: 'failed',
    findings: [{ code: 'SUSPECT', on, blocks: all }],
    manual: 'visibility',
  },
  {
    when: 'ONLINE, log shipping not readable: no secondary is ONLINE',
    facts: { logShipping: null },
    status: 'passed',
    findings: [],
    manual: 'visibility',
  },
  {
    when: 'RESTORING where neither the endpoint nor log shipping could be read',
    facts: sales(restoring, { ...definitionsHidden, logShipping: null }),
    status: 'error',
    findings: [roleUnknown],
    manual: 'visibility',
  },
  {
    when: 'RESTORING to a sysadmin, log shipping not readable',
    facts: sales(restoring, { ...toSysadmin, logShipping: null }),
    status: 'error',
    findings: [roleUnknown],
    manual: 'visibility',
  },
  {
    when: 'the primaries of log shipping not readable',
    facts: { logShippingPrimaries: null },
    status: 'error',
    findings: [tablesUnknown],
    readiness: {
      Sales: { full: 'ready', incremental: 'ready', log: 'unknown', restore: 'ready' },
      instance: { full: 'ready', log: 'unknown' },
    },
    manual: 'logShippingPrimaries',
  },
  {
    when: 'the primaries of log shipping not readable, where no log backup is planned',
    facts: { logShippingPrimaries: null },
    registered: { operations: ['full', 'restore'] },
    status: 'warning',
    findings: [tablesUnknown],
    manual: 'logShippingPrimaries',
  },
  {
    when: 'msdb SUSPECT: the other databases are judged all the same',
    facts: {
      databases: [
        ...systemDatabases.slice(0, 3),
        database(4, 'msdb', { state_desc: 'SUSPECT', recovery_model_desc: 'SIMPLE', collation_name: null }),
        database(5, 'Sales'),
        database(6, 'Orders', { state_desc: 'OFFLINE' }),
      ],
      logShipping: null,
      logShippingPrimaries: null,
    },
    status: 'failed',
    findings: [
      tablesUnknown,
      { code: 'SUSPECT', on: 'database msdb', blocks: all },
      { code: 'OFFLINE', on: 'database Orders', blocks: all },
    ],
    readiness: {
      msdb: { full: 'blocked', restore: 'blocked' },
      Sales: { full: 'ready', incremental: 'ready', log: 'unknown', restore: 'ready' },
      Orders: { full: 'blocked' },
    },
    manual: 'states',
  },
  {
    when: 'model RESTORING where there is an endpoint: no system database is mirrored or shipped',
    facts: {
      ...mirroringRuns,
      databases: [...systemDatabases.slice(0, 2), database(3, 'model', restoring)],
      logShipping: null,
    },
    status: 'failed',
    findings: [{ code: 'RESTORING', on: 'database model', blocks: all }],
    manual: 'mirroringRestrictions',
  },
  {
    when: 'msdb readable no more although it is ONLINE',
    facts: { logShipping: null, logShippingPrimaries: null },
    status: 'error',
    findings: [tablesUnknown],
    readiness: { Sales: { full: 'ready', log: 'unknown' } },
    manual: 'visibility',
  },
  ...hindrances.map((code): Row => ({
    when: `msdb readable no more although it is ONLINE: ${code}`,
    facts: {
      logShipping: null,
      logShippingPrimaries: null,
      refusals: { logShipping: code, logShippingPrimaries: 'PRIVILEGE_MISSING' },
    },
    status: 'error',
    findings: [tablesUnknown],
    readiness: { Sales: { full: 'ready', log: 'unknown' } },
    manual: 'lockTimeout',
  })),
]

/** By its role in database mirroring and log shipping. */
export const partnerVerdicts: readonly Row[] = [...mirrored, ...maybeMirrored, ...shipped, ...tablesHidden]

const showsState = "tsql: SELECT name, state_desc, user_access_desc FROM sys.databases WHERE name = N'Sales';"
const showsRights =
  "tsql: SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') AS server_state, " +
  "HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION') AS any_definition;"
const showsRole =
  "online tsql: SELECT mirroring_role_desc FROM sys.database_mirroring WHERE database_id = DB_ID(N'Sales');"
const readErrorLog = "online tsql: EXEC sys.sp_readerrorlog 0, 1, N'Sales';"
const createUser =
  "online tsql: USE [msdb]; IF USER_ID(N'precheck') IS NULL CREATE USER [precheck] FOR LOGIN [precheck];"
const mayRead = (table: string): readonly string[] => [
  createUser,
  `online tsql: USE [msdb]; GRANT SELECT ON dbo.${table} TO [precheck];`,
]

const ofUnknownRole = (when: string, role: string, steps: readonly string[]): DetailRow => ({
  when,
  code: 'ROLE_UNKNOWN',
  on,
  params: { database: 'Sales', state: 'RESTORING' },
  observed: { state_desc: 'RESTORING', is_in_standby: false, role },
  expected: { state_desc: 'ONLINE' },
  steps,
  verify: showsRights,
})

const broken = (code: string, when: string, role: string, steps: readonly string[]): DetailRow => ({
  when,
  code,
  on,
  params: { database: 'Sales' },
  observed: { state_desc: code, is_in_standby: false, role },
  expected: { state_desc: 'ONLINE' },
  steps,
  verify: showsState,
})

const ofTables = (when: string, steps: readonly string[]): DetailRow => ({
  when,
  code: 'LOG_SHIPPING_UNKNOWN',
  on: 'instance db1',
  params: {},
  observed: { log_shipping_primary_databases: null },
  expected: { log_shipping_primary_databases: 'readable' },
  steps,
  verify: 'tsql: SELECT COUNT(*) FROM msdb.dbo.log_shipping_primary_databases;',
})

export const partnerDetails: readonly DetailRow[] = [
  {
    when: 'mirroring principal: it cannot be restored over',
    code: 'MIRRORING_PRINCIPAL',
    on,
    params: { database: 'Sales' },
    observed: { role: 'mirroring-principal' },
    expected: {},
    steps: [],
  },
  {
    when: 'mirroring principal, RESTORING',
    code: 'RESTORING',
    on,
    params: { database: 'Sales' },
    observed: { state_desc: 'RESTORING', is_in_standby: false },
    expected: { state_desc: 'ONLINE' },
    steps: [readErrorLog, 'downtime manual'],
    verify: showsState,
  },
  {
    when: 'log-shipping primary, which takes its log backups',
    code: 'LOG_SHIPPING_PRIMARY',
    on,
    params: { database: 'Sales' },
    observed: { role: 'log-shipping-primary' },
    expected: {},
    steps: [
      'online tsql: SELECT backup_directory, last_backup_file, last_backup_date ' +
        "FROM msdb.dbo.log_shipping_primary_databases WHERE primary_database = N'Sales';",
      'online manual',
    ],
  },
  ofUnknownRole('RESTORING where there is an endpoint, to a login that sees no mirrors', 'unknown', [
    'online manual',
    showsRole,
  ]),
  ofUnknownRole(
    'RESTORING where there is an endpoint, the primaries of log shipping not readable',
    'unknown',
    ['online manual', showsRole],
  ),
  ofUnknownRole('RESTORING where there may be an endpoint', 'unknown', [
    'online tsql: USE [master]; GRANT VIEW ANY DEFINITION TO [precheck];',
  ]),
  ofUnknownRole('a mirroring role nobody knows, RESTORING', 'mirroring-unknown', [showsRole]),
  ofUnknownRole(
    'RESTORING, log shipping not readable',
    'unknown',
    mayRead('log_shipping_secondary_databases'),
  ),
  ofUnknownRole('RESTORING, log shipping not readable because msdb is OFFLINE', 'unknown', ['online manual']),
  ofUnknownRole('RESTORING where neither the endpoint nor log shipping could be read', 'unknown', [
    'online tsql: USE [master]; GRANT VIEW ANY DEFINITION TO [precheck];',
    ...mayRead('log_shipping_secondary_databases'),
  ]),
  broken('SUSPECT', 'mirror, SUSPECT', 'mirror', [readErrorLog, 'online manual']),
  broken('SUSPECT', 'a mirroring role nobody knows, SUSPECT', 'mirroring-unknown', [
    showsRole,
    readErrorLog,
    'online manual',
  ]),
  broken('SUSPECT', 'log-shipping secondary, SUSPECT', 'log-shipping-secondary', [
    readErrorLog,
    'online manual',
  ]),
  broken('SUSPECT', 'SUSPECT, log shipping not readable', 'unknown', [
    ...mayRead('log_shipping_secondary_databases'),
    readErrorLog,
    'online manual',
  ]),
  broken(
    'RECOVERY_PENDING',
    'RECOVERY_PENDING where there is an endpoint: the columns of a mirror are null then',
    'unknown',
    ['online manual', showsRole, readErrorLog, 'online manual'],
  ),
  broken('EMERGENCY', 'mirroring principal in EMERGENCY, native', 'mirroring-principal', [
    readErrorLog,
    "online tsql: DBCC CHECKDB (N'Sales') WITH NO_INFOMSGS, ALL_ERRORMSGS;",
    'online tsql: ALTER DATABASE [Sales] SET ONLINE;',
    "online tsql: BACKUP LOG [Sales] TO DISK = N'Sales_tail.trn' WITH NO_TRUNCATE;",
    'downtime manual',
    'data-loss manual',
  ]),
  {
    when: 'msdb SUSPECT: the other databases are judged all the same',
    code: 'SUSPECT',
    on: 'database msdb',
    params: { database: 'msdb' },
    observed: { state_desc: 'SUSPECT', is_in_standby: false, role: 'standalone' },
    expected: { state_desc: 'ONLINE' },
    steps: [
      "online tsql: EXEC sys.sp_readerrorlog 0, 1, N'msdb';",
      'online manual',
      'online tsql: ALTER DATABASE [msdb] SET ONLINE;',
      'data-loss manual',
    ],
    verify: "tsql: SELECT name, state_desc, user_access_desc FROM sys.databases WHERE name = N'msdb';",
  },
  ofTables('the primaries of log shipping not readable', mayRead('log_shipping_primary_databases')),
  ofTables('msdb SUSPECT: the other databases are judged all the same', ['online manual']),
  ofTables('msdb readable no more although it is ONLINE', [
    ...mayRead('log_shipping_secondary_databases'),
    ...mayRead('log_shipping_primary_databases'),
  ]),
  ...hindrances.map((code) =>
    ofTables(`msdb readable no more although it is ONLINE: ${code}`, [
      "online tsql: SELECT request_session_id, resource_type, request_mode, request_status FROM sys.dm_tran_locks WHERE resource_database_id = DB_ID(N'msdb') AND request_mode NOT IN ('S', 'IS', 'Sch-S');",
      'online manual',
    ]),
  ),
]
