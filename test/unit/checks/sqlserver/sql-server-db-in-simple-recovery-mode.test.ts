import { describe } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-db-in-simple-recovery-mode.ts'
import {
  type SqlServerFacts,
  database,
  inAvailabilityGroup,
  isOfObject,
  replicasOfSales,
  server,
  sqlServerFacts,
  systemDatabases,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import {
  type DetailRow,
  type ExpectedFinding,
  type VerdictRow,
  testCheckItem,
} from '../../../support/verdict-table.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { baseDetails, baseManuals, baseVerdicts } from './base-backups.ts'
import { coverageDetails, coverageManuals, coverageVerdicts } from './coverage.ts'

const manuals = {
  ...coverageManuals,
  ...baseManuals,
  cloudBackup:
    'https://www.alibabacloud.com/help/en/cloud-backup/user-guide/precheck-an-sql-server-database-deployed-on-an-ecs-instance',
  recoveryModels:
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/recovery-models-sql-server',
  databasesView:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-databases-transact-sql',
  setOptions: 'https://learn.microsoft.com/sql/t-sql/statements/alter-database-transact-sql-set-options',
  modelDatabase: 'https://learn.microsoft.com/sql/relational-databases/databases/model-database',
  systemModels:
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/back-up-and-restore-of-system-databases-sql-server',
  distribution: 'https://learn.microsoft.com/sql/relational-databases/replication/distribution-database',
  masterDatabase: 'https://learn.microsoft.com/sql/relational-databases/databases/master-database',
  msdbDatabase: 'https://learn.microsoft.com/sql/relational-databases/databases/msdb-database',
  secondaries:
    'https://learn.microsoft.com/sql/database-engine/availability-groups/windows/active-secondaries-backup-on-secondary-replicas-always-on-availability-groups',
  mirroring:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-mirroring-transact-sql',
  logShipping: 'https://learn.microsoft.com/sql/database-engine/log-shipping/about-log-shipping-sql-server',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>

/** Notes on the system databases of every server: under `cloud-backup`, and natively. */
const bySetup: readonly ExpectedFinding[] = [
  { code: 'MASTER_CONVERTED', on: 'database master' },
  { code: 'SIMPLE_BY_SETUP', on: 'database msdb', limits: ['incremental', 'log'] },
]
const bySetupNatively: readonly ExpectedFinding[] = [
  { code: 'MASTER_FULL_ONLY', on: 'database master', limits: ['incremental', 'log'] },
  { code: 'SIMPLE_BY_SETUP', on: 'database msdb', limits: ['log'] },
]

/** By the recovery model of `Sales`. What is not said is healthy. */
const byModel: readonly Row[] = [
  {
    when: 'FULL',
    status: 'passed',
    findings: bySetup,
    observed: { databases: 4, product_version: '16.0.4135.4', edition: 'Enterprise Edition (64-bit)' },
    databases: ['master', 'model', 'msdb', 'Sales'],
    manual: 'recoveryModels',
  },
  {
    when: 'BULK_LOGGED',
    facts: { databases: withSales({ recovery_model_desc: 'BULK_LOGGED' }) },
    status: 'passed',
    findings: [...bySetup, { code: 'BULK_LOGGED', on: 'database Sales' }],
    readiness: { Sales: { incremental: 'ready', log: 'ready', restore: 'ready' } },
    manual: 'recoveryModels',
  },
  {
    when: 'BULK_LOGGED and read-only: no more bulk operations',
    facts: { databases: withSales({ recovery_model_desc: 'BULK_LOGGED', is_read_only: true }) },
    status: 'passed',
    findings: [...bySetup, { code: 'READ_ONLY', on: 'database Sales' }],
    manual: 'recoveryModels',
  },
  {
    when: 'a model nobody knows, native: differential backups do not depend on it',
    facts: { databases: withSales({ recovery_model_desc: 'HALF' }) },
    registered: { profile: 'native' },
    status: 'error',
    findings: [
      ...bySetupNatively,
      { code: 'RECOVERY_MODEL_UNKNOWN', on: 'database Sales', obscures: ['log'] },
    ],
    readiness: { Sales: { full: 'ready', incremental: 'ready', log: 'unknown' } },
    manual: 'recoveryModels',
  },
  {
    when: 'read-only and SIMPLE, native',
    facts: { databases: withSales({ is_read_only: true, recovery_model_desc: 'SIMPLE' }) },
    registered: { profile: 'native' },
    status: 'failed',
    findings: [...bySetupNatively, { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['log'] }],
    manual: 'setOptions',
  },
  {
    when: 'SIMPLE',
    facts: { databases: withSales({ recovery_model_desc: 'SIMPLE' }) },
    status: 'failed',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['incremental', 'log'] },
    ],
    readiness: {
      Sales: { full: 'ready', incremental: 'blocked', log: 'blocked', restore: 'ready' },
      instance: { log: 'degraded' },
    },
    manual: 'cloudBackup',
  },
  {
    when: 'SIMPLE, native',
    facts: { databases: withSales({ recovery_model_desc: 'SIMPLE' }) },
    registered: { profile: 'native' },
    status: 'failed',
    findings: [...bySetupNatively, { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['log'] }],
    readiness: { Sales: { full: 'ready', incremental: 'ready', log: 'blocked', restore: 'ready' } },
    manual: 'recoveryModels',
  },
  {
    when: 'SIMPLE, only full backups planned',
    facts: { databases: withSales({ recovery_model_desc: 'SIMPLE' }) },
    registered: { operations: ['full', 'restore'] },
    status: 'warning',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['incremental', 'log'] },
    ],
    manual: 'cloudBackup',
  },
  {
    when: 'SIMPLE, native, incremental planned',
    facts: { databases: withSales({ recovery_model_desc: 'SIMPLE' }) },
    registered: { profile: 'native', operations: ['incremental'] },
    status: 'warning',
    findings: [...bySetupNatively, { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['log'] }],
    manual: 'recoveryModels',
  },
  {
    when: 'a model nobody knows',
    facts: { databases: withSales({ recovery_model_desc: 'HALF' }) },
    status: 'error',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_UNKNOWN', on: 'database Sales', obscures: ['incremental', 'log'] },
    ],
    manual: 'databasesView',
  },
  {
    when: 'no model',
    facts: { databases: withSales({ recovery_model_desc: null }) },
    status: 'error',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_UNKNOWN', on: 'database Sales', obscures: ['incremental', 'log'] },
    ],
    manual: 'databasesView',
  },
  {
    when: 'read-only and FULL',
    facts: { databases: withSales({ is_read_only: true }) },
    status: 'passed',
    findings: [...bySetup, { code: 'READ_ONLY', on: 'database Sales' }],
    manual: 'databasesView',
  },
  {
    when: 'read-only and SIMPLE',
    facts: { databases: withSales({ is_read_only: true, recovery_model_desc: 'SIMPLE' }) },
    status: 'failed',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['incremental', 'log'] },
    ],
    manual: 'setOptions',
  },
  {
    when: 'SIMPLE and OFFLINE',
    facts: { databases: withSales({ recovery_model_desc: 'SIMPLE', state_desc: 'OFFLINE' }) },
    status: 'failed',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['incremental', 'log'] },
    ],
    manual: 'databasesView',
  },
  {
    when: 'snapshot that shows SIMPLE',
    facts: { databases: withSales({ source_database_id: 3, recovery_model_desc: 'SIMPLE' }) },
    status: 'passed',
    findings: bySetup,
    manual: 'databasesView',
  },
  {
    when: 'SIMPLE, natively, with a name of any script',
    facts: { databases: withSales({ name: '销售/华东', recovery_model_desc: 'SIMPLE' }) },
    registered: { profile: 'native' },
    status: 'failed',
    findings: [
      ...bySetupNatively,
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database 销售/华东', blocks: ['log'] },
    ],
    manual: 'recoveryModels',
  },
  {
    when: 'SIMPLE, natively, with brackets and a quote in its name',
    facts: { databases: withSales({ name: "it's [a] b]", recovery_model_desc: 'SIMPLE' }) },
    registered: { profile: 'native' },
    status: 'failed',
    findings: [
      ...bySetupNatively,
      { code: 'RECOVERY_MODEL_SIMPLE', on: "database it's [a] b]", blocks: ['log'] },
    ],
    manual: 'recoveryModels',
  },
  {
    when: 'SIMPLE and in standby',
    facts: { databases: withSales({ is_in_standby: true, recovery_model_desc: 'SIMPLE' }) },
    status: 'failed',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['incremental', 'log'] },
    ],
    manual: 'databasesView',
  },
]

