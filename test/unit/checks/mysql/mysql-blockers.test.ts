import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-blockers.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { contextFor, judged } from '../../../support/context.ts'
import { type MySqlFacts, activity, isOfObject, mysqlFacts } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  sessions: 'https://mariadb.com/kb/en/information-schema-processlist-table/',
  transactions: 'https://mariadb.com/kb/en/information-schema-innodb_trx-table/',
  locks: 'https://dev.mysql.com/doc/refman/8.4/en/metadata-locking.html',
  xa: 'https://mariadb.com/kb/en/xa-transactions/',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'nothing waits',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { sessions: 7 },
    manual: 'sessions',
  },
  {
    when: 'a session waits for a lock',
    facts: { activity: [activity({ lock_waits: 1, longest_wait_seconds: 5, first_waiting_id: 16 })] },
    status: 'warning',
    findings: [{ code: 'LOCK_AWAITED', on, degrades: ['full', 'incremental'] }],
    readiness: { instance: { full: 'degraded', log: 'ready' } },
    manual: 'locks',
  },
  {
    when: 'sessions wait, and none of them is named',
    facts: { activity: [activity({ lock_waits: 2 })] },
    status: 'warning',
    findings: [{ code: 'LOCK_AWAITED', on, degrades: ['full', 'incremental'] }],
    manual: 'locks',
  },
  {
    when: 'a transaction open for an hour',
    facts: { activity: [activity({ oldest_transaction_seconds: 3600, oldest_transaction_id: '15' })] },
    status: 'passed',
    findings: [],
    manual: 'transactions',
  },
  {
    when: 'a transaction open for longer',
    facts: { activity: [activity({ oldest_transaction_seconds: 3661, oldest_transaction_id: '15' })] },
    status: 'warning',
    findings: [{ code: 'LONG_TRANSACTION', on, degrades: ['full', 'incremental'] }],
    manual: 'transactions',
  },
  {
    when: 'a transaction that is prepared and left',
    facts: { activity: [activity({ prepared_transactions: 1 })] },
    status: 'warning',
    findings: [{ code: 'PREPARED_TRANSACTIONS', on, degrades: ['full', 'restore'] }],
    manual: 'xa',
  },
  {
    when: 'a login without PROCESS',
    facts: { activity: null },
    status: 'error',
    findings: [{ code: 'ACTIVITY_HIDDEN', on, obscures: ['full', 'incremental', 'restore'] }],
    readiness: { instance: { full: 'unknown', restore: 'unknown' } },
    manual: 'sessions',
  },
  {
    when: 'nobody knows what waits',
    facts: { activity: [activity({ lock_waits: null })] },
    status: 'error',
    findings: [{ code: 'ACTIVITY_HIDDEN', on, obscures: ['full', 'incremental', 'restore'] }],
    manual: 'sessions',
  },
  {
    when: 'a transaction open for longer, whose session is not named',
    facts: { activity: [activity({ oldest_transaction_seconds: 3601 })] },
    status: 'warning',
    findings: [{ code: 'LONG_TRANSACTION', on, degrades: ['full', 'incremental'] }],
    manual: 'transactions',
  },
  {
    when: 'nobody knows what is prepared',
    facts: { activity: [activity({ prepared_transactions: null })] },
    status: 'error',
    findings: [{ code: 'ACTIVITY_HIDDEN', on, obscures: ['full', 'incremental', 'restore'] }],
    manual: 'xa',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'a session waits for a lock',
    code: 'LOCK_AWAITED',
    on: 'instance db1',
    params: { waits: 1, seconds: 5 },
    observed: { lock_waits: 1, longest_wait_seconds: 5 },
    expected: { lock_waits: 0 },
    steps: ['online mysql: SHOW FULL PROCESSLIST;', 'online mysql: KILL 16;'],
    verify: 'mysql: SHOW FULL PROCESSLIST;',
  },
  {
    when: 'a transaction open for longer',
    code: 'LONG_TRANSACTION',
    on: 'instance db1',
    params: { minutes: 61, id: '15' },
    observed: { oldest_transaction_minutes: 61 },
    expected: { oldest_transaction_minutes: 'at most 60' },
    steps: ['online mysql: SHOW FULL PROCESSLIST;', 'online mysql: KILL 15;'],
    verify: 'mysql: SHOW FULL PROCESSLIST;',
  },
  {
    when: 'a transaction that is prepared and left',
    code: 'PREPARED_TRANSACTIONS',
    on: 'instance db1',
    params: { count: 1 },
    observed: { prepared_transactions: 1 },
    expected: { prepared_transactions: 0 },
    steps: ['online mysql: XA RECOVER;', 'online manual'],
    verify: 'mysql: XA RECOVER;',
  },
  {
    when: 'a login without PROCESS',
    code: 'ACTIVITY_HIDDEN',
    on: 'instance db1',
    params: {},
    observed: {},
    expected: {},
    steps: ["online mysql: GRANT PROCESS ON *.* TO 'precheck'@'%';"],
  },
  {
    when: 'sessions wait, and none of them is named',
    code: 'LOCK_AWAITED',
    on: 'instance db1',
    params: { waits: 2, seconds: 0 },
    observed: { lock_waits: 2, longest_wait_seconds: null },
    expected: { lock_waits: 0 },
    steps: ['online mysql: SHOW FULL PROCESSLIST;'],
    verify: 'mysql: SHOW FULL PROCESSLIST;',
  },
  {
    when: 'a transaction open for longer, whose session is not named',
    code: 'LONG_TRANSACTION',
    on: 'instance db1',
    params: { minutes: 60, id: 'NULL' },
    observed: { oldest_transaction_minutes: 60 },
    expected: { oldest_transaction_minutes: 'at most 60' },
    steps: ['online mysql: SHOW FULL PROCESSLIST;'],
    verify: 'mysql: SHOW FULL PROCESSLIST;',
  },
]

describe('MYSQL_BLOCKERS', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: {
      'cloud-backup': ['full', 'incremental', 'restore'],
      native: ['full', 'incremental', 'restore'],
    },
    verdicts,
    details,
    never: { failed: 'what waits now may be gone when the backup runs' },
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })

  it('changes nothing by itself where somebody has to find the session first', () => {
    const unnamed = activity({ lock_waits: 2, oldest_transaction_seconds: 3601 })
    const { findings } = judged(check, { answer: mysqlFacts({ activity: [unnamed] }) }, contextFor('mysql'))
    expect(findings.map(({ remediation }) => remediation?.changes)).toEqual([{}, {}])
  })
})
