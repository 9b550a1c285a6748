import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { accountSteps as steps } from './account-steps.ts'
import {
  AccountRows,
  type AccountRow,
  accountQueries,
  accountsNamed,
  backupAccountOf,
  isWhole,
  nameOf,
} from './accounts.ts'
import { mysql } from './engine.ts'
import { foundOfAny } from './found-of-any.ts'
import { grant } from './grant.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { productOf } from './product.ts'
import { quoteString } from './quote.ts'
import { SettingRows, settingOf, settingsQuery } from './settings.ts'

const texts = {
  ACCOUNT_MISSING: {
    en: 'There is no account {account} on the server: backups with it fail (1045).',
    zh: '服务器上没有账号 {account}：使用它的备份会失败（1045）。',
  },
  RIGHTS_MISSING: {
    en: 'The backup account {account} does not have {rights} on all databases: what it may not read is missing from backups without an error, or they fail.',
    zh: '备份账号 {account} 在所有数据库上缺少权限 {rights}：无权读取的内容会无提示地缺失，或备份失败。',
  },
  BACKUP_ADMIN_MISSING: {
    en: 'The backup account {account} does not have BACKUP_ADMIN, which physical backups of MySQL 8 take.',
    zh: '备份账号 {account} 没有 BACKUP_ADMIN 权限，MySQL 8 的物理备份需要该权限。',
  },
  RIGHTS_UNKNOWN: {
    en: 'It is unknown whether the backup account {account} has {rights}: it may have them by a role.',
    zh: '无法判定备份账号 {account} 是否具有权限 {rights}：可能通过角色获得。',
  },
  ACCOUNTS_HIDDEN: {
    en: 'The rights of the backup account {account} are unknown: the login of the precheck may not read mysql.user.',
    zh: '无法判定备份账号 {account} 的权限：预检账号无权读取 mysql.user。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({ settings: SettingRows, accounts: AccountRows })
type Facts = z.output<typeof facts>

type Column = Extract<keyof AccountRow, `${string}_priv`>

/**
 * What each right is for, as tried with mariadb-dump, mariadb-backup and mariadb-binlog: of views, triggers, events and
 * whole databases that the account may not read, a dump has nothing, or stops. LOCK TABLES is for dumps without
 * --single-transaction alone.
 */
const needed: readonly {
  readonly column: Column
  readonly right: string
  readonly operations: readonly Operation[]
}[] = [
  { column: 'select_priv', right: 'SELECT', operations: ['full'] },
  { column: 'show_view_priv', right: 'SHOW VIEW', operations: ['full'] },
  { column: 'trigger_priv', right: 'TRIGGER', operations: ['full'] },
  { column: 'event_priv', right: 'EVENT', operations: ['full'] },
  { column: 'reload_priv', right: 'RELOAD', operations: ['full', 'incremental'] },
  { column: 'process_priv', right: 'PROCESS', operations: ['full', 'incremental'] },
  { column: 'repl_client_priv', right: 'REPLICATION CLIENT', operations: ['full', 'incremental'] },
  { column: 'repl_slave_priv', right: 'REPLICATION SLAVE', operations: ['log'] },
]

const verify = (account: AccountRow): Remediation['verify'] => ({
  language: mysqlClient.name,
  query: `SELECT privilege_type FROM information_schema.USER_PRIVILEGES WHERE grantee = ${quoteString(`'${account.account_user}'@'${account.account_host}'`)};`,
})

const grantTo = (
  account: AccountRow,
  rights: readonly string[],
  changes: Remediation['changes'],
): Remediation => ({
  steps: [
    steps.grantRights({
      account: nameOf(account),
      user: account.account_user,
      host: account.account_host,
      rights: rights.join(', '),
    }),
  ],
  verify: verify(account),
  changes,
})

/** MySQL 8 alone has it; XtraBackup asks for it, the other tools do not ("Privileges", Percona XtraBackup 8.0). */
const judgeBackupAdmin = (account: AccountRow, { settings }: Facts, context: CheckContext): Draft[] => {
  const product = productOf(settingOf(settings, 'version'))
  if (product?.name !== 'MySQL' || product.numbers[0] < 8 || (account.backup_admin ?? 0) > 0) return []
  if (account.has_roles === 1) return []
  return [
    onInstance(context, {
      code: 'BACKUP_ADMIN_MISSING',
      params: { account: nameOf(account) },
      observed: { backup_admin: account.backup_admin },
      expected: { backup_admin: 1 },
      degrades: ['full', 'incremental'],
      remediation: grantTo(account, ['BACKUP_ADMIN'], { backup_admin: 1 }),
    }),
  ]
}

const operationsOf = (rights: readonly (typeof needed)[number][]): Operation[] =>
  allOperations.filter((each) => rights.some(({ operations }) => operations.includes(each)))

const judgeAccount = (account: AccountRow, asked: Facts, context: CheckContext): Draft[] => {
  const lacking = needed.filter(({ column }) => account[column] !== 'Y')
  const admin = judgeBackupAdmin(account, asked, context)
  if (lacking.length === 0) return admin
  const rights = lacking.map(({ right }) => right)
  const isCertain = account.has_roles === 0 && lacking.every(({ column }) => account[column] === 'N')
  const about = {
    params: { account: nameOf(account), rights },
    observed: Object.fromEntries(lacking.map(({ column }) => [column, account[column]])),
    expected: Object.fromEntries(lacking.map(({ column }) => [column, 'Y'])),
    remediation: grantTo(account, rights, Object.fromEntries(lacking.map(({ column }) => [column, 'Y']))),
  }
  const draft: Draft = isCertain
    ? onInstance(context, { ...about, code: 'RIGHTS_MISSING', blocks: operationsOf(lacking) })
    : onInstance(context, { ...about, code: 'RIGHTS_UNKNOWN', obscures: operationsOf(lacking) })
  return [draft, ...admin]
}

const judgeNone = (account: string, { accounts }: Facts, context: CheckContext): Draft => {
  const about = {
    params: { account },
    observed: { backup_account: null },
    expected: { backup_account: account },
  }
  if (accounts === null || !isWhole(accounts)) {
    const remediation = grant(['SELECT'], context)
    return onInstance(context, {
      ...about,
      code: 'ACCOUNTS_HIDDEN',
      obscures: [...allOperations],
      remediation,
    })
  }
  const remediation = { steps: [steps.createAccount({ account })], verify: null, changes: {} }
  return onInstance(context, { ...about, code: 'ACCOUNT_MISSING', blocks: [...allOperations], remediation })
}

/**
 * Verifies that the account that takes the backups has every right that the tools of the engine take, from the
 * catalogues alone: nobody logs in as it.
 */
export default defineCheck(mysql, {
  id: 'MYSQL_BACKUP_RIGHTS',
  set: 'standard',
  title: { en: 'The backup account has its rights', zh: '备份账号权限检查：备份账号具有所需权限' },
  failureTitle: {
    en: 'The backup account lacks rights, or it is unknown whether it has them',
    zh: '备份账号权限检查：备份账号缺少权限，或无法判定',
  },
  description: {
    en: 'Checks the rights of the account that the registration names in backupAccount, without logging in as it. Without some of them, backups fail; without others, they end well and something is missing.',
    zh: '检查注册信息中 backupAccount 所指账号的权限（不以其身份登录）。缺少某些权限时备份会失败；缺少另一些权限时备份成功，但内容缺失。',
  },
  affects: () => allOperations,
  texts,
  blindSpots: [
    {
      en: 'Whether a tool comes with TLS is a setting of the tool: an account with REQUIRE SSL refuses one that does not (1045).',
      zh: '工具是否使用 TLS 取决于工具自身的设置：设置了 REQUIRE SSL 的账号会拒绝未使用 TLS 的工具（1045）。',
    },
  ],
  privileges: ['SELECT'],
  fixes: [steps.createAccount, steps.grantRights, steps.grantToLogin],
  documents: [
    'https://mariadb.com/kb/en/mariadb-dump/',
    'https://mariadb.com/kb/en/mariabackup-overview/',
    'https://dev.mysql.com/doc/refman/8.4/en/mysqldump.html',
    'https://docs.percona.com/percona-xtrabackup/8.0/privileges.html',
  ],
  queries: { settings: settingsQuery, ...accountQueries },
  facts,
  evaluate: (asked, context) => {
    const backupAccount = backupAccountOf(context)
    if (backupAccount === undefined) return { findings: [], observed: { backup_account: null } }
    const named = accountsNamed(asked.accounts, backupAccount)
    return {
      findings:
        named.length === 0
          ? [judgeNone(backupAccount, asked, context)]
          : foundOfAny(named.map((account) => judgeAccount(account, asked, context))),
      observed: { backup_account: backupAccount },
    }
  },
})
