import { byHand } from '../../model/remediation.ts'
import { mysqlClient } from './languages.ts'
import { quoteString } from './quote.ts'
import { step } from './step.ts'

/** An account as it is said, and as statements name it. */
export type OfAccount = Readonly<Record<'account' | 'user' | 'host', string>>

const quoted = ({ user, host }: OfAccount): string => `${quoteString(user)}@${quoteString(host)}`

/** Steps for the accounts that take backups and look at the server. */
export const accountSteps = {
  grantRights: step('GRANT_RIGHTS', {
    language: mysqlClient,
    risk: 'online',
    needs: 'GRANT OPTION',
    en: 'Give {account} the rights {rights} on all databases.',
    zh: '授予 {account} 在所有数据库上的权限：{rights}。',
    command: (params: OfAccount & Readonly<Record<'rights', string>>) =>
      `GRANT ${params.rights} ON *.* TO ${quoted(params)};`,
  }),
  grantToLogin: step('GRANT_TO_LOGIN', {
    language: mysqlClient,
    risk: 'online',
    needs: 'GRANT OPTION',
    en: 'Give {login}, the login of prechecks, {privilege} on all databases. If its account is not for every host, put its host in.',
    zh: '授予预检账号 {login} 在所有数据库上的 {privilege} 权限。如果该账号限定了主机，请改为其主机。',
    command: ({ statement }: Readonly<Record<'login' | 'privilege' | 'statement', string>>) => statement,
  }),
  createAccount: step('CREATE_ACCOUNT', {
    language: byHand,
    risk: 'online',
    needs: 'CREATE USER',
    en: 'Create the account {account} with what backups need, or correct backupAccount in the registration.',
    zh: '创建具有备份所需权限的账号 {account}，或更正注册信息中的 backupAccount。',
  }),
  /** A dump that locks tables asks for the account alone, as tried; that nobody can log in as it opens no door. */
  createDefiner: step('CREATE_DEFINER', {
    language: mysqlClient,
    risk: 'online',
    needs: 'CREATE USER',
    en: 'Create {account} again, as a role or as a locked account: nobody can log in as it.',
    zh: '重新创建 {account}（角色或已锁定的账号）：无法以其身份登录。',
    command: (params: OfAccount) =>
      params.host === ''
        ? `CREATE ROLE IF NOT EXISTS ${quoteString(params.user)};`
        : `CREATE USER IF NOT EXISTS ${quoted(params)} ACCOUNT LOCK;`,
  }),
  giveDefinerRights: step('GIVE_DEFINER_RIGHTS', {
    language: byHand,
    risk: 'online',
    needs: 'GRANT OPTION',
    en: 'Grant it what these objects read and write, or create them again with a definer that has these rights. Do the same for the other accounts of the list.',
    zh: '授予其这些对象所读写内容的权限，或者使用具有这些权限的定义者重新创建这些对象。对列表中的其他账号执行同样的操作。',
  }),
  unlockAccount: step('UNLOCK_ACCOUNT', {
    language: mysqlClient,
    risk: 'online',
    needs: 'CREATE USER',
    en: 'Unlock {account}, after finding out who locked it and why.',
    zh: '在查明是谁以及为何锁定后，解锁 {account}。',
    command: (params: OfAccount) => `ALTER USER ${quoted(params)} ACCOUNT UNLOCK;`,
  }),
  neverExpire: step('NEVER_EXPIRE', {
    language: mysqlClient,
    risk: 'online',
    needs: 'CREATE USER',
    en: 'If your rules allow that, let the password of {account} never expire.',
    zh: '如果贵方规定允许，将 {account} 的密码设为永不过期。',
    command: (params: OfAccount) => `ALTER USER ${quoted(params)} PASSWORD EXPIRE NEVER;`,
  }),
  /** Its password is for nobody but its owner to choose. */
  changePassword: step('CHANGE_PASSWORD', {
    language: byHand,
    risk: 'online',
    needs: 'CREATE USER',
    en: 'Give {account} a new password with ALTER USER … IDENTIFIED BY, and enter it wherever the account is used.',
    zh: '使用 ALTER USER … IDENTIFIED BY 为 {account} 设置新密码，并在所有使用该账号的地方更新。',
  }),
} as const
