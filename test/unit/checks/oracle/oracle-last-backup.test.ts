import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-last-backup.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type OracleFacts,
  backup,
  database,
  destination,
  hours,
  oracleFacts,
  rman,
} from '../../../support/facts/oracle.ts'
import {
  type DetailRow,
  type VerdictRow,
  all,
  backups,
  testCheckItem,
} from '../../../support/verdict-table.ts'

const manuals = {
  dataFiles: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-BACKUP_DATAFILE.html',
  jobs: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RMAN_STATUS.html',
  keepTime:
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/CONTROL_FILE_RECORD_KEEP_TIME.html',
  incrementals: 'Oracle Database Backup and Recovery User’s Guide, Incremental Backups',
  newFiles:
    'Oracle Database Backup and Recovery User’s Guide, Re-Creating Data Files When Backups Are Unavailable',
  logs: 'Oracle Database Backup and Recovery User’s Guide, Backing Up Archived Redo Logs with RMAN',
  dataGuard: 'Oracle Data Guard Concepts and Administration, Using RMAN to Back Up and Restore Files',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
  dbachecks: 'dbachecks, policy.backup.fullmaxdays, policy.backup.diffmaxhours',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const on = 'instance ORCL'
const minutesOfADay = hours(24)

/** No data file has a full backup. */
const never = {
  files_without_full: 3,
  files_without_base: 3,
  unprotected_minutes: hours(24 * 365),
  full_minutes: null,
  backup_minutes: null,
  log_minutes: null,
}

const fullTooOld = { code: 'FULL_TOO_OLD', on, degrades: ['incremental', 'restore'] } as const
const withoutFull = { code: 'FILES_WITHOUT_FULL', on, degrades: ['incremental', 'restore'] } as const
const withoutBase = { code: 'BASE_MISSING', on, degrades: ['incremental'] } as const
const backupTooOld = { code: 'BACKUP_TOO_OLD', on, degrades: ['restore'] } as const
const logsTooOld = { code: 'LOGS_TOO_OLD', on, degrades: ['restore'] } as const
const withoutLogs = { code: 'LOGS_WITHOUT_BACKUP', on, degrades: ['restore'] } as const
const unknown = { code: 'BACKUPS_UNKNOWN', on, obscures: all } as const

const ofAges: readonly Row[] = [
  {
    when: 'all data files and logs are backed up',
    status: 'passed',
    findings: [],
    observed: { full_minutes: hours(72), backup_minutes: hours(10), log_minutes: 10 },
    manual: 'dataFiles',
  },
  {
    when: 'the full backup is as old as it may be',
    facts: { backups: [backup({ full_minutes: hours(168) })] },
    status: 'passed',
    findings: [],
    manual: 'dbachecks',
  },
  {
    when: 'the full backup is older than it may be',
    facts: { backups: [backup({ full_minutes: hours(168) + 1 })] },
    status: 'warning',
    findings: [fullTooOld],
    readiness: { instance: { full: 'ready', incremental: 'degraded', log: 'ready', restore: 'degraded' } },
    manual: 'dbachecks',
  },
  {
    when: 'the incremental backup is as old as it may be',
    facts: { backups: [backup({ backup_minutes: hours(25) })] },
    status: 'passed',
    findings: [],
    manual: 'dbachecks',
  },
  {
    when: 'the incremental backup is older than it may be',
    facts: { backups: [backup({ backup_minutes: hours(25) + 1 })] },
    status: 'warning',
    findings: [backupTooOld],
    manual: 'dbachecks',
  },
  {
    when: 'the incremental backup is old, and none is planned',
    facts: { backups: [backup({ backup_minutes: hours(72) })] },
    registered: { operations: ['full', 'log', 'restore'] },
    status: 'passed',
    findings: [],
    manual: 'dbachecks',
  },
  {
    when: 'the log backup is as old as it may be',
    facts: { backups: [backup({ log_minutes: 60 })] },
    status: 'passed',
    findings: [],
    manual: 'logs',
  },
  {
    when: 'the log backup is older than it may be',
    facts: { backups: [backup({ log_minutes: 61 })] },
    status: 'warning',
    findings: [logsTooOld],
    manual: 'logs',
  },
  {
    when: 'no log backup is known',
    facts: { backups: [backup({ log_minutes: null })] },
    status: 'warning',
    findings: [withoutLogs],
    manual: 'logs',
  },
  {
    when: 'the log backup is old, and none is planned',
    facts: { backups: [backup({ log_minutes: 9999 })] },
    registered: { operations: ['full', 'incremental', 'restore'] },
    status: 'passed',
    findings: [],
    manual: 'logs',
  },
  {
    when: 'no log backup in NOARCHIVELOG',
    facts: {
      database: [database({ log_mode: 'NOARCHIVELOG' })],
      backups: [backup({ log_minutes: null })],
    },
    status: 'passed',
    findings: [],
    manual: 'logs',
  },
  {
    when: 'a clock that was set back by an hour',
    facts: { backups: [backup({ full_minutes: -60, backup_minutes: -60, log_minutes: -60 })] },
    status: 'passed',
    findings: [],
    manual: 'dataFiles',
  },
]

const ofMissing: readonly Row[] = [
  {
    when: 'no full backup is known',
    facts: { backups: [backup(never)] },
    status: 'warning',
    findings: [withoutFull, withoutLogs],
    manual: 'dataFiles',
  },
  {
    when: 'no full backup of one data file is known',
    facts: {
      backups: [backup({ files_without_full: 1, files_without_base: 1, unprotected_minutes: hours(169) })],
    },
    status: 'warning',
    findings: [withoutFull],
    manual: 'dataFiles',
  },
  {
    when: 'a data file came after the last full backup',
    facts: {
      backups: [backup({ files_without_full: 1, files_without_base: 1, unprotected_minutes: hours(168) })],
    },
    status: 'passed',
    findings: [],
    manual: 'newFiles',
  },
  {
    when: 'a full backup that is no base',
    facts: { backups: [backup({ files_without_base: 3 })] },
    status: 'warning',
    findings: [withoutBase],
    manual: 'incrementals',
  },
  {
    when: 'a full backup that is no base, and no incremental one is planned',
    facts: { backups: [backup({ files_without_base: 3 })] },
    registered: { operations: ['full', 'log'] },
    status: 'passed',
    findings: [],
    manual: 'incrementals',
  },
  {
    when: 'a new database that is not backed up',
    facts: { backups: [backup({ ...never, database_minutes: minutesOfADay })] },
    status: 'passed',
    findings: [{ code: 'NEW_DATABASE', on }],
    manual: 'dbachecks',
  },
  {
    when: 'a database that is not new any more, and not backed up',
    facts: { backups: [backup({ ...never, database_minutes: minutesOfADay + 1 })] },
    status: 'warning',
    findings: [withoutFull, withoutLogs],
    manual: 'dbachecks',
  },
  {
    when: 'a new database of which a part is backed up',
    facts: {
      backups: [
        backup({
          files_without_full: 1,
          files_without_base: 1,
          unprotected_minutes: hours(1),
          database_minutes: hours(2),
          full_minutes: hours(1),
          backup_minutes: hours(1),
          log_minutes: null,
        }),
      ],
    },
    status: 'warning',
    findings: [withoutLogs],
    manual: 'logs',
  },
]

const short = { code: 'HISTORY_TOO_SHORT', on } as const
const elsewhere = { code: 'BACKED_UP_ELSEWHERE', on } as const

const ofHistory: readonly Row[] = [
  {
    when: 'nothing is known, and the history reaches just far enough',
    facts: { backups: [backup({ ...never, log_minutes: 10, keep_days: 7 })] },
    status: 'warning',
    findings: [withoutFull],
    manual: 'keepTime',
  },
  {
    when: 'nothing is known, and the history is too short',
    facts: { backups: [backup({ ...never, keep_days: 6 })] },
    status: 'error',
    findings: [{ ...short, obscures: ['incremental', 'restore'] }, withoutLogs],
    manual: 'keepTime',
  },
  {
    when: 'nothing is known, of files that all were made a week ago in an older database',
    facts: { backups: [backup({ ...never, unprotected_minutes: hours(168), log_minutes: 10 })] },
    status: 'warning',
    findings: [withoutFull],
    manual: 'keepTime',
  },
  {
    when: 'nothing is known, and nothing is kept',
    facts: { backups: [backup({ ...never, keep_days: 0 })] },
    status: 'error',
    findings: [{ ...short, obscures: ['incremental', 'restore'] }],
    manual: 'keepTime',
  },
  {
    when: 'nothing is known, and the control file is new',
    facts: { backups: [backup({ ...never, control_file_minutes: 30 })] },
    status: 'error',
    findings: [{ ...short, obscures: ['incremental', 'restore'] }],
    manual: 'keepTime',
  },
  {
    when: 'no base is known, and the history is too short',
    facts: { backups: [backup({ files_without_base: 3, keep_days: 3 })] },
    status: 'error',
    findings: [{ ...short, obscures: ['incremental'] }],
    manual: 'keepTime',
  },
  {
    when: 'a full backup that is too old, and the history is short',
    facts: { backups: [backup({ full_minutes: hours(200), keep_days: 3 })] },
    status: 'warning',
    findings: [fullTooOld],
    manual: 'keepTime',
  },
  {
    when: 'a primary that has a standby, and recent backups',
    facts: { destinations: [destination(), destination({ target: 'STANDBY' })] },
    status: 'passed',
    findings: [],
    manual: 'dataGuard',
  },
  {
    when: 'a primary that has a standby, and no recent backup',
    facts: {
      destinations: [destination(), destination({ target: 'STANDBY' })],
      backups: [backup(never)],
    },
    status: 'error',
    findings: [{ ...elsewhere, obscures: ['incremental', 'restore'] }],
    manual: 'dataGuard',
  },
  {
    when: 'a primary that has a standby, and an old log backup',
    facts: {
      destinations: [destination(), destination({ target: 'REMOTE' })],
      backups: [backup({ log_minutes: 61 })],
    },
    status: 'error',
    findings: [{ ...elsewhere, obscures: ['restore'] }],
    manual: 'dataGuard',
  },
  {
    when: 'destinations that could not be read, and an old full backup',
    facts: { destinations: null, backups: [backup({ full_minutes: hours(200) })] },
    status: 'error',
    findings: [{ ...elsewhere, obscures: ['incremental', 'restore'] }],
    manual: 'dataGuard',
  },
  {
    when: 'destinations that could not be read, and recent backups',
    facts: { destinations: null },
    status: 'passed',
    findings: [],
    manual: 'dataGuard',
  },
  {
    when: 'a physical standby with recent backups',
    facts: { database: [database({ database_role: 'PHYSICAL STANDBY' })] },
    status: 'passed',
    findings: [],
    manual: 'dataGuard',
  },
  {
    when: 'a physical standby without backups',
    facts: { database: [database({ database_role: 'PHYSICAL STANDBY' })], backups: [backup(never)] },
    status: 'error',
    findings: [{ ...elsewhere, obscures: ['incremental', 'restore'] }],
    manual: 'dataGuard',
  },
  {
    when: 'a logical standby without backups',
    facts: { database: [database({ database_role: 'LOGICAL STANDBY' })], backups: [backup(never)] },
    status: 'warning',
    findings: [withoutFull, withoutLogs],
    manual: 'dataGuard',
  },
  {
    when: 'a role nobody knows, without backups',
    facts: { database: [database({ database_role: 'MOON' })], backups: [backup(never)] },
    status: 'error',
    findings: [{ ...elsewhere, obscures: ['incremental', 'restore'] }],
    manual: 'dataGuard',
  },
  {
    when: 'a far sync instance',
    facts: { database: [database({ database_role: 'FAR SYNC' })], backups: [backup(never)] },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

/** Each of them says something that is needed. */
const needed = [
  'files',
  'files_without_full',
  'files_without_base',
  'full_minutes',
  'backup_minutes',
  'database_minutes',
  'control_file_minutes',
  'keep_days',
] as const

const ofUnknowns: readonly Row[] = [
  ...needed.map((column): Row => ({
    when: `${column} is not known`,
    facts: { backups: [backup({ [column]: null })] },
    status: 'error',
    findings: [unknown],
    manual: 'dataFiles',
  })),
  {
    when: 'unknown how long a file without a backup has been there',
    facts: { backups: [backup({ ...never, unprotected_minutes: null })] },
    status: 'error',
    findings: [unknown],
    manual: 'dataFiles',
  },
  {
    when: 'no data file at all',
    facts: { backups: [backup({ files: 0 })] },
    status: 'error',
    findings: [unknown],
    manual: 'dataFiles',
  },
  {
    when: 'a backup from hours ahead',
    facts: { backups: [backup({ full_minutes: -121 })] },
    status: 'error',
    findings: [unknown],
    manual: 'dataFiles',
  },
]

const job = (name: string | null, value: string | null, minutes: number | null = 120) => [
  rman({ name: 'CONTROLFILE' }),
  rman({ name, value, minutes }),
]

const ofJobs: readonly Row[] = [
  {
    when: 'the last full job failed',
    facts: { rman: job('DB FULL', 'FAILED') },
    status: 'warning',
    findings: [{ code: 'JOB_FAILED', on: 'instance ORCL DB FULL', degrades: ['full'] }],
    manual: 'jobs',
  },
  {
    when: 'the last full job of a data file failed',
    facts: { rman: job('DATAFILE FULL', 'FAILED') },
    status: 'warning',
    findings: [{ code: 'JOB_FAILED', on: 'instance ORCL DATAFILE FULL', degrades: ['full'] }],
    manual: 'jobs',
  },
  {
    when: 'the last incremental job ended with errors',
    facts: { rman: job('DB INCR', 'COMPLETED WITH ERRORS') },
    status: 'warning',
    findings: [{ code: 'JOB_FAILED', on: 'instance ORCL DB INCR', degrades: ['incremental'] }],
    manual: 'jobs',
  },
  {
    when: 'the last incremental job of a data file failed',
    facts: { rman: job('DATAFILE INCR', 'FAILED') },
    status: 'warning',
    findings: [{ code: 'JOB_FAILED', on: 'instance ORCL DATAFILE INCR', degrades: ['incremental'] }],
    manual: 'jobs',
  },
  {
    when: 'the last log job failed',
    facts: { rman: job('ARCHIVELOG', 'FAILED') },
    status: 'warning',
    findings: [{ code: 'JOB_FAILED', on: 'instance ORCL ARCHIVELOG', degrades: ['log'] }],
    manual: 'jobs',
  },
  {
    when: 'a job of a type nobody knows failed',
    facts: { rman: job(null, 'FAILED', null) },
    status: 'warning',
    findings: [{ code: 'JOB_FAILED', on: 'instance ORCL -', degrades: backups }],
    manual: 'jobs',
  },
  {
    when: 'the last job ended with warnings',
    facts: { rman: job('DB FULL', 'COMPLETED WITH WARNINGS') },
    status: 'passed',
    findings: [],
    manual: 'jobs',
  },
  {
    when: 'no job has ended',
    facts: { rman: [] },
    status: 'passed',
    findings: [],
    manual: 'jobs',
  },
  {
    when: 'a job that runs',
    facts: { rman: [rman({ kind: 'running', value: 'RUNNING WITH ERRORS' })] },
    status: 'passed',
    findings: [],
    manual: 'jobs',
  },
  {
    when: 'a job of a status nobody knows',
    facts: { rman: job('DB FULL', 'MAYBE') },
    status: 'error',
    findings: [{ code: 'JOB_UNKNOWN', on: 'instance ORCL DB FULL', obscures: ['full'] }],
    manual: 'jobs',
  },
  {
    when: 'a job without a status',
    facts: { rman: job('ARCHIVELOG', null) },
    status: 'error',
    findings: [{ code: 'JOB_UNKNOWN', on: 'instance ORCL ARCHIVELOG', obscures: ['log'] }],
    manual: 'jobs',
  },
]

const verify =
  'sqlplus: SELECT input_type, status, start_time, end_time FROM v$rman_backup_job_details ORDER BY start_time DESC FETCH FIRST 20 ROWS ONLY;'
const takeFull = 'online rman: BACKUP INCREMENTAL LEVEL 0 DATABASE PLUS ARCHIVELOG;'
const takeIncremental = 'online rman: BACKUP INCREMENTAL LEVEL 1 DATABASE PLUS ARCHIVELOG;'
const takeLogs = 'online rman: BACKUP ARCHIVELOG ALL NOT BACKED UP 1 TIMES;'

const details: readonly DetailRow[] = [
  {
    when: 'the full backup is older than it may be',
    code: 'FULL_TOO_OLD',
    on,
    params: { hours: 168 },
    observed: { full_minutes: 10_081 },
    expected: { full_minutes: '<= 10080' },
    steps: [takeFull],
    verify,
  },
  {
    when: 'no full backup of one data file is known',
    code: 'FILES_WITHOUT_FULL',
    on,
    params: { missing: 1, files: 3, days: 30 },
    observed: { files_without_full: 1 },
    expected: { files_without_full: 0 },
    steps: [takeFull],
    verify,
  },
  {
    when: 'a full backup that is no base',
    code: 'BASE_MISSING',
    on,
    params: { missing: 3, files: 3 },
    observed: { files_without_base: 3 },
    expected: { files_without_base: 0 },
    steps: [takeFull],
    verify,
  },
  {
    when: 'the incremental backup is older than it may be',
    code: 'BACKUP_TOO_OLD',
    on,
    params: { hours: 25 },
    observed: { backup_minutes: 1501 },
    expected: { backup_minutes: '<= 1500' },
    steps: [takeIncremental],
    verify,
    changes: { backup_minutes: 0, log_minutes: 0 },
  },
  {
    when: 'the log backup is older than it may be',
    code: 'LOGS_TOO_OLD',
    on,
    params: { minutes: 61 },
    observed: { log_minutes: 61 },
    expected: { log_minutes: '<= 60' },
    steps: [takeLogs],
    verify,
  },
  {
    when: 'no log backup is known',
    code: 'LOGS_WITHOUT_BACKUP',
    on,
    params: { days: 30 },
    observed: { log_minutes: null },
    expected: { log_minutes: '<= 60' },
    steps: [takeLogs],
    verify,
  },
  {
    when: 'a new database that is not backed up',
    code: 'NEW_DATABASE',
    on,
    params: { hours: 24 },
    observed: { database_minutes: 1440 },
    expected: { files_without_full: 0 },
    steps: [],
  },
  {
    when: 'nothing is known, and nothing is kept',
    code: 'HISTORY_TOO_SHORT',
    on,
    params: { days: 0 },
    observed: { history_minutes: 0 },
    expected: { history_minutes: '>= 10080' },
    steps: ['online manual', takeFull],
    verify,
  },
  {
    when: 'nothing is known, and the history is too short',
    code: 'HISTORY_TOO_SHORT',
    on,
    params: { days: 6 },
    observed: { history_minutes: 8640 },
    expected: { history_minutes: '>= 10080' },
    steps: ['online manual', takeFull],
    verify,
  },
  {
    when: 'a physical standby without backups',
    code: 'BACKED_UP_ELSEWHERE',
    on,
    params: {},
    observed: { database_role: 'PHYSICAL STANDBY' },
    expected: { recent_backups: true },
    steps: ['online manual'],
    verify,
  },
  {
    when: 'files is not known',
    code: 'BACKUPS_UNKNOWN',
    on,
    params: {},
    observed: backup({ files: null }),
    expected: { known: true },
    steps: [],
  },
  {
    when: 'the last full job failed',
    code: 'JOB_FAILED',
    on: 'instance ORCL DB FULL',
    params: { type: 'DB FULL', status: 'FAILED', hours: 2 },
    observed: { status: 'FAILED' },
    expected: { status: 'COMPLETED' },
    steps: [verify.replace('sqlplus', 'online sqlplus'), 'online manual'],
    verify:
      "sqlplus: SELECT operation, object_type, status, start_time FROM v$rman_status WHERE operation = 'BACKUP' AND row_type = 'COMMAND' ORDER BY start_time DESC FETCH FIRST 20 ROWS ONLY;",
  },
  {
    when: 'a job of a type nobody knows failed',
    code: 'JOB_FAILED',
    on: 'instance ORCL -',
    params: { type: '-', status: 'FAILED', hours: '-' },
    observed: { status: 'FAILED' },
    expected: { status: 'COMPLETED' },
    steps: [verify.replace('sqlplus', 'online sqlplus'), 'online manual'],
    verify:
      "sqlplus: SELECT operation, object_type, status, start_time FROM v$rman_status WHERE operation = 'BACKUP' AND row_type = 'COMMAND' ORDER BY start_time DESC FETCH FIRST 20 ROWS ONLY;",
  },
  {
    when: 'a job without a status',
    code: 'JOB_UNKNOWN',
    on: 'instance ORCL ARCHIVELOG',
    params: { type: 'ARCHIVELOG', status: '-', hours: 2 },
    observed: { status: null },
    expected: { status: 'COMPLETED' },
    steps: [],
  },
]

const verdicts = [...ofAges, ...ofMissing, ...ofHistory, ...ofUnknowns, ...ofJobs]

describe('ORACLE_LAST_BACKUP', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
    never: { failed: 'an age blocks no backup' },
  })

  testChanges({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    verdicts,
    isOf: (statement) => statement === 'backups',
  })

  const measured = (changes: Parameters<typeof backup>[0]) => {
    const answer = oracleFacts({ backups: [backup(changes)] })
    return judged(check, { answer }, contextFor('oracle')).observations?.map(({ name, value }) => [
      name,
      value,
    ])
  }

  it('measures the ages of the last backups', () => {
    expect(measured({})).toEqual([
      ['full-backup-age-minutes', hours(72)],
      ['last-backup-age-minutes', hours(10)],
      ['log-backup-age-minutes', 10],
    ])
  })

  it('measures no age of backups that are not of all data files', () => {
    expect(measured({ files_without_full: 1, unprotected_minutes: 5 })).toEqual([
      ['log-backup-age-minutes', 10],
    ])
    expect(measured(never)).toBeUndefined()
  })
})
