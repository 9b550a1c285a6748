import { metByOracle } from '../errors/oracle.ts'
import { oracleFacts, oracleSamples } from '../facts/oracle.ts'
import { type EngineInTests, credential } from '../engine-in-tests.ts'

/** Oracle, as the tests see it that hold something for every engine. */
export default {
  meets: (number) => metByOracle(number),
  connection: { host: 'db.example', serviceName: 'orcl', credential },
  samples: oracleSamples,
  healthy: oracleFacts(),
} satisfies EngineInTests
