import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { rman, sqlplus } from './languages.ts'
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
  /** A control file that is not of a standby makes one a primary once it is opened. */
  replaceStandbyControlFile: step('REPLACE_STANDBY_CONTROL_FILE', {
    language: byHand,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Create a standby control file on the primary (ALTER DATABASE CREATE STANDBY CONTROLFILE), mount the standby with it, and start redo apply. Do not open it with RESETLOGS.',
    zh: '在主库上创建备库控制文件（ALTER DATABASE CREATE STANDBY CONTROLFILE），用其装载备库并启动重做应用。请勿以 RESETLOGS 方式打开。',
  }),
  backUpElsewhere: step('BACK_UP_ELSEWHERE', {
    language: byHand,
    risk: 'online',
    needs: 'backup-administrator',
    en: 'Back up the primary or a physical standby of it instead.',
    zh: '请改为备份主库或其物理备库。',
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
  openReadOnly: step('OPEN_READ_ONLY', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Open {database} on all instances, for reading only.',
    zh: '在所有实例上以只读方式打开 {database}。',
    command: ({ database }: OfDatabase) =>
      `ALTER PLUGGABLE DATABASE ${quoteName(database)} OPEN READ ONLY INSTANCES = ALL;`,
  }),
  /** A refreshable clone is refreshed while it is closed, and never opened for writing. */
  askKind: step('ASK_KIND', {
    language: byHand,
    risk: 'online',
    needs: 'SELECT_CATALOG_ROLE',
    en: 'Look at STATUS of {database} in DBA_PDBS. If it is REFRESHING, open it READ ONLY; if it is UNPLUGGED or UNUSABLE, it cannot be opened.',
    zh: '在 DBA_PDBS 中查看 {database} 的 STATUS。如果为 REFRESHING，请以 READ ONLY 方式打开；如果为 UNPLUGGED 或 UNUSABLE，则无法打开。',
  }),
  decideOnPluggable: step('DECIDE_ON_PLUGGABLE', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: '{database} is {status} in DBA_PDBS and may not be opened as it is. Finish what was begun with it: plug it in again or restore it if it is needed.',
    zh: '{database} 在 DBA_PDBS 中的状态为 {status}，可能无法直接打开。请完成对其已开始的操作：如仍需使用，请重新插入或还原。',
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
  mendViolations: step('MEND_VIOLATIONS', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Do what ACTION says of each violation of type ERROR, running datapatch for instance. Where there is none, somebody opened it so: ask why.',
    zh: '对每条类型为 ERROR 的冲突，按 ACTION 列的说明处理，例如运行 datapatch。如果没有冲突，则是有人以受限模式打开：请确认原因。',
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
  enableRecovery: step('ENABLE_RECOVERY', {
    language: sqlplus,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Enable recovery of the pluggable database of the session.',
    zh: '启用会话所在可插拔数据库的恢复。',
    command: () => 'ALTER PLUGGABLE DATABASE ENABLE RECOVERY;',
  }),
  bringFilesOnline: step('BRING_FILES_ONLINE', {
    language: sqlplus,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Bring all data files of the pluggable database of the session online.',
    zh: '将会话所在可插拔数据库的所有数据文件联机。',
    command: () => 'ALTER PLUGGABLE DATABASE DATAFILE ALL ONLINE;',
  }),
  enterRoot: step('ENTER_ROOT', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Switch the session back to the root.',
    zh: '将会话切换回根容器。',
    command: () => 'ALTER SESSION SET CONTAINER = CDB$ROOT;',
  }),
  recoverPluggable: step('RECOVER_PLUGGABLE', {
    language: rman,
    risk: 'downtime',
    needs: 'SYSBACKUP',
    en: 'Recover {database} from the archived logs; restore it before, where files of it are missing.',
    zh: '使用归档日志恢复 {database}；如有文件缺失，请先还原。',
    command: ({ database }: OfDatabase) => `RECOVER PLUGGABLE DATABASE ${quoteName(database)};`,
  }),
  restoreFromPrimary: step('RESTORE_FROM_PRIMARY', {
    language: byHand,
    risk: 'online',
    needs: 'SYSBACKUP',
    en: 'If {database} is left out of this standby on purpose, back it up elsewhere. Otherwise restore its data files here with RMAN: RESTORE PLUGGABLE DATABASE … FROM SERVICE, naming the primary, then SWITCH DATAFILE.',
    zh: '如果有意不在该备库上保护 {database}，请在其他库上备份。否则请通过 RMAN 在此还原其数据文件：RESTORE PLUGGABLE DATABASE … FROM SERVICE（指定主库），再执行 SWITCH DATAFILE。',
  }),
  stopRedoApply: step('STOP_REDO_APPLY', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Stop redo apply. Where the broker manages it, set APPLY-OFF there instead.',
    zh: '停止重做应用。如由 Broker 管理，请改为在 Broker 中设置 APPLY-OFF。',
    command: () => 'ALTER DATABASE RECOVER MANAGED STANDBY DATABASE CANCEL;',
  }),
  startRedoApply: step('START_REDO_APPLY', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Start redo apply again, which recovers it. Where the broker manages it, set APPLY-ON there instead.',
    zh: '重新启动重做应用，由其完成恢复。如由 Broker 管理，请改为在 Broker 中设置 APPLY-ON。',
    command: () => 'ALTER DATABASE RECOVER MANAGED STANDBY DATABASE DISCONNECT FROM SESSION;',
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
  /** A user of a pluggable database does not exist in the root, where CONTAINER_DATA is set. */
  registerWithCommonUser: step('REGISTER_WITH_COMMON_USER', {
    language: byHand,
    risk: 'online',
    needs: 'registration-owner',
    en: 'Register the instance with a service of CDB$ROOT and a common user (C##…) that can see all pluggable databases: ALTER USER … SET CONTAINER_DATA = ALL CONTAINER = CURRENT, in CDB$ROOT. A local user cannot.',
    zh: '使用 CDB$ROOT 的服务以及能够查看所有可插拔数据库的公用用户（C##…）注册该实例：在 CDB$ROOT 中执行 ALTER USER … SET CONTAINER_DATA = ALL CONTAINER = CURRENT。本地用户无法做到。',
  }),
  plugInOrForget: step('PLUG_IN_OR_FORGET', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Plug in or restore the database, or remove its name from requiredDatabases in the registration.',
    zh: '插入或还原该数据库，或者从注册信息的 requiredDatabases 中删除其名称。',
  }),
} as const
