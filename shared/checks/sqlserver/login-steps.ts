import { byHand } from '../../model/remediation.ts'
import { tsql } from './languages.ts'
import { quoteName, quoteString } from './quote.ts'
import { step } from './step.ts'

type OfAccount = Readonly<Record<'account', string>>

/** Steps for the accounts that take backups and look at the server. */
export const loginSteps = {
  enableLogin: step('ENABLE_LOGIN', {
    language: tsql,
    risk: 'online',
    needs: 'ALTER ANY LOGIN',
    en: 'Enable the login {account}.',
    zh: '启用登录名 {account}。',
    command: ({ account }: OfAccount) => `ALTER LOGIN ${quoteName(account)} ENABLE;`,
  }),
  allowConnect: step('ALLOW_CONNECT', {
    language: tsql,
    risk: 'online',
    needs: 'CONTROL SERVER',
    en: 'Let the login {account} connect.',
    zh: '允许登录名 {account} 连接。',
    command: ({ account }: OfAccount) => `USE [master]; GRANT CONNECT SQL TO ${quoteName(account)};`,
  }),
  createOrCorrect: step('CREATE_OR_CORRECT', {
    language: byHand,
    risk: 'online',
    needs: 'ALTER ANY LOGIN',
    en: 'Create the login {account} with what backups need, or correct backupAccount in the registration.',
    zh: '创建具有备份所需权限的登录名 {account}，或更正注册信息中的 backupAccount。',
  }),
  lookAtAccount: step('LOOK_AT_ACCOUNT', {
    language: byHand,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Find out by which login or group of Windows {account} connects, and name a login of its own in the registration.',
    zh: '查明 {account} 通过哪个登录名或 Windows 组连接，并在注册信息中填写其自己的登录名。',
  }),
  showBackupRights: step('SHOW_BACKUP_RIGHTS', {
    language: tsql,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Show in which databases {account} may not take backups.',
    zh: '查看 {account} 在哪些数据库中不能执行备份。',
    command: ({ account }: OfAccount) =>
      `EXECUTE AS LOGIN = ${quoteString(account)}; SELECT name FROM sys.databases WHERE database_id <> 2 AND source_database_id IS NULL AND (ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(name), 'DATABASE', 'BACKUP DATABASE'), 0) = 0 OR ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(name), 'DATABASE', 'BACKUP LOG'), 0) = 0); REVERT;`,
  }),
  giveBackupRights: step('GIVE_BACKUP_RIGHTS', {
    language: byHand,
    risk: 'online',
    needs: 'sysadmin',
    en: 'Add the account to db_backupoperator in each of these databases, or to sysadmin if the backup tool uses VDI or VSS, which asks for that.',
    zh: '在这些数据库中将该账号加入 db_backupoperator；如果备份工具使用 VDI 或 VSS（要求 sysadmin），请将其加入 sysadmin。',
  }),
  /** Its password is for nobody but its owner to choose. */
  changePassword: step('CHANGE_PASSWORD', {
    language: byHand,
    risk: 'online',
    needs: 'ALTER ANY LOGIN',
    en: 'Give {account} a new password with ALTER LOGIN … WITH PASSWORD, UNLOCK if it is locked, and enter it wherever the account is used; or turn CHECK_EXPIRATION off for it if your rules allow that.',
    zh: '使用 ALTER LOGIN … WITH PASSWORD 为 {account} 设置新密码（如已锁定请加 UNLOCK），并在所有使用该账号的地方更新；如果贵方规定允许，也可以关闭其 CHECK_EXPIRATION。',
  }),
} as const
