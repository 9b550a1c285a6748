import {
  account,
  archivePlace,
  backup,
  backupMode,
  cluster,
  database,
  destination,
  diskGroup,
  files,
  filesWith,
  gigabyte,
  hours,
  instance,
  onServer,
  pluggable,
  redoMember,
  restorePoint,
  rman,
  rmanRows,
  seed,
  serverOf,
  serverWith,
  setting,
  space,
  spaces,
  threads,
} from '../../../support/facts/oracle.ts'
import { dfOf, unitOf } from '../../../support/linux-host.ts'
import type { BrokenOracle } from './state.ts'

type Server = Pick<BrokenOracle, 'server'>

const passwordFile = onServer({ kind: 'PASSWORD_FILE', name: 'C##RMAN', value: 'FALSE', detail: 'TRUE' })

/** The instance is like this, with its backup account in the password file. */
const run = (...rows: readonly ReturnType<typeof onServer>[]): Server => ({
  server: { server: serverWith(passwordFile, ...rows) },
})

/** The database is like this. */
const be = (changes: Parameters<typeof database>[0]): Server => ({
  server: { database: [database(changes)] },
})

/** Beside the seed and `SALES` there is `HR`, which is like this. */
const withHr = (changes: Parameters<typeof pluggable>[2]): Server => ({
  server: { pluggables: [seed, pluggable(3, 'SALES'), pluggable(4, 'HR', changes)] },
})

const past = (changes: Parameters<typeof backup>[0]): Server => ({ server: { backups: [backup(changes)] } })

/** RMAN is set up like this, or did this. */
const rmanWith = (...rows: readonly ReturnType<typeof rman>[]): Server => {
  const isNew = (row: ReturnType<typeof rman>) =>
    !rows.some(({ kind, name }) => kind === row.kind && name === row.name)
  return { server: { rman: [...rmanRows().filter(isNew), ...rows] } }
}

const encrypted = onServer({ kind: 'ENCRYPTED', inst_id: 0, con_id: 3, name: 'TABLESPACES', value: '2' })
const keystore = (value: string, detail: string) =>
  onServer({ kind: 'KEYSTORE', con_id: 3, name: 'FILE', value, detail })

const heardNow = '11/21/2026 10:00:00 11/21/2026 10:00:00'
const lag = (name: string, value: string) => onServer({ kind: 'LAG', name, value, detail: heardNow })

const twoInstances: NonNullable<BrokenOracle['server']> = {
  instances: cluster({}, {}),
  server: [
    ...serverWith(passwordFile),
    ...serverOf(2),
    onServer({ kind: 'PASSWORD_FILE', inst_id: 2, name: 'C##RMAN', value: 'FALSE', detail: 'TRUE' }),
  ],
}

