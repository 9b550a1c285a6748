import { startEmbedded } from '../support/embedded-service.ts'
import { fleetContract } from './fleet.contract.ts'

fleetContract('the embedded ports', startEmbedded)
