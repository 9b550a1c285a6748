import { setTimeout as sleep } from 'node:timers/promises'
import type { ResultMessage } from '../../model/queue-messages.ts'
import type { Outgoing } from './outgoing.ts'

/** How long a result waits for others to be sent with it, ms: hardly seen by who follows a precheck, long for a statement. */
export const holdMs = 50

const hasPages = (message: ResultMessage): boolean => 'pages' in message && message.pages !== undefined

type Next = Promise<IteratorResult<Outgoing> | { readonly fault: unknown }>

const nextOf = (given: AsyncGenerator<Outgoing>): Next => given.next().catch((fault: unknown) => ({ fault }))

/** What is to be sent now: what was held, with the results that have come, or before what else has. */
const release = (held: readonly ResultMessage[], arrived: Outgoing | null): Outgoing[] => {
  const isMore = arrived?.queue === 'results' && !arrived.messages.some(hasPages)
  const messages = isMore ? [...held, ...arrived.messages] : held
  const results = messages.length > 0 ? [{ queue: 'results' as const, messages }] : []
  return isMore || !arrived ? results : [...results, arrived]
}

/**
 * The same in fewer parts: results that come shortly after one another are sent together, since everything that is sent
 * is a write at the queue and, mostly, one of the precheck. None waits while a statement is slow or the session is
 * closed; one with pages, of which memory holds few, not at all; and what else is sent stays in its place. A fault is
 * thrown after what came before it is sent.
 */
export async function* gatherResults(
  given: AsyncGenerator<Outgoing>,
  maxMs: number,
): AsyncGenerator<Outgoing> {
  let held: ResultMessage[] = []
  let due: Promise<null> | null = null
  let next = nextOf(given)
  try {
    for (;;) {
      const arrived = await (due ? Promise.race([next, due]) : next)
      const sent = arrived && 'value' in arrived && !arrived.done ? arrived.value : null
      if (sent) next = nextOf(given)
      if (sent?.queue === 'results' && !sent.isLast && !sent.messages.some(hasPages)) {
        held.push(...sent.messages)
        due ??= sleep(maxMs, null, { ref: false })
        continue
      }
      yield* release(held, sent)
      held = []
      due = null
      if (arrived && 'fault' in arrived) throw arrived.fault
      if (arrived && 'done' in arrived && arrived.done) return
    }
  } finally {
    await given.return(undefined)
  }
}
