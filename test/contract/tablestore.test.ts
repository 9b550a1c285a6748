import { tablestoreInstances } from '../../shared/adapters/tablestore/tablestore-instances.ts'
import { tablestoreResults } from '../../shared/adapters/tablestore/tablestore-results.ts'
import { tablestoreTokens } from '../../shared/adapters/tablestore/tablestore-tokens.ts'
import { startTablestoreStore } from '../support/tablestore-store.ts'
import { instancesContract } from './instances.contract.ts'
import { resultsContract } from './results.contract.ts'
import { tokensContract } from './tokens.contract.ts'

const open = async () => {
  const { emulator, connect } = await startTablestoreStore()
  return { client: connect(), close: () => emulator.close() }
}

resultsContract('Tablestore', async () => {
  const { client, close } = await open()
  return { results: tablestoreResults(client), close }
})

instancesContract('Tablestore', async () => {
  const { client, close } = await open()
  return { instances: tablestoreInstances(client), close }
})

tokensContract('Tablestore', async () => {
  const { client, close } = await open()
  return { tokens: tablestoreTokens(client), close }
})
