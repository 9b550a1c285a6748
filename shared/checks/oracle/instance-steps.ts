import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { quoteShell } from '../framework/quote-shell.ts'
import { bash } from '../framework/script-language.ts'
import { sqlplus } from './languages.ts'
import type { OracleRight } from './rights.ts'

const step = stepsFor<OracleRight>('oracle')

/** Every step that brings an instance back to its normal status. */
export const instanceSteps = {
  grant: step('GRANT', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Grant {privilege} to {login}.',
    zh: '向 {login} 授予 {privilege} 权限。',
    command: ({ statement }: Readonly<Record<'privilege' | 'login' | 'statement', string>>) => statement,
  }),
  listServices: step('LIST_SERVICES', {
    language: bash,
    risk: 'online',
    needs: 'host-administrator',
    en: 'List what the listener offers.',
    zh: '查看监听器提供的服务。',
    command: () => 'lsnrctl services',
  }),
  correctService: step('CORRECT_SERVICE', {
    language: byHand,
    risk: 'online',
    needs: 'registration-owner',
    en: 'If the listener offers the instance under another name, correct serviceName or sid in the registration; what follows is not needed then.',
    zh: '如果监听器以其他名称提供该实例，请更正注册信息中的 serviceName 或 sid，无需执行后续步骤。',
  }),
  showInstance: step('SHOW_INSTANCE', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'On the server, look at the status of the instance; only if logins are RESTRICTED, take the next step.',
    zh: '在服务器上查看实例状态；仅当 LOGINS 为 RESTRICTED 时执行下一步。',
    command: () => 'SELECT instance_name, status, logins FROM v$instance;',
  }),
  startUp: step('START_UP', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Start the instance and open its database.',
    zh: '启动实例并打开数据库。',
    command: () => 'STARTUP;',
  }),
  startStandby: step('START_STANDBY', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Start the instance of the standby and mount its database.',
    zh: '启动备库的实例并装载数据库。',
    command: () => 'STARTUP MOUNT;',
  }),
  /** What is down may be so on purpose; a thread of a node that is gone for good stays enabled until it is disabled. */
  decideOnInstance: step('DECIDE_ON_INSTANCE', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Find out why the instance is down. If it is not to come back, do not start it: disable its redo thread (ALTER DATABASE DISABLE THREAD {thread}).',
    zh: '确认该实例停机的原因。如果该实例不再使用，请勿启动，而应禁用其重做线程（ALTER DATABASE DISABLE THREAD {thread}）。',
  }),
  startInstance: step('START_INSTANCE', {
    language: bash,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Start the instance {instance}.',
    zh: '启动实例 {instance}。',
    command: ({ database, instance }: Readonly<Record<'database' | 'instance', string>>) =>
      `srvctl start instance -d ${quoteShell(database)} -i ${quoteShell(instance)}`,
  }),
  mount: step('MOUNT', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Mount the database.',
    zh: '装载数据库。',
    command: () => 'ALTER DATABASE MOUNT;',
  }),
  open: step('OPEN', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Open the database.',
    zh: '打开数据库。',
    command: () => 'ALTER DATABASE OPEN;',
  }),
  /** A standby that is opened by mistake serves reads, which Oracle licenses apart. */
  keepStandbyMounted: step('KEEP_STANDBY_MOUNTED', {
    language: byHand,
    risk: 'online',
    needs: 'registration-owner',
    en: 'If it is a standby that is kept mounted, do not open it: end with STARTUP MOUNT or ALTER DATABASE MOUNT, and register it with privilege sysbackup.',
    zh: '如果是保持装载状态的备库，请勿打开：执行到 STARTUP MOUNT 或 ALTER DATABASE MOUNT 为止，并以 sysbackup 权限注册。',
  }),
  resume: step('RESUME', {
    language: sqlplus,
    risk: 'online',
    needs: 'ALTER SYSTEM',
    en: 'End the suspension of I/O.',
    zh: '恢复已暂停的 I/O。',
    command: () => 'ALTER SYSTEM RESUME;',
  }),
  endRestriction: step('END_RESTRICTION', {
    language: sqlplus,
    risk: 'online',
    needs: 'ALTER SYSTEM',
    en: 'Let every user log in.',
    zh: '允许所有用户登录。',
    command: () => 'ALTER SYSTEM DISABLE RESTRICTED SESSION;',
  }),
  unquiesce: step('UNQUIESCE', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'End the quiesced state.',
    zh: '结束静默状态。',
    command: () => 'ALTER SYSTEM UNQUIESCE;',
  }),
  /** A shutdown that has begun cannot be stopped. */
  letShutdownEnd: step('LET_SHUTDOWN_END', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Find out who is shutting down the instance and why. Once it is down, start it again.',
    zh: '确认是谁正在关闭该实例以及原因。关闭完成后再重新启动。',
  }),
} as const
