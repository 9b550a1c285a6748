import { describe } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-log-chain.ts'
import {
  type HistoryChanges,
  type SqlServerFacts,
  chain,
  historyOfSales,
  history,
  inAvailabilityGroup,
  isOfObject,
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
import { showBackups, verifyBackups } from './history-details.ts'
import { ownDatabasesDetails, ownDatabasesManuals, ownDatabasesVerdicts } from './own-databases.ts'

const manuals = {
  ...ownDatabasesManuals,
  backupset: 'https://learn.microsoft.com/sql/relational-databases/system-tables/backupset-transact-sql',
  mediaFamily:
    'https://learn.microsoft.com/sql/relational-databases/system-tables/backupmediafamily-transact-sql',
  logBackups:
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/transaction-log-backups-sql-server',
  recoveryModels:
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/recovery-models-sql-server',
  mirroring:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-mirroring-transact-sql',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>
type DatabaseChanges = NonNullable<Parameters<typeof withSales>[0]>

const sales = (changes: HistoryChanges, database: DatabaseChanges = {}): Partial<SqlServerFacts> => ({
  backupHistory: historyOfSales(changes),
  databases: withSales(database),
})

const on = 'database Sales'
const degrading = (code: string): ExpectedFinding => ({ code, on, degrades: ['restore'] })
const unknown: ExpectedFinding = { code: 'CHAIN_UNKNOWN', on, obscures: ['restore'] }
const elsewhere: ExpectedFinding = { code: 'OTHER_REPLICA', on, obscures: ['restore'] }

const verdicts: readonly Row[] = [
  { when: 'log backups that follow on each other', status: 'passed', findings: [], manual: 'logBackups' },
  {
    when: 'no log backup yet since the last full one',
    facts: sales({ log_device_types: 0 }),
    status: 'passed',
    findings: [],
    manual: 'logBackups',
  },
  {
    when: 'a gap',
    facts: sales({ log_gaps: 1 }),
    status: 'warning',
    findings: [degrading('LOG_GAP')],
    readiness: { Sales: { log: 'ready', restore: 'degraded' } },
    manual: 'logBackups',
  },
  {
    when: 'a gap, natively',
    facts: sales({ log_gaps: 2 }),
    registered: { profile: 'native' },
    status: 'warning',
    findings: [degrading('LOG_GAP')],
    manual: 'logBackups',
  },
  {
    when: 'a gap in a new database, which no grace lets be',
    facts: sales({ log_gaps: 1, database_minutes: 300 }),
    status: 'warning',
    findings: [degrading('LOG_GAP')],
    manual: 'logBackups',
  },
  {
    when: 'a log backup to the NUL device, and the gap that it leaves',
    facts: sales({ log_gaps: 1, log_lost: 1 }),
    status: 'warning',
    findings: [degrading('LOG_DISCARDED')],
    manual: 'mediaFamily',
  },
  {
    when: 'a log backup to the NUL device, none after it yet',
    facts: sales({ log_lost: 1 }),
    status: 'warning',
    findings: [degrading('LOG_DISCARDED')],
    manual: 'mediaFamily',
  },
  {
    when: 'log backups on disk, and others through a virtual device',
    facts: sales({ log_device_types: 2 }),
    status: 'warning',
    findings: [degrading('LOG_SPLIT')],
    manual: 'mediaFamily',
  },
  {
    when: 'log backups of two tools, and a gap between them',
    facts: sales({ log_device_types: 2, log_gaps: 1 }),
    status: 'warning',
    findings: [degrading('LOG_GAP'), degrading('LOG_SPLIT')],
    manual: 'mediaFamily',
  },
  {
    when: 'no row for the database',
    facts: { backupHistory: historyOfSales().slice(0, 3) },
    status: 'error',
    findings: [unknown],
    manual: 'backupset',
  },
  ...(['log_gaps', 'log_lost', 'log_device_types'] as const).map((column): Row => ({
    when: `nobody knowing ${column}`,
    facts: sales({ [column]: null }),
    status: 'error',
    findings: [unknown],
    manual: 'backupset',
  })),
  {
    when: 'a gap on an AG primary: another replica may have what is missing',
    facts: { ...sales({ log_gaps: 3 }, inAvailabilityGroup), replicas: replicasOfSales('PRIMARY') },
    status: 'error',
    findings: [elsewhere],
    readiness: { Sales: { restore: 'unknown' } },
    manual: 'secondaries',
  },
  {
    when: 'a log backup of an AG primary to the NUL device: no replica has it',
    facts: { ...sales({ log_lost: 1 }, inAvailabilityGroup), replicas: replicasOfSales('PRIMARY') },
    status: 'warning',
    findings: [degrading('LOG_DISCARDED')],
    manual: 'secondaries',
  },
  {
    when: 'a gap on a principal: its partner may have been it before',
    facts: sales({ log_gaps: 1 }, { mirroring_role_desc: 'PRINCIPAL' }),
    status: 'error',
    findings: [elsewhere],
    manual: 'mirroring',
  },
  {
    when: 'a gap where no log backups are planned',
    facts: sales({ log_gaps: 1 }),
    registered: { operations: ['full', 'restore'] },
    status: 'passed',
    findings: [],
    manual: 'logBackups',
  },
  {
    when: 'SIMPLE, which has no log backups',
    facts: sales({ log_gaps: 1 }, { recovery_model_desc: 'SIMPLE' }),
    status: 'passed',
    findings: [],
    manual: 'recoveryModels',
  },
  {
    when: 'FULL without a log chain, which another item says',
    facts: { ...sales({ log_gaps: 1 }), chains: [chain({ has_log_chain: 0 })] },
    status: 'passed',
    findings: [],
    manual: 'logBackups',
  },
  {
    when: 'read-only, whose log does not grow',
    facts: sales({ log_gaps: 1 }, { is_read_only: true }),
    status: 'passed',
    findings: [],
    manual: 'logBackups',
  },
  {
    when: 'a gap of model, which is as setup leaves it',
    facts: {
      backupHistory: [1, 3, 4, 5].map((id) => history({ database_id: id, log_gaps: id === 3 ? 1 : 0 })),
    },
    status: 'passed',
    findings: [],
    manual: 'recoveryModels',
  },
]

const expected = { log_gaps: 0, log_lost: 0 }

const details: readonly DetailRow[] = [
  {
    when: 'a gap',
    code: 'LOG_GAP',
    on,
    params: { database: 'Sales', gaps: 1 },
    observed: { log_gaps: 1, log_lost: 0 },
    expected,
    steps: [showBackups, 'online manual'],
    verify: verifyBackups,
  },
  {
    when: 'a gap, natively',
    code: 'LOG_GAP',
    on,
    params: { database: 'Sales', gaps: 2 },
    observed: { log_gaps: 2, log_lost: 0 },
    expected,
    steps: [showBackups, "online tsql: BACKUP DATABASE [Sales] TO DISK = N'Sales_full.bak';"],
    verify: verifyBackups,
  },
  {
    when: 'a log backup to the NUL device, and the gap that it leaves',
    code: 'LOG_DISCARDED',
    on,
    params: { database: 'Sales', discarded: 1 },
    observed: { log_gaps: 1, log_lost: 1 },
    expected,
    steps: [showBackups, 'online manual', 'online manual'],
    verify: verifyBackups,
  },
  {
    when: 'log backups on disk, and others through a virtual device',
    code: 'LOG_SPLIT',
    on,
    params: { database: 'Sales', types: 2 },
    observed: { log_device_types: 2 },
    expected: { log_device_types: 1 },
    steps: [showBackups, 'online manual'],
    verify: verifyBackups,
  },
  {
    when: 'no row for the database',
    code: 'CHAIN_UNKNOWN',
    on,
    params: { database: 'Sales' },
    observed: { log_gaps: null, log_lost: null, log_device_types: null },
    expected,
    steps: [showBackups, 'online manual'],
    verify: verifyBackups,
  },
  {
    when: 'a gap on an AG primary: another replica may have what is missing',
    code: 'OTHER_REPLICA',
    on,
    params: { database: 'Sales', gaps: 3 },
    observed: { log_gaps: 3, log_lost: 0 },
    expected,
    steps: ['online manual'],
    verify: verifyBackups,
  },
]

describe('SQL_SERVER_LOG_CHAIN', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': ['restore'], native: ['restore'] },
    verdicts: [...verdicts, ...ownDatabasesVerdicts({ backupHistory: historyOfSales({ log_gaps: 1 }) })],
    details: [...details, ...ownDatabasesDetails],
    never: { failed: 'a broken chain makes no backup fail, only what is restored from it' },
  })
  testChanges({ check, engine: 'sqlserver', answer: sqlServerFacts, verdicts, isOf: isOfObject })
})
