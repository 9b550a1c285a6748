import middy from '@middy/core'
import type * as z from 'zod'
import { SchemaNewer, withoutSchemaVersion } from '../model/schema-version.ts'
import type { Log } from '../ports/log.ts'
import { failureLog } from './chain.ts'
import { type FcContext, messageTexts } from './fc-event.ts'

/** A function behind a queue trigger. Resolves when its messages are done for good; rejects to have them delivered again. */
export type QueueFunction = (event: unknown, context: FcContext) => Promise<unknown>

/** Messages that no retry can fix: the queue counts their deliveries and makes them dead letters. */
export class MessageInvalid extends Error {
  override readonly name = 'MessageInvalid'
}

/** Where a function puts messages itself that no retry can fix, so that they hold up no others. */
export interface DeadLetters {
  /** True for what the same message meets every time; false while stores or queues may fail for all. */
  readonly isPoison: (fault: unknown) => boolean
  /** Keeps the bodies (JSON); rejects if they are not kept. */
  readonly keep: (bodies: readonly string[]) => Promise<void>
}

interface Readable<Message> {
  readonly text: string
  readonly message: Message
}

/** A message that was not worked off, and why. */
interface Unworkable {
  readonly text: string
  readonly why: string
}

/** A message of a later release, for a function of that one. */
interface Newer {
  readonly newer: string
}

const read = <Message>(schema: z.ZodType<Message>, text: string): Readable<Message> | Unworkable | Newer => {
  try {
    return { text, message: schema.parse(withoutSchemaVersion(JSON.parse(text))) }
  } catch (fault) {
    return fault instanceof SchemaNewer ? { newer: text } : { text, why: String(fault) }
  }
}

/** What a function does with messages that it does not work off; left out: the queue delivers them again. */
export interface Unserved {
  readonly deadLetters?: DeadLetters
  /** Puts bodies (JSON) of a later release back into the queue, as they are and for later; rejects if they are not there. */
  readonly putBack?: (bodies: readonly string[]) => Promise<void>
}

/** Works off what is left of a batch that failed, each message by itself; gives back those that no retry can fix. */
const workOffApart = async <Message>(
  readable: readonly Readable<Message>[],
  flow: (messages: readonly Message[]) => Promise<void>,
  { isPoison }: DeadLetters,
): Promise<Unworkable[]> => {
  const poison: Unworkable[] = []
  for (const { text, message } of readable) {
    try {
      await flow([message])
    } catch (fault) {
      if (!isPoison(fault)) throw fault
      poison.push({ text, why: String(fault) })
    }
  }
  return poison
}

/**
 * The chain of every queue function: event → messages → flow, which bears repeats. Good messages of a batch are worked
 * off even when others are malformed. Those go to the dead letters, if the function keeps them itself, together with
 * what the flow fails at every time; else the batch is refused, so that only they stay. Messages of a later release go
 * back into the queue.
 */
export const queueFunction = <Message>(
  schema: z.ZodType<Message>,
  log: Log,
  flow: (messages: readonly Message[]) => Promise<void>,
  { deadLetters, putBack }: Unserved = {},
): QueueFunction => {
  const workOff = async (readable: readonly Readable<Message>[]): Promise<Unworkable[]> => {
    if (readable.length === 0) return []
    try {
      await flow(readable.map(({ message }) => message))
      return []
    } catch (fault) {
      if (!deadLetters?.isPoison(fault)) throw fault
      return workOffApart(readable, flow, deadLetters)
    }
  }

  const chain = middy<unknown, void>()
    .use(failureLog(log, 'queue.failed'))
    .handler(async (event) => {
      const delivered = messageTexts(event).map((text) => read(schema, text))
      const malformed = delivered.filter((each): each is Unworkable => 'why' in each)
      const readable = delivered.filter((each): each is Readable<Message> => 'message' in each)
      const newer = delivered.flatMap((each) => ('newer' in each ? [each.newer] : []))
      const unworkable = [...malformed, ...(await workOff(readable))]
      if (newer.length > 0) {
        log.warn('queue.of-later-release', { count: newer.length })
        if (!putBack) throw new SchemaNewer('A message is of a later release')
        await putBack(newer)
      }
      if (unworkable.length === 0) return
      const why = unworkable.map((each) => each.why).join('; ')
      if (!deadLetters) throw new MessageInvalid(why)
      await deadLetters.keep(unworkable.map(({ text }) => text))
      log.error('queue.dead-letters', { count: unworkable.length, message: why })
    })
  return (event, context) => chain(event, context)
}
