import * as z from 'zod'
import type { Measurement } from '../../model/measured-number.ts'
import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { type AccountRow, AccountRows, accountQuery } from './account-facts.ts'
import { accountSteps as steps } from './account-steps.ts'
import { fold } from './coverage.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, databaseQuery } from './facts.ts'
import { grant } from './grant.ts'
import { instanceSteps } from './instance-steps.ts'
import { sqlplus } from './languages.ts'
import { quoteString, quoteUser } from './quote.ts'
import { roleOf, takesNoBackup } from './role.ts'

const texts = {
  ACCOUNT_LOCKED: {
    en: 'The account {account} is locked ({status}): nobody can log in as it.',
    zh: '账号 {account} 已锁定（{status}）：无法以其登录。',
  },
  ACCOUNT_EXPIRED: {
    en: 'The password of {account} has expired ({status}): nobody can log in as it before it is changed.',
    zh: '账号 {account} 的密码已过期（{status}）：修改密码前无法以其登录。',
  },
  ACCOUNT_EXPIRES: {
    en: 'The password of {account} expires in {days} days: nobody can log in as it then.',
    zh: '账号 {account} 的密码将在 {days} 天后过期：届时将无法以其登录。',
  },
  ACCOUNT_UNKNOWN: {
    en: 'The status of the account {account} is unknown: the server reports {status}.',
    zh: '无法判定账号 {account} 的状态：服务器返回 {status}。',
  },
  ACCOUNTS_UNREADABLE: {
    en: 'When the accounts expire could not be read (DBA_USERS).',
    zh: '无法读取账号的到期时间（DBA_USERS）。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** An account of the registration. The one of the backups ends them; the other one, what is known of them. */
interface Account {
  /** As the registration has it. */
  readonly login: string
  readonly takesBackups: boolean
}

const accountsOf = ({ target }: CheckContext): Account[] => {
  const { backupAccount, connection } = target.definition
  const { username } = connection.credential
  // An account of the system has no password that expires.
  if (backupAccount === undefined || backupAccount.startsWith('/'))
    return [{ login: username, takesBackups: false }]
  const backups = { login: backupAccount, takesBackups: true }
  return fold(backupAccount) === fold(username)
    ? [backups]
    : [{ login: username, takesBackups: false }, backups]
}

/** "DBA_USERS", Oracle Database Reference. In a rollover two passwords hold. */
const openStatuses: readonly string[] = [
  'OPEN',
  'OPEN & IN ROLLOVER',
  'EXPIRED(GRACE)',
  'EXPIRED(GRACE) & IN ROLLOVER',
]
const expiredStatuses: readonly string[] = ['EXPIRED', 'EXPIRED & IN ROLLOVER']
const lockedStatus = /^(?:EXPIRED(?:\(GRACE\))? & )?LOCKED(?:\(TIMED\))?(?: & IN ROLLOVER)?$/

const verify = (account: string): Remediation['verify'] => ({
  language: sqlplus.name,
  query: `SELECT username, account_status, expiry_date FROM dba_users WHERE username = ${quoteString(account)};`,
})

const changePassword = (login: string, account: string): Remediation => ({
  steps: [steps.changePassword({ account: login })],
  verify: verify(account),
  changes: { account_status: 'OPEN' },
})

const unlock = (login: string, account: string, status: string): Remediation => ({
  steps: [
    steps.findLockCause({ account: login }),
    steps.unlock({ account: login }),
    ...(status.startsWith('EXPIRED') ? [steps.changePassword({ account: login })] : []),
  ],
  verify: verify(account),
  changes: { account_status: 'OPEN' },
})

const judge = (
  { login, takesBackups }: Account,
  rows: readonly AccountRow[],
  { thresholdsFor }: CheckContext,
): Draft[] => {
  const account = fold(login)
  const row = rows.find(({ username }) => username === account)
  const { account_status: status = null, days_left: days = null } = row ?? {}
  const { expiryWarningDays } = thresholdsFor()
  const about = {
    object: { type: 'instance', name: account },
    observed: { account_status: status, days_left: days },
    expected: { account_status: 'OPEN', days_left: `more than ${expiryWarningDays}` },
  } as const
  const ended: Pick<Draft, 'blocks' | 'degrades'> = takesBackups
    ? { blocks: [...allOperations] }
    : { degrades: [...allOperations] }
  const said = status ?? 'NULL'
  const params = { account, status: said }
  if (lockedStatus.test(said)) {
    return [{ ...about, code: 'ACCOUNT_LOCKED', params, ...ended, remediation: unlock(login, account, said) }]
  }
  if (expiredStatuses.includes(said)) {
    return [
      { ...about, code: 'ACCOUNT_EXPIRED', params, ...ended, remediation: changePassword(login, account) },
    ]
  }
  if (!openStatuses.includes(said)) {
    return [{ ...about, code: 'ACCOUNT_UNKNOWN', params, obscures: [...allOperations] }]
  }
  if (days === null || days > expiryWarningDays) return []
  const remediation = { ...changePassword(login, account), changes: { days_left: null } }
  const left = { account, days: Math.max(0, Math.floor(days)) }
  return [{ ...about, code: 'ACCOUNT_EXPIRES', params: left, degrades: [...allOperations], remediation }]
}

const unreadable = ({ name }: DatabaseFact, { target }: CheckContext): Draft => {
  const login = target.definition.connection.credential.username
  const privilege = 'SELECT ON SYS.DBA_USERS'
  const statement = `GRANT ${privilege} TO ${quoteUser(login)};`
  return {
    code: 'ACCOUNTS_UNREADABLE',
    object: { type: 'instance', name },
    observed: { readable: false },
    expected: { readable: true },
    obscures: [...allOperations],
    remediation: {
      steps: [
        instanceSteps.grant({ privilege, login, statement }),
        ...grant('SELECT ON SYS.GV_$PWFILE_USERS', target),
      ],
      verify: null,
      changes: {},
    },
  }
}

const observe = (name: string, days: number | null): Measurement[] =>
  days === null ? [] : [{ name: 'password-days-left', object: { type: 'instance', name }, value: days }]

/**
 * Verifies that the account of the registration and that of the backups are open, and stay so. Since Oracle 12.2 a
 * password file locks and expires its accounts as the database does. What is only mounted has no dictionary to read.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_ACCOUNT_EXPIRY',
  set: 'standard',
  title: { en: 'The accounts are open and do not expire soon', zh: '账号未锁定且密码近期不会过期' },
  failureTitle: { en: 'An account is locked, or its password expires', zh: '账号已锁定或密码即将过期' },
  description: {
    en: 'Checks whether the account of the registration and the backup account can go on logging in. If the check fails, backups or prechecks will end with a refused login.',
    zh: '检查注册信息中的账号和备份账号是否可以继续登录。如果未通过，备份或预检将因登录被拒绝而失败。',
  },
  affects: () => allOperations,
  texts,
  privileges: ['SELECT ON SYS.V_$DATABASE', 'SELECT ON SYS.GV_$PWFILE_USERS'],
  fixes: [steps.changePassword, steps.findLockCause, instanceSteps.grant, steps.unlock],
  documents: ['https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/DBA_USERS.html'],
  queries: { database: databaseQuery, accounts: accountQuery },
  facts: z.object({ database: DatabaseFact, accounts: AccountRows }),
  evaluate: ({ database, accounts }, context) => {
    const observed = { readable: accounts !== null }
    if (takesNoBackup(roleOf(database.database_role))) return { findings: [], observed }
    if (accounts === null) {
      const isMounted = database.open_mode === 'MOUNTED'
      return { findings: isMounted ? [] : [unreadable(database, context)], observed }
    }
    const known = accountsOf(context)
    return {
      findings: known.flatMap((account) => judge(account, accounts, context)),
      observed,
      observations: known.flatMap(({ login }) => {
        const row = accounts.find(({ username }) => username === fold(login))
        return observe(fold(login), row?.days_left ?? null)
      }),
    }
  },
})
