import type { Delivery, QueueConsumer } from '../../ports/queue.ts'
import { type MnsClient, type ReceivedMessage, batchLimits } from './mns-client.ts'
import { isGone, isTransient } from './mns-error.ts'

/** The longest poll (manual, "Limits": 30 s), and the bounds of a visibility timeout ("ChangeMessageVisibility"), s. */
const maxPollSeconds = 30
const visibilitySeconds = { min: 1, max: 43_200 }

const toDelivery = ({ receiptHandle, body, dequeueCount }: ReceivedMessage): Delivery => ({
  receipt: receiptHandle,
  body: Buffer.from(body, 'base64').toString('utf8'),
  received: dequeueCount,
})

/**
 * The receiving end of a queue of Simple Message Queue, for hosts without its trigger. The service counts in whole
 * seconds: waits are rounded down, postponements up. A receipt that ran out is no error: the message is delivered again
 * anyway.
 */
export const mnsConsumer = (client: MnsClient, queueName: string): QueueConsumer => {
  const deleteBatch = async (receipts: readonly string[]): Promise<void> => {
    let kept = receipts
    await client.retrying(async () => {
      const failures = await client.batchDeleteMessage(queueName, kept)
      const faults = failures.filter(({ error }) => !isGone(error))
      kept = faults.map(({ receiptHandle }) => receiptHandle)
      const fault = faults.find(({ error }) => !isTransient(error)) ?? faults[0]
      if (fault) throw fault.error
    })
  }

  const receiveBatch = async (wanted: number, waitSeconds: number): Promise<Delivery[]> => {
    const ask = () => client.batchReceiveMessage(queueName, wanted, waitSeconds)
    return (await client.retrying(ask)).map(toDelivery)
  }

  /** Whatever more there is, without waiting. What was received before is not lost with a failure. */
  const receiveRest = async (max: number): Promise<Delivery[]> => {
    const deliveries: Delivery[] = []
    while (deliveries.length < max) {
      const wanted = Math.min(batchLimits.messages, max - deliveries.length)
      const batch = await receiveBatch(wanted, 0).catch(() => [])
      deliveries.push(...batch)
      if (batch.length < wanted) break
    }
    return deliveries
  }

  return {
    receive: async (max, waitMs) => {
      const wanted = Math.min(batchLimits.messages, max)
      const waitSeconds = Math.min(maxPollSeconds, Math.floor(waitMs / 1000))
      const first = await receiveBatch(wanted, waitSeconds)
      return first.length < wanted ? first : [...first, ...(await receiveRest(max - wanted))]
    },

    acknowledge: async (receipts) => {
      for (let from = 0; from < receipts.length; from += batchLimits.messages) {
        await deleteBatch(receipts.slice(from, from + batchLimits.messages))
      }
    },

    postpone: async (receipt, delayMs) => {
      const { min, max } = visibilitySeconds
      const seconds = Math.min(max, Math.max(min, Math.ceil(delayMs / 1000)))
      try {
        await client.retrying(() => client.changeMessageVisibility(queueName, receipt, seconds))
      } catch (fault) {
        if (!isGone(fault)) throw fault
      }
    },
  }
}
