import {
  accountsWith,
  activity,
  backupAccount,
  binaryLog,
  binlogStatus,
  dataFiles,
  definersOf,
  disk,
  lock,
  mariaDb,
  openedTablesOf,
  reader,
  replica,
  settings,
  slave,
  tablesOf,
} from '../../../support/facts/mysql.ts'
import type { BrokenMySql } from './state.ts'

type Server = NonNullable<BrokenMySql['server']>

/** A server of the newest version that Cloud Backup lists: its makers mend it no more, which is worth a note. */
const listed = (when: string, server: Server, ...finds: readonly string[]): BrokenMySql => ({
  when,
  server,
  finds: ['MYSQL_VERSION SUPPORT_ENDED', ...finds],
})

/** The same, of which everything is asked. */
const deeply = (when: string, server: Server, find: string): BrokenMySql => ({
  ...listed(when, server, find),
  registered: () => ({ checks: { set: 'deep' } }),
})

/** The same, with every table and view opened. */
const opened = (when: string, changes: Parameters<typeof openedTablesOf>[0], find: string): BrokenMySql =>
  deeply(when, { openedTables: [openedTablesOf(changes)] }, `MYSQL_TABLES_BROKEN ${find}`)

/** A server that its own tools back up, for which no client of Cloud Backup is looked for. */
const native = (when: string, server: Server, ...finds: readonly string[]): BrokenMySql => ({
  when,
  server,
  registered: () => ({ profile: 'native' }),
  finds: ['BACKUP_CLIENT skipped NOT_APPLICABLE', ...finds],
})

/** A setting of the server is like this. */
const set = (changes: Parameters<typeof settings>[0]): Server => ({ settings: settings(changes) })
const account = (changes: Parameters<typeof accountsWith>[0]): Server => ({ accounts: accountsWith(changes) })
const running = (changes: Parameters<typeof activity>[0]): Server => ({ activity: [activity(changes)] })
const tables = (changes: Parameters<typeof tablesOf>[0]): Server => ({ tables: [tablesOf(changes)] })

const mariaDb10 = mariaDb('10.11.19')
const gigabyteInKb = 1024 * 1024

