import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-backup-running.ts'
import { contextFor, judged } from '../../../support/context.ts'
import { type SqlServerFacts, condition, sqlServerFacts } from '../../../support/facts/sqlserver.ts'
import {
  type DetailRow,
  type ExpectedFinding,
  type VerdictRow,
  testCheckItem,
} from '../../../support/verdict-table.ts'

const manuals = {
  requests:
    'https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-exec-requests-transact-sql',
  serialized:
    'https://learn.microsoft.com/sql/relational-databases/errors-events/mssqlserver-3023-database-engine-error',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>
type Changes = NonNullable<Parameters<typeof condition>[0]>

/** What runs on the server, as the row of every database says it. */
const running = (changes: Changes): Partial<SqlServerFacts> => ({
  conditions: [1, 2, 5].map((database_id) => condition({ ...changes, database_id })),
})

const on = 'instance db1'
const backup: ExpectedFinding = { code: 'BACKUP_RUNNING', on, degrades: ['full', 'incremental'] }
const restore: ExpectedFinding = { code: 'RESTORE_RUNNING', on, degrades: ['restore'] }
const unknown: ExpectedFinding = {
  code: 'RUNNING_UNKNOWN',
  on,
  obscures: ['full', 'incremental', 'restore'],
}

const verdicts: readonly Row[] = [
  {
    when: 'nothing that runs',
    status: 'passed',
    findings: [],
    observed: { running_log_backups: 0 },
    manual: 'requests',
  },
  {
    when: 'a full backup that runs',
    facts: running({ running_backups: 1, running_minutes: 12 }),
    status: 'warning',
    findings: [backup],
    readiness: { instance: { full: 'degraded', incremental: 'degraded', log: 'ready', restore: 'ready' } },
    manual: 'serialized',
  },
  {
    when: 'a log backup that runs, beside which others may',
    facts: running({ running_log_backups: 2, running_minutes: 1 }),
    status: 'passed',
    findings: [],
    observed: { running_log_backups: 2 },
    manual: 'serialized',
  },
  {
    when: 'a restore that runs',
    facts: running({ running_restores: 1, running_minutes: 90 }),
    status: 'warning',
    findings: [restore],
    readiness: { instance: { full: 'ready', restore: 'degraded' } },
    manual: 'requests',
  },
  {
    when: 'backups and restores that run, nobody knowing how long',
    facts: running({ running_backups: 3, running_restores: 2 }),
    status: 'warning',
    findings: [backup, restore],
    manual: 'requests',
  },
  {
    when: 'a backup that began between the rows, which no server says',
    facts: { conditions: [condition(), condition({ running_backups: 1 })] },
    status: 'warning',
    findings: [backup],
    manual: 'requests',
  },
  {
    when: 'nobody knowing whether backups run',
    facts: { conditions: [condition(), condition({ running_backups: null })] },
    status: 'error',
    findings: [unknown],
    manual: 'requests',
  },
  {
    when: 'nobody knowing whether restores run, and a backup that does',
    facts: running({ running_backups: 1, running_restores: null, running_minutes: 5 }),
    status: 'error',
    findings: [unknown, backup],
    manual: 'requests',
  },
  {
    when: 'a backup that runs, where only log backups are planned',
    facts: running({ running_backups: 1, running_minutes: 5 }),
    registered: { operations: ['log'] },
    status: 'warning',
    findings: [backup],
    manual: 'serialized',
  },
]

const show =
  "tsql: SELECT r.session_id, r.command, r.percent_complete, r.start_time, t.text FROM sys.dm_exec_requests AS r CROSS APPLY sys.dm_exec_sql_text(r.sql_handle) AS t WHERE r.command LIKE 'BACKUP%' OR r.command LIKE 'RESTORE%';"
const steps = [`online ${show}`, 'online manual']

const details: readonly DetailRow[] = [
  {
    when: 'a full backup that runs',
    code: 'BACKUP_RUNNING',
    on,
    params: { backups: 1, minutes: 12 },
    observed: { running_backups: 1 },
    expected: { running_backups: 0 },
    steps,
    verify: show,
  },
  {
    when: 'a restore that runs',
    code: 'RESTORE_RUNNING',
    on,
    params: { restores: 1, minutes: 90 },
    observed: { running_restores: 1 },
    expected: { running_restores: 0 },
    steps,
    verify: show,
  },
  {
    when: 'backups and restores that run, nobody knowing how long',
    code: 'RESTORE_RUNNING',
    on,
    params: { restores: 2, minutes: 'NULL' },
    observed: { running_restores: 2 },
    expected: { running_restores: 0 },
    steps,
    verify: show,
  },
  {
    when: 'nobody knowing whether backups run',
    code: 'RUNNING_UNKNOWN',
    on,
    params: {},
    observed: { running_backups: null, running_restores: 0 },
    expected: { running_backups: 0, running_restores: 0 },
    steps: [],
  },
]

describe('SQL_SERVER_BACKUP_RUNNING', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: {
      'cloud-backup': ['full', 'incremental', 'restore'],
      native: ['full', 'incremental', 'restore'],
    },
    verdicts,
    details,
    never: { failed: 'it fails only a backup of the same database, which the server does not tell' },
  })

  it('is left out with its GRANT where the login may not see what runs', () => {
    const problem = { code: 'PRIVILEGE_MISSING', params: { detail: 'VIEW SERVER STATE was denied' } }
    const { status, reason } = judged(check, { problem }, contextFor('sqlserver'))
    expect([status, reason?.code, reason?.params['grants']]).toEqual([
      'skipped',
      'RIGHT_MISSING',
      'USE [master]; GRANT VIEW SERVER STATE TO [precheck];',
    ])
  })
})
