import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-account-expiry.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type MySqlFacts,
  accountsWith,
  isOfObject,
  mysqlFacts,
  backupAccount,
  reader,
  settings,
} from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  expiry: 'https://mariadb.com/kb/en/user-password-expiry/',
  locking: 'https://mariadb.com/kb/en/account-locking/',
  mysql: 'https://dev.mysql.com/doc/refman/8.4/en/password-management.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'passwords that never expire',
    registered: { backupAccount: 'backup' },
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { backup_account: 'backup' },
    manual: 'mysql',
  },
  {
    when: 'no backup account in the registration',
    status: 'passed',
    findings: [],
    manual: 'mysql',
  },
  {
    when: 'the backup account locked',
    facts: { accounts: accountsWith({ account_locked: 'Y' }) },
    registered: { backupAccount: 'backup' },
    status: 'failed',
    findings: [{ code: 'ACCOUNT_LOCKED', on, blocks: all }],
    readiness: { instance: { full: 'blocked', restore: 'blocked' } },
    manual: 'locking',
  },
  {
    when: 'the password of the backup account set to be changed',
    facts: { accounts: accountsWith({ password_expired: 'Y' }) },
    registered: { backupAccount: 'backup' },
    status: 'failed',
    findings: [{ code: 'PASSWORD_EXPIRED', on, blocks: all }],
    manual: 'expiry',
  },
  {
    when: 'the lifetime of its password over',
    facts: { accounts: accountsWith({ password_lifetime: 90, password_age_days: 90 }) },
    registered: { backupAccount: 'backup' },
    status: 'failed',
    findings: [{ code: 'PASSWORD_EXPIRED', on, blocks: all }],
    manual: 'expiry',
  },
  {
    when: '14 days left',
    facts: { accounts: accountsWith({ password_lifetime: 90, password_age_days: 76 }) },
    registered: { backupAccount: 'backup' },
    status: 'warning',
    findings: [{ code: 'PASSWORD_EXPIRES', on, degrades: all }],
    readiness: { instance: { full: 'degraded', restore: 'degraded' } },
    manual: 'mysql',
  },
  {
    when: '15 days left',
    facts: { accounts: accountsWith({ password_lifetime: 90, password_age_days: 75 }) },
    registered: { backupAccount: 'backup' },
    status: 'passed',
    findings: [],
    manual: 'mysql',
  },
  {
    when: 'a lifetime of its own that has no end',
    facts: {
      accounts: accountsWith({ password_lifetime: 0 }),
      settings: settings({ default_password_lifetime: '0' }),
    },
    registered: { backupAccount: 'backup' },
    status: 'passed',
    findings: [],
    manual: 'expiry',
  },
  {
    when: 'the lifetime of the server, 14 days left to the backup account',
    facts: {
      settings: settings({ default_password_lifetime: '90' }),
      accounts: [reader({ password_age_days: 0 }), ...accountsWith({ password_age_days: 76 }).slice(1)],
    },
    registered: { backupAccount: 'backup' },
    status: 'warning',
    findings: [{ code: 'PASSWORD_EXPIRES', on, degrades: all }],
    manual: 'mysql',
  },
  {
    when: 'the lifetime of the server unknown',
    facts: { settings: settings({ default_password_lifetime: undefined }) },
    registered: { backupAccount: 'backup' },
    status: 'error',
    findings: [
      { code: 'EXPIRY_UNKNOWN', on, obscures: all },
      { code: 'EXPIRY_UNKNOWN', on, obscures: all },
    ],
    manual: 'mysql',
  },
  {
    when: 'whether it is locked unknown',
    facts: { accounts: accountsWith({ account_locked: null }) },
    registered: { backupAccount: 'backup' },
    status: 'error',
    findings: [{ code: 'EXPIRY_UNKNOWN', on, obscures: all }],
    readiness: { instance: { full: 'unknown' } },
    manual: 'locking',
  },
  {
    when: 'a lifetime and an age that nobody knows',
    facts: { accounts: accountsWith({ password_lifetime: 90, password_age_days: null }) },
    registered: { backupAccount: 'backup' },
    status: 'error',
    findings: [{ code: 'EXPIRY_UNKNOWN', on, obscures: all }],
    manual: 'expiry',
  },
  {
    when: 'the login of prechecks expires in 3 days',
    facts: { accounts: [reader({ password_lifetime: 90, password_age_days: 87 })] },
    status: 'warning',
    findings: [{ code: 'OWN_PASSWORD_EXPIRES', on, degrades: all }],
    manual: 'expiry',
  },
  {
    when: 'the login of prechecks takes the backups too: it is said once',
    facts: { accounts: [reader({ password_lifetime: 90, password_age_days: 87 })] },
    registered: { backupAccount: 'precheck' },
    status: 'warning',
    findings: [{ code: 'PASSWORD_EXPIRES', on, degrades: all }],
    manual: 'expiry',
  },
  {
    when: 'accounts may not be read',
    facts: { accounts: null },
    status: 'error',
    findings: [{ code: 'EXPIRY_UNKNOWN', on, obscures: all }],
    manual: 'expiry',
  },
  {
    when: 'whether its password has expired unknown',
    facts: { accounts: accountsWith({ password_expired: null }) },
    registered: { backupAccount: 'backup' },
    status: 'error',
    findings: [{ code: 'EXPIRY_UNKNOWN', on, obscures: all }],
    manual: 'expiry',
  },
  {
    when: 'a lifetime that nobody knows',
    facts: { accounts: accountsWith({ password_lifetime: null }) },
    registered: { backupAccount: 'backup' },
    status: 'error',
    findings: [{ code: 'EXPIRY_UNKNOWN', on, obscures: all }],
    manual: 'expiry',
  },
  {
    when: 'one day left',
    facts: { accounts: accountsWith({ password_lifetime: 90, password_age_days: 89 }) },
    registered: { backupAccount: 'backup' },
    status: 'warning',
    findings: [{ code: 'PASSWORD_EXPIRES', on, degrades: all }],
    manual: 'expiry',
  },
  {
    when: 'the login of prechecks expires today, and can still log in',
    facts: { accounts: [reader({ password_lifetime: 90, password_age_days: 90 })] },
    status: 'warning',
    findings: [{ code: 'OWN_PASSWORD_EXPIRES', on, degrades: all }],
    manual: 'expiry',
  },
  {
    when: 'the login of prechecks is not among the accounts',
    facts: { accounts: accountsWith().slice(1) },
    registered: { backupAccount: 'backup' },
    status: 'error',
    findings: [{ code: 'EXPIRY_UNKNOWN', on, obscures: all }],
    manual: 'mysql',
  },
  {
    when: 'of two accounts of that name, the second one expires in days',
    facts: {
      accounts: [
        reader(),
        backupAccount(),
        backupAccount({ account_host: 'localhost', password_lifetime: 90, password_age_days: 80 }),
      ],
    },
    registered: { backupAccount: 'backup' },
    status: 'warning',
    findings: [{ code: 'PASSWORD_EXPIRES', on, degrades: all }],
    manual: 'mysql',
  },
  {
    when: 'of two accounts of that name, one expires in days and the other one is locked',
    facts: {
      accounts: [
        reader(),
        backupAccount({ password_lifetime: 90, password_age_days: 80 }),
        backupAccount({ account_host: 'localhost', account_locked: 'Y' }),
      ],
    },
    registered: { backupAccount: 'backup' },
    status: 'failed',
    findings: [{ code: 'ACCOUNT_LOCKED', on, blocks: all }],
    readiness: { instance: { full: 'blocked', restore: 'blocked' } },
    manual: 'mysql',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'the backup account locked',
    code: 'ACCOUNT_LOCKED',
    on: 'instance db1',
    params: { account: 'backup@%' },
    observed: { account_locked: 'Y', password_expired: 'N' },
    expected: { account_locked: 'N', password_expired: 'N' },
    steps: ["online mysql: ALTER USER 'backup'@'%' ACCOUNT UNLOCK;"],
  },
  {
    when: 'the password of the backup account set to be changed',
    code: 'PASSWORD_EXPIRED',
    on: 'instance db1',
    params: { account: 'backup@%' },
    observed: { account_locked: 'N', password_expired: 'Y' },
    expected: { account_locked: 'N', password_expired: 'N' },
    steps: ['online manual'],
  },
  {
    when: '14 days left',
    code: 'PASSWORD_EXPIRES',
    on: 'instance db1',
    params: { account: 'backup@%', days: 14 },
    observed: { password_lifetime: 90, password_age_days: 76 },
    expected: { password_days_left: 'more than 14' },
    steps: ['online manual', "online mysql: ALTER USER 'backup'@'%' PASSWORD EXPIRE NEVER;"],
  },
  {
    when: 'whether it is locked unknown',
    code: 'EXPIRY_UNKNOWN',
    on: 'instance db1',
    params: { account: 'backup@%' },
    observed: { account_locked: null, password_expired: 'N' },
    expected: {},
    steps: [],
  },
  {
    when: 'the login of prechecks expires in 3 days',
    code: 'OWN_PASSWORD_EXPIRES',
    on: 'instance db1',
    params: { account: 'precheck@%', days: 3 },
    observed: { password_lifetime: 90, password_age_days: 87 },
    expected: { password_days_left: 'more than 14' },
    steps: ['online manual', "online mysql: ALTER USER 'precheck'@'%' PASSWORD EXPIRE NEVER;"],
  },
  {
    when: 'the login of prechecks expires today, and can still log in',
    code: 'OWN_PASSWORD_EXPIRES',
    on: 'instance db1',
    params: { account: 'precheck@%', days: 0 },
    observed: { password_lifetime: 90, password_age_days: 90 },
    expected: { password_days_left: 'more than 14' },
    steps: ['online manual', "online mysql: ALTER USER 'precheck'@'%' PASSWORD EXPIRE NEVER;"],
  },
  {
    when: 'the login of prechecks is not among the accounts',
    code: 'EXPIRY_UNKNOWN',
    on: 'instance db1',
    params: { account: 'precheck' },
    observed: { is_self: null },
    expected: {},
    steps: [],
  },
]

describe('MYSQL_ACCOUNT_EXPIRY', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })

  it.each(['account_locked', 'password_expired'] as const)('sets %s to N', (column) => {
    const answer = mysqlFacts({ accounts: accountsWith({ [column]: 'Y' }) })
    const { findings } = judged(check, { answer }, contextFor('mysql', { backupAccount: 'backup' }))
    expect(findings.map(({ remediation }) => remediation?.changes)).toEqual([{ [column]: 'N' }])
  })
})
