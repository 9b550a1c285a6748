import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-archived-log-gap.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type OracleFacts,
  backup,
  database,
  destination,
  oracleFacts,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  logsView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ARCHIVED_LOG.html',
  maintaining:
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/bradv/maintaining-rman-backups.html',
  incrementals: 'Oracle Database Backup and Recovery User’s Guide, Incremental Backups',
  dataGuard: 'Oracle Data Guard Concepts and Administration, Using RMAN to Back Up and Restore Files',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
  archiveMode: 'Oracle Database Administrator’s Guide, Running a Database in NOARCHIVELOG Mode',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const on = 'instance ORCL'
const lost = { lost_since_full: 5, lost_since_backup: 2, lost_thread: 1, lost_sequence: 4711 }
const covered = { ...lost, lost_since_backup: 0 }

const broken = { code: 'LOGS_LOST', on, degrades: ['log'], blocks: ['restore'] } as const
const elsewhere = { code: 'MAY_BE_ELSEWHERE', on, obscures: ['log', 'restore'] } as const
const unknown = { code: 'LOGS_UNKNOWN', on, obscures: ['log', 'restore'] } as const

const verdicts: readonly Row[] = [
  {
    when: 'every log is there or backed up',
    status: 'passed',
    findings: [],
    observed: { lost_since_full: 0, lost_since_backup: 0 },
    manual: 'logsView',
  },
  {
    when: 'logs since the last backup are gone',
    facts: { backups: [backup(lost)] },
    status: 'failed',
    findings: [broken],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'degraded', restore: 'blocked' } },
    manual: 'maintaining',
  },
  {
    when: 'logs since the last backup are gone, no restore planned',
    facts: { backups: [backup(lost)] },
    registered: { operations: ['full', 'log'] },
    status: 'warning',
    findings: [broken],
    manual: 'maintaining',
  },
  {
    when: 'logs of unknown sequences are gone',
    facts: { backups: [backup({ ...lost, lost_thread: null, lost_sequence: null })] },
    status: 'failed',
    findings: [broken],
    manual: 'logsView',
  },
  {
    when: 'logs before the last incremental backup are gone',
    facts: { backups: [backup(covered)] },
    status: 'warning',
    findings: [{ code: 'LOGS_LOST_BEFORE', on, degrades: ['restore'] }],
    manual: 'incrementals',
  },
  {
    when: 'logs are gone, one data file without a full backup',
    facts: { backups: [backup({ ...lost, files_without_full: 1 })] },
    status: 'failed',
    findings: [broken],
    manual: 'maintaining',
  },
  {
    when: 'no full backup is known',
    facts: { backups: [backup({ files_without_full: 3 })] },
    status: 'passed',
    findings: [{ code: 'NO_BASE', on }],
    manual: 'maintaining',
  },
  {
    when: 'logs are gone on a primary that has a standby',
    facts: { destinations: [destination(), destination({ target: 'STANDBY' })], backups: [backup(lost)] },
    status: 'error',
    findings: [elsewhere],
    manual: 'dataGuard',
  },
  {
    when: 'logs are gone, destinations could not be read',
    facts: { destinations: null, backups: [backup(covered)] },
    status: 'error',
    findings: [elsewhere],
    manual: 'dataGuard',
  },
  {
    when: 'a physical standby removed logs that it applied',
    facts: { database: [database({ database_role: 'PHYSICAL STANDBY' })], backups: [backup(lost)] },
    status: 'error',
    findings: [elsewhere],
    manual: 'dataGuard',
  },
  {
    when: 'a physical standby with all its logs',
    facts: { database: [database({ database_role: 'PHYSICAL STANDBY' })] },
    status: 'passed',
    findings: [],
    manual: 'dataGuard',
  },
  {
    when: 'logs are gone in NOARCHIVELOG',
    facts: { database: [database({ log_mode: 'NOARCHIVELOG' })], backups: [backup(lost)] },
    status: 'passed',
    findings: [],
    manual: 'archiveMode',
  },
  {
    when: 'a far sync instance',
    facts: { database: [database({ database_role: 'FAR SYNC' })], backups: [backup(lost)] },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
  ...(['files', 'files_without_full', 'lost_since_full', 'lost_since_backup'] as const).map(
    (column): Row => ({
      when: `${column} is not known`,
      facts: { backups: [backup({ [column]: null })] },
      status: 'error',
      findings: [unknown],
      manual: 'logsView',
    }),
  ),
]

const steps = ['online manual', 'online rman: BACKUP INCREMENTAL LEVEL 0 DATABASE PLUS ARCHIVELOG;']
const verify =
  'sqlplus: SELECT thread#, sequence#, status, deleted, backup_count, next_time FROM v$archived_log ORDER BY next_time DESC FETCH FIRST 100 ROWS ONLY;'

const details: readonly DetailRow[] = [
  {
    when: 'logs since the last backup are gone',
    code: 'LOGS_LOST',
    on,
    params: { count: 5, thread: 1, sequence: 4711 },
    observed: { lost_since_full: 5, lost_since_backup: 2 },
    expected: { lost_since_full: 0 },
    steps,
    verify,
  },
  {
    when: 'logs of unknown sequences are gone',
    code: 'LOGS_LOST',
    on,
    params: { count: 5, thread: '-', sequence: '-' },
    observed: { lost_since_full: 5, lost_since_backup: 2 },
    expected: { lost_since_full: 0 },
    steps,
    verify,
  },
  {
    when: 'logs before the last incremental backup are gone',
    code: 'LOGS_LOST_BEFORE',
    on,
    params: { count: 5, thread: 1, sequence: 4711 },
    observed: { lost_since_full: 5, lost_since_backup: 0 },
    expected: { lost_since_full: 0 },
    steps,
    verify,
  },
  {
    when: 'logs are gone on a primary that has a standby',
    code: 'MAY_BE_ELSEWHERE',
    on,
    params: { count: 5 },
    observed: { lost_since_full: 5, lost_since_backup: 2 },
    expected: { lost_since_full: 0 },
    steps: [],
  },
  {
    when: 'no full backup is known',
    code: 'NO_BASE',
    on,
    params: {},
    observed: { lost_since_full: 0, lost_since_backup: 0 },
    expected: { lost_since_full: 0 },
    steps: [],
  },
  {
    when: 'lost_since_full is not known',
    code: 'LOGS_UNKNOWN',
    on,
    params: {},
    observed: { lost_since_full: null, lost_since_backup: 0 },
    expected: { lost_since_full: 0 },
    steps: [],
  },
]

describe('ORACLE_ARCHIVED_LOG_GAP', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': ['log', 'restore'], native: ['log', 'restore'] },
    verdicts,
    details,
  })

  testChanges({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    verdicts,
    isOf: (statement) => statement === 'backups',
  })
})
