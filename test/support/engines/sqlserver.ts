import { metBySqlServer } from '../errors/sqlserver.ts'
import { sqlServerFacts, sqlServerSamples } from '../facts/sqlserver.ts'
import { type EngineInTests, credential } from '../engine-in-tests.ts'

/** SQL Server, as the tests see it that hold something for every engine. */
export default {
  meets: (number) => metBySqlServer([number]),
  connection: { host: 'db.example', credential },
  samples: sqlServerSamples,
  healthy: sqlServerFacts(),
} satisfies EngineInTests
