import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-last-backup.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type HistoryChanges,
  type SqlServerFacts,
  chain,
  database,
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
  masterFiles:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-master-files-transact-sql',
  deleteHistory:
    'https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-delete-backuphistory-transact-sql',
  databasesView:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-databases-transact-sql',
  recoveryStatus:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-recovery-status-transact-sql',
  masterDatabase: 'https://learn.microsoft.com/sql/relational-databases/databases/master-database',
  mirroring:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-mirroring-transact-sql',
  rename:
    'https://learn.microsoft.com/sql/database-engine/install-windows/rename-a-computer-that-hosts-a-stand-alone-instance-of-sql-server',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>
type DatabaseChanges = NonNullable<Parameters<typeof withSales>[0]>

const sales = (changes: HistoryChanges, database_: DatabaseChanges = {}): Partial<SqlServerFacts> => ({
  backupHistory: historyOfSales(changes),
  databases: withSales(database_),
})

const on = 'database Sales'
const degrading = (code: string): ExpectedFinding => ({ code, on, degrades: ['restore'] })
const unknown: ExpectedFinding = { code: 'HISTORY_UNKNOWN', on, obscures: ['restore'] }
const elsewhere: ExpectedFinding = { code: 'OTHER_REPLICA', on, obscures: ['restore'] }
const isNew: ExpectedFinding = { code: 'NEW_DATABASE', on }
const noHistory = {
  history_minutes: null,
  last_full_minutes: null,
  last_incremental_minutes: null,
  last_log_minutes: null,
}

