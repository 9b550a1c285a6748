import { byHand } from '../../model/remediation.ts'
import { mysqlClient } from './languages.ts'
import { step } from './step.ts'

type OfSession = Readonly<Record<'id', string>>
type OfBytes = Readonly<Record<'bytes', string>>
type OfCount = Readonly<Record<'count', string>>

/** Steps for sessions, their locks and the limits of the server. */
export const sessionSteps = {
  showSessions: step('SHOW_SESSIONS', {
    language: mysqlClient,
    risk: 'online',
    needs: 'PROCESS',
    en: 'See which sessions there are and what they wait for.',
    zh: '查看现有会话及其等待的内容。',
    command: () => 'SHOW FULL PROCESSLIST;',
  }),
  endSession: step('END_SESSION', {
    language: mysqlClient,
    risk: 'online',
    needs: 'CONNECTION_ADMIN',
    en: 'End session {id}, if its owner agrees: what it has not committed is rolled back.',
    zh: '在会话所有者同意后结束会话 {id}：未提交的内容会回滚。',
    command: ({ id }: OfSession) => `KILL ${id};`,
  }),
  showPrepared: step('SHOW_PREPARED', {
    language: mysqlClient,
    risk: 'online',
    needs: 'XA_RECOVER_ADMIN',
    en: 'See which transactions are prepared.',
    zh: '查看处于 PREPARED 状态的事务。',
    command: () => 'XA RECOVER;',
  }),
  endPrepared: step('END_PREPARED', {
    language: byHand,
    risk: 'online',
    needs: 'anybody',
    en: 'Ask their owner which of them to commit and which to roll back (XA COMMIT, XA ROLLBACK).',
    zh: '请与其所有者确认应提交还是回滚（XA COMMIT、XA ROLLBACK）。',
  }),
  installLockInfo: step('INSTALL_LOCK_INFO', {
    language: mysqlClient,
    risk: 'online',
    needs: 'INSERT ON mysql.plugin',
    en: 'Let MariaDB show which sessions hold locks.',
    zh: '使 MariaDB 显示哪些会话持有锁。',
    command: () => "INSTALL SONAME 'metadata_lock_info';",
  }),
  setPacket: step('SET_PACKET', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SYSTEM_VARIABLES_ADMIN',
    en: 'Let the server take packets of {bytes} bytes from new sessions.',
    zh: '允许新会话使用 {bytes} 字节的数据包。',
    command: ({ bytes }: OfBytes) => `SET GLOBAL max_allowed_packet = ${bytes};`,
  }),
  setConnections: step('SET_CONNECTIONS', {
    language: mysqlClient,
    risk: 'online',
    needs: 'SYSTEM_VARIABLES_ADMIN',
    en: 'Allow {count} connections, if the memory of the host is enough for them.',
    zh: '如果主机内存充足，将连接数上限设为 {count}。',
    command: ({ count }: OfCount) => `SET GLOBAL max_connections = ${count};`,
  }),
  freeSpace: step('FREE_SPACE', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Free space on the volume of {path}, or enlarge it.',
    zh: '释放 {path} 所在卷的空间，或扩容。',
  }),
  keepKeys: step('KEEP_KEYS', {
    language: byHand,
    risk: 'online',
    needs: 'host-administrator',
    en: 'Keep a copy of the keys (the file of file_key_management or of the keyring) apart from the backups, and try a restore with it.',
    zh: '将密钥（file_key_management 或 keyring 的文件）与备份分开保存，并使用该密钥测试恢复。',
  }),
} as const
