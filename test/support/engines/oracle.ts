import { metByOracle } from '../errors/oracle.ts'
import { oracleFacts, oracleSamples } from '../facts/oracle.ts'
import { type EngineInTests, credential } from '../engine-in-tests.ts'

/** Oracle, as the tests see it that hold something for every engine. */
export default {
  meets: (number) => metByOracle(number),
  connection: { host: 'db.example', serviceName: 'orcl', credential },
  samples: oracleSamples,
  words: {
    status: [
      'OPEN',
      'OPEN MIGRATE',
      'MOUNTED',
      'STARTED',
      'VALID',
      'ERROR',
      'DEFERRED',
      'NORMAL',
      'NEW',
      'REFRESHING',
      'UNPLUGGED',
    ],
    thread_number: [0, 1, 2],
    enabled: ['PUBLIC', 'PRIVATE', 'DISABLED'],
    instance: ['orcl1', 'orcl2'],
    instance_name: ['orcl1', 'orcl2'],
    application_seed: ['YES', 'NO'],
    application_clone: ['YES', 'NO'],
    database_status: ['ACTIVE', 'SUSPENDED', 'INSTANCE RECOVERY'],
    parallel: ['YES', 'NO'],
    archiver: ['STARTED', 'STOPPED', 'FAILED'],
    log_switch_wait: ['ARCHIVE LOG', 'CLEAR LOG', 'CHECKPOINT', null],
    logins: ['ALLOWED', 'RESTRICTED'],
    shutdown_pending: ['YES', 'NO'],
    blocked: ['YES', 'NO'],
    active_state: ['NORMAL', 'QUIESCING', 'QUIESCED'],
    name: ['SALES', 'HR', 'PDB$SEED', '+RECO', 'RECO', 'USE_DB_RECOVERY_FILE_DEST', '/arch'],
    cdb: ['YES', 'NO'],
    con_id: [0, 1, 2, 3, 4],
    inst_id: [1, 2],
    open_mode: ['READ WRITE', 'READ ONLY', 'READ ONLY WITH APPLY', 'MOUNTED', 'MIGRATE'],
    database_role: [
      'PRIMARY',
      'PHYSICAL STANDBY',
      'LOGICAL STANDBY',
      'SNAPSHOT STANDBY',
      'FAR SYNC',
      'TRUE CACHE',
    ],
    log_mode: ['ARCHIVELOG', 'NOARCHIVELOG', 'MANUAL'],
    controlfile_type: ['CURRENT', 'STANDBY', 'BACKUP', 'CREATED'],
    restricted: ['YES', 'NO', null],
    recovery_status: ['ENABLED', 'DISABLED', 'DISABLED AUTOMATIC RECOVER'],
    target: ['PRIMARY', 'LOCAL', 'STANDBY', 'REMOTE'],
    binding: ['MANDATORY', 'OPTIONAL'],
    kind: ['recovery-area', 'file-type', 'restore-point', 'destination', 'disk-group'],
    total_bytes: [0, 1e11, 1e12],
    used_bytes: [0, 1e11, 0.9e12, 0.98e12],
    reclaimable_bytes: [0, 1e10],
    usable_bytes: [-1e9, 1e11],
  },
  // No log switch waits, and no error was met.
  meaningfulNulls: ['instances.log_switch_wait', 'destinations.error'],
  // The role says something of an instance that is mounted, the threads of a RAC, the kinds of a pluggable database
  // that is closed: none of them is healthy. What refuses the recovery is a version that cannot disable it.
  notNeeded: ['role', 'threads', 'kinds', 'recovery'],
  healthy: oracleFacts(),
} satisfies EngineInTests
