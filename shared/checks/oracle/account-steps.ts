import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { sqlplus } from './languages.ts'
import { quoteUser } from './quote.ts'
import type { OracleRight } from './rights.ts'

const step = stepsFor<OracleRight>('oracle')

type OfAccount = Readonly<Record<'account', string>>

/** Every step that lets an account log in. */
export const accountSteps = {
  findLockCause: step('FIND_LOCK_CAUSE', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Find out who locked {account}, or what logs in with an old password (ORA-01017 in the audit trail): it would be locked again.',
    zh: '请确认 {account} 是被谁锁定，或哪个程序在使用旧密码登录（审计记录中的 ORA-01017）：否则会再次被锁定。',
  }),
  unlock: step('UNLOCK_ACCOUNT', {
    language: sqlplus,
    risk: 'online',
    needs: 'ALTER USER',
    en: 'Unlock {account}.',
    zh: '解锁 {account}。',
    command: ({ account }: OfAccount) => `ALTER USER ${quoteUser(account)} ACCOUNT UNLOCK;`,
  }),
  /** A password is in no command that is stored. */
  changePassword: step('CHANGE_PASSWORD', {
    language: byHand,
    risk: 'online',
    needs: 'ALTER USER',
    en: 'Change the password of {account}, and with it the secret of everything that logs in as it: the registration, the backup client, the password files of standbys.',
    zh: '请修改 {account} 的密码，并同步更新所有以其登录之处的凭据：注册信息、备份客户端以及各备库的密码文件。',
  }),
} as const
