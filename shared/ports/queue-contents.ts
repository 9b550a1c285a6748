import type { QueueName } from '../model/dead-letter.ts'

/** How many messages are in a queue. Of Simple Message Queue these are approximate. */
export interface QueueContents {
  /** Could be delivered, and nobody has taken them. */
  readonly waiting: number
  /** Delivered, and not acknowledged yet; of Simple Message Queue also those that were given back to be delivered later. */
  readonly taken: number
  /** Not to be delivered yet. */
  readonly delayed: number
  /** For how long the oldest that waits could have been delivered, ms; 0 where none waits; null: the queue does not tell. */
  readonly oldestWaitsMs: number | null
}

/** Looks into a queue without taking anything, within moments; rejects where the queue does not answer. */
export type LookIntoQueue = () => Promise<QueueContents>

/** Looks into every queue. */
export type QueueLooks = Readonly<Record<QueueName, LookIntoQueue>>
