import { embeddedSweepStores } from '../../../support/sweep-stores.ts'
import { sweepCrashContract } from './run-sweeps-crash.contract.ts'
import { sweepNightContract } from './run-sweeps-night.contract.ts'

sweepNightContract('the embedded stores', embeddedSweepStores, true)
sweepCrashContract('the embedded stores', embeddedSweepStores, 40)