export const brokenMySqls: readonly BrokenMySql[] = [
  listed('no binary log', set({ log_bin: 'OFF' }), 'MYSQL_BINLOG BINLOG_OFF'),
  listed(
    'a binary log of statements',
    set({ binlog_format: 'STATEMENT' }),
    'MYSQL_BINLOG_FORMAT STATEMENT_FORMAT',
  ),
  listed(
    'logs that a crash may cut',
    set({ sync_binlog: '0', innodb_flush_log_at_trx_commit: '2' }),
    'MYSQL_BINLOG_FORMAT BINLOG_NOT_SYNCED',
    'MYSQL_BINLOG_FORMAT REDO_NOT_FLUSHED',
  ),
  listed(
    'binary logs that are kept for half an hour',
    set({ binlog_expire_logs_seconds: '1800' }),
    'MYSQL_BINLOG_RETENTION RETENTION_SHORT',
  ),
  listed(
    'binary logs that one log backup must not miss',
    set({ binlog_expire_logs_seconds: '5400' }),
    'MYSQL_BINLOG_RETENTION RETENTION_TIGHT',
  ),
  listed(
    'binary logs that are never purged',
    set({ binlog_expire_logs_seconds: '0' }),
    'MYSQL_BINLOG_RETENTION NEVER_PURGED',
  ),
  listed(
    'a binary log that somebody removed',
    { binaryLogs: [binaryLog({ log_name: 'binlog.000006', file_size: 0 }), binaryLog()] },
    'MYSQL_BINLOG_GAPS LOG_FILE_LOST',
  ),
  listed(
    'a binary log that is not listed',
    { binaryLogs: [binaryLog({ log_name: 'binlog.000004' }), binaryLog()] },
    'MYSQL_BINLOG_GAPS LOG_NUMBER_MISSING',
  ),
  listed(
    'a database that is left out of the binary log',
    { masterStatus: [binlogStatus({ binlog_ignore_db: 'stock' })] },
    'MYSQL_BINLOG_GAPS LOG_FILTERED',
  ),
  listed(
    'a login without REPLICATION CLIENT',
    { binaryLogs: null, masterStatus: null, slaves: null },
    'MYSQL_BINLOG_GAPS LOGS_UNREADABLE',
    'MYSQL_REPLICA ROLE_UNKNOWN',
  ),
  listed('a change of gtid_mode', set({ gtid_mode: 'ON_PERMISSIVE' }), 'MYSQL_GTID GTID_IN_CHANGE'),
  listed('no backup account', { accounts: [reader()] }, 'MYSQL_BACKUP_RIGHTS ACCOUNT_MISSING'),
  listed(
    'a backup account without TRIGGER',
    account({ trigger_priv: 'N' }),
    'MYSQL_BACKUP_RIGHTS RIGHTS_MISSING',
  ),
  listed(
    'a backup account without BACKUP_ADMIN',
    account({ backup_admin: 0 }),
    'MYSQL_BACKUP_RIGHTS BACKUP_ADMIN_MISSING',
  ),
  listed(
    'a backup account with a role',
    account({ select_priv: 'N', has_roles: 1 }),
    'MYSQL_BACKUP_RIGHTS RIGHTS_UNKNOWN',
  ),
  listed(
    'a login that may not read the accounts',
    { accounts: null },
    'MYSQL_BACKUP_RIGHTS ACCOUNTS_HIDDEN',
    'MYSQL_ACCOUNT_EXPIRY EXPIRY_UNKNOWN',
  ),
  listed(
    'a backup account that is locked',
    account({ account_locked: 'Y' }),
    'MYSQL_ACCOUNT_EXPIRY ACCOUNT_LOCKED',
  ),
  listed(
    'a backup account whose password has expired',
    account({ password_expired: 'Y' }),
    'MYSQL_ACCOUNT_EXPIRY PASSWORD_EXPIRED',
  ),
  listed(
    'passwords that expire soon',
    { accounts: [reader({ password_lifetime: 105 }), backupAccount({ password_lifetime: 105 })] },
    'MYSQL_ACCOUNT_EXPIRY OWN_PASSWORD_EXPIRES',
    'MYSQL_ACCOUNT_EXPIRY PASSWORD_EXPIRES',
  ),
  listed(
    'tables of MyISAM and in memory',
    tables({ not_transactional: 2, without_rows: 1 }),
    'MYSQL_TABLE_ENGINES NOT_TRANSACTIONAL',
    'MYSQL_TABLE_ENGINES WITHOUT_ROWS',
  ),
  listed('tables that the login does not see', tables({ sees_all: 0 }), 'MYSQL_TABLE_ENGINES TABLES_HIDDEN'),
  opened('a table that cannot be opened', { broken: 1, first_broken: 'orders' }, 'TABLE_BROKEN'),
  opened(
    'a table of an engine that is not there',
    { without_engine: 1, first_without_engine: 'old' },
    'ENGINE_MISSING',
  ),
  opened('a view of nothing', { invalid_views: 1, first_invalid_view: 'totals' }, 'VIEW_INVALID'),
  listed(
    'sessions that wait for a lock',
    running({ lock_waits: 2, longest_wait_seconds: 90, first_waiting_id: 16 }),
    'MYSQL_BLOCKERS LOCK_AWAITED',
  ),
  listed(
    'a transaction that was forgotten, and one that was prepared',
    running({ oldest_transaction_seconds: 100_000, oldest_transaction_id: '15', prepared_transactions: 1 }),
    'MYSQL_BLOCKERS LONG_TRANSACTION',
    'MYSQL_BLOCKERS PREPARED_TRANSACTIONS',
  ),
  listed(
    'a login without PROCESS',
    { activity: null, encryption: null },
    'MYSQL_BLOCKERS ACTIVITY_HIDDEN',
    'MYSQL_LIMITS LIMITS_UNKNOWN',
    'MYSQL_ENCRYPTION ENCRYPTION_UNKNOWN',
  ),
  listed(
    'a table that is locked for writing',
    { locks: [lock({ lock_mode: 'SHARED_NO_READ_WRITE', lock_type: 'TABLE', table_schema: 'sales' })] },
    'MYSQL_BACKUP_LOCKS TABLE_LOCKED',
  ),
  listed(
    'a backup lock that is held',
    { locks: [lock({ lock_mode: 'SHARED', lock_type: 'BACKUP LOCK' })] },
    'MYSQL_BACKUP_LOCKS BACKUP_LOCK_HELD',
  ),
  listed('locks that are not shown', { locks: null }, 'MYSQL_BACKUP_LOCKS LOCKS_NOT_SHOWN'),
  listed('small packets', set({ max_allowed_packet: '1048576' }), 'MYSQL_LIMITS PACKET_SMALL'),
  listed('connections that are used up', running({ sessions: 150 }), 'MYSQL_LIMITS CONNECTIONS_USED'),
  listed('no space for the data', { disks: [disk({ available_kb: 100 })] }, 'MYSQL_DISK_SPACE SPACE_USED_UP'),
  listed(
    'little space for the data',
    { disks: [disk({ available_kb: 4 * gigabyteInKb })] },
    'MYSQL_DISK_SPACE SPACE_LOW',
  ),
  listed('space that is not shown', { disks: null }, 'MYSQL_DISK_SPACE SPACE_NOT_SHOWN'),
  listed(
    'tablespaces that are encrypted',
    { encryption: [{ encrypted: 3 }] },
    'MYSQL_ENCRYPTION KEYS_NEEDED',
  ),
  deeply(
    'tables whose files are outside the data directory',
    { dataFiles: [dataFiles({ outside: 2, first_outside: '/fast/sales/orders.ibd' })] },
    'MYSQL_DATA_DIRECTORY FILES_OUTSIDE',
  ),
  deeply(
    'views whose definer does not exist',
    { definers: [definersOf({ views_without_definer: 2, definer_of_view: 'gone@%' })] },
    'MYSQL_DEFINERS VIEWS_WITHOUT_DEFINER',
  ),
  listed(
    'a binary log that is encrypted',
    set({ encrypt_binlog: undefined, binlog_encryption: 'ON' }),
    'MYSQL_ENCRYPTION LOG_COPY_IN_CLEAR',
  ),
  listed(
    'a replica that has stopped, in the words of MySQL 8',
    { slaves: null, replicas: [replica({ replica_io_running: 'No' })] },
    'MYSQL_REPLICA REPLICATION_STOPPED',
  ),
  listed(
    'a replica that is a day behind and does not log what it receives',
    {
      ...set({ log_slave_updates: 'OFF' }),
      slaves: [slave({ seconds_behind_master: 86_400 })],
    },
    'MYSQL_REPLICA REPLICA_LAGS',
    'MYSQL_REPLICA UPDATES_NOT_LOGGED',
  ),
  listed('a server on Windows', set({ version_compile_os: 'Win64' }), 'MYSQL_VERSION WINDOWS'),
  {
    when: 'MySQL 8.4, which has other words for its binary log',
    server: {
      ...set({ version: '8.4.6', expire_logs_days: undefined, log_slave_updates: undefined }),
      masterStatus: null,
      binaryLogStatus: [binlogStatus()],
      slaves: null,
      replicas: [],
    },
    finds: ['MYSQL_VERSION NOT_OF_CLOUD_BACKUP'],
  },
  {
    when: 'a database of others that speaks as MySQL does',
    server: set({ version: '8.0.11-TiDB-v7.5.0' }),
    finds: ['MYSQL_VERSION VERSION_UNKNOWN'],
  },
  native(
    'a MariaDB that is mended no more',
    set({ ...mariaDb('10.4.34'), expire_logs_days: '7' }),
    'MYSQL_VERSION SUPPORT_ENDED',
  ),
  native(
    'a MariaDB with versioned tables',
    { ...set(mariaDb10), ...tables({ versioned: 1 }) },
    'MYSQL_TABLE_ENGINES VERSIONED',
  ),
  native(
    'a replica of MariaDB that was written to',
    { ...set({ ...mariaDb10, gtid_binlog_pos: '0-1-9', gtid_slave_pos: '0-2-7' }), slaves: [slave()] },
    'MYSQL_GTID OWN_WRITES',
  ),
]
