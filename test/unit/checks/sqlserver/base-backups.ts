import {
  type SqlServerFacts,
  chain,
  database,
  inAvailabilityGroup,
  replicasOfSales,
  server,
  systemDatabases,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import type { DetailRow, ExpectedFinding, VerdictRow } from '../../../support/verdict-table.ts'

/** The full backups on which log and differential backups are based. */
export const baseManuals = {
  recoveryStatus:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-recovery-status-transact-sql',
  masterFiles:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-master-files-transact-sql',
  differentials:
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/differential-backups-sql-server',
  logBackups:
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/back-up-a-transaction-log-sql-server',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof baseManuals>

type Changes = NonNullable<Parameters<typeof withSales>[0]>

/** Chains of `model` and `msdb`, as on a healthy server. */
const ofSystem = [chain({ database_id: 3 }), chain({ database_id: 4, has_log_chain: 0 })]

/** `Sales` with its log chain and its differential base; null: nobody knows. */
const backedUp = (
  hasChain: 0 | 1 | null,
  hasBase: 0 | 1 | null,
  changes: Changes = {},
): Partial<SqlServerFacts> => ({
  databases: withSales({ has_differential_base: hasBase, ...changes }),
  chains: [...ofSystem, chain({ has_log_chain: hasChain })],
})

/** `Sales` as healthy as ever, and a system database as setup leaves it, which nobody has ever backed up. */
const neverBackedUp = (database_id: number, name: string, changes: Changes = {}): Partial<SqlServerFacts> => {
  const own = database(database_id, name, { has_differential_base: 0, ...changes })
  const others = systemDatabases.filter((each) => each.database_id !== database_id)
  return {
    databases: [...others, own, database(9, 'Sales')],
    chains: [
      ...ofSystem.filter((each) => each.database_id !== database_id),
      chain({ database_id: 9 }),
      chain({ database_id, has_log_chain: 0 }),
    ],
  }
}

const missing = (on: string, ...operations: ('incremental' | 'log')[]): ExpectedFinding => ({
  code: 'FULL_BACKUP_MISSING',
  on,
  blocks: operations,
})
const missingBySetup = (on: string, ...operations: ('incremental' | 'log')[]): ExpectedFinding => ({
  code: 'FULL_BACKUP_MISSING',
  on,
  limits: operations,
})
const unknown = (...operations: ('incremental' | 'log')[]): ExpectedFinding => ({
  code: 'FULL_BACKUP_UNKNOWN',
  on: 'database Sales',
  obscures: operations,
})
const bulkLogged = { code: 'BULK_LOGGED', on: 'database Sales' } as const
const readOnly = { code: 'READ_ONLY', on: 'database Sales' } as const
const hidden = { code: 'DIFFERENTIAL_BASES_HIDDEN', on: 'instance db1', obscures: ['incremental'] } as const

/** Findings of `master` and `msdb` under each profile, before those of `Sales`. */
export const baseVerdicts = (
  bySetup: readonly ExpectedFinding[],
  bySetupNatively: readonly ExpectedFinding[],
): readonly Row[] => {
  const [master, msdb] = bySetup
  const around = (...between: readonly ExpectedFinding[]) => [
    ...[master].flatMap((each) => each ?? []),
    ...between,
  ]
  const native = { profile: 'native' } as const
  return [
    {
      when: 'FULL and never backed up',
      facts: backedUp(0, 0),
      status: 'failed',
      findings: [...bySetup, missing('database Sales', 'incremental', 'log')],
      readiness: {
        Sales: { full: 'ready', incremental: 'blocked', log: 'blocked', restore: 'ready' },
        instance: { full: 'ready', log: 'degraded' },
      },
      manual: 'recoveryStatus',
    },
    {
      when: 'FULL and never backed up, native',
      facts: backedUp(0, 0),
      registered: native,
      status: 'failed',
      findings: [...bySetupNatively, missing('database Sales', 'incremental', 'log')],
      readiness: { Sales: { incremental: 'blocked', log: 'blocked' } },
      manual: 'recoveryStatus',
    },
    {
      when: 'FULL only since the last full backup: still as if it were SIMPLE',
      facts: backedUp(0, 1),
      status: 'failed',
      findings: [...bySetup, missing('database Sales', 'log')],
      readiness: { Sales: { incremental: 'ready', log: 'blocked' } },
      manual: 'logBackups',
    },
    {
      when: 'BULK_LOGGED only since the last full backup',
      facts: backedUp(0, 1, { recovery_model_desc: 'BULK_LOGGED' }),
      status: 'failed',
      findings: [...bySetup, bulkLogged, missing('database Sales', 'log')],
      manual: 'logBackups',
    },
    {
      when: 'no differential base, as after a restore, but a log chain',
      facts: backedUp(1, 0),
      status: 'failed',
      findings: [...bySetup, missing('database Sales', 'incremental')],
      readiness: { Sales: { incremental: 'blocked', log: 'ready' } },
      manual: 'differentials',
    },
    {
      when: 'no differential base, where only log backups are planned',
      facts: backedUp(1, 0),
      registered: { operations: ['full', 'log'] },
      status: 'failed',
      findings: [
        ...around(),
        { code: 'RECOVERY_MODEL_SIMPLE', on: 'database msdb', blocks: ['incremental', 'log'] },
        missing('database Sales', 'incremental'),
      ],
      manual: 'differentials',
    },
    {
      when: 'never backed up, where only full backups are planned',
      facts: backedUp(0, 0),
      registered: { operations: ['full'] },
      status: 'warning',
      findings: [...bySetup, missing('database Sales', 'incremental', 'log')],
      manual: 'recoveryStatus',
    },
    {
      when: 'SIMPLE and never backed up: the model is what is wrong first',
      facts: backedUp(0, 0, { recovery_model_desc: 'SIMPLE' }),
      status: 'failed',
      findings: [
        ...bySetup,
        { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['incremental', 'log'] },
      ],
      manual: 'logBackups',
    },
    {
      when: 'SIMPLE and never backed up, native: differential backups need a base in SIMPLE too',
      facts: backedUp(0, 0, { recovery_model_desc: 'SIMPLE' }),
      registered: native,
      status: 'failed',
      findings: [
        ...bySetupNatively,
        { code: 'RECOVERY_MODEL_SIMPLE', on: 'database Sales', blocks: ['log'] },
        missing('database Sales', 'incremental'),
      ],
      readiness: { Sales: { full: 'ready', incremental: 'blocked', log: 'blocked' } },
      manual: 'differentials',
    },
    {
      when: 'of unknown model and never backed up, native',
      facts: backedUp(0, 0, { recovery_model_desc: null }),
      registered: native,
      status: 'failed',
      findings: [
        ...bySetupNatively,
        { code: 'RECOVERY_MODEL_UNKNOWN', on: 'database Sales', obscures: ['log'] },
        missing('database Sales', 'incremental', 'log'),
      ],
      readiness: { Sales: { incremental: 'blocked', log: 'blocked' } },
      manual: 'recoveryStatus',
    },
    {
      when: 'read-only and never backed up in FULL: its log has nothing new',
      facts: backedUp(0, 0, { is_read_only: true }),
      status: 'passed',
      findings: [...bySetup, readOnly, missingBySetup('database Sales', 'incremental', 'log')],
      readiness: { Sales: { full: 'ready', incremental: 'blocked', log: 'blocked' } },
      manual: 'recoveryStatus',
    },
    {
      when: 'of unknown log chain',
      facts: backedUp(null, 1),
      status: 'error',
      findings: [...bySetup, unknown('log')],
      readiness: { Sales: { incremental: 'ready', log: 'unknown' } },
      manual: 'recoveryStatus',
    },
    {
      when: 'of unknown log chain, open and with AUTO_CLOSE',
      facts: backedUp(null, 1, { is_auto_close_on: true }),
      status: 'error',
      findings: [...bySetup, unknown('log')],
      manual: 'recoveryStatus',
    },
    {
      when: 'of unknown log chain, to a login that sees no definitions but the base',
      facts: { ...backedUp(null, 1), server: [server({ view_any_definition: 0 })] },
      status: 'error',
      findings: [...bySetup, unknown('log')],
      manual: 'recoveryStatus',
    },
    {
      when: 'with two rows of its log chain, one of which says nothing',
      facts: { chains: [...ofSystem, chain(), chain({ has_log_chain: null })] },
      status: 'error',
      findings: [...bySetup, unknown('log')],
      manual: 'recoveryStatus',
    },
    {
      when: 'of unknown log chain and base',
      facts: backedUp(null, null),
      status: 'error',
      findings: [...bySetup, unknown('incremental', 'log')],
      manual: 'masterFiles',
    },
    {
      when: 'of unknown base, although definitions are visible',
      facts: backedUp(1, null),
      status: 'error',
      findings: [...bySetup, unknown('incremental')],
      readiness: { Sales: { incremental: 'unknown', log: 'ready' } },
      manual: 'masterFiles',
    },
    {
      when: 'of unknown log chain and without a base',
      facts: backedUp(null, 0),
      status: 'failed',
      findings: [...bySetup, missing('database Sales', 'incremental'), unknown('log')],
      readiness: { Sales: { incremental: 'blocked', log: 'unknown' } },
      manual: 'recoveryStatus',
    },
    {
      when: 'with two rows that disagree about its log chain',
      facts: { chains: [...ofSystem, chain(), chain({ has_log_chain: 0 })] },
      status: 'failed',
      findings: [...bySetup, missing('database Sales', 'log')],
      manual: 'recoveryStatus',
    },
    {
      when: 'without a row of its log chain',
      facts: { chains: ofSystem },
      status: 'error',
      findings: [...bySetup, unknown('log')],
      manual: 'recoveryStatus',
    },
    {
      when: 'FULL where the log chains could not be read',
      facts: { chains: null },
      status: 'error',
      findings: [
        ...around({ code: 'FULL_BACKUP_UNKNOWN', on: 'database model', obscures: ['log'] }),
        ...[msdb].flatMap((each) => each ?? []),
        unknown('log'),
      ],
      readiness: { instance: { full: 'ready', incremental: 'ready', log: 'unknown' } },
      manual: 'recoveryStatus',
    },
    {
      when: 'closed by AUTO_CLOSE: asking for its log chain would open it',
      facts: { databases: withSales({ collation_name: null, is_auto_close_on: true }) },
      status: 'error',
      findings: [...bySetup, { code: 'CLOSED_AUTOMATICALLY', on: 'database Sales', obscures: ['log'] }],
      readiness: { Sales: { full: 'ready', incremental: 'ready', log: 'unknown' } },
      manual: 'recoveryStatus',
    },
    {
      when: 'closed by AUTO_CLOSE, and of unknown base as well',
      facts: {
        databases: withSales({ collation_name: null, is_auto_close_on: true, has_differential_base: null }),
      },
      status: 'error',
      findings: [...bySetup, unknown('incremental', 'log')],
      manual: 'masterFiles',
    },
    {
      when: 'OFFLINE: what is wrong is its state, and its log chain is not asked for',
      facts: { databases: withSales({ state_desc: 'OFFLINE' }) },
      status: 'passed',
      findings: bySetup,
      manual: 'recoveryStatus',
    },
    {
      when: 'AG primary that was never backed up',
      facts: { ...backedUp(0, 0, inAvailabilityGroup), replicas: replicasOfSales('PRIMARY') },
      status: 'failed',
      findings: [...bySetup, missing('database Sales', 'incremental', 'log')],
      manual: 'recoveryStatus',
    },
    {
      when: 'AG secondary without a chain of its own: that of its primary counts',
      facts: { ...backedUp(0, 0, inAvailabilityGroup), replicas: replicasOfSales('SECONDARY') },
      status: 'passed',
      findings: [...bySetup, { code: 'MODEL_OF_PRIMARY', on: 'database Sales' }],
      manual: 'recoveryStatus',
    },
    {
      when: 'a login that sees no files of databases',
      facts: {
        server: [server({ view_any_definition: 0 })],
        databases: withSales().map((row) => ({ ...row, has_differential_base: null })),
      },
      status: 'error',
      findings: [hidden, ...bySetup],
      readiness: {
        Sales: { full: 'ready', incremental: 'unknown', log: 'ready' },
        instance: { full: 'ready', incremental: 'unknown', log: 'ready' },
      },
      manual: 'masterFiles',
    },
    {
      when: 'a login that sees no files of databases, native',
      facts: {
        server: [server({ view_any_definition: null })],
        databases: withSales().map((row) => ({ ...row, has_differential_base: null })),
      },
      registered: native,
      status: 'error',
      findings: [hidden, ...bySetupNatively],
      manual: 'masterFiles',
    },
    {
      when: 'a login that sees files although it does not have VIEW ANY DEFINITION',
      facts: { server: [server({ view_any_definition: 0 })] },
      status: 'passed',
      findings: bySetup,
      manual: 'masterFiles',
    },
    {
      when: 'a login that sees no files, where a log chain is missing',
      facts: { server: [server({ view_any_definition: 0 })], ...backedUp(0, null) },
      status: 'failed',
      findings: [hidden, ...bySetup, missing('database Sales', 'log')],
      manual: 'masterFiles',
    },
    {
      when: 'model as setup leaves it, never backed up',
      facts: neverBackedUp(3, 'model'),
      status: 'passed',
      findings: [...bySetup, missingBySetup('database model', 'incremental', 'log')],
      readiness: {
        model: { full: 'ready', incremental: 'blocked', log: 'blocked' },
        Sales: { log: 'ready' },
      },
      manual: 'recoveryStatus',
    },
    {
      when: 'model, never backed up, where log backup is asked for',
      facts: neverBackedUp(3, 'model'),
      registered: { operations: ['log'] },
      status: 'failed',
      findings: [
        ...around(),
        { code: 'RECOVERY_MODEL_SIMPLE', on: 'database msdb', blocks: ['incremental', 'log'] },
        missing('database model', 'incremental', 'log'),
      ],
      manual: 'recoveryStatus',
    },
    {
      when: 'msdb in FULL, never backed up since',
      facts: neverBackedUp(4, 'msdb', { recovery_model_desc: 'FULL' }),
      status: 'passed',
      findings: [...around(), missingBySetup('database msdb', 'incremental', 'log')],
      manual: 'recoveryStatus',
    },
    {
      when: 'the distribution database, never backed up, native',
      facts: neverBackedUp(8, 'distribution', { is_distributor: true, recovery_model_desc: 'SIMPLE' }),
      registered: native,
      status: 'passed',
      findings: [
        ...bySetupNatively,
        { code: 'SIMPLE_BY_SETUP', on: 'database distribution', limits: ['log'] },
        missingBySetup('database distribution', 'incremental'),
      ],
      manual: 'differentials',
    },
  ]
}

const showsChain =
  "tsql: SELECT last_log_backup_lsn FROM sys.database_recovery_status WHERE database_id = DB_ID(N'Sales');"

export const baseDetails: readonly DetailRow[] = [
  {
    when: 'FULL and never backed up',
    code: 'FULL_BACKUP_MISSING',
    on: 'database Sales',
    params: { database: 'Sales', operations: ['incremental', 'log'] },
    observed: { has_differential_base: false, has_log_chain: false },
    expected: { has_differential_base: true, has_log_chain: true },
    steps: ['online manual'],
    verify: showsChain,
  },
  {
    when: 'FULL and never backed up, native',
    code: 'FULL_BACKUP_MISSING',
    on: 'database Sales',
    params: { database: 'Sales', operations: ['incremental', 'log'] },
    observed: { has_differential_base: false, has_log_chain: false },
    expected: { has_differential_base: true, has_log_chain: true },
    steps: ["online tsql: BACKUP DATABASE [Sales] TO DISK = N'Sales_full.bak';"],
    verify: showsChain,
  },
  {
    when: 'no differential base, as after a restore, but a log chain',
    code: 'FULL_BACKUP_MISSING',
    on: 'database Sales',
    params: { database: 'Sales', operations: ['incremental'] },
    observed: { has_differential_base: false },
    expected: { has_differential_base: true },
    steps: ['online manual'],
    verify: showsChain,
  },
  {
    when: 'of unknown log chain',
    code: 'FULL_BACKUP_UNKNOWN',
    on: 'database Sales',
    params: { database: 'Sales', operations: ['log'] },
    observed: { has_log_chain: null },
    expected: { has_log_chain: true },
    steps: [],
  },
  {
    when: 'closed by AUTO_CLOSE: asking for its log chain would open it',
    code: 'CLOSED_AUTOMATICALLY',
    on: 'database Sales',
    params: { database: 'Sales' },
    observed: { has_log_chain: null },
    expected: { has_log_chain: true },
    steps: ['online tsql: ALTER DATABASE [Sales] SET AUTO_CLOSE OFF;'],
    verify: "tsql: SELECT name, is_auto_close_on, collation_name FROM sys.databases WHERE name = N'Sales';",
    changes: { is_auto_close_on: false, collation_name: 'not NULL' },
  },
  {
    when: 'a login that sees no files of databases',
    code: 'DIFFERENTIAL_BASES_HIDDEN',
    on: 'instance db1',
    params: {},
    observed: { view_any_definition: false },
    expected: { view_any_definition: true },
    steps: ['online tsql: USE [master]; GRANT VIEW ANY DEFINITION TO [precheck];'],
    verify: "tsql: SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION');",
  },
]
