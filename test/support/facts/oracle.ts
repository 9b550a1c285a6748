import type { AffectedObject } from '../../../shared/model/finding.ts'
import { type Cell, type Changes, type RowLike, rowsLike } from './row.ts'

/** An open, active instance that archives. */
export const instance = rowsLike({
  inst_id: 1,
  instance_name: 'orcl1',
  thread_number: 1,
  status: 'OPEN',
  database_status: 'ACTIVE',
  parallel: 'NO',
  archiver: 'STARTED',
  log_switch_wait: null,
  logins: 'ALLOWED',
  shutdown_pending: 'NO',
  blocked: 'NO',
  active_state: 'NORMAL',
})

/** Instances of a cluster, numbered from 1. */
export const cluster = (...instances: readonly Parameters<typeof instance>[0][]) =>
  instances.map((changes, index) =>
    instance({
      inst_id: index + 1,
      instance_name: `orcl${index + 1}`,
      thread_number: index + 1,
      parallel: 'YES',
      ...changes,
    }),
  )

/** A redo thread that is enabled, and the instance that has it. */
export const thread = rowsLike({ thread_number: 1, enabled: 'PUBLIC', instance: 'orcl1' })

/** Redo threads of a cluster of that many instances. */
export const threads = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    thread({ thread_number: index + 1, instance: `orcl${index + 1}` }),
  )

/** An open primary in ARCHIVELOG mode: a container database, looked at from its root. */
export const database = rowsLike({
  name: 'ORCL',
  db_unique_name: 'ORCL_HZ',
  cdb: 'YES',
  open_mode: 'READ WRITE',
  database_role: 'PRIMARY',
  log_mode: 'ARCHIVELOG',
  controlfile_type: 'CURRENT',
  dbid: '1571263728',
  resetlogs_change: '1920977',
  con_id: 1,
})

const healthyPluggable = {
  inst_id: 1,
  con_id: 3,
  name: 'SALES',
  open_mode: 'READ WRITE',
  restricted: 'NO',
  guid: '0A1B2C3D4E5F60718293A4B5C6D7E8F9',
}
const pluggableLike = rowsLike(healthyPluggable)

/** An open pluggable database of that id and name, but for the changes. */
export const pluggable = (con_id: number, name: string, changes: Changes<typeof healthyPluggable> = {}) =>
  pluggableLike({ con_id, name, ...changes })

/** The template of every container database. */
export const seed = pluggable(2, 'PDB$SEED', { open_mode: 'READ ONLY' })

/** The seed and one pluggable database more, `SALES`. */
export const withSales = (changes: Changes<typeof healthyPluggable> = {}) => [
  seed,
  pluggable(3, 'SALES', changes),
]

/** Whether the data files of pluggable databases are kept recoverable: a row for `SALES`. */
export const recoveryOfSales = (recovery_status: string | null) => [{ name: 'SALES', recovery_status }]

/** What a pluggable database is, as the dictionary says. */
export const kind = rowsLike({
  name: 'SALES',
  status: 'NORMAL',
  application_seed: 'NO',
  application_clone: 'NO',
})

/** A local destination that takes logs. */
export const destination = rowsLike({
  inst_id: 1,
  dest_name: 'LOG_ARCHIVE_DEST_1',
  status: 'VALID',
  target: 'PRIMARY',
  binding: 'MANDATORY',
  error: null,
})

/** A gigabyte, in bytes. */
export const gigabyte = 2 ** 30

/** A recovery area of which a third is used, without what can be reclaimed. */
export const space = rowsLike({
  kind: 'recovery-area',
  name: '+RECO',
  binding: null,
  total_bytes: 300 * gigabyte,
  used_bytes: 150 * gigabyte,
  reclaimable_bytes: 50 * gigabyte,
  usable_bytes: null,
})

/** Something that has no such numbers. */
const place = (changes: Parameters<typeof space>[0]) =>
  space({ total_bytes: null, used_bytes: null, reclaimable_bytes: null, ...changes })

/** A place where archived logs go. */
export const archivePlace = (name: string | null, binding: string | null = 'OPTIONAL') =>
  place({ kind: 'destination', name, binding })

/** A disk group with room, but for the changes. */
export const diskGroup = (name: string | null, changes: Parameters<typeof space>[0] = {}) =>
  place({
    kind: 'disk-group',
    name,
    total_bytes: 1000 * gigabyte,
    used_bytes: 500 * gigabyte,
    usable_bytes: 200 * gigabyte,
    ...changes,
  })

/** A type of files in the recovery area. */
export const fileType = (name: string | null, used: number) =>
  space({ kind: 'file-type', name, used_bytes: used * gigabyte, reclaimable_bytes: 0 })

