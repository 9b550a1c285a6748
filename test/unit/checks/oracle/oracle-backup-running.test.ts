import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-backup-running.ts'
import { type OracleFacts, oracleFacts, rman, rmanRows } from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  jobs: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RMAN_STATUS.html',
  monitoring: 'Oracle Database Backup and Recovery User’s Guide, Monitoring RMAN Backups',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const affected = ['full', 'incremental'] as const
const running = (name: string | null, minutes: number | null = 5) =>
  rman({ kind: 'running', name, value: 'RUNNING', amount: null, minutes })

const verdicts: readonly Row[] = [
  {
    when: 'all jobs have ended',
    status: 'passed',
    findings: [],
    observed: { running: 0 },
    manual: 'jobs',
  },
  {
    when: 'a full backup runs',
    facts: { rman: rmanRows(running('DB FULL')) },
    status: 'warning',
    findings: [{ code: 'BACKUP_RUNS', on: 'instance ORCL DB FULL', degrades: affected }],
    readiness: { instance: { full: 'degraded', incremental: 'degraded', log: 'ready', restore: 'ready' } },
    observed: { running: 1 },
    manual: 'monitoring',
  },
  {
    when: 'a backup of an unknown type runs for an unknown time',
    facts: { rman: rmanRows(running(null, null)) },
    status: 'warning',
    findings: [{ code: 'BACKUP_RUNS', on: 'instance ORCL -', degrades: affected }],
    manual: 'jobs',
  },
  {
    when: 'a log backup runs',
    facts: { rman: rmanRows(running('ARCHIVELOG')) },
    status: 'passed',
    findings: [{ code: 'LOG_BACKUP_RUNS', on: 'instance ORCL ARCHIVELOG' }],
    manual: 'monitoring',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'a full backup runs',
    code: 'BACKUP_RUNS',
    on: 'instance ORCL DB FULL',
    params: { type: 'DB FULL', minutes: 5 },
    observed: { status: 'RUNNING', minutes: 5 },
    expected: { running: false },
    steps: ['online manual'],
    verify:
      "sqlplus: SELECT object_type, status, start_time FROM v$rman_status WHERE status LIKE 'RUNNING%';",
  },
  {
    when: 'a backup of an unknown type runs for an unknown time',
    code: 'BACKUP_RUNS',
    on: 'instance ORCL -',
    params: { type: '-', minutes: '-' },
    observed: { status: 'RUNNING', minutes: null },
    expected: { running: false },
    steps: ['online manual'],
    verify:
      "sqlplus: SELECT object_type, status, start_time FROM v$rman_status WHERE status LIKE 'RUNNING%';",
  },
  {
    when: 'a log backup runs',
    code: 'LOG_BACKUP_RUNS',
    on: 'instance ORCL ARCHIVELOG',
    params: { type: 'ARCHIVELOG', minutes: 5 },
    observed: { status: 'RUNNING', minutes: 5 },
    expected: { running: false },
    steps: [],
  },
]

describe('ORACLE_BACKUP_RUNNING', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': affected, native: affected },
    verdicts,
    details,
    never: {
      failed: 'two backups compete, and both end',
      error: 'whatever stands in a row of a job that runs, it runs',
    },
  })
})
