import { startEmbedded } from '../support/embedded-service.ts'
import { flowContract } from './flow.contract.ts'

flowContract('the embedded ports', startEmbedded)