/** A guaranteed restore point. */
export const restorePoint = (name: string | null) =>
  place({ kind: 'restore-point', name, used_bytes: gigabyte })

/** A recovery area in a disk group, to which archived logs go. */
export const spaces = (...area: readonly ReturnType<typeof space>[]) => [
  ...(area.length > 0 ? area : [space()]),
  fileType('ARCHIVED LOG', 90),
  fileType('BACKUP PIECE', 60),
  archivePlace('USE_DB_RECOVERY_FILE_DEST', 'MANDATORY'),
  diskGroup('DATA'),
  diskGroup('RECO'),
]

/** Minutes of so many hours. */
export const hours = (count: number): number => count * 60

/** Three data files: a full backup three days ago, incremental ones since, and a log backup ten minutes ago. */
export const backup = rowsLike({
  files: 3,
  files_without_full: 0,
  files_without_base: 0,
  unprotected_minutes: null,
  full_minutes: hours(72),
  backup_minutes: hours(10),
  log_minutes: 10,
  database_minutes: hours(24 * 365),
  control_file_minutes: hours(24 * 365),
  keep_days: 30,
  lost_since_full: 0,
  lost_since_backup: 0,
  lost_thread: null,
  lost_sequence: null,
  lost_recently: 0,
  full_bytes: 6_000_000_000,
  bytes_per_second: 100_000_000,
  data_device: 'SBT_TAPE',
  log_device: 'SBT_TAPE',
  worst_gap_minutes: 15,
  first_log_minutes: null,
})

/** The last job of a type, which succeeded an hour ago. */
export const rman = rowsLike({
  kind: 'job',
  name: 'DB INCR',
  value: 'COMPLETED',
  amount: 12,
  minutes: 60,
})

/** A setting of RMAN; null: its default holds. */
export const setting = (
  what: 'autobackup' | 'default-device' | 'snapshot' | 'retention',
  value: string | null,
) => rman({ kind: what, name: null, value, amount: value === null ? 0 : 1, minutes: null })

/** So many channels of media management are configured. */
export const sbtChannels = (amount: number | null) =>
  rman({ kind: 'sbt-channel', name: null, value: null, amount, minutes: null })

/** A member of a group of online redo logs. */
export const redoMember = (group: number | null, name: string | null, value: string | null = 'IN USE') =>
  rman({ kind: 'redo-member', name, value, amount: group, minutes: null })

/** So many data files in backup mode, the first for so long. */
export const backupMode = (amount: number | null, minutes: number | null) =>
  rman({ kind: 'backup-mode', name: null, value: null, amount, minutes })

/** What RMAN did and is set to do where all is well, and more. */
export const rmanRows = (...more: readonly ReturnType<typeof rman>[]) => [
  rman(),
  rman({ name: 'ARCHIVELOG', minutes: 10 }),
  setting('autobackup', 'ON'),
  setting('default-device', null),
  sbtChannels(0),
  setting('snapshot', "TO '+RECO/snapcf_orcl.f'"),
  setting('retention', 'TO RECOVERY WINDOW OF 14 DAYS'),
  redoMember(1, '+DATA/redo1'),
  redoMember(1, '+RECO/redo1'),
  redoMember(2, '+DATA/redo2'),
  redoMember(2, '+RECO/redo2'),
  backupMode(0, null),
  ...more,
]

const wholeDatabase = {
  kind: 'DATABASE',
  con_id: 0,
  name: '1544321098',
  status: 'YES',
  detail: '1490582',
  amount: 1,
}
const fileLike = rowsLike(wholeDatabase)

/** Data files of a container that are all online, or what else the control file says of them. */
export const files = (con_id: number, changes: Changes<typeof wholeDatabase> = {}) =>
  fileLike({
    kind: 'DATA_FILES',
    con_id,
    name: `/u01/oradata/ORCL/${con_id}/users01.dbf`,
    status: 'ONLINE',
    detail: 'NONE',
    amount: 4,
    ...changes,
  })

/** The database, which logs everything, with other rows beside it. */
export const filesWith = (...others: readonly ReturnType<typeof files>[]) => [
  fileLike(),
  files(1, { status: 'SYSTEM' }),
  files(2),
  ...others,
]

const runningInstance = {
  kind: 'INSTANCE',
  inst_id: 1,
  con_id: 0,
  name: 'orcl1',
  value: '19.0.0.0.0',
  detail: '-',
}

/** What a running instance says beside its status. */
export const onServer = rowsLike(runningInstance)

