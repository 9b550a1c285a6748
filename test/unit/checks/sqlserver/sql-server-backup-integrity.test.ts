import { describe } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-backup-integrity.ts'
import {
  type HistoryChanges,
  type SqlServerFacts,
  history,
  historyOfSales,
  isOfObject,
  sqlServerFacts,
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
  mediaErrors:
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/possible-media-errors-during-backup-and-restore-sql-server',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>

const sales = (changes: HistoryChanges): Partial<SqlServerFacts> => ({
  backupHistory: historyOfSales(changes),
})

const on = 'database Sales'
const degrading = (code: string): ExpectedFinding => ({ code, on, degrades: ['restore'] })
const unknown: ExpectedFinding = { code: 'INTEGRITY_UNKNOWN', on, obscures: ['restore'] }

const verdicts: readonly Row[] = [
  { when: 'sound backups with checksums', status: 'passed', findings: [], manual: 'mediaErrors' },
  {
    when: 'a backup that went on over damage',
    facts: sales({ damaged_backups: 2 }),
    status: 'warning',
    findings: [degrading('BACKUP_DAMAGED')],
    readiness: { Sales: { full: 'ready', restore: 'degraded' } },
    manual: 'backupset',
  },
  {
    when: 'a backup that went on over damage, natively',
    facts: sales({ damaged_backups: 1 }),
    registered: { profile: 'native' },
    status: 'warning',
    findings: [degrading('BACKUP_DAMAGED')],
    manual: 'backupset',
  },
  {
    when: 'a full backup without checksums',
    facts: sales({ last_full_has_checksums: 0 }),
    status: 'warning',
    findings: [degrading('NO_CHECKSUM')],
    manual: 'mediaErrors',
  },
  {
    when: 'damage, and a full backup without checksums',
    facts: sales({ damaged_backups: 1, last_full_has_checksums: 0 }),
    status: 'warning',
    findings: [degrading('BACKUP_DAMAGED'), degrading('NO_CHECKSUM')],
    manual: 'mediaErrors',
  },
  {
    when: 'a full backup without checksums, of master',
    facts: {
      backupHistory: [history({ database_id: 1, last_full_has_checksums: 0 }), ...historyOfSales().slice(1)],
    },
    status: 'warning',
    findings: [{ code: 'NO_CHECKSUM', on: 'database master', degrades: ['restore'] }],
    manual: 'mediaErrors',
  },
  {
    when: 'no full backup, which another item says',
    facts: sales({ last_full_minutes: null, last_full_has_checksums: null }),
    status: 'passed',
    findings: [],
    manual: 'backupset',
  },
  {
    when: 'a full backup of which nobody knows whether it has checksums',
    facts: sales({ last_full_has_checksums: null }),
    status: 'error',
    findings: [unknown],
    readiness: { Sales: { restore: 'unknown' } },
    manual: 'backupset',
  },
  {
    when: 'nobody knowing whether a backup found damage',
    facts: sales({ damaged_backups: null }),
    status: 'error',
    findings: [unknown],
    manual: 'backupset',
  },
  {
    when: 'no row for the database',
    facts: { backupHistory: historyOfSales().slice(0, 3) },
    status: 'error',
    findings: [unknown],
    manual: 'backupset',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'a backup that went on over damage',
    code: 'BACKUP_DAMAGED',
    on,
    params: { database: 'Sales', damaged: 2 },
    observed: { damaged_backups: 2 },
    expected: { damaged_backups: 0 },
    steps: ["online tsql: DBCC CHECKDB (N'Sales') WITH NO_INFOMSGS, ALL_ERRORMSGS;", 'online manual'],
    verify: verifyBackups,
  },
  {
    when: 'a backup that went on over damage, natively',
    code: 'BACKUP_DAMAGED',
    on,
    params: { database: 'Sales', damaged: 1 },
    observed: { damaged_backups: 1 },
    expected: { damaged_backups: 0 },
    steps: [
      "online tsql: DBCC CHECKDB (N'Sales') WITH NO_INFOMSGS, ALL_ERRORMSGS;",
      "online tsql: BACKUP DATABASE [Sales] TO DISK = N'Sales_full.bak';",
    ],
    verify: verifyBackups,
  },
  {
    when: 'a full backup without checksums',
    code: 'NO_CHECKSUM',
    on,
    params: { database: 'Sales' },
    observed: { last_full_has_checksums: false },
    expected: { last_full_has_checksums: true },
    steps: ['online manual'],
    verify:
      "tsql: SELECT TOP (10) type, backup_finish_date, has_backup_checksums, is_damaged FROM msdb.dbo.backupset WHERE database_name = N'Sales' ORDER BY backup_finish_date DESC;",
  },
  {
    when: 'no row for the database',
    code: 'INTEGRITY_UNKNOWN',
    on,
    params: { database: 'Sales' },
    observed: { damaged_backups: null, last_full_has_checksums: null },
    expected: { damaged_backups: 0, last_full_has_checksums: true },
    steps: [showBackups, 'online manual'],
    verify: verifyBackups,
  },
]

describe('SQL_SERVER_BACKUP_INTEGRITY', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': ['restore'], native: ['restore'] },
    verdicts: [
      ...verdicts,
      ...ownDatabasesVerdicts({ backupHistory: historyOfSales({ damaged_backups: 1 }) }),
    ],
    details: [...details, ...ownDatabasesDetails],
    never: { failed: 'a damaged backup makes no other backup fail, only what is restored from it' },
  })
  testChanges({ check, engine: 'sqlserver', answer: sqlServerFacts, verdicts, isOf: isOfObject })
})
