import { startCloudInHaste } from '../support/cloud-service.ts'
import { fleetContract } from './fleet.contract.ts'

fleetContract('the cloud ports', startCloudInHaste, true)
