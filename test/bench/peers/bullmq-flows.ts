import { FlowProducer, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import type { CheckMessage } from '../../../shared/model/queue-messages.ts'
import { lastResultOf, messagesOf, planOf, resultOf } from '../payload.ts'
import { type PeerFactory, instanceIdOf, probe } from './peer.ts'
import { usageOf } from './usage.ts'
import { redis } from '../../support/servers/redis.ts'

/** A parent job: a precheck that waits for its items. */
interface Parent {
  readonly index: number
  readonly plan: ReturnType<typeof planOf>
}

/** BullMQ flows: a parent job with a child for every item; the parent's worker writes the last result. */
export const bullmqFlows: PeerFactory = async ({ items, probeMs, concurrency, folder }) => {
  const server = await redis.start(folder)
  const connection = { host: '127.0.0.1', port: server.port, maxRetriesPerRequest: null }
  const store = new Redis(connection)
  const flows = new FlowProducer({ connection })
  const ended = new Map<number, () => void>()
  const workers = [
    new Worker<CheckMessage, ItemResult>(
      'items',
      async ({ data }) => {
        await probe(probeMs)
        return resultOf(data.checkItem)
      },
      { connection, concurrency: concurrency * items },
    ),
    new Worker<Parent>(
      'prechecks',
      async (job) => {
        const { index, plan } = job.data
        const results = Object.values(await job.getChildrenValues())
        await store.hset('last', plan.instanceId, lastResultOf(plan, results))
        ended.get(index)?.()
      },
      { connection, concurrency },
    ),
  ]
  await Promise.all(workers.map((worker) => worker.waitUntilReady()))

  return {
    run: async (index) => {
      const end = new Promise<void>((resolve) => ended.set(index, resolve))
      const opts = { removeOnComplete: true }
      const instanceId = instanceIdOf(index, concurrency)
      await flows.add({
        name: 'precheck',
        queueName: 'prechecks',
        data: { index, plan: planOf(index, instanceId) },
        opts,
        children: messagesOf(index, instanceId).map((data) => ({
          name: data.checkItem,
          queueName: 'items',
          data,
          opts,
        })),
      })
      await end
      ended.delete(index)
    },
    serverUsage: () => usageOf(server.pid),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()))
      await flows.close()
      store.disconnect()
      await server.stop()
    },
  }
}
