import { setTimeout as sleep } from 'node:timers/promises'
import type { ResultMessage } from '../../model/queue-messages.ts'
import type { Outgoing } from './run-check.ts'

/** How long a result waits for others to be sent with it, ms: hardly seen by who follows a precheck, long for a statement. */
export const holdMs = 50

const hasPages = (message: ResultMessage): boolean => 'pages' in message && message.pages !== undefined

type Next = Promise<IteratorResult<Outgoing> | { readonly fault: unknown }>

const nextOf = (given: AsyncGenerator<Outgoing>): Next => given.next().catch((fault: unknown) => ({ fault }))

/**
 * The same in fewer parts: results that come shortly after one another are sent together, since everything that is sent
 * is a write at the queue and, mostly, one of the precheck. None waits while a statement is slow; one with pages, of
 * which memory holds few, not at all; and what else is sent stays in its place. A fault is thrown after what came
 * before it is sent.
 */
export async function* gatherResults(
  given: AsyncGenerator<Outgoing>,
  maxMs: number,
): AsyncGenerator<Outgoing> {
  const held: ResultMessage[] = []
  let due: Promise<null> | null = null
  let next = nextOf(given)
  try {
    for (;;) {
      const arrived = await (due ? Promise.race([next, due]) : next)
      const sent = arrived && 'value' in arrived && !arrived.done ? arrived.value : null
      if (sent) next = nextOf(given)
      if (sent?.queue === 'results' && !sent.messages.some(hasPages)) {
        held.push(...sent.messages)
        due ??= sleep(maxMs, null, { ref: false })
        continue
      }
      due = null
      if (held.length > 0) yield { queue: 'results', messages: held.splice(0) }
      if (sent) yield sent
      if (arrived && 'fault' in arrived) throw arrived.fault
      if (arrived && 'done' in arrived && arrived.done) return
    }
  } finally {
    await given.return(undefined)
  }
}
