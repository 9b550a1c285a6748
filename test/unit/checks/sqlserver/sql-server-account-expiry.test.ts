import { describe } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-account-expiry.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type SqlServerFacts,
  isOfObject,
  login,
  sqlServerFacts,
  withBackupLogin,
} from '../../../support/facts/sqlserver.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  loginProperty: 'https://learn.microsoft.com/sql/t-sql/functions/loginproperty-transact-sql',
  policy: 'https://learn.microsoft.com/sql/relational-databases/security/password-policy',
  principals:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-server-principals-transact-sql',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>

const on = 'instance db1'
const registered = { backupAccount: 'backup' }
const locked = { code: 'ACCOUNT_LOCKED', on, blocks: all } as const
const expired = { code: 'PASSWORD_EXPIRED', on, blocks: all } as const
const expires = { code: 'PASSWORD_EXPIRES', on, degrades: all } as const
const ownExpires = { code: 'OWN_PASSWORD_EXPIRES', on, degrades: all } as const
const ownUnknown = { code: 'OWN_EXPIRY_UNKNOWN', on, obscures: all } as const
const unknown = { code: 'EXPIRY_UNKNOWN', on, obscures: all } as const
const expiring = (password_days_left: number | null) => ({ is_expiration_checked: true, password_days_left })
const backupIs = (changes: Parameters<typeof login>[0]) => ({ logins: withBackupLogin(changes) })

const verdicts: readonly Row[] = [
  {
    when: 'passwords that never expire',
    registered,
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', restore: 'ready' } },
    observed: { backup_account: 'backup' },
    manual: 'policy',
  },
  {
    when: 'no backup account in the registration',
    status: 'passed',
    findings: [],
    observed: { backup_account: null },
    manual: 'loginProperty',
  },
  {
    when: 'a backup account that is not shown, which the item over its rights says',
    facts: { logins: [login()] },
    registered,
    status: 'passed',
    findings: [],
    manual: 'principals',
  },
  {
    when: 'the backup account locked',
    facts: backupIs({ is_locked: 1 }),
    registered,
    status: 'failed',
    findings: [locked],
    readiness: { instance: { full: 'blocked', restore: 'blocked' } },
    manual: 'loginProperty',
  },
  {
    when: 'the password of the backup account expired',
    facts: backupIs({ is_expired: 1, ...expiring(0) }),
    registered,
    status: 'failed',
    findings: [expired],
    manual: 'loginProperty',
  },
  {
    when: 'the password of the backup account to be changed',
    facts: backupIs({ is_password_to_change: 1 }),
    registered,
    status: 'failed',
    findings: [expired],
    manual: 'loginProperty',
  },
  {
    when: 'the password of the backup account expires in 15 days',
    facts: backupIs(expiring(15)),
    registered,
    status: 'passed',
    findings: [],
    manual: 'loginProperty',
  },
  {
    when: 'the password of the backup account expires in 14 days',
    facts: backupIs(expiring(14)),
    registered,
    status: 'warning',
    findings: [expires],
    readiness: { instance: { full: 'degraded', restore: 'degraded' } },
    manual: 'loginProperty',
  },
  {
    when: 'the policy of the host lets passwords live for ever',
    facts: backupIs(expiring(-1)),
    registered,
    status: 'passed',
    findings: [],
    manual: 'loginProperty',
  },
  {
    when: 'days of a password whose expiration is not checked',
    facts: backupIs({ is_expiration_checked: false, password_days_left: 0 }),
    registered,
    status: 'passed',
    findings: [],
    manual: 'policy',
  },
  ...(['is_locked', 'is_expired', 'is_password_to_change', 'is_expiration_checked'] as const).map(
    (column): Row => ({
      when: `the backup account, ${column} unknown`,
      facts: backupIs({ [column]: null }),
      registered,
      status: 'error',
      findings: [unknown],
      manual: 'loginProperty',
    }),
  ),
  {
    when: 'days of a password of which nobody knows whether it expires',
    facts: backupIs({ is_expiration_checked: null, password_days_left: 15 }),
    registered,
    status: 'error',
    findings: [unknown],
    manual: 'policy',
  },
  {
    when: 'a password that expires, nobody knowing when',
    facts: backupIs(expiring(null)),
    registered,
    status: 'error',
    findings: [unknown],
    readiness: { instance: { full: 'unknown', restore: 'unknown' } },
    manual: 'loginProperty',
  },
  ...['WINDOWS_LOGIN', 'WINDOWS_GROUP'].map((type_desc): Row => ({
    when: `a backup account of type ${type_desc}`,
    facts: backupIs({ type_desc, is_locked: null, is_expired: null, is_password_to_change: null }),
    registered,
    status: 'passed',
    findings: [{ code: 'PASSWORD_OF_WINDOWS', on }],
    manual: 'principals',
  })),
  {
    when: 'a backup account of a type nobody knows',
    facts: backupIs({ type_desc: 'EXTERNAL_LOGIN' }),
    registered,
    status: 'error',
    findings: [unknown],
    manual: 'principals',
  },
  {
    when: 'the login of prechecks expires in 14 days',
    facts: { logins: [login(expiring(14))] },
    status: 'warning',
    findings: [ownExpires],
    manual: 'loginProperty',
  },
  {
    when: 'the login of prechecks expires, nobody knowing when',
    facts: { logins: [login(expiring(null))] },
    status: 'error',
    findings: [ownUnknown],
    manual: 'loginProperty',
  },
  {
    when: 'the login of prechecks, whose lock is unknown: it has just logged in',
    facts: { logins: [login({ is_locked: null, is_expired: null, is_password_to_change: null })] },
    status: 'passed',
    findings: [],
    manual: 'loginProperty',
  },
  {
    when: 'no login that is the one of prechecks',
    facts: { logins: [login({ is_self: null })] },
    status: 'error',
    findings: [ownUnknown],
    manual: 'principals',
  },
  {
    when: 'the login of prechecks takes the backups too: it is said once',
    facts: { logins: [login(expiring(3))] },
    registered: { backupAccount: 'precheck' },
    status: 'warning',
    findings: [expires],
    manual: 'loginProperty',
  },
  {
    when: 'both expire',
    facts: { logins: [login(expiring(3)), login({ name: 'backup', is_self: 0, ...expiring(5) })] },
    registered,
    status: 'warning',
    findings: [expires, ownExpires],
    manual: 'loginProperty',
  },
]

