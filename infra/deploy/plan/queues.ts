import { deadLetterQueue, queueNames } from '../../../shared/runtime/fc-environment.ts'

/** Attributes of a queue that we set; seconds and bytes ("CreateQueue", manual of Simple Message Queue). */
export interface QueueAttributes {
  readonly DelaySeconds: number
  readonly MaximumMessageSize: number
  readonly MessageRetentionPeriod: number
  readonly VisibilityTimeout: number
  readonly PollingWaitSeconds: number
}

/** A queue as it should be. */
export interface QueueSchema {
  readonly name: string
  readonly attributes: QueueAttributes
  /** Where messages go that were received more often than this. */
  readonly deadLetters?: { readonly queue: string; readonly maxReceiveCount: number }
}

const attributes: QueueAttributes = {
  DelaySeconds: 0,
  MaximumMessageSize: 65_536,
  // A week, the longest: the time in a dead-letter queue counts as well.
  MessageRetentionPeriod: 604_800,
  // Above the time limit of the functions, 60 s.
  VisibilityTimeout: 90,
  // A consumer that finds nothing waits: asking again and again is billed.
  PollingWaitSeconds: 30,
}

/**
 * Retries are the trigger's; it gives up before these counts are reached. They catch what a trigger never took off its
 * queue: a check item is worth nothing soon, a result or a notification is worth a day of 90 s.
 */
const maxReceiveCounts = { checks: 5, results: 1000, notifications: 1000 } as const

const pair = (queue: string, maxReceiveCount: number): QueueSchema[] => [
  { name: deadLetterQueue(queue), attributes },
  { name: queue, attributes, deadLetters: { queue: deadLetterQueue(queue), maxReceiveCount } },
]

/** Every queue; a dead-letter queue stands before the one that it serves. */
export const queueSchemas: readonly QueueSchema[] = [
  ...pair(queueNames.checks, maxReceiveCounts.checks),
  ...pair(queueNames.results, maxReceiveCounts.results),
  ...pair(queueNames.notifications, maxReceiveCounts.notifications),
]
