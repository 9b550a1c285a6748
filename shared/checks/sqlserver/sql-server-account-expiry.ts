import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { sqlserver } from './engine.ts'
import { tsql } from './languages.ts'
import { loginSteps } from './login-steps.ts'
import { LoginFacts, type LoginRow, findLogin, loginPrivileges, loginQueries } from './logins.ts'
import { quoteString } from './quote.ts'

const texts = {
  ACCOUNT_LOCKED: {
    en: 'The login of the backup account {account} is locked: backups with it fail (18486).',
    zh: '备份账号 {account} 的登录名已锁定：使用它的备份会失败（18486）。',
  },
  PASSWORD_EXPIRED: {
    en: 'The password of the backup account {account} has expired, or has to be changed: backups with it fail (18487, 18488).',
    zh: '备份账号 {account} 的密码已过期或必须更改：使用它的备份会失败（18487、18488）。',
  },
  PASSWORD_EXPIRES: {
    en: 'The password of the backup account {account} expires in {days} days: backups with it fail after that.',
    zh: '备份账号 {account} 的密码将在 {days} 天后过期：此后使用它的备份会失败。',
  },
  OWN_PASSWORD_EXPIRES: {
    en: 'The password of {account}, the login of prechecks, expires in {days} days: nothing can be checked after that.',
    zh: '预检所用登录名 {account} 的密码将在 {days} 天后过期：此后无法进行任何检查。',
  },
  OWN_EXPIRY_UNKNOWN: {
    en: 'It is unknown when the password of {account}, the login of prechecks, expires.',
    zh: '无法判定预检所用登录名 {account} 的密码何时过期。',
  },
  PASSWORD_OF_WINDOWS: {
    en: 'Windows has the password of {account}: whether it is locked or expires is not seen here.',
    zh: '{account} 的密码由 Windows 管理：此处无法看到其是否锁定或过期。',
  },
  EXPIRY_UNKNOWN: {
    en: 'It is unknown whether the login of {account} is locked or its password expires.',
    zh: '无法判定 {account} 的登录名是否锁定或其密码是否会过期。',
  },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

const mend = (account: string): Remediation => ({
  steps: [loginSteps.changePassword({ account })],
  verify: {
    language: tsql.name,
    query: `SELECT LOGINPROPERTY(${quoteString(account)}, 'IsLocked') AS is_locked, LOGINPROPERTY(${quoteString(account)}, 'IsExpired') AS is_expired, LOGINPROPERTY(${quoteString(account)}, 'DaysUntilExpiration') AS password_days_left;`,
  },
  changes: {
    is_locked: false,
    is_expired: false,
    is_password_to_change: false,
    // How long it is valid then is for the policy of the host to say; -1 is for ever.
    password_days_left: -1,
  },
})

const onLogin = (
  code: Code,
  { name: account }: Pick<LoginRow, 'name'>,
  part: Partial<Draft>,
  context: CheckContext,
): Draft => ({
  observed: {},
  expected: {},
  ...part,
  code,
  params: { account, ...part.params },
  object: { type: 'instance', name: context.target.instanceId },
})

/** Days until the password expires, `never`, or null where it is not known (LOGINPROPERTY: -1 never). */
const daysLeftOf = ({ is_expiration_checked, password_days_left }: LoginRow): number | 'never' | null => {
  if (is_expiration_checked === false || password_days_left === -1) return 'never'
  return is_expiration_checked === null ? null : password_days_left
}

const unknown = (login: LoginRow, context: CheckContext): Draft => {
  const { is_locked, is_expired, is_password_to_change, is_expiration_checked, password_days_left } = login
  const observed = {
    is_locked,
    is_expired,
    is_password_to_change,
    is_expiration_checked,
    password_days_left,
  }
  return onLogin('EXPIRY_UNKNOWN', login, { observed, obscures: [...allOperations] }, context)
}

const judgeDays = (code: Code, login: LoginRow, days: number | 'never', context: CheckContext): Draft[] => {
  const { expiryWarningDays } = context.thresholdsFor()
  if (days === 'never' || days > expiryWarningDays) return []
  const part = {
    params: { days },
    observed: { password_days_left: days },
    expected: { password_days_left: `more than ${expiryWarningDays}` },
    degrades: [...allOperations],
    remediation: mend(login.name),
  }
  return [onLogin(code, login, part, context)]
}

const judgeBackupLogin = (login: LoginRow, context: CheckContext): Draft[] => {
  const { is_locked, is_expired, is_password_to_change } = login
  const observed = { is_locked, is_expired, is_password_to_change }
  const part = {
    observed,
    expected: { is_locked: false, is_expired: false, is_password_to_change: false },
    blocks: [...allOperations],
    remediation: mend(login.name),
  }
  if (is_locked === true) return [onLogin('ACCOUNT_LOCKED', login, part, context)]
  if (is_expired === true || is_password_to_change === true) {
    return [onLogin('PASSWORD_EXPIRED', login, part, context)]
  }
  const isKnown = Object.values(observed).every((each) => each !== null)
  const days = daysLeftOf(login)
  return isKnown && days !== null
    ? judgeDays('PASSWORD_EXPIRES', login, days, context)
    : [unknown(login, context)]
}

const judgeBackupAccount = (login: LoginRow, context: CheckContext): Draft[] => {
  switch (login.type_desc) {
    case 'SQL_LOGIN':
      return judgeBackupLogin(login, context)
    case 'WINDOWS_LOGIN':
    case 'WINDOWS_GROUP':
      return [onLogin('PASSWORD_OF_WINDOWS', login, { observed: { type_desc: login.type_desc } }, context)]
    default:
      return [unknown(login, context)]
  }
}

/** Of the login that asks: that it is neither locked nor expired shows, since it asks. */
const judgeOwn = (login: LoginRow | undefined, context: CheckContext): Draft[] => {
  const days = login ? daysLeftOf(login) : null
  if (login && days !== null) return judgeDays('OWN_PASSWORD_EXPIRES', login, days, context)
  const name = context.target.definition.connection.credential.username
  const part = { observed: { password_days_left: null }, obscures: [...allOperations] }
  return [onLogin('OWN_EXPIRY_UNKNOWN', { name }, part, context)]
}

/**
 * Verifies that the password of the login that asks, and of the account that takes the backups, does not expire soon,
 * and that the latter is not locked: once the first has expired nothing can be checked. That the account exists and is
 * enabled is for the item over its rights.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_ACCOUNT_EXPIRY',
  set: 'standard',
  title: {
    en: 'Accounts for backups and prechecks do not expire soon',
    zh: '账号有效期检查：备份账号和预检账号近期不会过期',
  },
  failureTitle: {
    en: 'An account for backups or prechecks is locked or expires',
    zh: '账号有效期检查：备份账号或预检账号已锁定、已过期或即将过期',
  },
  description: {
    en: 'Checks whether the login of the backup account is locked, and when its password and that of the login of prechecks expire. With an expired password backups fail, or nothing can be checked.',
    zh: '检查备份账号的登录名是否锁定，以及备份账号和预检账号的密码何时过期。密码过期后，备份会失败，或无法进行预检。',
  },
  affects: () => allOperations,
  texts,
  privileges: loginPrivileges,
  documents: [
    'https://learn.microsoft.com/sql/t-sql/functions/loginproperty-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/security/password-policy',
  ],
  fixes: [loginSteps.changePassword],
  queries: loginQueries,
  facts: LoginFacts,
  evaluate: (facts, context) => {
    const { backupAccount } = context.target.definition
    const ofBackups = backupAccount === undefined ? undefined : findLogin(facts, backupAccount)
    const own = facts.logins.find((login) => login.is_self === true)
    return {
      findings: [
        ...(ofBackups ? judgeBackupAccount(ofBackups, context) : []),
        ...(own !== undefined && own === ofBackups ? [] : judgeOwn(own, context)),
      ],
      observed: { backup_account: backupAccount ?? null },
    }
  },
})
