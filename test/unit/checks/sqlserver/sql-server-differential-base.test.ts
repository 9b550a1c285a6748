import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-differential-base.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type HistoryChanges,
  type SqlServerFacts,
  historyOfSales,
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
  masterFiles:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-master-files-transact-sql',
  differentials:
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/differential-backups-sql-server',
  mediaFamily:
    'https://learn.microsoft.com/sql/relational-databases/system-tables/backupmediafamily-transact-sql',
  masterDatabase: 'https://learn.microsoft.com/sql/relational-databases/databases/master-database',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>
type DatabaseChanges = NonNullable<Parameters<typeof withSales>[0]>

const sales = (changes: HistoryChanges, database: DatabaseChanges = {}): Partial<SqlServerFacts> => ({
  backupHistory: historyOfSales(changes),
  databases: withSales(database),
})

const on = 'database Sales'
const degrading = (code: string): ExpectedFinding => ({ code, on, degrades: ['incremental'] })
const unknown: ExpectedFinding = { code: 'BASE_UNKNOWN', on, obscures: ['incremental'] }
const elsewhere: ExpectedFinding = { code: 'OTHER_REPLICA', on, obscures: ['incremental'] }
const notFound: HistoryChanges = {
  base_is_found: 0,
  base_is_snapshot: null,
  base_is_lost: null,
  base_is_foreign: null,
}

const verdicts: readonly Row[] = [
  { when: 'a base of the same tool', status: 'passed', findings: [], manual: 'differentials' },
  {
    when: 'a base that is a snapshot of another tool',
    facts: sales({ base_is_snapshot: true, base_is_foreign: 1 }),
    status: 'warning',
    findings: [degrading('BASE_IS_SNAPSHOT')],
    readiness: { Sales: { full: 'ready', incremental: 'degraded' } },
    manual: 'backupset',
  },
  {
    when: 'a base on disk, and later backups through a virtual device',
    facts: sales({ base_is_foreign: 1 }),
    status: 'warning',
    findings: [degrading('BASE_IS_FOREIGN')],
    manual: 'mediaFamily',
  },
  {
    when: 'a base that went to the NUL device, natively',
    facts: sales({ base_is_lost: 1, base_is_foreign: null }),
    registered: { profile: 'native' },
    status: 'warning',
    findings: [degrading('BASE_DISCARDED')],
    manual: 'mediaFamily',
  },
  {
    when: 'a base that msdb does not show: purged, or of another server',
    facts: sales(notFound),
    status: 'error',
    findings: [unknown],
    readiness: { Sales: { incremental: 'unknown', restore: 'ready' } },
    manual: 'masterFiles',
  },
  {
    when: 'files that are hidden',
    facts: sales({ ...notFound, base_is_found: null }, { has_differential_base: null }),
    status: 'error',
    findings: [unknown],
    manual: 'masterFiles',
  },
  {
    when: 'no row for the database',
    facts: { backupHistory: historyOfSales().slice(0, 3) },
    status: 'error',
    findings: [unknown],
    manual: 'backupset',
  },
  ...(['base_is_snapshot', 'base_is_lost', 'base_is_foreign'] as const).map((column): Row => ({
    when: `nobody knowing ${column}`,
    facts: sales({ [column]: null }),
    status: 'error',
    findings: [unknown],
    manual: 'backupset',
  })),
  {
    when: 'no base at all, which another item says',
    facts: sales(notFound, { has_differential_base: 0 }),
    status: 'passed',
    findings: [],
    manual: 'masterFiles',
  },
  {
    when: 'AG primary whose base another replica may have taken',
    facts: { ...sales(notFound, inAvailabilityGroup), replicas: replicasOfSales('PRIMARY') },
    status: 'error',
    findings: [elsewhere],
    manual: 'secondaries',
  },
  {
    when: 'AG primary whose base is a snapshot',
    facts: {
      ...sales({ base_is_snapshot: true }, inAvailabilityGroup),
      replicas: replicasOfSales('PRIMARY'),
    },
    status: 'warning',
    findings: [degrading('BASE_IS_SNAPSHOT')],
    manual: 'secondaries',
  },
  {
    when: 'a base that is a snapshot, where no incremental backups are planned',
    facts: sales({ base_is_snapshot: true }),
    registered: { operations: ['full', 'log'] },
    status: 'passed',
    findings: [],
    manual: 'differentials',
  },
  {
    when: 'SIMPLE, which under Cloud Backup has no incremental backups',
    facts: sales({ base_is_snapshot: true }, { recovery_model_desc: 'SIMPLE' }),
    status: 'passed',
    findings: [],
    manual: 'differentials',
  },
  {
    when: 'SIMPLE, natively',
    facts: sales({ base_is_snapshot: true }, { recovery_model_desc: 'SIMPLE' }),
    registered: { profile: 'native' },
    status: 'warning',
    findings: [degrading('BASE_IS_SNAPSHOT')],
    manual: 'differentials',
  },
  {
    when: 'master, which has no incremental backups',
    facts: {
      backupHistory: historyOfSales().map((row) =>
        row.database_id === 1 ? { ...row, base_is_snapshot: true } : row,
      ),
    },
    status: 'passed',
    findings: [],
    manual: 'masterDatabase',
  },
  {
    when: 'a base that msdb shows, of files that are hidden',
    facts: sales({}, { has_differential_base: null }),
    status: 'error',
    findings: [unknown],
    manual: 'masterFiles',
  },
]

