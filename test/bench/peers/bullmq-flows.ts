import { FlowProducer, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { type PeerFactory, probe } from './peer.ts'
import { startRedis } from './servers.ts'

/** BullMQ flows: a parent job with a child for every item; the parent's worker writes the last result. */
export const bullmqFlows: PeerFactory = async ({ items, probeMs, concurrency, folder }) => {
  const server = await startRedis(folder)
  const connection = { host: '127.0.0.1', port: server.port, maxRetriesPerRequest: null }
  const store = new Redis(connection)
  const flows = new FlowProducer({ connection })
  const ended = new Map<number, () => void>()
  const workers = [
    new Worker('items', () => probe(probeMs), { connection, concurrency: concurrency * items }),
    new Worker<{ index: number }>(
      'prechecks',
      async ({ data }) => {
        await store.hset(
          'last',
          `bench-${data.index % (concurrency * 4)}`,
          JSON.stringify({ outcome: 'passed' }),
        )
        ended.get(data.index)?.()
      },
      { connection, concurrency },
    ),
  ]
  await Promise.all(workers.map((worker) => worker.waitUntilReady()))

  return {
    run: async (index) => {
      const end = new Promise<void>((resolve) => ended.set(index, resolve))
      const opts = { removeOnComplete: true }
      await flows.add({
        name: 'precheck',
        queueName: 'prechecks',
        data: { index },
        opts,
        children: Array.from({ length: items }, (_, item) => ({
          name: `item-${item}`,
          queueName: 'items',
          opts,
        })),
      })
      await end
      ended.delete(index)
    },
    serverUsage: server.usage,
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()))
      await flows.close()
      store.disconnect()
      await server.stop()
    },
  }
}