/** By the role of `Sales`: a secondary shows the model of its primary. */
const byRole: readonly Row[] = [
  {
    when: 'AG secondary',
    facts: { databases: withSales(inAvailabilityGroup), replicas: replicasOfSales('SECONDARY') },
    status: 'passed',
    findings: [...bySetup, { code: 'MODEL_OF_PRIMARY', on: 'database Sales' }],
    manual: 'secondaries',
  },
  {
    when: 'AG primary',
    facts: { databases: withSales(inAvailabilityGroup), replicas: replicasOfSales('PRIMARY') },
    status: 'passed',
    findings: bySetup,
    manual: 'secondaries',
  },
  {
    when: 'AG secondary that shows SIMPLE',
    facts: {
      databases: withSales({ ...inAvailabilityGroup, recovery_model_desc: 'SIMPLE' }),
      replicas: replicasOfSales('SECONDARY'),
    },
    status: 'passed',
    findings: [...bySetup, { code: 'MODEL_OF_PRIMARY', on: 'database Sales' }],
    manual: 'secondaries',
  },
  {
    when: 'mirror that shows SIMPLE',
    facts: { databases: withSales({ mirroring_role_desc: 'MIRROR', recovery_model_desc: 'SIMPLE' }) },
    status: 'passed',
    findings: [...bySetup, { code: 'MODEL_OF_PRIMARY', on: 'database Sales' }],
    manual: 'mirroring',
  },
  {
    when: 'log-shipping secondary that shows SIMPLE',
    facts: {
      databases: withSales({ is_in_standby: true, recovery_model_desc: 'SIMPLE' }),
      logShipping: [{ name: 'Sales' }],
    },
    status: 'passed',
    findings: [...bySetup, { code: 'MODEL_OF_PRIMARY', on: 'database Sales' }],
    manual: 'logShipping',
  },
  {
    when: 'SIMPLE and RESTORING, log shipping not readable',
    facts: {
      databases: withSales({ state_desc: 'RESTORING', recovery_model_desc: 'SIMPLE' }),
      logShipping: null,
    },
    status: 'error',
    findings: [...bySetup, { code: 'ROLE_UNKNOWN', on: 'database Sales', obscures: ['incremental', 'log'] }],
    manual: 'visibility',
  },
  {
    when: 'SIMPLE and RESTORING, native, log shipping not readable',
    facts: {
      databases: withSales({ state_desc: 'RESTORING', recovery_model_desc: 'SIMPLE' }),
      logShipping: null,
    },
    registered: { profile: 'native' },
    status: 'error',
    findings: [...bySetupNatively, { code: 'ROLE_UNKNOWN', on: 'database Sales', obscures: ['log'] }],
    manual: 'visibility',
  },
  {
    when: 'SIMPLE in a resolving AG, where no database is SIMPLE',
    facts: {
      databases: withSales({ ...inAvailabilityGroup, recovery_model_desc: 'SIMPLE' }),
      replicas: replicasOfSales('RESOLVING'),
    },
    status: 'error',
    findings: [...bySetup, { code: 'ROLE_UNKNOWN', on: 'database Sales', obscures: ['incremental', 'log'] }],
    manual: 'secondaries',
  },
  {
    when: 'forwarder of a distributed AG',
    facts: { databases: withSales(inAvailabilityGroup), replicas: replicasOfSales('PRIMARY', 'SECONDARY') },
    status: 'passed',
    findings: [...bySetup, { code: 'MODEL_OF_PRIMARY', on: 'database Sales' }],
    manual: 'secondaries',
  },
  {
    when: 'mirroring principal that shows SIMPLE',
    facts: { databases: withSales({ mirroring_role_desc: 'PRINCIPAL', recovery_model_desc: 'SIMPLE' }) },
    status: 'failed',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['incremental', 'log'] },
    ],
    manual: 'mirroring',
  },
  {
    when: 'SIMPLE in a mirroring role nobody knows',
    facts: { databases: withSales({ mirroring_role_desc: 'WITNESS', recovery_model_desc: 'SIMPLE' }) },
    status: 'error',
    findings: [...bySetup, { code: 'ROLE_UNKNOWN', on: 'database Sales', obscures: ['incremental', 'log'] }],
    manual: 'mirroring',
  },
  {
    when: 'SIMPLE in an AG whose kind is hidden',
    facts: {
      databases: withSales({ ...inAvailabilityGroup, recovery_model_desc: 'SIMPLE' }),
      replicas: replicasOfSales('PRIMARY'),
      groups: null,
    },
    status: 'error',
    findings: [...bySetup, { code: 'ROLE_UNKNOWN', on: 'database Sales', obscures: ['incremental', 'log'] }],
    manual: 'secondaries',
  },
  {
    when: 'log-shipping primary in FULL',
    facts: { logShippingPrimaries: [{ name: 'Sales' }] },
    status: 'passed',
    findings: bySetup,
    manual: 'logShipping',
  },
  {
    when: 'log-shipping secondary that is SUSPECT',
    facts: {
      databases: withSales({ state_desc: 'SUSPECT', recovery_model_desc: 'SIMPLE' }),
      logShipping: [{ name: 'Sales' }],
    },
    status: 'passed',
    findings: [...bySetup, { code: 'MODEL_OF_PRIMARY', on: 'database Sales' }],
    manual: 'logShipping',
  },
  {
    when: 'FULL in an AG, role not readable',
    facts: { databases: withSales(inAvailabilityGroup), replicas: null },
    status: 'passed',
    findings: bySetup,
    manual: 'recoveryModels',
  },
  {
    when: 'SIMPLE and RESTORING without any such role',
    facts: { databases: withSales({ state_desc: 'RESTORING', recovery_model_desc: 'SIMPLE' }) },
    status: 'failed',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['incremental', 'log'] },
    ],
    manual: 'cloudBackup',
  },
]

