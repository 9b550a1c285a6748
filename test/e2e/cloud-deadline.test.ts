import { startCloudInHaste } from '../support/cloud-service.ts'
import { deadlineContract } from './flow.contract.ts'

deadlineContract('the cloud ports', startCloudInHaste)
