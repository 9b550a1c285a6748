import { setTimeout as sleep } from 'node:timers/promises'
import type { Delivery, QueueConsumer } from '../../../shared/ports/queue.ts'
import type { Account } from './context.ts'
import type { AsyncQueue } from './async-queue.ts'
import type { EmulatedFunction } from './function.ts'
import { queueEvents } from './queue-event.ts'
import type { QueueTriggerTemplate } from './template.ts'

/** One push of message bodies to a function; rejects if the function failed. */
export type Push = (bodies: readonly string[]) => Promise<void>

/** Stands between a queue and its function, and may repeat, hold back, cut up or mix what passes. */
export type Disturbance = (push: Push) => Push

/** What the trigger works on. */
export interface QueueTriggerParts {
  readonly account: Account
  readonly consumer: QueueConsumer
  /** Puts a body into a queue. */
  readonly send: (queue: string, body: string) => Promise<void>
  readonly target: EmulatedFunction
  /** Where asynchronous invocations of it wait. */
  readonly waiting: AsyncQueue
  readonly disturb: Disturbance
  /** Pauses between tries, ms. The real one waits 10 to 20 s (BACKOFF_RETRY), or 1 to 512 s (EXPONENTIAL_DECAY_RETRY). */
  readonly retryPauseMs: number
  /** The longest that a batch is given to fill, ms, whatever the template says. */
  readonly maxWindowMs: number
}

/** What has passed through a trigger. */
export interface QueueTriggerUsage {
  /** Requests that brought messages. */
  readonly receives: number
  /** Events that EventBridge charges: messages, repeated ones each time. */
  readonly events: number
  readonly deadLetters: number
  /** Given up without a dead-letter queue: lost. */
  readonly discarded: number
}

export interface QueueTrigger {
  readonly usage: () => QueueTriggerUsage
  readonly resetUsage: () => void
  /** Takes no more messages. What is under way is left to its end, or to the queue. */
  readonly stop: () => void
}

/** Tries of the two retry strategies (EventBridge manual, "Retry and dead letter"). */
const tries = { BACKOFF_RETRY: 3, EXPONENTIAL_DECAY_RETRY: 176 } as const

/** How long a poll waits for messages, ms. */
const pollMs = 20_000

/** How often a batch that fills is added to, ms. */
const lookAgainMs = 20

const noUsage: QueueTriggerUsage = { receives: 0, events: 0, deadLetters: 0, discarded: 0 }

/**
 * Does what an event stream of EventBridge does between a queue and a function: takes messages in batches, pushes one
 * after the other, tries again when a push fails, and acknowledges the messages when it succeeded or when all tries are
 * used up. A push is over when the function has ended, or, where that is asynchronous, when it was handed over. While
 * it tries, the queue shows the messages again after their visibility timeout.
 */
export const startQueueTrigger = (
  {
    queue,
    isAsync,
    decodes,
    batch,
    windowMs,
    retryStrategy,
    tolerance,
    deadLetterQueue,
  }: QueueTriggerTemplate,
  parts: QueueTriggerParts,
): QueueTrigger => {
  const { account, consumer, send, target, waiting, disturb, retryPauseMs } = parts
  const eventOf = queueEvents(account, queue, decodes)
  const state = { isStopping: false }
  let usage = noUsage

  const push = disturb(async (bodies) => {
    usage = { ...usage, events: usage.events + bodies.length }
    if (isAsync) return waiting.submit(eventOf(bodies))
    const outcome = await target.invoke(eventOf(bodies))
    if ('errorType' in outcome) throw new Error(`${outcome.errorType}: ${outcome.errorMessage}`)
  })

  const giveUp = async (bodies: readonly string[]): Promise<void> => {
    const { length } = bodies
    if (deadLetterQueue === null) {
      usage = { ...usage, discarded: usage.discarded + length }
      return
    }
    for (const body of bodies) await send(deadLetterQueue, body)
    usage = { ...usage, deadLetters: usage.deadLetters + length }
  }

  /** Resolves when the messages are done with, and rejects when the trigger was stopped before. */
  const deliver = async (bodies: readonly string[]): Promise<void> => {
    for (let attempt = 1; !state.isStopping; attempt += 1) {
      try {
        return await push(bodies)
      } catch {
        if (tolerance === 'ALL' && attempt >= tries[retryStrategy]) return await giveUp(bodies)
        await sleep(retryPauseMs)
      }
    }
    throw new Error('stopped')
  }

  const work = async (deliveries: readonly Delivery[]): Promise<void> => {
    try {
      await deliver(deliveries.map(({ body }) => body))
      await consumer.acknowledge(deliveries.map(({ receipt }) => receipt))
    } catch (fault) {
      if (!state.isStopping) process.emitWarning(`The trigger of ${queue} failed: ${String(fault)}`)
    }
  }

  const receive = async (max: number, waitMs: number): Promise<readonly Delivery[]> => {
    const deliveries = await consumer.receive(max, waitMs)
    if (deliveries.length > 0) usage = { ...usage, receives: usage.receives + 1 }
    return deliveries
  }

  /** Messages for one push: as many as come until the batch is full or its time is over. */
  const fill = async (): Promise<readonly Delivery[]> => {
    const deliveries = [...(await receive(batch, pollMs))]
    const until = performance.now() + Math.min(windowMs, parts.maxWindowMs)
    while (deliveries.length > 0 && deliveries.length < batch && performance.now() < until) {
      await sleep(lookAgainMs)
      deliveries.push(...(await receive(batch - deliveries.length, 0)))
    }
    return deliveries
  }

  const run = async (): Promise<void> => {
    while (!state.isStopping) {
      const deliveries = await fill()
      if (deliveries.length > 0) await work(deliveries)
    }
  }
  run().catch((fault: unknown) => {
    if (!state.isStopping) process.emitWarning(`The trigger of ${queue} ended: ${String(fault)}`)
  })

  return {
    usage: () => usage,
    resetUsage: () => {
      usage = noUsage
    },
    stop: () => {
      state.isStopping = true
    },
  }
}
