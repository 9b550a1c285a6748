import { metBySqlServer } from '../errors/sqlserver.ts'
import { sqlServerFacts, sqlServerSamples } from '../facts/sqlserver.ts'
import { type EngineInTests, credential } from '../engine-in-tests.ts'

/** SQL Server, as the tests see it that hold something for every engine. */
export default {
  meets: (number) => metBySqlServer([number]),
  connection: { host: 'db.example', credential },
  samples: sqlServerSamples,
  words: {
    engine_edition: [2, 3, 4],
    view_any_database: [0, 1],
    is_sysadmin: [0, 1],
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
    role_desc: ['PRIMARY', 'SECONDARY', 'RESOLVING'],
    listeners: [0, 1],
  },
  meaningfulNulls: ['databases.source_database_id', 'databases.replica_id', 'databases.mirroring_role_desc'],
  notNeeded: ['replicas', 'mirroring', 'logShipping'],
  healthy: sqlServerFacts(),
} satisfies EngineInTests