const ofSystemDatabases: readonly Row[] = [
  {
    when: 'master, natively: nobody converts its incremental and log backups to full ones',
    registered: { profile: 'native' },
    status: 'passed',
    findings: bySetupNatively,
    manual: 'masterDatabase',
  },
  {
    when: 'msdb, SIMPLE from setup, where the plan names log backup',
    registered: { operations: ['full', 'log'] },
    status: 'failed',
    findings: [
      { code: 'MASTER_CONVERTED', on: 'database master' },
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database msdb', blocks: ['incremental', 'log'] },
    ],
    manual: 'msdbDatabase',
  },
  {
    when: 'msdb, SIMPLE from setup, where the plan names incremental backup',
    registered: { operations: ['full', 'incremental'] },
    status: 'failed',
    findings: [
      { code: 'MASTER_CONVERTED', on: 'database master' },
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database msdb', blocks: ['incremental', 'log'] },
    ],
    readiness: { msdb: { full: 'ready', incremental: 'blocked' }, instance: { incremental: 'degraded' } },
    manual: 'msdbDatabase',
  },
  {
    when: 'msdb, SIMPLE from setup, native, where the plan names incremental backup, which SIMPLE takes',
    registered: { profile: 'native', operations: ['full', 'incremental'] },
    status: 'passed',
    findings: bySetupNatively,
    readiness: { msdb: { full: 'ready', incremental: 'ready', log: 'blocked' } },
    manual: 'systemModels',
  },
  {
    when: 'msdb, SIMPLE from setup, where the plan names other backups',
    registered: { operations: ['full', 'restore'] },
    status: 'passed',
    findings: bySetup,
    manual: 'msdbDatabase',
  },
  {
    when: 'msdb in FULL, with a full backup',
    facts: {
      databases: [...systemDatabases.slice(0, 3), database(4, 'msdb', { recovery_model_desc: 'FULL' })],
    },
    registered: { operations: ['full', 'log'] },
    status: 'passed',
    findings: [{ code: 'MASTER_CONVERTED', on: 'database master' }],
    manual: 'systemModels',
  },
  {
    when: 'model SIMPLE on Express Edition, as setup leaves it',
    facts: {
      server: [server({ engine_edition: 4 })],
      databases: [...systemDatabases.slice(0, 2), database(3, 'model', { recovery_model_desc: 'SIMPLE' })],
    },
    status: 'passed',
    findings: [
      { code: 'MASTER_CONVERTED', on: 'database master' },
      { code: 'SIMPLE_BY_SETUP', on: 'database model', limits: ['incremental', 'log'] },
    ],
    manual: 'modelDatabase',
  },
  {
    when: 'model SIMPLE on Express Edition, where the plan names log backup',
    facts: {
      server: [server({ engine_edition: 4 })],
      databases: [...systemDatabases.slice(0, 2), database(3, 'model', { recovery_model_desc: 'SIMPLE' })],
    },
    registered: { operations: ['full', 'log'] },
    status: 'failed',
    findings: [
      { code: 'MASTER_CONVERTED', on: 'database master' },
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database model', blocks: ['incremental', 'log'] },
    ],
    manual: 'modelDatabase',
  },
  {
    when: 'a user database SIMPLE on Express Edition',
    facts: {
      server: [server({ engine_edition: 4 })],
      databases: withSales({ recovery_model_desc: 'SIMPLE' }),
    },
    status: 'failed',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['incremental', 'log'] },
    ],
    manual: 'cloudBackup',
  },
  {
    when: 'the distribution database, SIMPLE as replication makes it',
    facts: {
      databases: withSales({ name: 'distribution', is_distributor: true, recovery_model_desc: 'SIMPLE' }),
    },
    status: 'passed',
    findings: [
      ...bySetup,
      { code: 'SIMPLE_BY_SETUP', on: 'database distribution', limits: ['incremental', 'log'] },
    ],
    readiness: { distribution: { full: 'ready', log: 'blocked', restore: 'ready' } },
    manual: 'distribution',
  },
  {
    when: 'the distribution database, SIMPLE, where the plan names log backup',
    facts: {
      databases: withSales({ name: 'distribution', is_distributor: true, recovery_model_desc: 'SIMPLE' }),
    },
    registered: { operations: ['log'] },
    status: 'failed',
    findings: [
      { code: 'MASTER_CONVERTED', on: 'database master' },
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database msdb', blocks: ['incremental', 'log'] },
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database distribution', blocks: ['incremental', 'log'] },
    ],
    manual: 'distribution',
  },
  {
    when: 'a database that only has the name distribution',
    facts: { databases: withSales({ name: 'distribution', recovery_model_desc: 'SIMPLE' }) },
    status: 'failed',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database distribution', blocks: ['incremental', 'log'] },
    ],
    manual: 'distribution',
  },
  {
    when: 'SIMPLE, nobody knowing whether it is a distribution database',
    facts: { databases: withSales({ is_distributor: null, recovery_model_desc: 'SIMPLE' }) },
    status: 'failed',
    findings: [
      ...bySetup,
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['incremental', 'log'] },
    ],
    manual: 'databasesView',
  },
  {
    when: 'model, which new databases take after, SIMPLE',
    facts: {
      databases: [...systemDatabases.slice(0, 2), database(3, 'model', { recovery_model_desc: 'SIMPLE' })],
    },
    status: 'failed',
    findings: [
      { code: 'MASTER_CONVERTED', on: 'database master' },
      { code: 'RECOVERY_MODEL_SIMPLE', on: 'database model', blocks: ['incremental', 'log'] },
    ],
    manual: 'recoveryModels',
  },
]

