import type { QueueName } from '../model/dead-letter.ts'

/** A letter that a queue gave up. */
export interface KeptLetter {
  /** Good for telling letters apart. */
  readonly id: string
  /** When it was put among the dead letters, as the queue tells it (UTC). */
  readonly at: string
  /** The messages in it, JSON texts; null where none can be made out. */
  readonly messages: readonly string[] | null
  /** How often its message had been delivered; null where the queue does not tell. */
  readonly received: number | null
  /** What the platform says of the invocation that failed for good; null where it says nothing. */
  readonly condition: string | null
}

/** What became of letters that were taken. */
export interface Redriven {
  /** Letters whose messages are in their queue again. */
  readonly redriven: number
  /** Letters that hold no message that can be made out: they stay. */
  readonly unreadable: number
  /** There may be more letters than were taken. */
  readonly more: boolean
}

/** The dead letters of one queue. */
export interface DeadLetterQueue {
  /** The first letters, `limit` at most, without taking them. */
  readonly look: (limit: number) => Promise<readonly KeptLetter[]>
  /**
   * Puts the messages of up to `limit` letters back into their queue. A letter is removed only after its messages were
   * sent: it is never lost, and may be sent twice.
   */
  readonly redrive: (limit: number) => Promise<Redriven>
}

/** The dead letters of every queue. */
export type DeadLetterQueues = Readonly<Record<QueueName, DeadLetterQueue>>
