import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-control-file-keep-time.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type OracleFacts,
  backup,
  database,
  hours,
  oracleFacts,
  rman,
  setting,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  keepTime:
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/CONTROL_FILE_RECORD_KEEP_TIME.html',
  repository: 'Oracle Database Backup and Recovery User’s Guide, Managing the Control File Repository',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const on = 'instance ORCL'
const affected = ['incremental', 'restore'] as const
const tooShort = { code: 'KEEP_TIME_TOO_SHORT', on, degrades: affected } as const
const unknown = { code: 'KEEP_TIME_UNKNOWN', on, obscures: affected } as const
const byDefault = [setting('retention', null)]

const verdicts: readonly Row[] = [
  {
    when: 'records are kept for longer than the recovery window',
    status: 'passed',
    findings: [],
    observed: { keep_days: 30, retention: 'TO RECOVERY WINDOW OF 14 DAYS' },
    manual: 'keepTime',
  },
  {
    when: 'records are kept as long as the recovery window',
    facts: { backups: [backup({ keep_days: 14 })] },
    status: 'passed',
    findings: [],
    manual: 'repository',
  },
  {
    when: 'records are kept for less than the recovery window',
    facts: { backups: [backup({ keep_days: 13 })] },
    status: 'warning',
    findings: [tooShort],
    readiness: { instance: { full: 'ready', incremental: 'degraded', log: 'ready', restore: 'degraded' } },
    manual: 'repository',
  },
  {
    when: 'no recovery window, and the defaults',
    facts: { backups: [backup({ keep_days: 7 })], rman: byDefault },
    status: 'passed',
    findings: [],
    manual: 'keepTime',
  },
  {
    when: 'a policy of redundancy',
    facts: { backups: [backup({ keep_days: 7 })], rman: [setting('retention', 'TO REDUNDANCY 2')] },
    status: 'passed',
    findings: [],
    manual: 'repository',
  },
  {
    when: 'records are kept for less than a full backup may be old',
    facts: { backups: [backup({ keep_days: 6 })], rman: byDefault },
    status: 'warning',
    findings: [tooShort],
    manual: 'keepTime',
  },
  {
    when: 'records are kept for less than the last full backup is old',
    facts: { backups: [backup({ keep_days: 7, full_minutes: hours(24 * 8) + 1 })], rman: byDefault },
    status: 'warning',
    findings: [tooShort],
    manual: 'keepTime',
  },
  {
    when: 'records are not kept',
    facts: { backups: [backup({ keep_days: 0 })] },
    status: 'warning',
    findings: [tooShort],
    manual: 'keepTime',
  },
  {
    when: 'a recovery window of two years, and as much as the parameter takes',
    facts: {
      backups: [backup({ keep_days: 365 })],
      rman: [setting('retention', 'TO RECOVERY WINDOW OF 730 DAYS')],
    },
    status: 'passed',
    findings: [],
    manual: 'keepTime',
  },
  {
    when: 'no full backup at all',
    facts: { backups: [backup({ files_without_full: 3, full_minutes: null })] },
    status: 'passed',
    findings: [],
    manual: 'repository',
  },
  {
    when: 'unknown how long records are kept',
    facts: { backups: [backup({ keep_days: null })] },
    status: 'error',
    findings: [unknown],
    manual: 'keepTime',
  },
  {
    when: 'an unknown age of the last full backup',
    facts: { backups: [backup({ full_minutes: null })] },
    status: 'error',
    findings: [unknown],
    manual: 'keepTime',
  },
  {
    when: 'an unknown number of data files',
    facts: { backups: [backup({ files: null, files_without_full: null, full_minutes: null })] },
    status: 'error',
    findings: [unknown],
    manual: 'keepTime',
  },
  {
    when: 'a retention policy that is not known',
    facts: { rman: [rman({ kind: 'retention', value: null, amount: 1 })] },
    status: 'error',
    findings: [unknown],
    manual: 'repository',
  },
  {
    when: 'no row of the retention policy',
    facts: { rman: [] },
    status: 'error',
    findings: [unknown],
    manual: 'repository',
  },
  {
    when: 'a far sync instance',
    facts: { database: [database({ database_role: 'FAR SYNC' })], backups: [backup({ keep_days: 0 })] },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

const verify = "sqlplus: SELECT name, value FROM v$parameter WHERE name = 'control_file_record_keep_time';"

const details: readonly DetailRow[] = [
  {
    when: 'records are kept for less than the recovery window',
    code: 'KEEP_TIME_TOO_SHORT',
    on,
    params: { days: 13, needed: 14 },
    observed: { keep_days: 13, retention: 'TO RECOVERY WINDOW OF 14 DAYS', full_minutes: hours(72) },
    expected: { keep_days: '>= 14' },
    steps: ['online sqlplus: ALTER SYSTEM SET control_file_record_keep_time = 14;'],
    verify,
  },
  {
    when: 'records are kept for less than the last full backup is old',
    code: 'KEEP_TIME_TOO_SHORT',
    on,
    params: { days: 7, needed: 9 },
    observed: { keep_days: 7, retention: null, full_minutes: hours(24 * 8) + 1 },
    expected: { keep_days: '>= 9' },
    steps: ['online sqlplus: ALTER SYSTEM SET control_file_record_keep_time = 9;'],
    verify,
  },
  {
    when: 'unknown how long records are kept',
    code: 'KEEP_TIME_UNKNOWN',
    on,
    params: {},
    observed: { keep_days: null, retention: 'TO RECOVERY WINDOW OF 14 DAYS', full_minutes: hours(72) },
    expected: { known: true },
    steps: [],
  },
]

describe('ORACLE_CONTROL_FILE_KEEP_TIME', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': affected, native: affected },
    verdicts,
    details,
    never: { failed: 'what is forgotten is still there' },
  })

  testChanges({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    verdicts,
    isOf: (statement) => statement === 'backups',
  })
})
