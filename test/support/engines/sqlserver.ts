import { metBySqlServer } from '../errors/sqlserver.ts'
import { group, sqlServerFacts, sqlServerSamples } from '../facts/sqlserver.ts'
import { type EngineInTests, credential } from '../engine-in-tests.ts'

/** SQL Server, as the tests see it that hold something for every engine. */
export default {
  meets: (number) => metBySqlServer([number]),
  connection: { host: 'db.example', credential },
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
  },
  // No snapshot, in no group, not mirrored, and in no distributed group.
  meaningfulNulls: [
    'databases.source_database_id',
    'databases.replica_id',
    'databases.mirroring_role_desc',
    'groups.distributed_group',
  ],
  // Roles and kinds of groups say something of databases in one, the secondaries of log shipping of what is not ONLINE:
  // a healthy server has neither.
  notNeeded: ['replicas', 'groups', 'logShipping'],
  healthy: sqlServerFacts(),
} satisfies EngineInTests
