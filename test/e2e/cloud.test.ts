import { startCloudInHaste } from '../support/cloud-service.ts'
import { flowContract } from './flow.contract.ts'

flowContract('the cloud ports', startCloudInHaste)