const verify =
  "tsql: SELECT LOGINPROPERTY(N'backup', 'IsLocked') AS is_locked, LOGINPROPERTY(N'backup', 'IsExpired') AS is_expired, LOGINPROPERTY(N'backup', 'DaysUntilExpiration') AS password_days_left;"
const unlocked = { is_locked: false, is_expired: false, is_password_to_change: false }
const details: readonly DetailRow[] = [
  {
    when: 'the backup account locked',
    code: 'ACCOUNT_LOCKED',
    on,
    params: { account: 'backup' },
    observed: { ...unlocked, is_locked: true },
    expected: unlocked,
    steps: ['online manual'],
    verify,
  },
  {
    when: 'the password of the backup account to be changed',
    code: 'PASSWORD_EXPIRED',
    on,
    params: { account: 'backup' },
    observed: { ...unlocked, is_password_to_change: true },
    expected: unlocked,
    steps: ['online manual'],
    verify,
  },
  {
    when: 'the password of the backup account expires in 14 days',
    code: 'PASSWORD_EXPIRES',
    on,
    params: { account: 'backup', days: 14 },
    observed: { password_days_left: 14 },
    expected: { password_days_left: 'more than 14' },
    steps: ['online manual'],
    verify,
  },
  {
    when: 'the login of prechecks expires in 14 days',
    code: 'OWN_PASSWORD_EXPIRES',
    on,
    params: { account: 'precheck', days: 14 },
    observed: { password_days_left: 14 },
    expected: { password_days_left: 'more than 14' },
    steps: ['online manual'],
    verify: verify.replaceAll('backup', 'precheck'),
  },
  {
    when: 'no login that is the one of prechecks',
    code: 'OWN_EXPIRY_UNKNOWN',
    on,
    params: { account: 'precheck' },
    observed: { password_days_left: null },
    expected: {},
    steps: [],
  },
  {
    when: 'a backup account of type WINDOWS_LOGIN',
    code: 'PASSWORD_OF_WINDOWS',
    on,
    params: { account: 'backup' },
    observed: { type_desc: 'WINDOWS_LOGIN' },
    expected: {},
    steps: [],
  },
  {
    when: 'a password that expires, nobody knowing when',
    code: 'EXPIRY_UNKNOWN',
    on,
    params: { account: 'backup' },
    observed: { ...unlocked, is_expiration_checked: true, password_days_left: null },
    expected: {},
    steps: [],
  },
]

describe('SQL_SERVER_ACCOUNT_EXPIRY', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
  })
  testChanges({ check, engine: 'sqlserver', answer: sqlServerFacts, verdicts, isOf: isOfObject })
})
