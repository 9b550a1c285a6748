import { metBySqlServer } from '../errors/sqlserver.ts'
import { group, sqlServerFacts, sqlServerSamples } from '../facts/sqlserver.ts'
import { type EngineInTests, type Row, credential, unmet } from '../engine-in-tests.ts'

const isOn = (bit: unknown): boolean => bit === 1 || bit === true
const isOff = (bit: unknown): boolean => bit === 0 || bit === false

/** SQL Server, as the tests see it that hold something for every engine. */
export default {
  meets: (number) => metBySqlServer([number]),
  connection: { host: 'db.example', credential },
  backupAccount: 'backup',
  samples: sqlServerSamples,
  words: {
    product_version: ['11.0.7001.0', '12.0.6024.0', '16.0.4135.4', '17.0.700.9'],
    engine_edition: [2, 3, 4],
    view_any_database: [0, 1],
    view_any_definition: [0, 1],
    is_sysadmin: [0, 1],
    mirroring_endpoints: [0, 1],
    database_id: [1, 2, 3, 4, 5, 6],
    name: ['master', 'msdb', 'Sales', 'SALES', 'Ledger'],
    state_desc: ['ONLINE', 'OFFLINE', 'RESTORING', 'RECOVERING', 'RECOVERY_PENDING', 'SUSPECT', 'EMERGENCY'],
    recovery_model_desc: ['FULL', 'SIMPLE', 'BULK_LOGGED'],
    user_access_desc: ['MULTI_USER', 'SINGLE_USER', 'RESTRICTED_USER'],
    is_read_only: [true, false],
    is_in_standby: [true, false],
    source_database_id: [null, 5],
    replica_id: [null, '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
    mirroring_role_desc: [null, 'PRINCIPAL', 'MIRROR'],
    is_auto_close_on: [true, false],
    is_distributor: [true, false],
    has_differential_base: [0, 1],
    has_log_chain: [0, 1],
    database_minutes: [60, 2000, 500_000],
    history_minutes: [600, 3000, 40_000],
    other_server_backups: [0, 3],
    last_full_minutes: [null, 10, 1440, 20_000],
    last_incremental_minutes: [null, 240, 3000],
    last_log_minutes: [null, 15, 300],
    log_gaps: [0, 1],
    log_lost: [0, 2],
    log_device_types: [0, 1, 2],
    base_is_found: [0, 1],
    base_is_snapshot: [true, false],
    base_is_lost: [0, 1],
    base_is_foreign: [0, 1],
    damaged_backups: [0, 1],
    last_full_has_checksums: [0, 1],
    open_pages: [0, 2],
    repaired_pages: [0, 1],
    recorded_pages: [0, 3, 1000],
    was_checked: [0, 1],
    last_check_minutes: [4320, 60_000],
    running_backups: [0, 1],
    running_log_backups: [0, 1],
    running_restores: [0, 1],
    running_minutes: [null, 12],
    group_id: [group().group_id, 'b8a4f2de-1f7e-4a3e-8a55-7be0f9f1c3e2'],
    role_desc: ['PRIMARY', 'SECONDARY', 'RESOLVING'],
    synchronization_state_desc: [
      'SYNCHRONIZED',
      'SYNCHRONIZING',
      'NOT SYNCHRONIZING',
      'REVERTING',
      'INITIALIZING',
    ],
    is_suspended: [true, false],
    basic_features: [true, false],
    distributed_group: [null, 'worldwide'],
    distributed_role_desc: ['PRIMARY', 'SECONDARY', 'RESOLVING'],
    log_reuse_wait_desc: ['NOTHING', 'LOG_BACKUP', 'ACTIVE_TRANSACTION', 'AVAILABILITY_REPLICA'],
    log_used_kb: [0, 60_000, 65_000, 65_536],
    log_size_kb: [0, 65_536],
    log_limit_kb: [65_536, 70_000, 2_147_483_648],
    is_encrypted: [true, false],
    encryption_state: [null, 0, 1, 2, 3, 4, 5, 6],
    encryptor_type: ['CERTIFICATE', 'ASYMMETRIC KEY'],
    certificate: ['TdeCertificate'],
    is_certificate_backed_up: [0, 1],
    certificate_days_left: [-1, 0, 13, 14, 400],
    is_preferred_replica: [0, 1],
    backup_preference: ['PRIMARY', 'SECONDARY_ONLY', 'SECONDARY', 'NONE'],
    secondaries: [0, 1, 2],
    unhealthy_secondaries: [0, 1],
    lag_minutes: [0, 59, 61],
    type_desc: ['SQL_LOGIN', 'WINDOWS_LOGIN', 'WINDOWS_GROUP'],
    kind: ['engine', 'agent', 'other'],
    startup_type: [2, 3, 4],
    status: [1, 2, 4, 7],
    is_clustered: ['Y', 'N'],
    is_disabled: [true, false],
    is_self: [0, 1],
    is_connect_denied: [0, 1],
    is_locked: [0, 1],
    is_expired: [0, 1],
    is_password_to_change: [0, 1],
    is_expiration_checked: [true, false],
    password_days_left: [-1, 0, 14, 15],
  },
  // No snapshot, in no group, not mirrored, in no distributed group, no such backup, nothing that runs, without a key
  // of encryption, and without a commit to compare. Who a database is, the memory is for.
  meaningfulNulls: [
    'server.server_name',
    'databases.created_at',
    'databases.differential_base_guid',
    'chains.recovery_fork_guid',
    'databases.source_database_id',
    'databases.replica_id',
    'databases.mirroring_role_desc',
    'groups.distributed_group',
    'backupHistory.last_full_minutes',
    'backupHistory.last_incremental_minutes',
    'backupHistory.last_log_minutes',
    'conditions.running_minutes',
    'conditions.encryption_state',
    'conditions.lag_minutes',
  ],
  // Roles and kinds of groups say something of databases in one, the secondaries of log shipping of what is not ONLINE:
  // a healthy server has neither.
  notNeeded: ['replicas', 'groups', 'logShipping'],
  missingFor: ({ answer, profile, database, operation }) => {
    // Neither tempdb nor a snapshot.
    const isJudged = (row: Row) =>
      row['name'] === database && row['source_database_id'] === null && row['database_id'] !== 2
    const own = answer['databases']?.find(isJudged) ?? {}
    const [server] = answer['server'] ?? []
    const needsLog =
      own['database_id'] !== 1 &&
      (operation === 'log' || (operation === 'incremental' && profile !== 'native'))
    const isOnline = own['state_desc'] === 'ONLINE' && isOff(own['is_in_standby'])
    // A secondary of log shipping waits for a restore, and natively a restore cures more.
    const isShipped = answer['logShipping']?.some(({ name }) => name === database) === true
    const isSecondary = own['replica_id'] !== null
    const mayBeCured = operation === 'restore' && (isShipped || profile === 'native')
    return unmet({
      'the login may not see all databases': isOn(server?.['view_any_database']),
      'it is not ONLINE': isOnline || mayBeCured,
      'who may connect is not known':
        !isOnline ||
        isSecondary ||
        ['MULTI_USER', 'RESTRICTED_USER'].includes(String(own['user_access_desc'])),
      'its recovery model has no log backups':
        !needsLog || isSecondary || ['FULL', 'BULK_LOGGED'].includes(String(own['recovery_model_desc'])),
    })
  },
  healthy: sqlServerFacts(),
} satisfies EngineInTests
