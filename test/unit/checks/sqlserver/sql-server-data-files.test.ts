import { describe } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-data-files.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type SqlServerFacts,
  inAvailabilityGroup,
  isOfObject,
  replicasOfSales,
  server,
  sqlServerFacts,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import {
  type DetailRow,
  type ExpectedFinding,
  type VerdictRow,
  testCheckItem,
} from '../../../support/verdict-table.ts'
import { ownDatabasesDetails, ownDatabasesManuals, ownDatabasesVerdicts } from './own-databases.ts'

const manuals = {
  simple:
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/file-restores-simple-recovery-model',
  ...ownDatabasesManuals,
  backups: 'https://learn.microsoft.com/sql/relational-databases/backup-restore/backup-overview-sql-server',
  fileStates: 'https://learn.microsoft.com/sql/relational-databases/databases/file-states',
  files:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-master-files-transact-sql',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>
type Changes = NonNullable<Parameters<typeof withSales>[0]>

const lost = (state: string, changes: Changes = {}): Partial<SqlServerFacts> => ({
  databases: withSales({
    files_not_online: 2,
    file_not_online: 'Sales_2019',
    file_state: state,
    ...changes,
  }),
})

const on = 'database Sales'
const whole = ['full', 'incremental'] as const
const affected = [...whole, 'restore'] as const
const notOnline: ExpectedFinding = { code: 'FILES_NOT_ONLINE', on, blocks: whole, degrades: ['restore'] }
const unknown: ExpectedFinding = { code: 'FILES_UNKNOWN', on, obscures: affected }

const hidden: ExpectedFinding = { code: 'FILES_HIDDEN', on: 'instance db1', obscures: affected }

const verdicts: readonly Row[] = [
  {
    when: 'every data file ONLINE, or DEFUNCT, which is dropped and never backed up',
    status: 'passed',
    findings: [],
    manual: 'fileStates',
  },
  {
    when: 'OFFLINE',
    facts: lost('OFFLINE'),
    status: 'failed',
    findings: [notOnline],
    readiness: { Sales: { full: 'blocked', incremental: 'blocked', log: 'ready', restore: 'degraded' } },
    manual: 'backups',
  },
  ...['SUSPECT', 'RESTORING', 'RECOVERY_PENDING', 'RECOVERING'].map((state): Row => ({
    when: state,
    facts: lost(state),
    status: 'failed',
    findings: [notOnline],
    manual: 'fileStates',
  })),
  {
    when: 'OFFLINE, where changes may be logged in bulk, which a log backup reads from the files',
    facts: lost('OFFLINE', { recovery_model_desc: 'BULK_LOGGED' }),
    status: 'failed',
    findings: [{ ...notOnline, obscures: ['log'] }],
    readiness: { Sales: { full: 'blocked', log: 'unknown', restore: 'degraded' } },
    manual: 'backups',
  },
  {
    when: 'OFFLINE in SIMPLE, where it is not restored alone',
    facts: lost('OFFLINE', { recovery_model_desc: 'SIMPLE' }),
    status: 'failed',
    findings: [notOnline],
    manual: 'simple',
  },
  {
    when: 'a state that no manual names',
    facts: lost('SLEEPING'),
    status: 'error',
    findings: [unknown],
    manual: 'files',
  },
  {
    when: 'a state that no manual names, where changes may be logged in bulk',
    facts: lost('SLEEPING', { recovery_model_desc: 'BULK_LOGGED' }),
    status: 'error',
    findings: [{ ...unknown, obscures: [...affected, 'log'] }],
    manual: 'backups',
  },
  ...(['files_not_online', 'file_not_online', 'file_state'] as const).map((column): Row => ({
    when: `nobody knowing ${column}`,
    facts: lost('OFFLINE', { [column]: null }),
    status: 'error',
    findings: [unknown],
    manual: 'files',
  })),
  {
    when: 'files of one database that are not seen, with every right',
    facts: { databases: withSales({ files_not_online: null }) },
    status: 'error',
    findings: [unknown],
    manual: 'files',
  },
  ...[0, null].map((view_any_definition): Row => ({
    when: `files that are not seen, where the right for it is ${view_any_definition}`,
    facts: { server: [server({ view_any_definition })], databases: withSales({ files_not_online: null }) },
    status: 'error',
    findings: [hidden],
    readiness: { instance: { full: 'unknown', incremental: 'unknown', log: 'ready', restore: 'unknown' } },
    manual: 'files',
  })),
  {
    when: 'files that are not seen, where changes may be logged in bulk',
    facts: {
      server: [server({ view_any_definition: 0 })],
      databases: withSales().map((row) => ({
        ...row,
        files_not_online: null,
        recovery_model_desc: 'BULK_LOGGED',
      })),
    },
    status: 'error',
    findings: [{ ...hidden, obscures: [...affected, 'log'] }],
    manual: 'backups',
  },
  {
    when: 'files that are seen without that right, as by an owner',
    facts: { ...lost('OFFLINE'), server: [server({ view_any_definition: 0 })] },
    status: 'failed',
    findings: [notOnline],
    manual: 'files',
  },
  {
    when: 'OFFLINE on a secondary, whose backups are judged on its primary',
    facts: { ...lost('OFFLINE', inAvailabilityGroup), replicas: replicasOfSales('SECONDARY') },
    status: 'passed',
    findings: [{ code: 'JUDGED_ELSEWHERE', on }],
    manual: 'secondaries',
  },
  {
    when: 'OFFLINE in a database that is OFFLINE',
    facts: lost('OFFLINE', { state_desc: 'OFFLINE' }),
    status: 'passed',
    findings: [{ code: 'NOT_ONLINE', on }],
    manual: 'states',
  },
  ...ownDatabasesVerdicts({}),
]

const showFiles =
  "tsql: SELECT file_id, name, state_desc, physical_name FROM sys.master_files WHERE database_id = DB_ID(N'Sales') AND type <> 1 AND state_desc NOT IN ('ONLINE', 'DEFUNCT');"
const restored = [`online ${showFiles}`, 'downtime manual', 'online manual', 'data-loss manual']
const recovered = [
  `online ${showFiles}`,
  "online tsql: EXEC sys.sp_readerrorlog 0, 1, N'Sales';",
  "online tsql: RESTORE DATABASE [Sales] FILE = N'Sales_2019' WITH RECOVERY;",
  'downtime manual',
  'online manual',
]

const found = (state: string, steps: readonly string[], when = state): DetailRow => ({
  when,
  code: 'FILES_NOT_ONLINE',
  on,
  params: { database: 'Sales', count: 2, file: 'Sales_2019', state },
  observed: { files_not_online: 2, file_not_online: 'Sales_2019', file_state: state },
  expected: { files_not_online: 0 },
  steps,
  verify: showFiles,
})

const details: readonly DetailRow[] = [
  found('OFFLINE', restored),
  found('SUSPECT', restored),
  found('RESTORING', recovered),
  found('RECOVERY_PENDING', recovered),
  found('RECOVERING', ['online manual']),
  found(
    'OFFLINE',
    [`online ${showFiles}`, 'data-loss manual', 'data-loss manual'],
    'OFFLINE in SIMPLE, where it is not restored alone',
  ),
  {
    when: 'a state that no manual names',
    code: 'FILES_UNKNOWN',
    on,
    params: { database: 'Sales' },
    observed: { files_not_online: 2, file_not_online: 'Sales_2019', file_state: 'SLEEPING' },
    expected: { files_not_online: 0 },
    steps: [],
  },
  {
    when: 'files that are not seen, where the right for it is 0',
    code: 'FILES_HIDDEN',
    on: 'instance db1',
    params: {},
    observed: { view_any_definition: false },
    expected: { view_any_definition: true },
    steps: ['online tsql: USE [master]; GRANT VIEW ANY DEFINITION TO [precheck];'],
    verify: "tsql: SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION');",
  },
  ...ownDatabasesDetails,
]

describe('SQL_SERVER_DATA_FILES', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: {
      'cloud-backup': ['full', 'incremental', 'restore', 'log'],
      native: ['full', 'incremental', 'restore', 'log'],
    },
    verdicts,
    details,
    never: { warning: 'a file is online, or no backup of the whole database runs' },
  })
  testChanges({ check, engine: 'sqlserver', answer: sqlServerFacts, verdicts, isOf: isOfObject })
})
