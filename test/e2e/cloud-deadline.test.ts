import { startCloudInHaste } from '../support/cloud-service.ts'
import { runsAll } from '../support/property-runs.ts'
import { describe } from 'vitest'
import { deadlineContract } from './flow.contract.ts'

// The flow is the same as on the embedded ports, where a short run shows it.
describe.runIf(runsAll)('in haste', () => {
  deadlineContract('the cloud ports', startCloudInHaste)
})
