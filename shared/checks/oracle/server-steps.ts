import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'
import { sqlplus } from './languages.ts'
import { quoteUser } from './quote.ts'
import type { OracleRight } from './rights.ts'

const step = stepsFor<OracleRight>('oracle')

/** Shows the state of the keystores. */
export const showKeystores =
  'SELECT inst_id, con_id, wrl_type, status, wallet_type FROM gv$encryption_wallet;'

/** Shows who may log in through the password file. */
export const showPasswordFile = 'SELECT inst_id, username, sysdba, sysbackup FROM gv$pwfile_users;'

/** Shows how many processes and sessions there are, and may be. */
export const showLimits =
  "SELECT inst_id, resource_name, current_utilization, max_utilization, limit_value FROM gv$resource_limit WHERE resource_name IN ('processes', 'sessions');"

/** Shows how far the standby is behind. */
export const showLag = 'SELECT inst_id, name, value, time_computed, datum_time FROM gv$dataguard_stats;'

/** Every step that gives a backup the keys, the account and the room that it needs. */
export const serverSteps = {
  bringKeystoreBack: step('BRING_KEYSTORE_BACK', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Put the keystore back where WALLET_ROOT or ENCRYPTION_WALLET_LOCATION says, from its own backup or from another node: without its keys the data cannot be read by anybody.',
    zh: '请从密钥库自身的备份或其他节点，将其放回 WALLET_ROOT 或 ENCRYPTION_WALLET_LOCATION 指定的位置：没有其中的密钥，任何人都无法读取数据。',
  }),
  /** The password of a keystore is in no command that is stored. */
  openKeystore: step('OPEN_KEYSTORE', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Open the keystore of {database} with its password: ADMINISTER KEY MANAGEMENT SET KEYSTORE OPEN IDENTIFIED BY …; on a container database first in the root, then in the container, or with CONTAINER = ALL.',
    zh: '使用密码打开 {database} 的密钥库：ADMINISTER KEY MANAGEMENT SET KEYSTORE OPEN IDENTIFIED BY …；如果是容器数据库，请先在根容器、再在该容器中执行，或使用 CONTAINER = ALL。',
  }),
  importKeys: step('IMPORT_KEYS', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'The keystore is open and has no master key for {database}. Import the keys that its tablespaces were encrypted with (ADMINISTER KEY MANAGEMENT IMPORT KEYS) before anybody sets a new one.',
    zh: '密钥库已打开，但没有 {database} 的主密钥。请先导入其表空间加密时所用的密钥（ADMINISTER KEY MANAGEMENT IMPORT KEYS），之后才能设置新的主密钥。',
  }),
  createAutoLogin: step('CREATE_AUTO_LOGIN', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Have the keystore opened by itself (ADMINISTER KEY MANAGEMENT CREATE LOCAL AUTO_LOGIN KEYSTORE FROM KEYSTORE …), or write down who opens it after each start, a restore included.',
    zh: '配置密钥库自动打开（ADMINISTER KEY MANAGEMENT CREATE LOCAL AUTO_LOGIN KEYSTORE FROM KEYSTORE …），或者明确每次启动（包括恢复时）由谁负责打开。',
  }),
  backUpKeystore: step('BACK_UP_KEYSTORE', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Back up the directory of the keystore and its password by other means, after every change of keys, and never beside the backups of the database.',
    zh: '请在每次变更密钥后，通过其他方式备份密钥库目录及其密码，且不要与数据库备份放在一起。',
  }),
  grantSysbackup: step('GRANT_SYSBACKUP', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Let {login} take backups. The password file gets an entry for it.',
    zh: '允许 {login} 执行备份，密码文件中会增加对应条目。',
    command: ({ login }: Readonly<Record<'login', string>>) => `GRANT SYSBACKUP TO ${quoteUser(login)};`,
  }),
  copyPasswordFile: step('COPY_PASSWORD_FILE', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'On the primary, grant SYSBACKUP to {login}. Before Oracle 12.2, or where the standby does not get it with the redo, copy the password file of the primary to the standby.',
    zh: '在主库上向 {login} 授予 SYSBACKUP。如果版本低于 Oracle 12.2，或备库未随重做日志收到更新，请将主库的密码文件复制到备库。',
  }),
  createPasswordFile: step('CREATE_PASSWORD_FILE', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Create the password file of {instance} with orapwd, on a RAC where all instances share it, and on a standby as a copy of that of the primary.',
    zh: '使用 orapwd 创建 {instance} 的密码文件；RAC 应放在所有实例共享的位置，备库应使用主库密码文件的副本。',
  }),
  usePasswordFile: step('USE_PASSWORD_FILE', {
    language: sqlplus,
    risk: 'restart',
    needs: 'SYSDBA',
    en: 'Have the password file used from the next start on.',
    zh: '使密码文件自下次启动起生效。',
    command: () => 'ALTER SYSTEM SET remote_login_passwordfile = EXCLUSIVE SCOPE = SPFILE;',
  }),
  restartInstance: step('RESTART_INSTANCE', {
    language: byHand,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Restart {instance} at the next occasion.',
    zh: '在合适的时间重启 {instance}。',
  }),
  askBackupRight: step('ASK_BACKUP_RIGHT', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Look in the root, or on the host, whether {login} may log in AS SYSBACKUP. Register the instance with a service of CDB$ROOT to have it checked here.',
    zh: '请在根容器或主机上确认 {login} 是否可以 AS SYSBACKUP 登录。如需在此检查，请使用 CDB$ROOT 的服务注册该实例。',
  }),
  showLimits: step('SHOW_LIMITS', {
    language: sqlplus,
    risk: 'online',
    needs: 'SELECT_CATALOG_ROLE',
    en: 'Show how many processes and sessions there are.',
    zh: '查看进程数和会话数。',
    command: () => showLimits,
  }),
  raiseLimits: step('RAISE_LIMITS', {
    language: byHand,
    risk: 'restart',
    needs: 'ALTER SYSTEM',
    en: 'Find out which program opens them, and end what is left over. If they are needed, raise PROCESSES with SCOPE = SPFILE (SESSIONS follows it) and restart {instance} at the next occasion.',
    zh: '确认是哪个程序打开了这些会话，并清理遗留会话。如确有需要，请以 SCOPE = SPFILE 调大 PROCESSES（SESSIONS 会随之调整），并在合适的时间重启 {instance}。',
  }),
  createSpfile: step('CREATE_SPFILE', {
    language: sqlplus,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Write the parameters as they are now into a server parameter file. On a RAC, name a place that all instances share (CREATE SPFILE = …).',
    zh: '将当前参数写入服务器参数文件。RAC 请指定所有实例共享的位置（CREATE SPFILE = …）。',
    command: () => 'CREATE SPFILE FROM MEMORY;',
  }),
  upgrade: step('UPGRADE', {
    language: byHand,
    risk: 'downtime',
    needs: 'SYSDBA',
    en: 'Plan the upgrade to a release that is supported. Until then, test a restore: no new faults of backup or recovery are mended.',
    zh: '请计划升级到受支持的版本。在此之前请验证恢复：备份和恢复的新缺陷不再修复。',
  }),
  mendTransport: step('MEND_TRANSPORT', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'On the primary, look at the destination of this standby in V$ARCHIVE_DEST_STATUS (STATUS, ERROR, GAP_STATUS), and at the network between them.',
    zh: '在主库上查看 V$ARCHIVE_DEST_STATUS 中该备库对应的目的地（STATUS、ERROR、GAP_STATUS），并检查两者之间的网络。',
  }),
  mendApply: step('MEND_APPLY', {
    language: byHand,
    risk: 'online',
    needs: 'SYSDBA',
    en: 'Check whether a delay is set on purpose (DELAY of the destination), whether redo apply runs (V$MANAGED_STANDBY; on a logical standby V$LOGSTDBY_STATE), and what the alert log says.',
    zh: '请检查是否有意设置了延迟（目的地的 DELAY）、重做应用是否在运行（V$MANAGED_STANDBY；逻辑备库为 V$LOGSTDBY_STATE），并查看告警日志。',
  }),
} as const