const verdicts: readonly Row[] = [
  { when: 'backups of every kind as recent as asked', status: 'passed', findings: [], manual: 'backupset' },
  {
    when: 'backups just as old as the policy allows',
    facts: sales({ last_full_minutes: 10_080, last_incremental_minutes: 1500, last_log_minutes: 60 }),
    status: 'passed',
    findings: [],
    manual: 'backupset',
  },
  {
    when: 'a full backup a minute too old',
    facts: sales({ last_full_minutes: 10_081 }),
    status: 'warning',
    findings: [degrading('FULL_OLD')],
    readiness: { Sales: { full: 'ready', restore: 'degraded' } },
    manual: 'backupset',
  },
  {
    when: 'no incremental backup, but a full one that is recent enough to stand for it',
    facts: sales({ last_full_minutes: 600, last_incremental_minutes: null }),
    status: 'passed',
    findings: [],
    manual: 'backupset',
  },
  {
    when: 'no incremental backup since a full one of yesterday but one',
    facts: sales({ last_full_minutes: 3000, last_incremental_minutes: null }),
    status: 'warning',
    findings: [degrading('INCREMENTAL_OLD')],
    manual: 'backupset',
  },
  {
    when: 'an incremental backup that is too old, where none are planned',
    facts: sales({ last_incremental_minutes: 3000, last_full_minutes: 3000 }),
    registered: { operations: ['full', 'log', 'restore'] },
    status: 'passed',
    findings: [],
    manual: 'backupset',
  },
  {
    when: 'a log backup a minute too old',
    facts: sales({ last_log_minutes: 61 }),
    status: 'warning',
    findings: [degrading('LOG_OLD')],
    manual: 'backupset',
  },
  {
    when: 'no log backup in a history that reaches back far enough',
    facts: sales({ last_log_minutes: null }),
    status: 'warning',
    findings: [degrading('LOG_MISSING')],
    manual: 'backupset',
  },
  {
    when: 'no log backup, where none are planned',
    facts: sales({ last_log_minutes: null }),
    registered: { operations: ['full', 'incremental', 'restore'] },
    status: 'passed',
    findings: [],
    manual: 'backupset',
  },
  {
    when: 'no log backup, natively',
    facts: sales({ last_log_minutes: null }),
    registered: { profile: 'native' },
    status: 'warning',
    findings: [degrading('LOG_MISSING')],
    manual: 'backupset',
  },
  {
    when: 'everything too old, natively',
    facts: sales({ last_full_minutes: 20_000, last_incremental_minutes: 3000, last_log_minutes: 300 }),
    registered: { profile: 'native' },
    status: 'warning',
    findings: [degrading('FULL_OLD'), degrading('INCREMENTAL_OLD'), degrading('LOG_OLD')],
    manual: 'backupset',
  },
  {
    when: 'never a full backup: neither in the history nor in its files',
    facts: sales(noHistory, { has_differential_base: 0 }),
    status: 'warning',
    findings: [degrading('FULL_MISSING')],
    manual: 'masterFiles',
  },
  {
    when: 'an empty history, where the files say that there was a full backup',
    facts: sales(noHistory),
    status: 'error',
    findings: [unknown],
    readiness: { Sales: { restore: 'unknown' } },
    manual: 'deleteHistory',
  },
  {
    when: 'an empty history, where the files are hidden',
    facts: sales(noHistory, { has_differential_base: null }),
    status: 'error',
    findings: [unknown],
    manual: 'masterFiles',
  },
  {
    when: 'no row for the database',
    facts: { backupHistory: historyOfSales().slice(0, 3) },
    status: 'error',
    findings: [unknown],
    manual: 'deleteHistory',
  },
  {
    when: 'two rows for the database, which no server has',
    facts: { backupHistory: [...historyOfSales(), history()] },
    status: 'error',
    findings: [unknown],
    manual: 'deleteHistory',
  },
  {
    when: 'no log backup in a history that was purged an hour short of two days',
    facts: sales({ last_log_minutes: null, history_minutes: 2820 }),
    status: 'error',
    findings: [unknown],
    manual: 'deleteHistory',
  },
  {
    when: 'no log backup in a history that reaches back just two days',
    facts: sales({ last_log_minutes: null, history_minutes: 2880 }),
    status: 'warning',
    findings: [degrading('LOG_MISSING')],
    manual: 'deleteHistory',
  },
  {
    when: 'no log backup in a short history, of a database that is younger still',
    facts: sales({
      last_full_minutes: 100,
      last_log_minutes: null,
      history_minutes: 2000,
      database_minutes: 1900,
    }),
    status: 'warning',
    findings: [degrading('LOG_MISSING')],
    manual: 'deleteHistory',
  },
  {
    when: 'no log backup, nobody knowing how far the history reaches back',
    facts: sales({ last_log_minutes: null, history_minutes: null }),
    status: 'error',
    findings: [unknown],
    manual: 'deleteHistory',
  },
  {
    when: 'no log backup, nobody knowing how far the history reaches back, of a database of this minute',
    facts: sales({
      last_full_minutes: 0,
      last_log_minutes: null,
      history_minutes: null,
      database_minutes: 0,
    }),
    status: 'error',
    findings: [unknown],
    manual: 'deleteHistory',
  },
  {
    when: 'no log backup in a short history, of a database just as old',
    facts: sales({
      last_full_minutes: 100,
      last_log_minutes: null,
      history_minutes: 2000,
      database_minutes: 2000,
    }),
    status: 'warning',
    findings: [degrading('LOG_MISSING')],
    manual: 'deleteHistory',
  },
  {
    when: 'no log backup in a short history, of a database of unknown age',
    facts: sales({ last_log_minutes: null, history_minutes: 2000, database_minutes: null }),
    status: 'error',
    findings: [unknown],
    manual: 'deleteHistory',
  },
  {
    when: 'a history that shows log backups alone, where the files have a base',
    facts: sales({ last_full_minutes: null, last_incremental_minutes: null }),
    status: 'error',
    findings: [unknown],
    manual: 'masterFiles',
  },
  {
    when: 'old log backups of this server, and some of another name: it may have been renamed',
    facts: sales({ last_log_minutes: 300, other_server_backups: 7 }),
    status: 'error',
    findings: [unknown],
    manual: 'rename',
  },
  {
    when: 'old log backups, nobody knowing whether there are some of another name',
    facts: sales({ last_log_minutes: 300, other_server_backups: null }),
    status: 'error',
    findings: [unknown],
    manual: 'rename',
  },
  {
    when: 'recent backups beside those that a restore recorded from another server',
    facts: sales({ other_server_backups: 7 }),
    status: 'passed',
    findings: [],
    manual: 'backupset',
  },
  {
    when: 'a restored database: only backups of another server, and no base in its files',
    facts: sales({ ...noHistory, other_server_backups: 1 }, { has_differential_base: 0 }),
    status: 'warning',
    findings: [degrading('FULL_MISSING')],
    manual: 'masterFiles',
  },
  {
    when: 'backups of the future: the clock was set back',
    facts: sales({ last_full_minutes: -90, last_incremental_minutes: -90, last_log_minutes: -90 }),
    status: 'error',
    findings: [unknown],
    manual: 'backupset',
  },
  {
    when: 'a log backup of the future alone',
    facts: sales({ last_log_minutes: -1 }),
    status: 'error',
    findings: [unknown],
    manual: 'backupset',
  },
  {
    when: 'a full backup of the future, where no incremental ones are planned',
    facts: sales({ last_full_minutes: -1 }),
    registered: { operations: ['full', 'log', 'restore'] },
    status: 'error',
    findings: [unknown],
    manual: 'backupset',
  },
  {
    when: 'backups of this minute',
    facts: sales({ last_full_minutes: 0, last_incremental_minutes: 0, last_log_minutes: 0 }),
    status: 'passed',
    findings: [],
    manual: 'backupset',
  },
  {
    when: 'a new database without any backup',
    facts: sales({ ...noHistory, database_minutes: 1439 }, { has_differential_base: 0 }),
    status: 'passed',
    findings: [isNew],
    manual: 'databasesView',
  },
  {
    when: 'a database without any backup that is no longer new',
    facts: sales({ ...noHistory, database_minutes: 1440 }, { has_differential_base: 0 }),
    status: 'warning',
    findings: [degrading('FULL_MISSING')],
    manual: 'databasesView',
  },
  {
    when: 'a database of unknown age without any backup',
    facts: sales({ ...noHistory, database_minutes: null }, { has_differential_base: 0 }),
    status: 'warning',
    findings: [degrading('FULL_MISSING')],
    manual: 'databasesView',
  },
  {
    when: 'a database created in the future',
    facts: sales({ ...noHistory, database_minutes: -5 }, { has_differential_base: 0 }),
    status: 'warning',
    findings: [degrading('FULL_MISSING')],
    manual: 'databasesView',
  },
  {
    when: 'a new database whose backups nobody knows',
    facts: sales({ ...noHistory, database_minutes: 60 }),
    status: 'error',
    findings: [unknown],
    manual: 'databasesView',
  },
  {
    when: 'read-only: what was backed up once stays so',
    facts: sales(
      { last_full_minutes: 50_000, last_incremental_minutes: null, last_log_minutes: null },
      { is_read_only: true },
    ),
    status: 'passed',
    findings: [],
    manual: 'databasesView',
  },
  {
    when: 'read-only and never backed up',
    facts: sales(noHistory, { is_read_only: true, has_differential_base: 0 }),
    status: 'warning',
    findings: [degrading('FULL_MISSING')],
    manual: 'masterFiles',
  },
  {
    when: 'SIMPLE, which has no log and, under Cloud Backup, no incremental backups',
    facts: sales(
      { last_full_minutes: 3000, last_incremental_minutes: null, last_log_minutes: null },
      { recovery_model_desc: 'SIMPLE' },
    ),
    status: 'passed',
    findings: [],
    manual: 'databasesView',
  },
  {
    when: 'SIMPLE, natively: incremental backups it has',
    facts: sales(
      { last_full_minutes: 3000, last_incremental_minutes: null, last_log_minutes: null },
      { recovery_model_desc: 'SIMPLE' },
    ),
    registered: { profile: 'native' },
    status: 'warning',
    findings: [degrading('INCREMENTAL_OLD')],
    manual: 'databasesView',
  },
  {
    when: 'FULL without a log chain, which another item says',
    facts: { ...sales({ last_log_minutes: null }), chains: [chain({ has_log_chain: 0 })] },
    status: 'passed',
    findings: [],
    manual: 'recoveryStatus',
  },
  {
    when: 'no log backup, nobody knowing whether there is a log chain',
    facts: { ...sales({ last_log_minutes: null }), chains: null },
    status: 'warning',
    findings: [degrading('LOG_MISSING')],
    manual: 'recoveryStatus',
  },
  {
    when: 'master, model and msdb with full backups alone',
    facts: {
      backupHistory: [1, 3, 4, 5].map((database_id) =>
        history({
          database_id,
          ...(database_id !== 5 && {
            last_full_minutes: 5000,
            last_incremental_minutes: null,
            last_log_minutes: null,
          }),
        }),
      ),
    },
    status: 'passed',
    findings: [],
    manual: 'masterDatabase',
  },
  {
    when: 'master with full backups alone, natively: there are no others of it',
    facts: {
      backupHistory: [
        history({
          database_id: 1,
          last_full_minutes: 5000,
          last_incremental_minutes: null,
          last_log_minutes: null,
        }),
        ...historyOfSales().slice(1),
      ],
    },
    registered: { profile: 'native' },
    status: 'passed',
    findings: [],
    manual: 'masterDatabase',
  },
  {
    when: 'master with an old full backup',
    facts: {
      backupHistory: [history({ database_id: 1, last_full_minutes: 20_000 }), ...historyOfSales().slice(1)],
    },
    status: 'warning',
    findings: [{ code: 'FULL_OLD', on: 'database master', degrades: ['restore'] }],
    manual: 'masterDatabase',
  },
  {
    when: 'model without log backups, where the plan names them',
    facts: {
      backupHistory: [1, 3, 4, 5].map((database_id) =>
        history({ database_id, ...(database_id === 3 && { last_log_minutes: null }) }),
      ),
    },
    registered: { operations: ['full', 'log'] },
    status: 'warning',
    findings: [{ code: 'LOG_MISSING', on: 'database model', degrades: ['restore'] }],
    manual: 'backupset',
  },
  {
    when: 'AG primary that is backed up here',
    facts: { ...sales({}, inAvailabilityGroup), replicas: replicasOfSales('PRIMARY') },
    status: 'passed',
    findings: [],
    manual: 'secondaries',
  },
  {
    when: 'AG primary whose log backups may be taken on another replica',
    facts: {
      ...sales({ last_log_minutes: null }, inAvailabilityGroup),
      replicas: replicasOfSales('PRIMARY'),
    },
    status: 'error',
    findings: [elsewhere],
    manual: 'secondaries',
  },
  {
    when: 'AG primary without any backup here, never a base in its files',
    facts: {
      ...sales(noHistory, { ...inAvailabilityGroup, has_differential_base: 0 }),
      replicas: replicasOfSales('PRIMARY'),
    },
    status: 'error',
    findings: [elsewhere],
    manual: 'secondaries',
  },
  {
    when: 'a replica of unknown kind with old backups',
    facts: { ...sales({ last_full_minutes: 20_000 }, inAvailabilityGroup), replicas: null },
    status: 'error',
    findings: [elsewhere],
    manual: 'secondaries',
  },
  {
    when: 'principal in mirroring whose log backups may stand in the history of its partner',
    facts: sales({ last_log_minutes: 300 }, { mirroring_role_desc: 'PRINCIPAL' }),
    status: 'error',
    findings: [elsewhere],
    manual: 'mirroring',
  },
  {
    when: 'a database of this minute without any backup',
    facts: sales({ ...noHistory, database_minutes: 0 }, { has_differential_base: 0 }),
    status: 'passed',
    findings: [isNew],
    manual: 'databasesView',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'never a full backup: neither in the history nor in its files',
    code: 'FULL_MISSING',
    on,
    params: { database: 'Sales' },
    observed: { last_full_minutes: null },
    expected: { last_full_minutes: 'at most 10080' },
    steps: ['online manual'],
    verify: verifyBackups,
  },
  {
    when: 'a full backup a minute too old',
    code: 'FULL_OLD',
    on,
    params: { database: 'Sales', hours: 168, limit: 168 },
    observed: { last_full_minutes: 10_081 },
    expected: { last_full_minutes: 'at most 10080' },
    steps: ['online manual'],
    verify: verifyBackups,
  },
  {
    when: 'everything too old, natively',
    code: 'FULL_OLD',
    on,
    params: { database: 'Sales', hours: 333, limit: 168 },
    observed: { last_full_minutes: 20_000 },
    expected: { last_full_minutes: 'at most 10080' },
    steps: ["online tsql: BACKUP DATABASE [Sales] TO DISK = N'Sales_full.bak';"],
    verify: verifyBackups,
  },
  {
    when: 'everything too old, natively',
    code: 'INCREMENTAL_OLD',
    on,
    params: { database: 'Sales', hours: 50, limit: 25 },
    observed: { last_incremental_minutes: 3000 },
    expected: { last_incremental_minutes: 'at most 1500' },
    steps: ["online tsql: BACKUP DATABASE [Sales] TO DISK = N'Sales_differential.bak' WITH DIFFERENTIAL;"],
    verify: verifyBackups,
  },
  {
    when: 'everything too old, natively',
    code: 'LOG_OLD',
    on,
    params: { database: 'Sales', minutes: 300, limit: 60 },
    observed: { last_log_minutes: 300 },
    expected: { last_log_minutes: 'at most 60' },
    steps: ["online tsql: BACKUP LOG [Sales] TO DISK = N'Sales_log.trn';"],
    verify: verifyBackups,
  },
  {
    when: 'no log backup, natively',
    code: 'LOG_MISSING',
    on,
    params: { database: 'Sales', limit: 60 },
    observed: { last_log_minutes: null },
    expected: { last_log_minutes: 'at most 60' },
    steps: ["online tsql: BACKUP LOG [Sales] TO DISK = N'Sales_log.trn';"],
    verify: verifyBackups,
  },
  {
    when: 'an empty history, where the files say that there was a full backup',
    code: 'HISTORY_UNKNOWN',
    on,
    params: { database: 'Sales', operations: ['full', 'incremental', 'log'] },
    observed: { last_full_minutes: null, last_incremental_minutes: null, last_log_minutes: null },
    expected: {
      last_full_minutes: 'at most 10080',
      last_incremental_minutes: 'at most 1500',
      last_log_minutes: 'at most 60',
    },
    steps: [showBackups, 'online manual'],
    verify: verifyBackups,
  },
  {
    when: 'AG primary whose log backups may be taken on another replica',
    code: 'OTHER_REPLICA',
    on,
    params: { database: 'Sales', operations: ['log'] },
    observed: { last_log_minutes: null },
    expected: { last_log_minutes: 'at most 60' },
    steps: ['online manual'],
    verify: verifyBackups,
  },
  {
    when: 'a new database without any backup',
    code: 'NEW_DATABASE',
    on,
    params: { database: 'Sales', operations: ['full'] },
    observed: { last_full_minutes: null },
    expected: { last_full_minutes: 'at most 10080' },
    steps: [],
  },
]