export const brokenOracles: readonly BrokenOracle[] = [
  { when: 'NOARCHIVELOG', ...be({ log_mode: 'NOARCHIVELOG' }), finds: ['ARCHIVELOG NOARCHIVELOG'] },
  {
    when: 'logs that are archived by hand',
    ...be({ log_mode: 'MANUAL' }),
    finds: ['ARCHIVELOG ARCHIVE_MANUAL'],
  },
  {
    when: 'a primary that is mounted',
    server: { instances: [instance({ status: 'MOUNTED' })], database: [database({ open_mode: 'MOUNTED' })] },
    finds: [
      'ORACLE_INSTANCE_STATUS MOUNTED_PRIMARY',
      'ORACLE_DB_STATUS MOUNTED_PRIMARY',
      'ORACLE_TDE_KEYSTORE ENCRYPTION_UNSEEN',
    ],
  },
  {
    when: 'a primary that is read-only',
    ...be({ open_mode: 'READ ONLY' }),
    finds: ['ORACLE_DB_STATUS READ_ONLY_PRIMARY'],
  },
  {
    when: 'a control file that was made anew',
    ...be({ controlfile_type: 'CREATED' }),
    finds: ['ORACLE_DB_STATUS CONTROL_FILE_NOT_CURRENT'],
  },
  {
    when: 'a snapshot standby',
    server: {
      database: [database({ database_role: 'SNAPSHOT STANDBY' })],
      server: serverWith(passwordFile, lag('transport lag', '+00 00:00:00')),
    },
    finds: ['ORACLE_DB_STATUS SNAPSHOT_STANDBY'],
  },
  {
    when: 'an instance for few',
    server: { instances: [instance({ logins: 'RESTRICTED' })] },
    finds: ['ORACLE_INSTANCE_STATUS RESTRICTED'],
  },
  {
    when: 'an instance that is suspended',
    server: { instances: [instance({ database_status: 'SUSPENDED' })] },
    finds: ['ORACLE_INSTANCE_STATUS SUSPENDED'],
  },
  {
    when: 'an instance that shuts down',
    server: { instances: [instance({ shutdown_pending: 'YES' })] },
    finds: ['ORACLE_INSTANCE_STATUS SHUTDOWN_PENDING'],
  },
  {
    when: 'an archiver that is stuck',
    server: { instances: [instance({ archiver: 'FAILED' })] },
    finds: ['ARCHIVELOG ARCHIVER_NOT_RUNNING'],
  },
  {
    when: 'an archiver that is stopped',
    server: { instances: [instance({ archiver: 'STOPPED' })] },
    finds: ['ARCHIVELOG ARCHIVER_NOT_RUNNING'],
  },
  {
    when: 'a RAC of which an instance is down',
    server: { instances: cluster({}), threads: threads(2), server: serverWith(passwordFile) },
    finds: ['ORACLE_INSTANCE_STATUS INSTANCE_DOWN'],
  },
  {
    when: 'a pluggable database that is closed',
    ...withHr({ open_mode: 'MOUNTED' }),
    finds: ['ORACLE_DB_STATUS PDB_CLOSED'],
  },
  {
    when: 'a pluggable database that is closed and has to be open',
    ...withHr({ open_mode: 'MOUNTED' }),
    registered: () => ({ requiredDatabases: ['HR'] }),
    finds: ['ORACLE_DB_STATUS PDB_CLOSED'],
  },
  {
    when: 'a pluggable database for few',
    ...withHr({ restricted: 'YES' }),
    finds: ['ORACLE_DB_STATUS PDB_RESTRICTED'],
  },
  {
    when: 'a pluggable database that has to be there, and is not',
    registered: () => ({ requiredDatabases: ['CRM'] }),
    finds: ['ORACLE_DB_STATUS PDB_MISSING'],
  },
  {
    when: 'a mandatory destination that fails',
    server: {
      destinations: [destination({ status: 'ERROR', error: 'ORA-19809: limit exceeded for recovery files' })],
    },
    finds: ['ARCHIVELOG MANDATORY_DESTINATION_BROKEN', 'ARCHIVELOG NO_VALID_DESTINATION'],
  },
  {
    when: 'an optional destination that fails',
    server: {
      destinations: [
        destination(),
        destination({
          dest_name: 'LOG_ARCHIVE_DEST_2',
          binding: 'OPTIONAL',
          status: 'ERROR',
          error: 'ORA-12541',
        }),
      ],
    },
    finds: ['ARCHIVELOG OPTIONAL_DESTINATION_BROKEN'],
  },
  {
    when: 'a recovery area that is full',
    server: { spaces: spaces(space({ used_bytes: 299 * gigabyte, reclaimable_bytes: 0 })) },
    finds: ['ORACLE_RECOVERY_AREA AREA_FULL'],
  },
  {
    when: 'a recovery area that fills',
    server: { spaces: spaces(space({ used_bytes: 270 * gigabyte, reclaimable_bytes: 0 })) },
    finds: ['ORACLE_RECOVERY_AREA AREA_FILLING'],
  },
  {
    when: 'restore points that pin the recovery area',
    server: {
      spaces: [
        ...spaces(space({ used_bytes: 270 * gigabyte, reclaimable_bytes: 0 })),
        restorePoint('BEFORE_UPGRADE'),
      ],
    },
    finds: ['ORACLE_RECOVERY_AREA AREA_FILLING', 'ORACLE_RECOVERY_AREA RESTORE_POINTS'],
  },
  {
    when: 'a disk group of archived logs that is full',
    server: {
      spaces: [
        space({ name: null, total_bytes: 0, used_bytes: 0, reclaimable_bytes: 0 }),
        archivePlace('+ARCH', 'MANDATORY'),
        diskGroup('ARCH', { used_bytes: 990 * gigabyte, usable_bytes: 5 * gigabyte }),
      ],
    },
    finds: ['ORACLE_ARCHIVE_SPACE GROUP_FULL'],
  },
  {
    when: 'a full backup of last month',
    ...past({ full_minutes: hours(24 * 30) }),
    finds: ['ORACLE_LAST_BACKUP FULL_TOO_OLD'],
  },
  {
    when: 'a data file without a full backup',
    ...past({ files_without_full: 1, unprotected_minutes: hours(24 * 30) }),
    finds: ['ORACLE_LAST_BACKUP FILES_WITHOUT_FULL'],
  },
  {
    when: 'no level 0 to base incremental backups on',
    ...past({ files_without_base: 3 }),
    finds: ['ORACLE_LAST_BACKUP BASE_MISSING'],
  },
  {
    when: 'incremental backups of last week',
    ...past({ backup_minutes: hours(71) }),
    finds: ['ORACLE_LAST_BACKUP BACKUP_TOO_OLD'],
  },
  {
    when: 'log backups of yesterday',
    ...past({ log_minutes: hours(20) }),
    finds: ['ORACLE_LAST_BACKUP LOGS_TOO_OLD'],
  },
  {
    when: 'archived logs that were lost',
    ...past({
      lost_since_backup: 2,
      lost_since_full: 2,
      lost_thread: 1,
      lost_sequence: 512,
      lost_recently: 1,
    }),
    finds: ['ORACLE_ARCHIVED_LOG_GAP LOGS_LOST'],
  },
  {
    when: 'logs that were lost before the last backup',
    ...past({ lost_since_full: 2, lost_thread: 1, lost_sequence: 512 }),
    finds: ['ORACLE_ARCHIVED_LOG_GAP LOGS_LOST_BEFORE'],
  },
  {
    when: 'a backup job that failed',
    ...rmanWith(rman({ value: 'FAILED' })),
    finds: ['ORACLE_LAST_BACKUP JOB_FAILED'],
  },
  {
    when: 'no autobackup of the control file',
    ...rmanWith(setting('autobackup', 'OFF')),
    finds: ['ORACLE_RMAN_CONFIG AUTOBACKUP_OFF'],
  },
  {
    when: 'a tape without a media manager',
    ...rmanWith(setting('default-device', "'SBT_TAPE'")),
    finds: ['ORACLE_RMAN_CONFIG SBT_WITHOUT_CHANNEL'],
  },
  {
    when: 'a RAC whose snapshot control file is on one node',
    server: {
      ...twoInstances,
      threads: threads(2),
      rman: [
        ...rmanRows().filter(({ kind }) => kind !== 'snapshot'),
        setting('snapshot', "TO '/u01/snapcf.f'"),
      ],
    },
    finds: ['ORACLE_RAC_SNAPSHOT_CONTROLFILE SNAPSHOT_MAY_NOT_BE_SHARED'],
  },
  {
    when: 'a control file that forgets before the backups expire',
    ...past({ keep_days: 7 }),
    finds: ['ORACLE_CONTROL_FILE_KEEP_TIME KEEP_TIME_TOO_SHORT'],
  },
  {
    when: 'a redo log group of which no member can be used',
    ...rmanWith(redoMember(1, '+DATA/redo1', 'INVALID'), redoMember(1, '+RECO/redo1', 'INVALID')),
    finds: ['ORACLE_REDO_STATUS GROUP_INVALID'],
  },
  {
    when: 'a redo log member that is stale',
    ...rmanWith(redoMember(1, '+DATA/redo1', 'STALE')),
    finds: ['ORACLE_REDO_STATUS MEMBER_NOT_IN_USE'],
  },
  {
    when: 'data files that were left in backup mode',
    ...rmanWith(backupMode(3, 600)),
    finds: ['ORACLE_BACKUP_MODE IN_BACKUP_MODE'],
  },
  {
    when: 'a backup that runs',
    ...rmanWith(rman({ kind: 'running', name: 'DB FULL', value: 'RUNNING', amount: 1, minutes: 20 })),
    finds: ['ORACLE_BACKUP_RUNNING BACKUP_RUNS'],
  },
  {
    when: 'a data file that needs recovery',
    server: { files: filesWith(files(3, { status: 'RECOVER', detail: 'NOT STATED', amount: 1 })) },
    finds: ['ORACLE_DATAFILES DATAFILE_NEEDS_RECOVERY'],
  },
  {
    when: 'a data file that is not there',
    server: { files: filesWith(files(3, { detail: 'FILE NOT FOUND', amount: 1 })) },
    finds: ['ORACLE_DATAFILES DATAFILE_UNREADABLE'],
  },
  {
    when: 'corrupt blocks',
    server: { files: filesWith(files(3), files(3, { kind: 'CORRUPTION', status: 'CHECKSUM', amount: 8 })) },
    finds: ['ORACLE_BLOCK_CORRUPTION BLOCKS_CORRUPT'],
  },
  {
    when: 'changes without redo since the last backup',
    server: { files: filesWith(files(3), files(3, { kind: 'UNRECOVERABLE', status: null, amount: 2 })) },
    finds: ['ORACLE_UNRECOVERABLE CHANGED_WITHOUT_REDO'],
  },
  {
    when: 'a keystore that is closed',
    ...run(encrypted, keystore('CLOSED', 'UNKNOWN')),
    finds: ['ORACLE_TDE_KEYSTORE KEYSTORE_NOT_OPEN', 'ORACLE_TDE_KEYSTORE KEYSTORE_APART'],
  },
  {
    when: 'a keystore that a password opens',
    ...run(encrypted, keystore('OPEN', 'PASSWORD')),
    finds: ['ORACLE_TDE_KEYSTORE KEYSTORE_PASSWORD', 'ORACLE_TDE_KEYSTORE KEYSTORE_APART'],
  },
  {
    when: 'a backup account without SYSBACKUP',
    server: { server: serverWith() },
    finds: ['ORACLE_BACKUP_RIGHTS BACKUP_RIGHT_MISSING'],
  },
  {
    when: 'a backup account that is locked',
    server: { accounts: [account({ username: 'C##RMAN', account_status: 'LOCKED(TIMED)' }), account()] },
    finds: ['ORACLE_ACCOUNT_EXPIRY ACCOUNT_LOCKED'],
  },
  {
    when: 'a backup account that expires',
    server: { accounts: [account({ username: 'C##RMAN', days_left: 3 }), account()] },
    finds: ['ORACLE_ACCOUNT_EXPIRY ACCOUNT_EXPIRES'],
  },
  {
    when: 'hardly a process left',
    ...run(onServer({ kind: 'LIMIT', name: 'processes', value: '290', detail: '300' })),
    finds: ['ORACLE_LIMITS LIMIT_NEAR'],
  },
  {
    when: 'no server parameter file',
    ...run(onServer({ kind: 'PARAMETER', name: 'spfile', value: 'NONE' })),
    finds: ['ORACLE_SPFILE SPFILE_UNUSED'],
  },
  {
    when: 'Oracle 12.1',
    server: {
      server: [
        ...serverWith(passwordFile).filter(({ kind }) => kind !== 'INSTANCE'),
        onServer({ value: '12.1.0.2.0' }),
      ],
    },
    finds: ['ORACLE_VERSION VERSION_OUT_OF_SUPPORT'],
  },
  {
    when: 'a standby that is a day behind',
    server: {
      instances: [instance({ status: 'MOUNTED' })],
      database: [
        database({ database_role: 'PHYSICAL STANDBY', open_mode: 'MOUNTED', controlfile_type: 'STANDBY' }),
      ],
      pluggables: [{ ...seed, open_mode: 'MOUNTED' }, pluggable(3, 'SALES', { open_mode: 'MOUNTED' })],
      server: serverWith(
        passwordFile,
        lag('transport lag', '+00 00:00:00'),
        lag('apply lag', '+01 00:00:00'),
      ),
    },
    finds: ['ORACLE_DATA_GUARD_LAG APPLY_LAGS', 'ORACLE_TDE_KEYSTORE ENCRYPTION_UNSEEN'],
  },
  {
    when: 'a login that may not see the files',
    server: { files: null },
    finds: ['BLOCK_CORRUPTION', 'DATAFILES', 'UNRECOVERABLE'].map(
      (item) => `ORACLE_${item} skipped RIGHT_MISSING`,
    ),
  },
  {
    when: 'a login that may not see the backups',
    server: { backups: null, rman: null },
    finds: [
      'LAST_BACKUP',
      'ARCHIVED_LOG_GAP',
      'RMAN_CONFIG',
      'RAC_SNAPSHOT_CONTROLFILE',
      'CONTROL_FILE_KEEP_TIME',
      'REDO_STATUS',
      'BACKUP_MODE',
      'BACKUP_RUNNING',
    ].map((item) => `ORACLE_${item} skipped RIGHT_MISSING`),
  },
  {
    when: 'a full volume of the system',
    host: { df: `case "$*" in */u01*) ${dfOf('/u01', 50)};; *) ${dfOf('/', 0)};; esac` },
    finds: ['HOST_DISK_SPACE VOLUME_FULL'],
  },
  {
    when: 'a volume of the data files that fills',
    host: { df: `case "$*" in */u01*) ${dfOf('/u01', 5)};; *) ${dfOf('/', 50)};; esac` },
    finds: ['HOST_DISK_SPACE VOLUME_FILLING'],
  },
  {
    when: 'a client that is stopped',
    host: { systemctl: unitOf('inactive', 'disabled') },
    finds: ['BACKUP_CLIENT CLIENT_STOPPED'],
  },
  {
    when: 'a client that does not start with the host',
    host: { systemctl: unitOf('active', 'disabled') },
    finds: ['BACKUP_CLIENT CLIENT_NOT_AUTOMATIC'],
  },
  {
    when: 'a clock that is ten minutes behind',
    host: { date: 'echo $(($(/bin/date +%s) - 600))' },
    finds: ['CLOCK_SKEW CLOCK_DRIFTS'],
  },
  {
    when: 'endpoints where nothing listens',
    registered: () => ({ endpoints: { oss: 'https://127.0.0.1:1/', service: ['https://127.0.0.1:1/'] } }),
    finds: [
      'OSS_INTERNAL_ENDPOINT_CONNECTIVITY TCP_REFUSED',
      'SERVICE_CONNECTIVITY TCP_REFUSED',
      'CLOCK_SKEW CLOCK_UNKNOWN',
    ],
  },
  {
    when: 'endpoints whose certificate nobody vouches for',
    registered: ({ endpoints }) => ({ endpoints: { ...endpoints, ca: undefined } }),
    finds: [
      'OSS_INTERNAL_ENDPOINT_CONNECTIVITY CERTIFICATE_UNTRUSTED',
      'SERVICE_CONNECTIVITY CERTIFICATE_UNTRUSTED',
      'CLOCK_SKEW CLOCK_UNKNOWN',
    ],
  },
  {
    when: 'a database server that does not run on a registered host, and endpoints where nothing listens',
    registered: () => ({
      host: undefined,
      endpoints: { oss: 'https://127.0.0.1:1/', service: ['https://127.0.0.1:1/'] },
    }),
    finds: [
      'OSS_INTERNAL_ENDPOINT_CONNECTIVITY TCP_REFUSED',
      'SERVICE_CONNECTIVITY TCP_REFUSED',
      ...['HOST_DISK_SPACE', 'BACKUP_CLIENT', 'CLOCK_SKEW'].map((item) => `${item} skipped NOT_APPLICABLE`),
    ],
  },
]
