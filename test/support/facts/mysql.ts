import type { SettingName } from '../../../shared/checks/mysql/settings.ts'
import type { AffectedObject } from '../../../shared/model/finding.ts'
import { type Cell, type RowLike, rowsLike } from './row.ts'

/** The settings of a healthy server that runs MySQL 8.0 on Linux, by their names. */
const healthySettings = {
  version: '8.0.32',
  version_comment: 'MySQL Community Server - GPL',
  version_compile_os: 'Linux',
  log_bin: 'ON',
  binlog_format: 'ROW',
  binlog_row_image: 'FULL',
  server_id: '1',
  server_uuid: '3e11fa47-71ca-11e1-9e33-c80aa9429562',
  binlog_expire_logs_seconds: '2592000',
  expire_logs_days: '0',
  sync_binlog: '1',
  innodb_flush_log_at_trx_commit: '1',
  gtid_mode: 'OFF',
  gtid_binlog_pos: '',
  gtid_slave_pos: '',
  log_slave_updates: 'ON',
  max_allowed_packet: '67108864',
  max_connections: '151',
  default_password_lifetime: '0',
  datadir: '/var/lib/mysql/',
  encrypt_binlog: 'OFF',
} as const satisfies Readonly<Record<string, string>>
type SettingChanges = Partial<Readonly<Record<SettingName, Exclude<Cell, boolean> | undefined>>>

/** A setting as the server shows it. */
const setting = rowsLike({ variable_name: 'version', value: '8.0.32' })

/** The settings of a healthy server, but for the changes; what is changed to `undefined` is not there. */
export const settings = (changes: SettingChanges = {}) =>
  Object.entries({ ...healthySettings, ...changes }).flatMap(([variable_name, value]) =>
    value === undefined ? [] : [{ variable_name, value }],
  )

/** MariaDB of that version, as it calls itself. */
export const mariaDb = (version: string): SettingChanges => ({
  version: `${version}-MariaDB-log`,
  version_comment: 'MariaDB Server',
  version_compile_os: 'debian-linux-gnu',
})

/** The login of the precheck: it reads everything and backs nothing up. */
const readerAccount = {
  account_user: 'precheck',
  account_host: '%',
  select_priv: 'Y',
  reload_priv: 'N',
  process_priv: 'Y',
  lock_tables_priv: 'N',
  show_view_priv: 'Y',
  trigger_priv: 'Y',
  event_priv: 'Y',
  repl_client_priv: 'Y',
  repl_slave_priv: 'N',
  backup_admin: 0,
  has_roles: 0,
  password_expired: 'N',
  account_locked: 'N',
  password_lifetime: -1,
  password_age_days: 100,
  is_self: 1,
}

/** The login of the precheck, but for the changes. */
export const reader = rowsLike(readerAccount)

/** The account that takes the backups, with all that they take, but for the changes. */
export const backupAccount = (changes: Parameters<typeof reader>[0] = {}) =>
  reader({
    account_user: 'backup',
    reload_priv: 'Y',
    lock_tables_priv: 'Y',
    repl_slave_priv: 'Y',
    backup_admin: 1,
    is_self: 0,
    ...changes,
  })

/** The login of the precheck, and the account that takes the backups but for the changes. */
export const accountsWith = (changes: Parameters<typeof reader>[0] = {}) => [reader(), backupAccount(changes)]

/** The tables of a database, all of InnoDB, but for the changes. */
export const tablesOf = rowsLike({
  name: 'sales',
  sees_all: 1,
  tables: 12,
  not_transactional: 0,
  without_rows: 0,
  versioned: 0,
})

/** The same opened. */
export const openedTablesOf = rowsLike({
  name: 'sales',
  sees_all: 1,
  broken: 0,
  first_broken: null,
  without_engine: 0,
  first_without_engine: null,
  invalid_views: 0,
  first_invalid_view: null,
})

/** The views and programs of a database, all of which have definers, but for the changes. */
export const definersOf = rowsLike({
  name: 'sales',
  sees_all: 1,
  views_without_definer: 0,
  definer_of_view: null,
  programs_without_definer: 0,
  definer_of_program: null,
})

/** Seven sessions, none of which waits for anything. */
export const activity = rowsLike({
  sessions: 7,
  lock_waits: 0,
  longest_wait_seconds: null,
  first_waiting_id: null,
  oldest_transaction_seconds: null,
  oldest_transaction_id: null,
  prepared_transactions: 0,
})

/** A lock that a session holds; a healthy server has none. */
export const lock = rowsLike({
  session_id: 15,
  lock_mode: 'MDL_BACKUP_START',
  lock_type: 'Backup lock',
  table_schema: '',
  table_name: '',
})

export const binaryLog = rowsLike({ log_name: 'binlog.000007', file_size: 4096 })
export const binlogStatus = rowsLike({ file: 'binlog.000007', binlog_do_db: '', binlog_ignore_db: '' })

/** A source that the server follows, in the words of MariaDB and older MySQL; a healthy server may have none. */
export const slave = rowsLike({
  slave_io_running: 'Yes',
  slave_sql_running: 'Yes',
  seconds_behind_master: 0,
})

/** The same in the words of MySQL 8. */
export const replica = rowsLike({
  replica_io_running: 'Yes',
  replica_sql_running: 'Yes',
  seconds_behind_source: 0,
})

/** The volume of the data directory, half of which is free. */
export const disk = rowsLike({
  disk_path: '/',
  total_kb: 100 * 1024 * 1024,
  available_kb: 50 * 1024 * 1024,
})

/** The files of InnoDB, all of which are in the data directory, but for the changes. */
export const dataFiles = rowsLike({ files: 40, outside: 0, first_outside: null })

/** One row of each statement, for its columns; a healthy server may have none. */
export const mysqlSamples = {
  settings: setting(),
  accounts: reader(),
  tables: tablesOf(),
  openedTables: openedTablesOf(),
  definers: definersOf(),
  activity: activity(),
  locks: lock(),
  binaryLogs: binaryLog(),
  masterStatus: binlogStatus(),
  binaryLogStatus: binlogStatus(),
  slaves: slave(),
  replicas: replica(),
  disks: disk(),
  encryption: { encrypted: 0 },
  dataFiles: dataFiles(),
} as const satisfies Readonly<Record<string, Readonly<Record<string, Cell>>>>

/** Rows of every statement of the MySQL items by its name; null: refused for lack of a privilege. */
export type MySqlFacts = {
  readonly [Statement in keyof typeof mysqlSamples]:
    | readonly RowLike<(typeof mysqlSamples)[Statement]>[]
    | null
}

/** What the statements of the MySQL items bring back from a healthy server, but for the changes. */
export const mysqlFacts = (changes: Partial<MySqlFacts> = {}): MySqlFacts => ({
  settings: settings(),
  accounts: accountsWith(),
  tables: [tablesOf()],
  openedTables: [openedTablesOf()],
  definers: [definersOf()],
  activity: [activity()],
  locks: [],
  binaryLogs: [binaryLog({ log_name: 'binlog.000006' }), binaryLog()],
  masterStatus: [binlogStatus()],
  binaryLogStatus: null,
  slaves: [],
  replicas: null,
  disks: [disk()],
  encryption: [{ encrypted: 0 }],
  dataFiles: [dataFiles()],
  ...changes,
})

/** True if a row of a statement is about the object of a finding. */
export const isOfObject = (
  _statement: string,
  row: Readonly<Record<string, unknown>>,
  { type, name }: AffectedObject,
): boolean => (type === 'database' ? row['name'] === name : !('name' in row))