/** An instance with a server parameter file and a password file, which has few sessions. */
export const serverOf = (inst_id: number, name = `orcl${inst_id}`) => [
  onServer({ inst_id, name }),
  onServer({ kind: 'PARAMETER', inst_id, name: 'spfile', value: '+DATA/ORCL/spfileorcl.ora' }),
  onServer({ kind: 'PARAMETER', inst_id, name: 'remote_login_passwordfile', value: 'EXCLUSIVE' }),
  onServer({ kind: 'PASSWORD_FILE', inst_id, name: 'SYS', value: 'TRUE', detail: 'FALSE' }),
  onServer({ kind: 'LIMIT', inst_id, name: 'processes', value: '84', detail: '300' }),
  onServer({ kind: 'LIMIT', inst_id, name: 'sessions', value: '102', detail: '472' }),
]

/** The first instance, with other rows beside its own, or instead of those of that kind and name. */
export const serverWith = (...others: readonly ReturnType<typeof onServer>[]) => [
  ...serverOf(1).filter(
    (row) =>
      row.kind === 'INSTANCE' || !others.some((other) => other.kind === row.kind && other.name === row.name),
  ),
  ...others,
]

/** An account whose password does not expire: that of the registration. */
export const account = rowsLike({ username: 'PRECHECK', account_status: 'OPEN', days_left: null })

/** One row of each statement, for its columns. */
export const oracleSamples = {
  instances: instance(),
  role: { database_role: 'PRIMARY', db_unique_name: 'ORCL_HZ' },
  threads: thread(),
  database: database(),
  pluggables: pluggable(3, 'SALES'),
  recovery: { name: 'SALES', recovery_status: 'ENABLED' },
  kinds: kind(),
  destinations: destination(),
  spaces: space(),
  backups: backup(),
  rman: rman(),
  files: fileLike(),
  server: onServer(),
  accounts: account(),
} as const satisfies Readonly<Record<string, Readonly<Record<string, Cell>>>>

/** Rows of every statement of the Oracle items by its name; null: refused for lack of a privilege, or of the view. */
export type OracleFacts = {
  readonly [Statement in keyof typeof oracleSamples]:
    | readonly RowLike<(typeof oracleSamples)[Statement]>[]
    | null
}

/** The role stands in the same view as all else about the database, and is read where that is. */
const roleIn = (rows: OracleFacts['database']): OracleFacts['role'] =>
  rows?.map(({ database_role, db_unique_name }) => ({ database_role, db_unique_name })) ?? null

const namesIn = (rows: OracleFacts['pluggables']) => [...new Set((rows ?? []).map(({ name }) => name))]

/** What the statements of the Oracle items bring back from a healthy server, but for the changes. */
export const oracleFacts = (changes: Partial<OracleFacts> = {}): OracleFacts => {
  const { database: rows = [database()], pluggables = withSales(), instances = [instance()] } = changes
  return {
    instances,
    threads: threads(instances?.length ?? 0),
    role: roleIn(rows),
    database: rows,
    pluggables,
    recovery: namesIn(pluggables).map((name) => ({ name, recovery_status: 'ENABLED' })),
    kinds: namesIn(pluggables).map((name) => kind({ name })),
    destinations: (instances ?? []).map(({ inst_id }) => destination({ inst_id })),
    spaces: spaces(),
    backups: [backup()],
    rman: rmanRows(),
    files: filesWith(files(3)),
    server: (instances ?? []).flatMap(({ inst_id, instance_name }) =>
      serverOf(Number(inst_id), String(instance_name)),
    ),
    accounts: [account({ username: 'C##RMAN', days_left: 120.5 }), account()],
    ...changes,
  }
}

/** True if a row of that statement is about the object of a finding, as the items of Oracle name their objects. */
export const isOfObject = (
  statement: string,
  row: Readonly<Record<string, unknown>>,
  { type, name }: AffectedObject,
  { instances }: { readonly [name: string]: readonly Readonly<Record<string, unknown>>[] | null },
): boolean => {
  switch (statement) {
    case 'instances':
      return row['instance_name'] === name
    case 'database':
      return type !== 'pluggable-database' && row['name'] === name
    case 'destinations': {
      const at = instances?.find(({ inst_id }) => inst_id === row['inst_id'])
      const isCluster = instances?.some(({ parallel }) => parallel === 'YES')
      const ofInstance = at ? String(at['instance_name']) : `instance ${String(row['inst_id'])}`
      return name === `${isCluster ? ofInstance : 'ORCL'} ${String(row['dest_name'])}`
    }
    case 'files':
      return (
        row['kind'] === 'DATA_FILES' &&
        (type === 'pluggable-database' ? row['con_id'] === 3 : row['con_id'] !== 3)
      )
    case 'accounts':
      return row['username'] === name
    case 'server':
      return (
        row['kind'] === 'KEYSTORE' &&
        (type === 'pluggable-database' ? row['con_id'] === 3 : row['con_id'] !== 3)
      )
    case 'pluggables':
    case 'recovery':
      return type === 'pluggable-database' && row['name'] === name
    default:
      return false
  }
}