const showsModel = "tsql: SELECT name, recovery_model_desc FROM sys.databases WHERE name = N'Sales';"

const showsRights =
  "tsql: SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') AS server_state, " +
  "HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION') AS any_definition;"

const details: readonly DetailRow[] = [
  {
    when: 'FULL',
    code: 'MASTER_CONVERTED',
    on: 'database master',
    params: { database: 'master' },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: {},
    steps: [],
  },
  {
    when: 'FULL',
    code: 'SIMPLE_BY_SETUP',
    on: 'database msdb',
    params: { database: 'msdb', operations: ['incremental', 'log'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [],
  },
  {
    when: 'SIMPLE',
    code: 'RECOVERY_MODEL_SIMPLE',
    on: 'database Sales',
    params: { database: 'Sales', operations: ['incremental', 'log'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: ['online tsql: ALTER DATABASE [Sales] SET RECOVERY FULL;', 'online manual'],
    verify: showsModel,
    changes: { recovery_model_desc: 'FULL', has_log_chain: true, has_differential_base: true },
  },
  {
    when: 'SIMPLE, native',
    code: 'MASTER_FULL_ONLY',
    on: 'database master',
    params: { database: 'master' },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: {},
    steps: [],
  },
  {
    when: 'SIMPLE, native',
    code: 'RECOVERY_MODEL_SIMPLE',
    on: 'database Sales',
    params: { database: 'Sales', operations: ['log'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [
      'online tsql: ALTER DATABASE [Sales] SET RECOVERY FULL;',
      "online tsql: BACKUP DATABASE [Sales] TO DISK = N'Sales_full.bak';",
    ],
    verify: showsModel,
  },
  {
    when: 'a model nobody knows',
    code: 'RECOVERY_MODEL_UNKNOWN',
    on: 'database Sales',
    params: { database: 'Sales', model: 'HALF' },
    observed: { recovery_model_desc: 'HALF' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [],
  },
  {
    when: 'no model',
    code: 'RECOVERY_MODEL_UNKNOWN',
    on: 'database Sales',
    params: { database: 'Sales', model: 'NULL' },
    observed: { recovery_model_desc: null },
    expected: { recovery_model_desc: 'FULL' },
    steps: [],
  },
  {
    when: 'BULK_LOGGED',
    code: 'BULK_LOGGED',
    on: 'database Sales',
    params: { database: 'Sales' },
    observed: { recovery_model_desc: 'BULK_LOGGED' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [],
  },
  {
    when: 'read-only and SIMPLE, native',
    code: 'RECOVERY_MODEL_SIMPLE',
    on: 'database Sales',
    params: { database: 'Sales', operations: ['log'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [
      'downtime tsql: ALTER DATABASE [Sales] SET READ_WRITE;',
      'online tsql: ALTER DATABASE [Sales] SET RECOVERY FULL;',
      'downtime tsql: ALTER DATABASE [Sales] SET READ_ONLY;',
      "online tsql: BACKUP DATABASE [Sales] TO DISK = N'Sales_full.bak';",
    ],
    verify: showsModel,
  },
  {
    when: 'SIMPLE in a mirroring role nobody knows',
    code: 'ROLE_UNKNOWN',
    on: 'database Sales',
    params: { database: 'Sales', role: ['mirroring-unknown'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [
      "online tsql: SELECT mirroring_role_desc FROM sys.database_mirroring WHERE database_id = DB_ID(N'Sales');",
    ],
    verify: showsRights,
  },
  {
    when: 'SIMPLE in an AG whose kind is hidden',
    code: 'ROLE_UNKNOWN',
    on: 'database Sales',
    params: { database: 'Sales', role: ['ag-of-unknown-kind'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: ['online manual'],
    verify: showsRights,
  },
  {
    when: 'read-only and FULL',
    code: 'READ_ONLY',
    on: 'database Sales',
    params: { database: 'Sales' },
    observed: { recovery_model_desc: 'FULL' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [],
  },
  {
    when: 'SIMPLE and OFFLINE',
    code: 'RECOVERY_MODEL_SIMPLE',
    on: 'database Sales',
    params: { database: 'Sales', operations: ['incremental', 'log'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: ['online manual', 'online tsql: ALTER DATABASE [Sales] SET RECOVERY FULL;', 'online manual'],
    verify: showsModel,
    changes: { recovery_model_desc: 'FULL' },
  },
  {
    when: 'AG secondary',
    code: 'MODEL_OF_PRIMARY',
    on: 'database Sales',
    params: { database: 'Sales', role: ['ag-secondary'] },
    observed: { recovery_model_desc: 'FULL' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [],
  },
  {
    when: 'SIMPLE and RESTORING, log shipping not readable',
    code: 'ROLE_UNKNOWN',
    on: 'database Sales',
    params: { database: 'Sales', role: ['unknown'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [
      "online tsql: USE [msdb]; IF USER_ID(N'precheck') IS NULL CREATE USER [precheck] FOR LOGIN [precheck];",
      'online tsql: USE [msdb]; GRANT SELECT ON dbo.log_shipping_secondary_databases TO [precheck];',
    ],
    verify: showsRights,
  },
  {
    when: 'SIMPLE in a resolving AG, where no database is SIMPLE',
    code: 'ROLE_UNKNOWN',
    on: 'database Sales',
    params: { database: 'Sales', role: ['ag-resolving'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [],
  },
  {
    when: 'msdb, SIMPLE from setup, where the plan names log backup',
    code: 'RECOVERY_MODEL_SIMPLE',
    on: 'database msdb',
    params: { database: 'msdb', operations: ['incremental', 'log'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: ['online tsql: ALTER DATABASE [msdb] SET RECOVERY FULL;', 'online manual'],
    verify: "tsql: SELECT name, recovery_model_desc FROM sys.databases WHERE name = N'msdb';",
  },
  {
    when: 'model, which new databases take after, SIMPLE',
    code: 'RECOVERY_MODEL_SIMPLE',
    on: 'database model',
    params: { database: 'model', operations: ['incremental', 'log'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: ['online tsql: ALTER DATABASE [model] SET RECOVERY FULL;', 'online manual'],
    verify: "tsql: SELECT name, recovery_model_desc FROM sys.databases WHERE name = N'model';",
  },
  {
    when: 'SIMPLE, natively, with a name of any script',
    code: 'RECOVERY_MODEL_SIMPLE',
    on: 'database 销售/华东',
    params: { database: '销售/华东', operations: ['log'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [
      'online tsql: ALTER DATABASE [销售/华东] SET RECOVERY FULL;',
      "online tsql: BACKUP DATABASE [销售/华东] TO DISK = N'销售_华东_full.bak';",
    ],
    verify: "tsql: SELECT name, recovery_model_desc FROM sys.databases WHERE name = N'销售/华东';",
  },
  {
    when: 'SIMPLE, natively, with brackets and a quote in its name',
    code: 'RECOVERY_MODEL_SIMPLE',
    on: "database it's [a] b]",
    params: { database: "it's [a] b]", operations: ['log'] },
    observed: { recovery_model_desc: 'SIMPLE' },
    expected: { recovery_model_desc: 'FULL' },
    steps: [
      "online tsql: ALTER DATABASE [it's [a]] b]]] SET RECOVERY FULL;",
      "online tsql: BACKUP DATABASE [it's [a]] b]]] TO DISK = N'it_s__a__b__full.bak';",
    ],
    verify: "tsql: SELECT name, recovery_model_desc FROM sys.databases WHERE name = N'it''s [a] b]';",
  },
]

describe('SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': ['incremental', 'log'], native: ['incremental', 'log'] },
    verdicts: [
      ...byModel,
      ...byRole,
      ...ofSystemDatabases,
      ...baseVerdicts(bySetup, bySetupNatively),
      ...coverageVerdicts(bySetup),
    ],
    details: [...details, ...baseDetails, ...coverageDetails],
  })
  testChanges({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    verdicts: [...byModel, ...byRole, ...ofSystemDatabases, ...baseVerdicts(bySetup, bySetupNatively)],
    isOf: isOfObject,
  })
})
