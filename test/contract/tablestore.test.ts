import { vi } from 'vitest'
import { someRow } from '../../shared/adapters/tablestore/conditions.ts'
import { tablestoreDocuments } from '../../shared/adapters/tablestore/tablestore-documents.ts'
import { tablestoreInstances } from '../../shared/adapters/tablestore/tablestore-instances.ts'
import { beginInOrder } from '../../shared/flows/prechecks/begin-in-order.ts'
import type { Queue } from '../../shared/ports/queue.ts'
import { tablestoreResults } from '../../shared/adapters/tablestore/tablestore-results.ts'
import { startTablestoreStore } from '../support/tablestore-store.ts'
import { type SentMessage, beginContract } from './begin.contract.ts'
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

beginContract('Tablestore and queues', async () => {
  const { client, close } = await open()
  const results = tablestoreResults(client)
  const keeping = () => {
    const sent: SentMessage[] = []
    const send: Queue<unknown>['send'] = async (messages, { delaySeconds = 0 } = {}) => {
      sent.push(...messages.map((message) => ({ message, delaySeconds })))
    }
    return { send, sent: async () => sent }
  }
  const checks = keeping()
  const resultQueue = keeping()
  const begin = beginInOrder({ results, checks, resultQueue })
  return { begin, results, checks: checks.sent, deadlines: resultQueue.sent, close }
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
