import * as z from 'zod'
import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { fold, rootId } from './coverage.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, databaseQuery } from './facts.ts'
import { sqlplus } from './languages.ts'
import { roleOf, takesNoBackup } from './role.ts'
import { type ServerRow, ServerRows, ofKind, serverPrivileges, serverQuery } from './server-facts.ts'
import { showPasswordFile, serverSteps as steps } from './server-steps.ts'

const texts = {
  BACKUP_RIGHT_MISSING: {
    en: 'The backup account {account} may log in to {instance} neither as SYSBACKUP nor as SYSDBA: RMAN takes backups in no other way.',
    zh: '备份账号 {account} 既不能以 SYSBACKUP 也不能以 SYSDBA 登录 {instance}：RMAN 无法以其他方式备份。',
  },
  PASSWORD_FILE_UNUSED: {
    en: '{instance} uses no password file (remote_login_passwordfile is NONE): the backup account {account} cannot log in as SYSBACKUP over the network.',
    zh: '{instance} 未使用密码文件（remote_login_passwordfile 为 NONE）：备份账号 {account} 无法通过网络以 SYSBACKUP 登录。',
  },
  PASSWORD_FILE_MISSING: {
    en: 'The password file of {instance} is missing or empty: the backup account {account} cannot log in as SYSBACKUP over the network.',
    zh: '{instance} 的密码文件缺失或为空：备份账号 {account} 无法通过网络以 SYSBACKUP 登录。',
  },
  BACKUP_RIGHT_UNKNOWN: {
    en: 'Whether the backup account {account} may take backups cannot be seen from here.',
    zh: '在此无法获知备份账号 {account} 是否有权执行备份。',
  },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

const mayUse: readonly (string | null)[] = ['EXCLUSIVE', 'SHARED']
const answers: readonly (string | null)[] = ['TRUE', 'FALSE']

/** What one instance says of the account; null: it may take backups. */
const codeOf = (account: string, inst_id: number, server: readonly ServerRow[]): Code | null => {
  const here = server.filter((row) => row.inst_id === inst_id)
  const [mode] = ofKind(here, 'PARAMETER', 'remote_login_passwordfile')
  if (mode?.value === 'NONE') return 'PASSWORD_FILE_UNUSED'
  if (!mayUse.includes(mode?.value ?? null)) return 'BACKUP_RIGHT_UNKNOWN'
  if (ofKind(here, 'PASSWORD_FILE').length === 0) return 'PASSWORD_FILE_MISSING'
  const rights = ofKind(here, 'PASSWORD_FILE', account).flatMap(({ value, detail }) => [value, detail])
  if (rights.includes('TRUE')) return null
  return rights.every((right) => answers.includes(right)) ? 'BACKUP_RIGHT_MISSING' : 'BACKUP_RIGHT_UNKNOWN'
}

/** The entry of the account is made where the redo is: a standby has the password file of its primary. */
const entry = (login: string, isStandby: boolean): Remediation['steps'] =>
  isStandby ? [steps.copyPasswordFile({ login })] : [steps.grantSysbackup({ login })]

const stepsFor = (code: Code, login: string, instance: string, isStandby: boolean): Remediation['steps'] => {
  switch (code) {
    case 'BACKUP_RIGHT_MISSING':
      return entry(login, isStandby)
    case 'PASSWORD_FILE_MISSING':
      return [steps.createPasswordFile({ instance }), ...entry(login, isStandby)]
    case 'PASSWORD_FILE_UNUSED':
      return [steps.usePasswordFile({}), steps.restartInstance({ instance }), ...entry(login, isStandby)]
    default:
      return [steps.askBackupRight({ login })]
  }
}

/** What somebody in a pluggable database sees of the password file, or of accounts of the system, decides nothing. */
const isOutOfSight = (account: string, { cdb, con_id }: DatabaseFact): boolean =>
  account.startsWith('/') || (cdb !== 'NO' && con_id !== rootId)

/**
 * Verifies that the account of the backups is in the password file with SYSBACKUP or SYSDBA, on every instance: RMAN
 * logs in to its target with nothing less ("Making Database Connections with RMAN"). Accounts of the system are not
 * seen.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_BACKUP_RIGHTS',
  set: 'standard',
  title: { en: 'The backup account may take backups', zh: '备份账号有权执行备份' },
  failureTitle: { en: 'The backup account may not take backups', zh: '备份账号无权执行备份' },
  description: {
    en: 'Checks whether the backup account of the registration has SYSBACKUP or SYSDBA in the password file; nobody logs in as it. If the check fails, no backup and no restore can log in.',
    zh: '检查注册信息中的备份账号在密码文件中是否拥有 SYSBACKUP 或 SYSDBA；检查时不会以该账号登录。如果未通过，备份和恢复都无法登录。',
  },
  affects: () => allOperations,
  texts,
  privileges: [...serverPrivileges, 'SELECT ON SYS.V_$DATABASE'],
  fixes: [
    steps.askBackupRight,
    steps.copyPasswordFile,
    steps.createPasswordFile,
    steps.grantSysbackup,
    steps.restartInstance,
    steps.usePasswordFile,
  ],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-PWFILE_USERS.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/REMOTE_LOGIN_PASSWORDFILE.html',
  ],
  queries: { database: databaseQuery, server: serverQuery },
  facts: z.object({ database: DatabaseFact, server: ServerRows }),
  evaluate: ({ database, server }, { target }) => {
    const { backupAccount: login = null } = target.definition
    const observed = { backup_account: login }
    const role = roleOf(database.database_role)
    if (login === null || takesNoBackup(role)) return { findings: [], observed }
    const account = fold(login)
    const drafts = ofKind(server, 'INSTANCE').flatMap(({ inst_id, name: instance }): Draft[] => {
      const code = isOutOfSight(account, database) ? 'BACKUP_RIGHT_UNKNOWN' : codeOf(account, inst_id, server)
      if (code === null) return []
      const isStandby = role.redo === 'received'
      return [
        {
          code,
          params: { account, instance },
          object: { type: 'instance', name: instance },
          observed: { sysbackup: code === 'BACKUP_RIGHT_UNKNOWN' ? null : false },
          expected: { sysbackup: true },
          ...(code === 'BACKUP_RIGHT_UNKNOWN'
            ? { obscures: [...allOperations] }
            : { blocks: [...allOperations] }),
          remediation: {
            steps: stepsFor(code, login, instance, isStandby),
            verify: { language: sqlplus.name, query: showPasswordFile },
            // The password file is outside of the database, and its owner has to say who may take backups.
            changes: {},
          },
        },
      ]
    })
    return { findings: drafts, observed }
  },
})
