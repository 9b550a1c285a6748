import { startEmbedded } from '../support/embedded-service.ts'
import { deadlineContract, flowContract } from './flow.contract.ts'

flowContract('the embedded ports', startEmbedded)
deadlineContract('the embedded ports', startEmbedded)
