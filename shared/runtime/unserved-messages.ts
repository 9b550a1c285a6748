import * as z from 'zod'
import type { MnsClient } from '../adapters/mns/mns-client.ts'
import { MessageTooLarge, mnsForwarding } from '../adapters/mns/mns-queue.ts'
import { isRefusalOfContent } from '../adapters/tablestore/tablestore-error.ts'
import { DocumentMalformed } from '../ports/documents.ts'
import { deadLetterQueue } from './fc-environment.ts'
import type { DeadLetters, Unserved } from './queue-chain.ts'

/** Where messages go that a function cannot serve: those that nobody can read, and those of a later release. */

/** What lies in a message or in what is stored of it, not in tables and queues that may be out of reach for a while. */
const poison = [DocumentMalformed, MessageTooLarge, RangeError, SyntaxError, TypeError, z.ZodError]

const isPoison = (fault: unknown): boolean =>
  isRefusalOfContent(fault) || poison.some((kind) => fault instanceof kind)

/** What is JSON is kept as it was sent, so that it can be sent again. */
const kept = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/** Keeps the dead letters of a queue where its trigger puts them too. */
export const deadLettersOf = (client: MnsClient, queue: string): DeadLetters => ({
  isPoison,
  keep: (bodies) => mnsForwarding(client, deadLetterQueue(queue)).send(bodies.map(kept)),
})

/** How long a message of a later release waits until it comes again, s: by then another instance may take it. */
const putBackSeconds = 10

/** Puts messages of a later release back as they are, while old and new functions run side by side. */
export const putBackTo =
  (client: MnsClient, queue: string): Required<Unserved>['putBack'] =>
  (bodies) =>
    mnsForwarding(client, queue).send(bodies.map(kept), { delaySeconds: putBackSeconds })
