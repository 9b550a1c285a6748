import { clientService, clock, second, volume, writers } from '../../../support/facts/host.ts'
import { notReached } from '../../../support/facts/connectivity.ts'
import {
  type DatabaseRow,
  type HistoryChanges,
  chain,
  condition,
  conditionsWithSales,
  database,
  engineService,
  group,
  history,
  historyOfSales,
  inAvailabilityGroup,
  login,
  pages,
  replicasOfSales,
  server,
  service,
  systemDatabases,
  withBackupLogin,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import type { BrokenSqlServer } from './state.ts'

type Condition = NonNullable<Parameters<typeof conditionsWithSales>[0]>

/** `Sales` has this history. */
const past = (changes: HistoryChanges): Pick<BrokenSqlServer, 'server'> => ({
  server: { backupHistory: historyOfSales(changes) },
})

/** `Sales` is in this condition. */
const conditioned = (changes: Condition): Pick<BrokenSqlServer, 'server'> => ({
  server: { conditions: conditionsWithSales(changes) },
})

/** `Sales` is like this. */
const sales = (changes: Parameters<typeof withSales>[0]): Pick<BrokenSqlServer, 'server'> => ({
  server: { databases: withSales(changes) },
})

/** There is another database. */
const another = (name: string, changes: Partial<DatabaseRow> = {}): Pick<BrokenSqlServer, 'server'> => ({
  server: { databases: [...withSales(), database(6, name, changes)] },
})

/** `Sales` is in an availability group, where this replica has that role, and is in that condition. */
const grouped = (role: string, changes: Condition = {}): Pick<BrokenSqlServer, 'server'> => ({
  server: {
    databases: withSales(inAvailabilityGroup),
    replicas: replicasOfSales(role),
    groups: [group()],
    conditions: conditionsWithSales({
      is_preferred_replica: 1,
      backup_preference: 'PRIMARY',
      secondaries: 1,
      unhealthy_secondaries: 0,
      lag_minutes: 0,
      ...changes,
    }),
  },
})

/** `Sales` is encrypted, and its certificate is like this. */
const encrypted = (changes: Condition): Pick<BrokenSqlServer, 'server'> =>
  conditioned({
    is_encrypted: true,
    encryption_state: 3,
    encryptor_type: 'CERTIFICATE',
    certificate: 'TdeCertificate',
    is_certificate_backed_up: 1,
    certificate_days_left: 400,
    ...changes,
  })

/** Nothing was ever backed up of `Sales`, which was created so long ago, minutes. */
const neverBackedUp = (database_minutes: number): Pick<BrokenSqlServer, 'server'> => ({
  server: {
    databases: withSales({ has_differential_base: 0, differential_base_guid: null }),
    chains: [1, 3, 4, 5].map((database_id) =>
      chain({ database_id, has_log_chain: database_id === 3 ? 1 : 0 }),
    ),
    backupHistory: historyOfSales({
      database_minutes,
      last_full_minutes: null,
      last_incremental_minutes: null,
      last_log_minutes: null,
      log_device_types: 0,
      base_is_found: 0,
      base_is_snapshot: null,
      base_is_lost: null,
      base_is_foreign: null,
      last_full_has_checksums: null,
      full_bytes: null,
      full_seconds: null,
      full_device: null,
      full_user: null,
      incremental_bytes: null,
      incremental_device: null,
      incremental_user: null,
      log_bytes: null,
      log_device: null,
      log_user: null,
      logs_bytes: null,
      worst_gap_minutes: null,
      first_point_minutes: null,
    }),
    conditions: conditionsWithSales({ database_minutes }),
  },
})

/** Items that judge the backups of a database say so of one that they do not judge. */
const ofHistory = (code: string): string[] =>
  [
    'SQL_SERVER_LAST_BACKUP',
    'SQL_SERVER_LOG_CHAIN',
    'SQL_SERVER_DIFFERENTIAL_BASE',
    'SQL_SERVER_BACKUP_INTEGRITY',
    'SQL_SERVER_DATA_FILES',
    'SQL_SERVER_LAST_CHECKDB',
  ].map((item) => `${item} ${code}`)

const client = (changes: Parameters<typeof clientService>[0]) =>
  clientService({ name: 'Alibaba Cloud Backup Service', ...changes })
const system = volume({ path: 'C:\\', mount: 'C:\\' })
const data = (changes: Parameters<typeof volume>[0]) =>
  volume({ path: 'D:\\Data', mount: 'D:\\', ...changes })

const gigabyte = 1024 ** 3

export const brokenSqlServers: readonly BrokenSqlServer[] = [
  {
    when: 'a database in SIMPLE',
    ...sales({ recovery_model_desc: 'SIMPLE' }),
    finds: ['SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE RECOVERY_MODEL_SIMPLE'],
  },
  {
    when: 'a database in BULK_LOGGED',
    ...sales({ recovery_model_desc: 'BULK_LOGGED' }),
    finds: ['SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE BULK_LOGGED'],
  },
  {
    when: 'model in SIMPLE, which new databases take over',
    server: {
      databases: [
        ...systemDatabases.filter(({ name }) => name !== 'model'),
        database(3, 'model', { recovery_model_desc: 'SIMPLE' }),
        database(5, 'Sales'),
      ],
    },
    finds: ['SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE RECOVERY_MODEL_SIMPLE'],
  },
  ...(['OFFLINE', 'SUSPECT', 'EMERGENCY', 'RECOVERY_PENDING', 'RESTORING'] as const).map(
    (state_desc): BrokenSqlServer => ({
      when: `a database that is ${state_desc}`,
      ...sales({ state_desc }),
      finds: [`SQL_SERVER_DB_NOT_ONLINE ${state_desc}`, ...ofHistory('NOT_ONLINE')],
    }),
  ),
  {
    when: 'a database in recovery',
    ...sales({ state_desc: 'RECOVERING' }),
    finds: ['SQL_SERVER_DB_NOT_ONLINE TRANSIENT_STATE', ...ofHistory('NOT_ONLINE')],
  },
  {
    when: 'a database in standby of nobody',
    ...sales({ is_in_standby: true }),
    finds: ['SQL_SERVER_DB_NOT_ONLINE STANDBY', ...ofHistory('NOT_ONLINE')],
  },
  {
    when: 'a database in SINGLE_USER',
    ...sales({ user_access_desc: 'SINGLE_USER' }),
    finds: ['SQL_SERVER_DB_NOT_ONLINE SINGLE_USER'],
  },
  {
    when: 'a database that AUTO_CLOSE closed',
    server: {
      databases: withSales({ is_auto_close_on: true, collation_name: null }),
      conditions: conditionsWithSales({
        log_used_kb: null,
        log_size_kb: null,
        was_checked: null,
        last_check_minutes: null,
      }),
    },
    finds: [
      'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE CLOSED_AUTOMATICALLY',
      'SQL_SERVER_LOG_SPACE CLOSED_AUTOMATICALLY',
      'SQL_SERVER_LAST_CHECKDB CLOSED_AUTOMATICALLY',
      'SQL_SERVER_DATABASE_NAMES AUTO_CLOSE_ON',
    ],
  },
  {
    when: 'a database with AUTO_CLOSE that somebody uses',
    ...sales({ is_auto_close_on: true }),
    finds: ['SQL_SERVER_DATABASE_NAMES AUTO_CLOSE_ON'],
  },
  {
    when: 'a database that was never backed up',
    ...neverBackedUp(500_000),
    finds: [
      'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE FULL_BACKUP_MISSING',
      'SQL_SERVER_LAST_BACKUP FULL_MISSING',
    ],
  },
  {
    when: 'a database that was created an hour ago',
    ...neverBackedUp(60),
    finds: [
      'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE FULL_BACKUP_MISSING',
      'SQL_SERVER_LAST_BACKUP NEW_DATABASE',
    ],
  },
  {
    when: 'a full backup of last month',
    ...past({ last_full_minutes: 30 * 1440 }),
    finds: ['SQL_SERVER_LAST_BACKUP FULL_OLD'],
  },
  {
    when: 'no incremental backup since two days',
    ...past({ last_full_minutes: 2880, last_incremental_minutes: 2880 }),
    finds: ['SQL_SERVER_LAST_BACKUP INCREMENTAL_OLD'],
  },
  {
    when: 'no log backup since six hours',
    ...past({ last_log_minutes: 360 }),
    finds: ['SQL_SERVER_LAST_BACKUP LOG_OLD'],
  },
  {
    when: 'no log backup at all',
    ...past({
      last_log_minutes: null,
      log_device_types: 0,
      log_bytes: null,
      log_device: null,
      log_user: null,
    }),
    finds: ['SQL_SERVER_LAST_BACKUP LOG_MISSING'],
  },
  {
    when: 'log backups that do not follow on from each other',
    ...past({ log_gaps: 2 }),
    finds: ['SQL_SERVER_LOG_CHAIN LOG_GAP'],
  },
  {
    when: 'a log backup to the device that keeps nothing',
    ...past({ log_lost: 1, log_gaps: 1 }),
    finds: ['SQL_SERVER_LOG_CHAIN LOG_DISCARDED'],
  },
  {
    when: 'log backups to two kinds of devices',
    ...past({ log_device_types: 2 }),
    finds: ['SQL_SERVER_LOG_CHAIN LOG_SPLIT'],
  },
  {
    when: 'a base that is the snapshot of a virtual machine',
    ...past({ base_is_snapshot: true }),
    finds: ['SQL_SERVER_DIFFERENTIAL_BASE BASE_IS_SNAPSHOT'],
  },
  {
    when: 'a base of another tool',
    ...past({ base_is_foreign: 1 }),
    finds: ['SQL_SERVER_DIFFERENTIAL_BASE BASE_IS_FOREIGN'],
  },
  {
    when: 'a base that went to the device that keeps nothing',
    ...past({ base_is_lost: 1 }),
    finds: ['SQL_SERVER_DIFFERENTIAL_BASE BASE_DISCARDED'],
  },
  {
    when: 'a damaged backup',
    ...past({ damaged_backups: 1 }),
    finds: ['SQL_SERVER_BACKUP_INTEGRITY BACKUP_DAMAGED'],
  },
  {
    when: 'backups without checksums',
    ...past({ last_full_has_checksums: 0 }),
    finds: ['SQL_SERVER_BACKUP_INTEGRITY NO_CHECKSUM'],
  },
  {
    when: 'a purged history',
    server: {
      backupHistory: [1, 3, 4, 5].map((database_id) =>
        history({
          database_id,
          history_minutes: 60,
          last_full_minutes: null,
          last_incremental_minutes: null,
          last_log_minutes: 15,
          base_is_found: 0,
          base_is_snapshot: null,
          base_is_lost: null,
          base_is_foreign: null,
          last_full_has_checksums: null,
          full_bytes: null,
          full_seconds: null,
          full_device: null,
          full_user: null,
          incremental_bytes: null,
          incremental_device: null,
          incremental_user: null,
          worst_gap_minutes: null,
          first_point_minutes: 60,
        }),
      ),
    },
    finds: [
      ...['master', 'model', 'msdb', 'Sales'].map(() => 'SQL_SERVER_LAST_BACKUP HISTORY_UNKNOWN'),
      'SQL_SERVER_DIFFERENTIAL_BASE BASE_UNKNOWN',
    ],
  },
  {
    when: 'suspect pages',
    server: {
      suspectPages: [1, 3, 4]
        .map((database_id) => pages({ database_id }))
        .concat(pages({ open_pages: 2, recorded_pages: 2 })),
    },
    finds: ['SQL_SERVER_SUSPECT_PAGES PAGES_SUSPECT'],
  },
  {
    when: 'pages that were repaired',
    server: {
      suspectPages: [1, 3, 4]
        .map((database_id) => pages({ database_id }))
        .concat(pages({ repaired_pages: 2, recorded_pages: 2 })),
    },
    finds: ['SQL_SERVER_SUSPECT_PAGES PAGES_REPAIRED'],
  },
  {
    when: 'a log that is full',
    ...conditioned({ log_used_kb: 65_530, log_limit_kb: 65_536, log_reuse_wait_desc: 'LOG_BACKUP' }),
    finds: ['SQL_SERVER_LOG_SPACE LOG_FULL'],
  },
  {
    when: 'a log that fills since a transaction holds it',
    ...conditioned({ log_used_kb: 61_000, log_limit_kb: 65_536, log_reuse_wait_desc: 'ACTIVE_TRANSACTION' }),
    finds: ['SQL_SERVER_LOG_SPACE LOG_FILLS'],
  },
  {
    when: 'a certificate that was never backed up',
    ...encrypted({ is_certificate_backed_up: 0 }),
    finds: ['SQL_SERVER_TDE_CERTIFICATE CERTIFICATE_NOT_BACKED_UP'],
  },
  {
    when: 'a certificate that expires next week',
    ...encrypted({ certificate_days_left: 6 }),
    finds: ['SQL_SERVER_TDE_CERTIFICATE CERTIFICATE_EXPIRES'],
  },
  {
    when: 'an encryption that is under way',
    ...encrypted({ encryption_state: 2 }),
    finds: ['SQL_SERVER_TDE_CERTIFICATE ENCRYPTION_CHANGES'],
  },
  {
    when: 'a data file that is offline',
    ...sales({ files_not_online: 1, file_not_online: 'Sales_2019', file_state: 'OFFLINE' }),
    finds: ['SQL_SERVER_DATA_FILES FILES_NOT_ONLINE'],
  },
  {
    when: 'no consistency check since a month',
    ...conditioned({ last_check_minutes: 30 * 1440 }),
    finds: ['SQL_SERVER_LAST_CHECKDB CHECK_OLD'],
  },
  {
    when: 'a database that was never checked',
    ...conditioned({ was_checked: 0, last_check_minutes: null }),
    finds: ['SQL_SERVER_LAST_CHECKDB NEVER_CHECKED'],
  },
  {
    when: 'a full backup that runs',
    server: {
      conditions: [1, 2, 3, 4, 5].map((database_id) =>
        condition({ database_id, running_backups: 1, running_minutes: 12 }),
      ),
    },
    finds: ['SQL_SERVER_BACKUP_RUNNING BACKUP_RUNNING'],
  },
  {
    when: 'a restore that runs',
    server: {
      conditions: [1, 2, 3, 4, 5].map((database_id) =>
        condition({ database_id, running_restores: 1, running_minutes: 12 }),
      ),
    },
    finds: ['SQL_SERVER_BACKUP_RUNNING RESTORE_RUNNING'],
  },
  {
    when: 'a backup account that is not there',
    server: { logins: [login()] },
    finds: ['SQL_SERVER_BACKUP_RIGHTS ACCOUNT_MISSING'],
  },
  {
    when: 'a backup account that is disabled',
    server: { logins: withBackupLogin({ is_disabled: true }) },
    finds: ['SQL_SERVER_BACKUP_RIGHTS ACCOUNT_DISABLED'],
  },
  {
    when: 'a backup account that is locked',
    server: { logins: withBackupLogin({ is_locked: 1 }) },
    finds: ['SQL_SERVER_ACCOUNT_EXPIRY ACCOUNT_LOCKED'],
  },
  {
    when: 'a backup account whose password expires',
    server: { logins: withBackupLogin({ is_expiration_checked: true, password_days_left: 3 }) },
    finds: ['SQL_SERVER_ACCOUNT_EXPIRY PASSWORD_EXPIRES'],
  },
  {
    when: 'the account of the precheck, whose password expires',
    server: {
      logins: [
        login({ is_expiration_checked: true, password_days_left: 3 }),
        login({ name: 'backup', is_self: 0, is_sysadmin: 1 }),
      ],
    },
    finds: ['SQL_SERVER_ACCOUNT_EXPIRY OWN_PASSWORD_EXPIRES'],
  },
  {
    when: 'an Agent that is stopped',
    server: { services: [engineService(), service({ status: 1 })] },
    finds: ['SQL_SERVER_SERVICES AGENT_STOPPED'],
  },
  {
    when: 'an instance that does not start with its host',
    server: { services: [engineService({ startup_type: 3 }), service()] },
    finds: ['SQL_SERVER_SERVICES INSTANCE_NOT_AUTOMATIC'],
  },
  {
    when: 'SQL Server 2012',
    server: { server: [server({ product_version: '11.0.7001.0' })] },
    finds: ['SQL_SERVER_VERSION SUPPORT_ENDED'],
  },
  {
    when: 'a name that ends in a blank',
    ...another('Orders '),
    finds: ['SQL_SERVER_DATABASE_NAMES BLANK_AT_THE_END'],
  },
  {
    when: 'two names that differ in case alone',
    ...another('SALES'),
    finds: ['SQL_SERVER_DATABASE_NAMES SAME_BUT_FOR_CASE', 'SQL_SERVER_DATABASE_NAMES SAME_BUT_FOR_CASE'],
  },
  {
    when: 'a secondary',
    ...grouped('SECONDARY'),
    finds: [
      'SQL_SERVER_DB_NOT_ONLINE AG_SECONDARY',
      'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE MODEL_OF_PRIMARY',
      ...ofHistory('JUDGED_ELSEWHERE'),
    ],
  },
  {
    when: 'a primary whose backups are taken elsewhere',
    ...grouped('PRIMARY', { is_preferred_replica: 0, backup_preference: 'SECONDARY' }),
    finds: ['SQL_SERVER_DB_NOT_ONLINE AG_PRIMARY', 'SQL_SERVER_AG_BACKUP BACKED_UP_ELSEWHERE'],
  },
  {
    when: 'a primary whose secondaries are not healthy',
    ...grouped('PRIMARY', { unhealthy_secondaries: 1 }),
    finds: ['SQL_SERVER_DB_NOT_ONLINE AG_PRIMARY', 'SQL_SERVER_AG_BACKUP SECONDARY_UNHEALTHY'],
  },
  {
    when: 'a primary whose secondaries are behind',
    ...grouped('PRIMARY', { lag_minutes: 90 }),
    finds: ['SQL_SERVER_DB_NOT_ONLINE AG_PRIMARY', 'SQL_SERVER_AG_BACKUP SECONDARY_LAGS'],
  },
  {
    when: 'a replica between two roles',
    ...grouped('RESOLVING'),
    finds: ['SQL_SERVER_DB_NOT_ONLINE AG_RESOLVING'],
  },
  {
    when: 'a mirror',
    ...sales({ state_desc: 'RESTORING', mirroring_role_desc: 'MIRROR' }),
    finds: [
      'SQL_SERVER_DB_NOT_ONLINE SECONDARY',
      'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE MODEL_OF_PRIMARY',
      ...ofHistory('JUDGED_ELSEWHERE'),
    ],
  },
  {
    when: 'a primary of log shipping',
    server: { logShippingPrimaries: [{ name: 'Sales' }] },
    finds: ['SQL_SERVER_DB_NOT_ONLINE LOG_SHIPPING_PRIMARY'],
  },
  {
    when: 'a login that may not see the state of the server',
    server: {
      missing: ['VIEW SERVER STATE', 'VIEW SERVER SECURITY STATE'],
      replicas: null,
      conditions: null,
      services: null,
    },
    finds: ['AG_BACKUP', 'BACKUP_RUNNING', 'LAST_CHECKDB', 'LOG_SPACE', 'SERVICES', 'TDE_CERTIFICATE'].map(
      (item) => `SQL_SERVER_${item} skipped RIGHT_MISSING`,
    ),
  },
  {
    when: 'a login that may not read the history',
    server: { backupHistory: null, suspectPages: null },
    finds: ['BACKUP_INTEGRITY', 'DIFFERENTIAL_BASE', 'LAST_BACKUP', 'LOG_CHAIN', 'SUSPECT_PAGES'].map(
      (item) => `SQL_SERVER_${item} skipped RIGHT_MISSING`,
    ),
  },
  {
    when: 'a login that does not see every database',
    server: { server: [server({ view_any_database: 0 })], missing: ['VIEW ANY DATABASE'] },
    finds: [
      'SQL_SERVER_DB_NOT_ONLINE COVERAGE_LIMITED',
      'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE COVERAGE_LIMITED',
    ],
  },
  {
    when: 'three things at once',
    server: {
      databases: [
        ...withSales({ state_desc: 'SUSPECT' }),
        database(6, 'HR', { recovery_model_desc: 'SIMPLE' }),
      ],
      logins: withBackupLogin({ is_disabled: true }),
    },
    finds: [
      'SQL_SERVER_DB_NOT_ONLINE SUSPECT',
      ...ofHistory('NOT_ONLINE'),
      'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE RECOVERY_MODEL_SIMPLE',
      'SQL_SERVER_BACKUP_RIGHTS ACCOUNT_DISABLED',
    ],
  },
  {
    when: 'a volume that is full',
    host: { volumes: [system, data({ freeBytes: gigabyte / 2 })] },
    finds: ['HOST_DISK_SPACE VOLUME_FULL'],
  },
  {
    when: 'a folder that is not there',
    host: {
      volumes: [system, data({ mount: null, totalBytes: null, freeBytes: null, cause: 'no such folder' })],
    },
    finds: ['HOST_DISK_SPACE VOLUME_UNKNOWN'],
  },
  {
    when: 'a client that is stopped',
    host: { client: { services: [client({ running: false })] } },
    finds: ['BACKUP_CLIENT CLIENT_STOPPED'],
  },
  {
    when: 'a client that is not there',
    host: { client: { services: [] } },
    finds: ['BACKUP_CLIENT CLIENT_NOT_FOUND'],
  },
  {
    when: 'a writer that failed',
    host: { writers: writers({ writers: [{ state: 8, lastError: 'Last error: Timed out' }] }) },
    finds: ['VSS_WRITERS WRITER_FAILED'],
  },
  {
    when: 'SQL Writer that is stopped',
    host: { writers: writers({ service: { running: false, automatic: true }, writers: [] }) },
    finds: ['VSS_WRITERS WRITER_SERVICE_STOPPED'],
  },
  {
    when: 'a clock that is 20 minutes ahead',
    host: { clock: clock({ before: second + 1200, after: second + 1200 }) },
    finds: ['CLOCK_SKEW CLOCK_WRONG'],
  },
  {
    when: 'a host that finds no address of the endpoints',
    host: {
      reach: notReached('dns', 'other', 'HostNotFound', {
        address: null,
        phases: { dns: 5, connect: null, tls: null, http: null },
      }),
      clock: clock({ date: null, url: null }),
    },
    finds: [
      'OSS_INTERNAL_ENDPOINT_CONNECTIVITY DNS_FAILED',
      'SERVICE_CONNECTIVITY DNS_FAILED',
      'CLOCK_SKEW CLOCK_UNKNOWN',
    ],
  },
]