describe('SQL_SERVER_LAST_BACKUP', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': ['restore'], native: ['restore'] },
    verdicts: [...verdicts, ...ownDatabasesVerdicts({ backupHistory: historyOfSales(noHistory) })],
    details: [...details, ...ownDatabasesDetails],
    never: { failed: 'an old backup makes no backup fail' },
  })
  testChanges({ check, engine: 'sqlserver', answer: sqlServerFacts, verdicts, isOf: isOfObject })

  const observe = (facts: Partial<SqlServerFacts>) =>
    judged(check, { answer: sqlServerFacts(facts) }, contextFor('sqlserver')).observations ?? []

  it('observes how old the last backups of a database are', () => {
    const facts = sales({ last_incremental_minutes: null, last_log_minutes: 70 })
    expect(observe(facts).filter(({ object }) => object.name === 'Sales')).toEqual([
      { name: 'full-backup-age-minutes', object: { type: 'database', name: 'Sales' }, value: 1440 },
      { name: 'log-backup-age-minutes', object: { type: 'database', name: 'Sales' }, value: 70 },
    ])
  })

  it('observes the 20 largest databases', () => {
    const ids = Array.from({ length: 30 }, (_, index) => index + 5)
    const inNoOrder = ids.toSorted((one, other) => ((one * 7) % 31) - ((other * 7) % 31))
    const observed = observe({
      databases: inNoOrder.map((id) => database(id, `db${id}`)),
      backupHistory: ids.map((id) =>
        history({ database_id: id, database_bytes: id === 7 ? null : id * 1000 }),
      ),
    })
    const names = [...new Set(observed.map(({ object }) => object.name))]
    expect(names).toEqual(
      ids
        .toReversed()
        .slice(0, 20)
        .map((id) => `db${id}`),
    )
    expect(observed).toHaveLength(60)
  })

  it('leaves out what is OFFLINE on purpose', () => {
    const databases = [{ name: 'Sales', expectedState: 'offline' }]
    const facts = sqlServerFacts({ databases: withSales({ state_desc: 'OFFLINE' }) })
    const { findings, excluded } = judged(check, { answer: facts }, contextFor('sqlserver', { databases }))
    expect([findings, excluded.map(({ name }) => name)]).toEqual([[], ['tempdb', 'Sales']])
  })

  it('judges what is online, whatever was expected of its state', () => {
    const databases = [{ name: 'Sales', expectedState: 'offline' }]
    const facts = sqlServerFacts(sales({ last_log_minutes: 61 }))
    const { findings, excluded } = judged(check, { answer: facts }, contextFor('sqlserver', { databases }))
    expect([findings.map(({ message }) => message.code), excluded.map(({ name }) => name)]).toEqual([
      ['LOG_OLD'],
      ['tempdb'],
    ])
  })

  it('holds every database to the thresholds of its own policy', () => {
    const context = contextFor('sqlserver')
    const thresholdsFor = (name?: string) => ({
      ...context.thresholdsFor(name),
      ...(name === 'Sales' && { logBackupMaxAgeMinutes: 10 }),
    })
    const result = judged(check, { answer: sqlServerFacts() }, { ...context, thresholdsFor })
    expect(result.findings.map(({ message, object }) => [message.code, object.name])).toEqual([
      ['LOG_OLD', 'Sales'],
    ])
  })
})
