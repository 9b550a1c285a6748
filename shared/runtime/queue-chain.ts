import middy from '@middy/core'
import type * as z from 'zod'
import { invokeChain } from './chain.ts'
import { type FcContext, messageBodies } from './fc-event.ts'
import type { Log } from '../ports/log.ts'

/** A function behind a queue trigger. Resolves when its messages are done for good; rejects to have them delivered again. */
export type QueueFunction = (event: unknown, context: FcContext) => Promise<unknown>

/** Messages that no retry can mend: the queue counts their deliveries and makes them dead letters. */
export class MessageInvalid extends Error {
  override readonly name = 'MessageInvalid'
}

interface Parsed<Message> {
  readonly messages: readonly Message[]
  /** What was wrong with the messages that could not be parsed. */
  readonly faults: readonly string[]
}

const parseAll = <Message>(schema: z.ZodType<Message>, bodies: readonly unknown[]): Parsed<Message> => {
  const results = bodies.map((body) => schema.safeParse(body))
  return {
    messages: results.flatMap((result) => (result.success ? [result.data] : [])),
    faults: results.flatMap((result) => (result.success ? [] : [result.error.message])),
  }
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
  const chain = middy<unknown, void, Error, never>()
    .onError(({ error }) =>
      log.error('queue.failed', { name: error?.name ?? '', message: error?.message ?? '' }),
    )
    .handler(async (event) => {
      const { messages, faults } = parseAll(schema, messageBodies(event))
      if (messages.length > 0) await flow(messages)
      if (faults.length > 0) throw new MessageInvalid(faults.join('; '))
    })
  return (event, context) => invokeChain(chain, event, context)
}
