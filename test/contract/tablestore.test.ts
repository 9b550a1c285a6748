import { tablestoreInstances } from '../../shared/adapters/tablestore/tablestore-instances.ts'
import { tablestoreResults } from '../../shared/adapters/tablestore/tablestore-results.ts'
import { tablestoreSweepEntries } from '../../shared/adapters/tablestore/tablestore-sweep-entries.ts'
import { tablestoreSweeps } from '../../shared/adapters/tablestore/tablestore-sweeps.ts'
import { tablestoreTokens } from '../../shared/adapters/tablestore/tablestore-tokens.ts'
import { tablestoreWebhookDeliveries } from '../../shared/adapters/tablestore/tablestore-webhook-deliveries.ts'
import { tablestoreWebhookTraffics } from '../../shared/adapters/tablestore/tablestore-webhook-traffics.ts'
import { tablestoreWebhooks } from '../../shared/adapters/tablestore/tablestore-webhooks.ts'
import { startTablestoreStore } from '../support/tablestore-store.ts'
import { instancesContract } from './instances.contract.ts'
import { resultsContract } from './results.contract.ts'
import { sweepEntriesContract } from './sweep-entries.contract.ts'
import { sweepsContract } from './sweeps.contract.ts'
import { tokensContract } from './tokens.contract.ts'
import { webhooksContract } from './webhooks.contract.ts'

const open = async () => {
  const { emulator, connect } = await startTablestoreStore()
  // Some tests write a thousand rows at once, on whatever machine there is.
  return { client: connect({ timeoutMs: 20_000 }), close: () => emulator.close() }
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

sweepsContract('Tablestore', async () => {
  const { client, close } = await open()
  return { sweeps: tablestoreSweeps(client), close }
})

sweepEntriesContract('Tablestore', async () => {
  const { client, close } = await open()
  return { entries: tablestoreSweepEntries(client), close }
})

webhooksContract('Tablestore', async () => {
  const { client, close } = await open()
  return {
    webhooks: tablestoreWebhooks(client),
    deliveries: tablestoreWebhookDeliveries(client),
    traffics: tablestoreWebhookTraffics(client),
    close,
  }
})
