import middy, { type MiddlewareObj } from '@middy/core'
import type * as z from 'zod'
import type { Log } from '../ports/log.ts'
import { failureLog } from './chain.ts'
import { type FcContext, messageBodies } from './fc-event.ts'

/** A function behind a queue trigger. Resolves when its messages are done for good; rejects to have them delivered again. */
export type QueueFunction = (event: unknown, context: FcContext) => Promise<unknown>

/** Messages that no retry can fix: the queue counts their deliveries and makes them dead letters. */
export class MessageInvalid extends Error {
  override readonly name = 'MessageInvalid'
}

/** A batch on its way through the chain. */
interface Batch<Message> {
  /** The event of the trigger. */
  readonly delivered: unknown
  /** The messages that were read out of it. */
  readonly messages: readonly Message[]
  /** What is wrong with those that could not be read. */
  readonly faults: readonly string[]
}

const readMessages = <Message>(schema: z.ZodType<Message>): MiddlewareObj<Batch<Message>> => ({
  before: (request) => {
    const { delivered } = request.event
    const messages: Message[] = []
    const faults: string[] = []
    for (const body of messageBodies(delivered)) {
      const { data, error } = schema.safeParse(body)
      if (error) faults.push(error.message)
      else messages.push(data)
    }
    request.event = { delivered, messages, faults }
  },
})

/** Refuses a batch with malformed messages after the good ones were worked off. */
const refuseMalformed: MiddlewareObj<Batch<unknown>> = {
  after: ({ event: { faults } }) => {
    if (faults.length > 0) throw new MessageInvalid(faults.join('; '))
  },
}

/**
 * The chain of every queue function: event → messages → flow. Good messages of a batch are worked off even when others
 * are malformed; then the batch is refused, and since flows bear repeats, only the malformed ones stay.
 */
export const queueFunction = <Message>(
  schema: z.ZodType<Message>,
  log: Log,
  flow: (messages: readonly Message[]) => Promise<void>,
): QueueFunction => {
  const chain = middy<Batch<Message>, void>()
    .use(failureLog(log, 'queue.failed'))
    .use(readMessages(schema))
    .use(refuseMalformed)
    .handler(({ messages }) => (messages.length > 0 ? flow(messages) : Promise.resolve()))
  return (event, context) => chain({ delivered: event, messages: [], faults: [] }, context)
}
