import { startEmbedded } from '../support/embedded-service.ts'
import { deadlineContract, flowContract } from './flow.contract.ts'

flowContract('the embedded ports', startEmbedded, 'session')
flowContract(
  'the embedded ports, with every item by itself',
  (options) => startEmbedded({ ...options, fanOut: 'item' }),
  'item',
  true,
)
deadlineContract('the embedded ports', startEmbedded)
