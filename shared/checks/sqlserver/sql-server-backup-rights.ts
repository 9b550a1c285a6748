import type { Evidence } from '../../model/evidence.ts'
import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { sqlserver } from './engine.ts'
import { tsql } from './languages.ts'
import { loginSteps } from './login-steps.ts'
import { LoginFacts, type LoginRow, findLogin, isNoLogin, loginPrivileges, loginQueries } from './logins.ts'
import { quoteString } from './quote.ts'
import { showFact } from './recovery-model-remediations.ts'
import { sqlServerSteps } from './steps.ts'

const texts = {
  ACCOUNT_MISSING: {
    en: 'The backup account {account} is no login of the server: backups with it fail (18456).',
    zh: '备份账号 {account} 不是该服务器的登录名：使用它的备份会失败（18456）。',
  },
  ACCOUNT_NOT_SHOWN: {
    en: 'The rights of the backup account {account} are unknown: the server does not show such a login to this one.',
    zh: '无法判定备份账号 {account} 的权限：服务器未向当前登录账号显示该登录名。',
  },
  ACCOUNT_DISABLED: {
    en: 'The login of the backup account {account} is disabled: backups with it fail (18470).',
    zh: '备份账号 {account} 的登录名已禁用：使用它的备份会失败（18470）。',
  },
  CONNECT_DENIED: {
    en: 'The login of the backup account {account} is denied to connect: backups with it fail.',
    zh: '备份账号 {account} 的登录名被拒绝连接：使用它的备份会失败。',
  },
  RIGHTS_UNKNOWN: {
    en: 'The backup account {account} is not known to be enabled and itself a member of sysadmin: whether it may back up each database, as a member of db_backupoperator say, cannot be seen without logging in as it.',
    zh: '无法确认备份账号 {account} 已启用且自身为 sysadmin 成员：不以其身份登录，就无法判定它能否备份各个数据库（例如作为 db_backupoperator 成员）。',
  },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

const verifyLogin = (account: string): Remediation['verify'] => ({
  language: tsql.name,
  query: `SELECT name, is_disabled, IS_SRVROLEMEMBER('sysadmin', name) AS is_sysadmin FROM sys.server_principals WHERE name = ${quoteString(account)};`,
})

const fixedBy = (account: string, steps: Remediation['steps'], changes: Evidence = {}): Remediation => ({
  steps,
  verify: verifyLogin(account),
  changes,
})

const onAccount = (
  code: Code,
  account: string,
  part: Omit<Draft, 'code' | 'params' | 'object'>,
  { target }: CheckContext,
): Draft => ({
  ...part,
  code,
  params: { account },
  object: { type: 'instance', name: target.instanceId },
})

const judgeNoLogin = (account: string, facts: LoginFacts, context: CheckContext): Draft => {
  const about = { observed: { backup_account: null }, expected: { backup_account: account } }
  if (isNoLogin(facts, account)) {
    const remediation = fixedBy(account, [loginSteps.createOrCorrect({ account })])
    return onAccount(
      'ACCOUNT_MISSING',
      account,
      { ...about, blocks: [...allOperations], remediation },
      context,
    )
  }
  const remediation =
    facts.server.view_any_definition === true
      ? fixedBy(account, [loginSteps.lookAtAccount({ account })])
      : showFact(context.target)
  return onAccount(
    'ACCOUNT_NOT_SHOWN',
    account,
    { ...about, obscures: [...allOperations], remediation },
    context,
  )
}

/** Membership in sysadmin allows everything; what a role of a database allows is in the catalogue of that database. */
const judgeLogin = (account: string, login: LoginRow, context: CheckContext): Draft[] => {
  const { name, is_disabled, is_connect_denied, is_sysadmin } = login
  const about = {
    observed: { is_disabled, is_connect_denied, is_sysadmin },
    expected: { is_disabled: false, is_connect_denied: false, is_sysadmin: true },
  }
  const blocked = (code: Code, remediation: Remediation): Draft[] => [
    onAccount(code, account, { ...about, blocks: [...allOperations], remediation }, context),
  ]
  if (is_disabled === true) {
    const steps = [loginSteps.enableLogin({ account: name })]
    return blocked('ACCOUNT_DISABLED', fixedBy(name, steps, { is_disabled: false }))
  }
  // Nothing can be denied to a sysadmin.
  if (is_connect_denied === true && is_sysadmin !== true) {
    const steps = [loginSteps.allowConnect({ account: name })]
    return blocked('CONNECT_DENIED', fixedBy(name, steps, { is_connect_denied: false }))
  }
  if (is_disabled === false && is_sysadmin === true) return []
  const steps = [loginSteps.showBackupRights({ account: name }), loginSteps.giveBackupRights({})]
  const part = { ...about, obscures: [...allOperations], remediation: fixedBy(name, steps) }
  return [onAccount('RIGHTS_UNKNOWN', account, part, context)]
}

/**
 * Verifies that the account that takes the backups can log in and may take them, from the catalogue of the server
 * alone. Nobody logs in as it: what only the catalogues of the databases say is unknown.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_BACKUP_RIGHTS',
  set: 'standard',
  title: { en: 'The backup account may take backups', zh: '备份账号权限检查：备份账号可以执行备份' },
  failureTitle: {
    en: 'The backup account cannot take backups, or its rights are unknown',
    zh: '备份账号权限检查：备份账号无法执行备份，或无法判定其权限',
  },
  description: {
    en: 'Checks the login and the rights of the account that the registration names in backupAccount, without logging in as it. If the account cannot log in or lacks a right, backups fail.',
    zh: '检查注册信息中 backupAccount 所指账号的登录名和权限（不以其身份登录）。如果该账号无法登录或缺少权限，备份会失败。',
  },
  affects: () => allOperations,
  texts,
  privileges: loginPrivileges,
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-server-principals-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/security/authentication-access/server-level-roles',
    'https://learn.microsoft.com/sql/t-sql/statements/backup-transact-sql',
  ],
  fixes: [
    loginSteps.allowConnect,
    loginSteps.createOrCorrect,
    loginSteps.enableLogin,
    loginSteps.giveBackupRights,
    sqlServerSteps.grant,
    loginSteps.lookAtAccount,
    loginSteps.showBackupRights,
  ],
  queries: loginQueries,
  facts: LoginFacts,
  evaluate: (facts, context) => {
    const { backupAccount } = context.target.definition
    if (backupAccount === undefined) return { findings: [], observed: { backup_account: null } }
    const login = findLogin(facts, backupAccount)
    return {
      findings: login
        ? judgeLogin(backupAccount, login, context)
        : [judgeNoLogin(backupAccount, facts, context)],
      observed: { backup_account: backupAccount },
    }
  },
})