const expected = {
  base_is_found: true,
  base_is_lost: false,
  base_is_snapshot: false,
  base_is_foreign: false,
}

const details: readonly DetailRow[] = [
  {
    when: 'a base that is a snapshot of another tool',
    code: 'BASE_IS_SNAPSHOT',
    on,
    params: { database: 'Sales' },
    observed: { base_is_lost: false, base_is_snapshot: true, base_is_foreign: true },
    expected,
    steps: [showBackups, 'online manual', 'online manual'],
    verify: verifyBackups,
  },
  {
    when: 'a base on disk, and later backups through a virtual device',
    code: 'BASE_IS_FOREIGN',
    on,
    params: { database: 'Sales' },
    observed: { base_is_lost: false, base_is_snapshot: false, base_is_foreign: true },
    expected,
    steps: [showBackups, 'online manual', 'online manual'],
    verify: verifyBackups,
  },
  {
    when: 'a base that went to the NUL device, natively',
    code: 'BASE_DISCARDED',
    on,
    params: { database: 'Sales' },
    observed: { base_is_lost: true, base_is_snapshot: false, base_is_foreign: null },
    expected,
    steps: [
      showBackups,
      'online manual',
      "online tsql: BACKUP DATABASE [Sales] TO DISK = N'Sales_full.bak';",
    ],
    verify: verifyBackups,
  },
  {
    when: 'a base that msdb does not show: purged, or of another server',
    code: 'BASE_UNKNOWN',
    on,
    params: { database: 'Sales' },
    observed: { base_is_found: false },
    expected,
    steps: [showBackups, 'online manual'],
    verify: verifyBackups,
  },
  {
    when: 'AG primary whose base another replica may have taken',
    code: 'OTHER_REPLICA',
    on,
    params: { database: 'Sales' },
    observed: { base_is_found: false },
    expected,
    steps: ['online manual'],
    verify: verifyBackups,
  },
]

describe('SQL_SERVER_DIFFERENTIAL_BASE', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': ['incremental'], native: ['incremental'] },
    verdicts: [
      ...verdicts,
      ...ownDatabasesVerdicts({ backupHistory: historyOfSales({ base_is_snapshot: true }) }),
    ],
    details: [...details, ...ownDatabasesDetails],
    never: { failed: 'a base of another tool makes no backup fail, only what is restored from it' },
  })

  it.each<[string, HistoryChanges, string]>([
    ['where it was discarded, stops that', { base_is_lost: 1 }, 'sqlserver.STOP_DISCARDING'],
    ['where another tool has it, has one tool take all', { base_is_snapshot: true }, 'sqlserver.ONE_TOOL'],
  ])('before a new base, %s', (_, changes, code) => {
    const { findings } = judged(check, { answer: sqlServerFacts(sales(changes)) }, contextFor('sqlserver'))
    const [, step] = findings[0]?.remediation?.steps ?? []
    expect(step?.message.code).toBe(code)
  })

  testChanges({ check, engine: 'sqlserver', answer: sqlServerFacts, verdicts, isOf: isOfObject })
})
