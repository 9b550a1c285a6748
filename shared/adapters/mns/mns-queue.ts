import { withSchemaVersion } from '../../model/schema-version.ts'
import type { Queue } from '../../ports/queue.ts'
import { type EntryFailure, type MnsClient, batchLimits } from './mns-client.ts'
import { isTransient } from './mns-error.ts'

/** A message that no request can hold. */
export class MessageTooLarge extends Error {
  override readonly name = 'MessageTooLarge'
}

// The SDK puts bodies into XML as they are, and the trigger of Function Compute decodes base64 unless told not to.
const encode = (message: unknown): string => {
  const body = Buffer.from(JSON.stringify(message)).toString('base64')
  if (body.length <= batchLimits.bytes) return body
  throw new MessageTooLarge(
    `A message has ${body.length} bytes in base64; the queue accepts at most ${batchLimits.bytes}.`,
  )
}

const inBatches = (bodies: readonly string[]): string[][] => {
  const batches: string[][] = []
  let batch: string[] = []
  let bytes = 0
  for (const body of bodies) {
    const isFull = batch.length === batchLimits.messages || bytes + body.length > batchLimits.bytes
    if (isFull || batches.length === 0) {
      batch = []
      bytes = 0
      batches.push(batch)
    }
    batch.push(body)
    bytes += body.length
  }
  return batches
}

/**
 * The sending end of a queue of Simple Message Queue, for messages that are sent on as they are. Rejects when messages
 * could not be stored in time; some of them may be stored then. One whose answer was lost is sent again and may arrive
 * twice.
 */
export const mnsForwarding = (client: MnsClient, queueName: string): Queue<unknown> => {
  /** Why each message was not stored, or null. A batch of one costs no list. */
  const store = async (bodies: readonly string[], delaySeconds: number): Promise<readonly EntryFailure[]> => {
    const [only] = bodies
    if (bodies.length > 1 || only === undefined) {
      return client.batchSendMessage(queueName, bodies, delaySeconds)
    }
    await client.sendMessage(queueName, only, delaySeconds)
    return [null]
  }

  /** Sends until all is stored; only what failed is sent again. */
  const sendBatch = async (bodies: readonly string[], delaySeconds: number): Promise<void> => {
    let unsent = bodies
    await client.retrying(async () => {
      const outcomes = await store(unsent, delaySeconds)
      unsent = unsent.filter((_, index) => outcomes[index] !== null)
      const failures = outcomes.filter((outcome) => outcome !== null)
      const failure = failures.find((fault) => !isTransient(fault)) ?? failures[0]
      if (failure) throw failure
    })
  }

  return {
    send: async (messages, { delaySeconds = 0 } = {}) => {
      for (const batch of inBatches(messages.map(encode))) await sendBatch(batch, delaySeconds)
    },
  }
}

/** The sending end of a queue: every message says the version of its shape. */
export const mnsQueue = <Message extends object>(client: MnsClient, queueName: string): Queue<Message> => {
  const { send } = mnsForwarding(client, queueName)
  return { send: (messages, options) => send(messages.map(withSchemaVersion), options) }
}
