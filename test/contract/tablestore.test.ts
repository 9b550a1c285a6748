import { vi } from 'vitest'
import { someRow } from '../../shared/adapters/tablestore/conditions.ts'
import { tablestoreDocuments } from '../../shared/adapters/tablestore/tablestore-documents.ts'
import { tablestoreInstances } from '../../shared/adapters/tablestore/tablestore-instances.ts'
import { tablestoreResults } from '../../shared/adapters/tablestore/tablestore-results.ts'
import { startTablestoreStore } from '../support/tablestore-store.ts'
import { documentsContract } from './documents.contract.ts'
import { instancesContract } from './instances.contract.ts'
import { resultsContract } from './results.contract.ts'

// Some tests write a thousand rows at once, on whatever machine there is.
vi.setConfig({ testTimeout: 30_000 })

const open = async () => {
  const { emulator, connect } = await startTablestoreStore()
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

documentsContract('Tablestore', async () => {
  const { client, close } = await open()
  return {
    documents: tablestoreDocuments(client),
    spoil: async ({ table, keyColumns: [id] }, key, text) => {
      const change = { put: { document: text }, remove: [], condition: someRow }
      await client.writeRow({ kind: 'update', table, key: { [id]: key }, ...change })
    },
    close,
  }
})
