import type { DeadLetterQueue, KeptLetter } from '../../ports/dead-letters.ts'
import { type MnsClient, batchLimits } from './mns-client.ts'
import { mnsConsumer } from './mns-consumer.ts'
import { mnsForwarding } from './mns-queue.ts'

/** Reads the body of a letter: the messages in it and what the platform says of it. */
export type OpenLetter = (body: string) => Pick<KeptLetter, 'messages' | 'condition'>

/** How many letters a batch held, and how many of them went back. */
interface Taken {
  readonly taken: number
  readonly redriven: number
}

/**
 * The dead letters of a queue of Simple Message Queue, which are in a queue of their own. It shows the first 16 at
 * most, and none that somebody has taken: those that stay are out of sight for the visibility timeout of their queue.
 */
export const mnsDeadLetters = (
  client: MnsClient,
  { queue, deadLetters }: { readonly queue: string; readonly deadLetters: string },
  open: OpenLetter,
): DeadLetterQueue => {
  const target = mnsForwarding(client, queue)
  const { acknowledge } = mnsConsumer(client, deadLetters)

  /** Takes a batch and sends what is in it before it removes it. */
  const redriveBatch = async (wanted: number): Promise<Taken> => {
    const taken = await client.retrying(() => client.batchReceiveMessage(deadLetters, wanted, 0))
    const letters = taken.map(({ receiptHandle, body }) => ({ receiptHandle, messages: open(body).messages }))
    const readable = letters.filter(({ messages }) => messages !== null)
    if (readable.length > 0) {
      const messages = readable.flatMap((letter) => letter.messages ?? [])
      await target.send(messages.map((message): unknown => JSON.parse(message)))
      await acknowledge(readable.map(({ receiptHandle }) => receiptHandle))
    }
    return { taken: taken.length, redriven: readable.length }
  }

  return {
    look: async (limit) => {
      const count = Math.min(limit, batchLimits.messages)
      const peeked = await client.retrying(() => client.batchPeekMessage(deadLetters, count))
      return peeked.map(({ id, body, enqueuedAt }) => {
        const { messages, condition } = open(body)
        return { id, at: enqueuedAt.toISOString(), messages, received: null, condition }
      })
    },

    redrive: async (limit) => {
      let total: Taken = { taken: 0, redriven: 0 }
      while (total.taken < limit) {
        const wanted = Math.min(batchLimits.messages, limit - total.taken)
        const { taken, redriven } = await redriveBatch(wanted)
        total = { taken: total.taken + taken, redriven: total.redriven + redriven }
        if (taken < wanted) break
      }
      return {
        redriven: total.redriven,
        unreadable: total.taken - total.redriven,
        more: total.taken === limit,
      }
    },
  }
}
