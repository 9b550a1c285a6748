import * as z from 'zod'
import type { Evidence } from '../../model/evidence.ts'
import { allOperations } from '../../model/operation.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { accountSteps as steps } from './account-steps.ts'
import {
  AccountRows,
  type AccountRow,
  accountQueries,
  accountsNamed,
  backupAccountOf,
  nameOf,
} from './accounts.ts'
import { mysql } from './engine.ts'
import { foundOfAny } from './found-of-any.ts'
import { onInstance } from './instance-finding.ts'
import { SettingRows, numberOf, settingsQuery } from './settings.ts'

const texts = {
  ACCOUNT_LOCKED: {
    en: 'The backup account {account} is locked: backups with it fail (3118, on MariaDB 4151).',
    zh: '备份账号 {account} 已锁定：使用它的备份会失败（3118，MariaDB 上为 4151）。',
  },
  PASSWORD_EXPIRED: {
    en: 'The password of the backup account {account} has expired: backups with it fail (1862, 1820).',
    zh: '备份账号 {account} 的密码已过期：使用它的备份会失败（1862、1820）。',
  },
  PASSWORD_EXPIRES: {
    en: 'The password of the backup account {account} expires in {days} days: backups with it fail after that.',
    zh: '备份账号 {account} 的密码将在 {days} 天后过期：此后使用它的备份会失败。',
  },
  OWN_PASSWORD_EXPIRES: {
    en: 'The password of {account}, the login of prechecks, expires in {days} days: nothing can be checked after that.',
    zh: '预检账号 {account} 的密码将在 {days} 天后过期：此后无法进行任何检查。',
  },
  EXPIRY_UNKNOWN: {
    en: 'It is unknown whether {account} is locked, or when its password expires.',
    zh: '无法判定 {account} 是否锁定或其密码何时过期。',
  },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

const facts = z.object({ settings: SettingRows, accounts: AccountRows })
type Facts = z.output<typeof facts>

const of = (account: AccountRow) => ({
  account: nameOf(account),
  user: account.account_user,
  host: account.account_host,
})

/** Days until the password expires, negative after that; `never`, or null where it is not known. */
const daysLeftOf = (account: AccountRow, { settings }: Facts): number | 'never' | null => {
  const { password_lifetime: own, password_age_days: age } = account
  const lifetime = own === -1 ? numberOf(settings, 'default_password_lifetime') : own
  if (lifetime === null) return null
  if (lifetime === 0) return 'never'
  return age === null ? null : lifetime - age
}

const mend = (steps_: readonly [RemediationStep, ...RemediationStep[]], changes: Evidence): Remediation => ({
  steps: [...steps_],
  verify: null,
  changes,
})

const unknown = (account: string, observed: Evidence, context: CheckContext): Draft =>
  onInstance(context, {
    code: 'EXPIRY_UNKNOWN',
    params: { account },
    observed,
    expected: {},
    obscures: [...allOperations],
  })

const judgeDays = (code: Code, account: AccountRow, asked: Facts, context: CheckContext): Draft[] => {
  const days = daysLeftOf(account, asked)
  const observed = {
    password_lifetime: account.password_lifetime,
    password_age_days: account.password_age_days,
  }
  if (days === null) return [unknown(nameOf(account), observed, context)]
  const { expiryWarningDays } = context.thresholdsFor()
  if (days === 'never' || days > expiryWarningDays) return []
  const about = {
    params: { account: nameOf(account), days },
    observed,
    expected: { password_days_left: `more than ${expiryWarningDays}` },
    remediation: mend([steps.changePassword(of(account)), steps.neverExpire(of(account))], {
      password_lifetime: 0,
    }),
  }
  if (days > 0 || code === 'OWN_PASSWORD_EXPIRES') {
    return [onInstance(context, { ...about, code, degrades: [...allOperations] })]
  }
  return [
    onInstance(context, {
      ...about,
      code: 'PASSWORD_EXPIRED',
      params: { account: nameOf(account) },
      blocks: [...allOperations],
    }),
  ]
}

const judgeBackupAccount = (account: AccountRow, asked: Facts, context: CheckContext): Draft[] => {
  const { account_locked, password_expired } = account
  const about = {
    params: { account: nameOf(account) },
    observed: { account_locked, password_expired },
    expected: { account_locked: 'N', password_expired: 'N' },
    blocks: [...allOperations],
  }
  if (account_locked === 'Y') {
    const remediation = mend([steps.unlockAccount(of(account))], { account_locked: 'N' })
    return [onInstance(context, { ...about, code: 'ACCOUNT_LOCKED', remediation })]
  }
  if (password_expired === 'Y') {
    const remediation = mend([steps.changePassword(of(account))], { password_expired: 'N' })
    return [onInstance(context, { ...about, code: 'PASSWORD_EXPIRED', remediation })]
  }
  if (account_locked === null || password_expired === null) {
    return [unknown(nameOf(account), { account_locked, password_expired }, context)]
  }
  return judgeDays('PASSWORD_EXPIRES', account, asked, context)
}

/** Of the login that asks: that it is neither locked nor expired shows, since it asks. */
const judgeOwn = (asked: Facts, context: CheckContext): Draft[] => {
  const own = asked.accounts?.find(({ is_self }) => is_self === 1)
  if (own) return judgeDays('OWN_PASSWORD_EXPIRES', own, asked, context)
  return [unknown(context.target.definition.connection.credential.username, { is_self: null }, context)]
}

/**
 * Verifies that the account that takes the backups is not locked, and that neither its password nor that of the login
 * of prechecks expires soon. Whether the account exists and what it may do is for the item over its rights.
 */
export default defineCheck(mysql, {
  id: 'MYSQL_ACCOUNT_EXPIRY',
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
    en: 'Checks whether the backup account is locked, and when its password and that of the login of prechecks expire. With an expired password backups fail, or nothing can be checked.',
    zh: '检查备份账号是否锁定，以及备份账号和预检账号的密码何时过期。密码过期后，备份会失败，或无法进行预检。',
  },
  affects: () => allOperations,
  texts,
  privileges: ['SELECT'],
  fixes: [steps.changePassword, steps.neverExpire, steps.unlockAccount],
  documents: [
    'https://mariadb.com/kb/en/user-password-expiry/',
    'https://mariadb.com/kb/en/account-locking/',
    'https://dev.mysql.com/doc/refman/8.4/en/password-management.html',
  ],
  queries: { settings: settingsQuery, ...accountQueries },
  facts,
  evaluate: (asked, context) => {
    const backupAccount = backupAccountOf(context)
    const ofBackups = accountsNamed(asked.accounts, backupAccount)
    return {
      findings: [
        ...foundOfAny(ofBackups.map((account) => judgeBackupAccount(account, asked, context))),
        ...(ofBackups.some(({ is_self }) => is_self === 1) ? [] : judgeOwn(asked, context)),
      ],
      observed: { backup_account: backupAccount ?? null },
    }
  },
})
