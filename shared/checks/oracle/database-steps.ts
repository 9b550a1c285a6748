import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { sqlplus } from './languages.ts'
import { quoteName, quoteString, quoteUser } from './quote.ts'
import type { OracleRight } from './rights.ts'

const step = stepsFor<OracleRight>('oracle')

type OfDatabase = Readonly<Record<'database', string>>

/** Every step that brings a database or a pluggable database back to its normal status. */
export const databaseSteps = {
  letRestoreEnd: step('LET_RESTORE_END', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Find out who is restoring this database, and let them finish. Keep all archived logs available.',
    zh: '确认是谁正在还原该数据库，并等待其完成。请保留所有归档日志。',
  }),
  recover: step('RECOVER', {
    language: sqlplus,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Apply all redo that there is.',
    zh: '应用所有可用的重做日志。',
    command: () => 'RECOVER DATABASE USING BACKUP CONTROLFILE;',
  }),
  /** What RESETLOGS leaves behind cannot be applied later. */
  openResetlogs: step('OPEN_RESETLOGS', {
    language: sqlplus,
    risk: 'data-loss',
    needs: 'SYSDBA',
    en: 'Open the database with RESETLOGS: redo that has not been applied is lost.',
    zh: '以 RESETLOGS 方式打开数据库：未应用的重做日志将丢失。',
    command: () => 'ALTER DATABASE OPEN RESETLOGS;',
  }),
  openPluggable: step('OPEN_PLUGGABLE', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Open {database} on all instances.',
    zh: '在所有实例上打开 {database}。',
    command: ({ database }: OfDatabase) =>
      `ALTER PLUGGABLE DATABASE ${quoteName(database)} OPEN INSTANCES = ALL;`,
  }),
  saveState: step('SAVE_STATE', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Have {database} opened whenever its instances start.',
    zh: '使 {database} 在实例启动时自动打开。',
    command: ({ database }: OfDatabase) =>
      `ALTER PLUGGABLE DATABASE ${quoteName(database)} SAVE STATE INSTANCES = ALL;`,
  }),
  showViolations: step('SHOW_VIOLATIONS', {
    language: sqlplus,
    risk: 'online',
    needs: 'SELECT_CATALOG_ROLE',
    en: 'Show why {database} opened in restricted mode.',
    zh: '查看 {database} 以受限模式打开的原因。',
    command: ({ database }: OfDatabase) =>
      `SELECT type, message, action FROM pdb_plug_in_violations WHERE name = ${quoteString(database)} AND status = 'PENDING';`,
  }),
  closePluggable: step('CLOSE_PLUGGABLE', {
    language: sqlplus,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Close {database} on all instances.',
    zh: '在所有实例上关闭 {database}。',
    command: ({ database }: OfDatabase) =>
      `ALTER PLUGGABLE DATABASE ${quoteName(database)} CLOSE IMMEDIATE INSTANCES = ALL;`,
  }),
  enterPluggable: step('ENTER_PLUGGABLE', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Switch the session to {database}.',
    zh: '将会话切换到 {database}。',
    command: ({ database }: OfDatabase) => `ALTER SESSION SET CONTAINER = ${quoteName(database)};`,
  }),
  closeCurrent: step('CLOSE_CURRENT', {
    language: sqlplus,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Close the pluggable database of the session.',
    zh: '关闭会话所在的可插拔数据库。',
    command: () => 'ALTER PLUGGABLE DATABASE CLOSE IMMEDIATE;',
  }),
  enableRecovery: step('ENABLE_RECOVERY', {
    language: sqlplus,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Enable recovery of the pluggable database of the session.',
    zh: '启用会话所在可插拔数据库的恢复。',
    command: () => 'ALTER PLUGGABLE DATABASE ENABLE RECOVERY;',
  }),
  registerWithRoot: step('REGISTER_WITH_ROOT', {
    language: byHand,
    risk: 'online',
    needs: 'registration-owner',
    en: 'Register the instance with a service of CDB$ROOT.',
    zh: '使用 CDB$ROOT 的服务注册该实例。',
  }),
  seeAllPluggables: step('SEE_ALL_PLUGGABLES', {
    language: sqlplus,
    risk: 'online',
    needs: 'ALTER USER',
    en: 'Let {login} see all pluggable databases.',
    zh: '允许 {login} 查看所有可插拔数据库。',
    command: ({ login }: Readonly<Record<'login', string>>) =>
      `ALTER USER ${quoteUser(login)} SET CONTAINER_DATA = ALL CONTAINER = CURRENT;`,
  }),
  registerWithCommonUser: step('REGISTER_WITH_COMMON_USER', {
    language: byHand,
    risk: 'online',
    needs: 'registration-owner',
    en: 'Register the instance with a service of CDB$ROOT and a common user that can see all pluggable databases.',
    zh: '使用 CDB$ROOT 的服务以及能够查看所有可插拔数据库的公用用户注册该实例。',
  }),
  plugInOrForget: step('PLUG_IN_OR_FORGET', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Plug in or restore the database, or remove its name from requiredDatabases in the registration.',
    zh: '插入或还原该数据库，或者从注册信息的 requiredDatabases 中删除其名称。',
  }),
} as const
