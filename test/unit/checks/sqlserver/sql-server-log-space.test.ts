import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-log-space.ts'
import type { Observation } from '../../../../shared/model/observation.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type SqlServerFacts,
  condition,
  conditionsWithSales,
  database,
  inAvailabilityGroup,
  replicasOfSales,
  server,
  sqlServerFacts,
  systemDatabases,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  full: 'https://learn.microsoft.com/sql/relational-databases/logs/troubleshoot-a-full-transaction-log-sql-server-error-9002',
  log: 'https://learn.microsoft.com/sql/relational-databases/logs/the-transaction-log-sql-server',
  counters:
    'https://learn.microsoft.com/sql/relational-databases/performance-monitor/sql-server-databases-object',
  masterFiles:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-master-files-transact-sql',
  databasesView:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-databases-transact-sql',
  visibility:
    'https://learn.microsoft.com/sql/relational-databases/security/metadata-visibility-configuration',
  tempdb: 'https://learn.microsoft.com/sql/relational-databases/databases/tempdb-database',
  snapshots: 'https://learn.microsoft.com/sql/relational-databases/databases/database-snapshots-sql-server',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>

const dataBackups = ['full', 'incremental'] as const
const on = 'database Sales'
const full = { code: 'LOG_FULL', on, blocks: dataBackups } as const
const fills = { code: 'LOG_FILLS', on, degrades: dataBackups } as const
const grows = { code: 'LOG_HAS_TO_GROW', on, degrades: dataBackups } as const
const unknown = { code: 'LOG_USE_UNKNOWN', on, obscures: dataBackups } as const
const unlimited = { code: 'LOG_LIMIT_UNKNOWN', on, obscures: dataBackups } as const

/** A log of 100,000 KB that may not grow. */
const fixed = (log_used_kb: number, changes: Parameters<typeof condition>[0] = {}) => ({
  conditions: conditionsWithSales({ log_used_kb, log_size_kb: 100_000, log_limit_kb: 100_000, ...changes }),
})
/** The same, which may grow to 2 TB. */
const growing = (log_used_kb: number, changes: Parameters<typeof condition>[0] = {}) =>
  fixed(log_used_kb, { log_limit_kb: 2_147_483_648, ...changes })

const waits = [
  'LOG_BACKUP',
  'ACTIVE_TRANSACTION',
  'REPLICATION',
  'AVAILABILITY_REPLICA',
  'DATABASE_MIRRORING',
  'ACTIVE_BACKUP_OR_RESTORE',
  'A_WORD_NOBODY_KNOWS',
] as const

const verdicts: readonly Row[] = [
  {
    when: 'logs with room',
    status: 'passed',
    findings: [],
    readiness: { Sales: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { databases: 4, product_version: '16.0.4135.4', edition: 'Enterprise Edition (64-bit)' },
    databases: ['master', 'model', 'msdb', 'Sales'],
    excluded: { tempdb: 'TEMPDB' },
    manual: 'tempdb',
  },
  {
    when: '89.9 % of a log that may not grow',
    facts: fixed(89_900),
    status: 'passed',
    findings: [],
    manual: 'full',
  },
  {
    when: '90 % of a log that may not grow',
    facts: fixed(90_000, { log_reuse_wait_desc: 'LOG_BACKUP' }),
    status: 'warning',
    findings: [fills],
    readiness: { Sales: { full: 'degraded', incremental: 'degraded', log: 'ready', restore: 'ready' } },
    manual: 'full',
  },
  {
    when: '98.9 % of a log that may not grow',
    facts: fixed(98_900),
    status: 'warning',
    findings: [fills],
    manual: 'full',
  },
  {
    when: '99 % of a log that may not grow: a log backup is what makes room in it',
    facts: fixed(99_000, { log_reuse_wait_desc: 'LOG_BACKUP' }),
    status: 'failed',
    findings: [full],
    readiness: { Sales: { full: 'blocked', incremental: 'blocked', log: 'ready' } },
    manual: 'full',
  },
  {
    when: 'a full log where only log backups are planned',
    facts: fixed(100_000),
    registered: { operations: ['log'] },
    status: 'warning',
    findings: [full],
    manual: 'full',
  },
  {
    when: 'a full log, native',
    facts: fixed(100_000, { log_reuse_wait_desc: 'LOG_BACKUP' }),
    registered: { profile: 'native' },
    status: 'failed',
    findings: [full],
    manual: 'full',
  },
  {
    when: 'a log of no size',
    facts: fixed(0, { log_size_kb: 0, log_limit_kb: 0 }),
    status: 'failed',
    findings: [full],
    manual: 'counters',
  },
  ...waits.map((log_reuse_wait_desc): Row => ({
    when: `a full log held by ${log_reuse_wait_desc}`,
    facts: fixed(100_000, { log_reuse_wait_desc }),
    status: 'failed',
    findings: [full],
    manual: 'log',
  })),
  {
    when: 'a log with room that is held, which is normal between log backups',
    facts: fixed(50_000, { log_reuse_wait_desc: 'LOG_BACKUP' }),
    status: 'passed',
    findings: [],
    manual: 'log',
  },
  {
    when: 'a full log of which nobody knows what holds it',
    facts: fixed(100_000, { log_reuse_wait_desc: null }),
    status: 'failed',
    findings: [full],
    manual: 'log',
  },
  {
    when: '98 % of its present size, and it may grow',
    facts: growing(98_000),
    status: 'passed',
    findings: [],
    manual: 'masterFiles',
  },
  {
    when: '99 % of its present size, and it may grow',
    facts: growing(99_000),
    status: 'warning',
    findings: [grows],
    readiness: { Sales: { full: 'degraded', incremental: 'degraded', log: 'ready' } },
    manual: 'masterFiles',
  },
  {
    when: 'a limit in the catalogue that is smaller than the log is',
    facts: fixed(80_000, { log_limit_kb: 50_000 }),
    status: 'passed',
    findings: [],
    manual: 'masterFiles',
  },
  {
    when: 'files of databases hidden, and 90 % used',
    facts: { ...fixed(90_000, { log_limit_kb: null }), server: [server({ view_any_definition: 0 })] },
    status: 'error',
    findings: [unlimited],
    readiness: { Sales: { full: 'unknown', incremental: 'unknown', log: 'ready' } },
    manual: 'visibility',
  },
  {
    when: 'files of databases hidden, and room left: the limit is no smaller than the log is',
    facts: fixed(89_000, { log_limit_kb: null }),
    status: 'passed',
    findings: [],
    manual: 'visibility',
  },
  ...(['log_used_kb', 'log_size_kb'] as const).map((column): Row => ({
    when: `no ${column}, as where the counters are disabled`,
    facts: { conditions: conditionsWithSales({ [column]: null }) },
    status: 'error',
    findings: [unknown],
    readiness: { Sales: { full: 'unknown', incremental: 'unknown', log: 'ready' } },
    manual: 'counters',
  })),
  {
    when: 'no row of a database',
    facts: { conditions: systemDatabases.map(({ database_id }) => condition({ database_id })) },
    status: 'error',
    findings: [unknown],
    manual: 'counters',
  },
  {
    when: 'two rows of a database, which may disagree',
    facts: { conditions: [...(conditionsWithSales() ?? []), condition()] },
    status: 'error',
    findings: [unknown],
    manual: 'counters',
  },
  {
    when: 'closed by AUTO_CLOSE',
    facts: {
      databases: withSales({ collation_name: null, is_auto_close_on: true }),
      conditions: conditionsWithSales({ log_used_kb: null, log_size_kb: null }),
    },
    status: 'error',
    findings: [{ code: 'CLOSED_AUTOMATICALLY', on, obscures: dataBackups }],
    manual: 'databasesView',
  },
  {
    when: 'closed by AUTO_CLOSE, of unknown role',
    facts: {
      databases: withSales({ ...inAvailabilityGroup, collation_name: null, is_auto_close_on: true }),
      replicas: null,
      conditions: conditionsWithSales({ log_used_kb: null, log_size_kb: null }),
    },
    status: 'error',
    findings: [{ code: 'CLOSED_AUTOMATICALLY', on, obscures: dataBackups }],
    manual: 'databasesView',
  },
  {
    when: 'not open yet, without a counter',
    facts: {
      databases: withSales({ collation_name: null }),
      conditions: conditionsWithSales({ log_used_kb: null }),
    },
    status: 'error',
    findings: [unknown],
    manual: 'databasesView',
  },
  {
    when: 'OFFLINE: that is what is wrong with it',
    facts: {
      databases: withSales({ state_desc: 'OFFLINE' }),
      conditions: conditionsWithSales({ log_used_kb: null }),
    },
    status: 'passed',
    findings: [],
    manual: 'databasesView',
  },
  {
    when: 'read-only, with a full log that does not grow',
    facts: { databases: withSales({ is_read_only: true }), ...fixed(100_000) },
    status: 'passed',
    findings: [],
    manual: 'databasesView',
  },
  {
    when: 'AG primary with a full log',
    facts: {
      databases: withSales(inAvailabilityGroup),
      replicas: replicasOfSales('PRIMARY'),
      ...fixed(100_000, { log_reuse_wait_desc: 'AVAILABILITY_REPLICA' }),
    },
    status: 'failed',
    findings: [full],
    manual: 'log',
  },
  {
    when: 'AG secondary with a full log, which is that of its primary',
    facts: {
      databases: withSales(inAvailabilityGroup),
      replicas: replicasOfSales('SECONDARY'),
      ...fixed(100_000),
    },
    status: 'passed',
    findings: [],
    manual: 'log',
  },
  {
    when: 'AG replica of unknown role with a full log',
    facts: { databases: withSales(inAvailabilityGroup), replicas: null, ...fixed(100_000) },
    status: 'failed',
    findings: [full],
    manual: 'log',
  },
  {
    when: 'a snapshot, which has no log of its own',
    facts: { databases: [...withSales(), database(6, 'Sales_snapshot', { source_database_id: 5 })] },
    status: 'passed',
    findings: [],
    excluded: { tempdb: 'TEMPDB', Sales_snapshot: 'SNAPSHOT' },
    manual: 'snapshots',
  },
]

const enlarge = 'online manual'
const verify = "tsql: SELECT name, log_reuse_wait_desc FROM sys.databases WHERE name = N'Sales';"
const ofFull = (when: string, wait: string, steps: readonly string[]): DetailRow => ({
  when,
  code: 'LOG_FULL',
  on,
  params: { database: 'Sales', percent: 100, wait },
  observed: {
    log_used_kb: 100_000,
    log_size_kb: 100_000,
    log_limit_kb: 100_000,
    log_reuse_wait_desc: wait === 'NULL' ? null : wait,
  },
  expected: { log_used_kb: 'below 99% of log_limit_kb' },
  steps: [...steps, enlarge],
  verify,
})

const details: readonly DetailRow[] = [
  ofFull('a full log held by LOG_BACKUP', 'LOG_BACKUP', ['online manual']),
  ofFull('a full log, native', 'LOG_BACKUP', ["online tsql: BACKUP LOG [Sales] TO DISK = N'Sales_log.trn';"]),
  ofFull('a full log held by ACTIVE_TRANSACTION', 'ACTIVE_TRANSACTION', [
    "online tsql: SELECT t.database_transaction_begin_time, s.session_id, t.database_transaction_log_bytes_used FROM sys.dm_tran_database_transactions AS t LEFT JOIN sys.dm_tran_session_transactions AS s ON s.transaction_id = t.transaction_id WHERE t.database_id = DB_ID(N'Sales') AND t.database_transaction_begin_time IS NOT NULL ORDER BY t.database_transaction_begin_time;",
    'downtime manual',
  ]),
  ofFull('a full log held by REPLICATION', 'REPLICATION', ['online manual']),
  ofFull('a full log held by AVAILABILITY_REPLICA', 'AVAILABILITY_REPLICA', ['online manual']),
  ofFull('a full log held by DATABASE_MIRRORING', 'DATABASE_MIRRORING', ['online manual']),
  ofFull('a full log held by ACTIVE_BACKUP_OR_RESTORE', 'ACTIVE_BACKUP_OR_RESTORE', ['online manual']),
  ofFull('a full log held by A_WORD_NOBODY_KNOWS', 'A_WORD_NOBODY_KNOWS', []),
  ofFull('a full log of which nobody knows what holds it', 'NULL', []),
  {
    when: '98.9 % of a log that may not grow',
    code: 'LOG_FILLS',
    on,
    params: { database: 'Sales', percent: 98, wait: 'NOTHING' },
    observed: {
      log_used_kb: 98_900,
      log_size_kb: 100_000,
      log_limit_kb: 100_000,
      log_reuse_wait_desc: 'NOTHING',
    },
    expected: { log_used_kb: 'below 90% of log_limit_kb' },
    steps: [enlarge],
    verify,
  },
  {
    when: '99 % of its present size, and it may grow',
    code: 'LOG_HAS_TO_GROW',
    on,
    params: { database: 'Sales', percent: 99, wait: 'NOTHING' },
    observed: {
      log_used_kb: 99_000,
      log_size_kb: 100_000,
      log_limit_kb: 2_147_483_648,
      log_reuse_wait_desc: 'NOTHING',
    },
    expected: { log_used_kb: 'below 99% of log_size_kb' },
    steps: [enlarge],
    verify,
  },
  {
    when: 'files of databases hidden, and 90 % used',
    code: 'LOG_LIMIT_UNKNOWN',
    on,
    params: { database: 'Sales', percent: 90, wait: 'NOTHING' },
    observed: {
      log_used_kb: 90_000,
      log_size_kb: 100_000,
      log_limit_kb: null,
      log_reuse_wait_desc: 'NOTHING',
    },
    expected: { log_limit_kb: 'not NULL' },
    steps: ['online tsql: USE [master]; GRANT VIEW ANY DEFINITION TO [precheck];'],
    verify: "tsql: SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION');",
  },
  {
    when: 'no row of a database',
    code: 'LOG_USE_UNKNOWN',
    on,
    params: { database: 'Sales' },
    observed: { log_used_kb: null },
    expected: { log_used_kb: 'not NULL' },
    steps: [],
  },
  {
    when: 'closed by AUTO_CLOSE',
    code: 'CLOSED_AUTOMATICALLY',
    on,
    params: { database: 'Sales' },
    observed: { log_used_kb: null },
    expected: { log_used_kb: 'not NULL' },
    steps: ['online tsql: ALTER DATABASE [Sales] SET AUTO_CLOSE OFF;'],
    verify: "tsql: SELECT name, is_auto_close_on, collation_name FROM sys.databases WHERE name = N'Sales';",
  },
  {
    when: 'closed by AUTO_CLOSE, of unknown role',
    code: 'CLOSED_AUTOMATICALLY',
    on,
    params: { database: 'Sales' },
    observed: { log_used_kb: null },
    expected: { log_used_kb: 'not NULL' },
    steps: [],
  },
]

describe('SQL_SERVER_LOG_SPACE', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': dataBackups, native: dataBackups },
    verdicts,
    details,
  })

  const observedBy = (facts: Partial<SqlServerFacts>): readonly Observation[] =>
    judged(check, { answer: sqlServerFacts(facts) }, contextFor('sqlserver')).observations ?? []

  it('observes what of the largest logs is used, in bytes', () => {
    const ids = Array.from({ length: 30 }, (_, index) => index + 5)
    const databases = [...systemDatabases, ...ids.map((id) => database(id, `db${id}`))]
    const conditions = databases.map(({ database_id }) =>
      condition({ database_id, log_used_kb: 2, log_size_kb: Number(database_id) * 100 }),
    )
    const observed = observedBy({ databases, conditions })
    expect(observed).toHaveLength(20)
    expect(observed[0]).toEqual({
      name: 'log-used-bytes',
      object: { type: 'database', name: 'db34' },
      value: 2048,
      limit: 2_147_483_648 * 1024,
    })
    expect(observed.at(-1)?.object.name).toBe('db15')
  })

  it('observes no limit of a log that it does not know', () => {
    const sales = observedBy({ conditions: conditionsWithSales({ log_limit_kb: null }) }).find(
      ({ object }) => object.name === 'Sales',
    )
    expect(sales).toMatchObject({ value: 1_024_000 })
    expect(sales).not.toHaveProperty('limit')
  })

  it('observes nothing of a log that it does not know', () => {
    const names = observedBy({ conditions: conditionsWithSales({ log_used_kb: null }) }).map(
      ({ object }) => object.name,
    )
    expect(names).not.toContain('Sales')
    expect(names).toContain('msdb')
  })
})
