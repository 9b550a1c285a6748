import type { Delivery, QueueConsumer } from '../../shared/ports/queue.ts'
import { queueEvent } from '../../shared/runtime/fc-event.ts'
import type { Log } from '../../shared/ports/log.ts'
import type { QueueFunction } from '../../shared/runtime/queue-chain.ts'

/** One invocation of a function with the bodies of messages; rejects to have them delivered again. */
export type Invoke = (bodies: readonly string[]) => Promise<unknown>

/** Invokes a function with the event that its queue trigger makes of the bodies. */
export const invoking =
  (invoke: QueueFunction, queue: string): Invoke =>
  (bodies) =>
    invoke(queueEvent(queue, bodies), { requestId: queue })

/** How a queue is pumped into its function; what its trigger says in `s.yaml`. */
export interface PumpSettings {
  readonly queue: string
  /** Messages in one invocation at most. */
  readonly batch: number
  /** Invocations at the same time at most. */
  readonly concurrency: number
}

/** A running pump. */
export interface Pump {
  /** Takes no more messages, and resolves when every invocation under way has ended. A consumer that waits must be woken. */
  readonly stop: () => Promise<void>
}

/** How long one wait for messages lasts before it is renewed, ms. */
const waitMs = 30_000

/** Before a failed message is delivered again, ms: doubled by every delivery, up to half a minute. */
const firstRetryMs = 250
const maxRetryMs = 30_000

const retryAfter = (received: number): number => Math.min(maxRetryMs, firstRetryMs * 2 ** (received - 1))

/** Cuts deliveries into invocations. One that failed before comes alone, so that it takes no others with it. */
const invocationsOf = (deliveries: readonly Delivery[], batch: number): Delivery[][] => {
  const fresh = deliveries.filter(({ received }) => received === 1)
  const repeated = deliveries.filter(({ received }) => received > 1)
  const invocations = repeated.map((delivery) => [delivery])
  for (let from = 0; from < fresh.length; from += batch) invocations.push(fresh.slice(from, from + batch))
  return invocations
}

/**
 * Does for a local queue what the EventBridge trigger does for a queue in the cloud: invokes the function with the same
 * event, acknowledges what it resolved, and gives back what it rejected, with growing delays.
 */
export const pump = (
  consumer: QueueConsumer,
  invoke: Invoke,
  { queue, batch, concurrency }: PumpSettings,
  log: Log,
): Pump => {
  const state = { underWay: 0, isStopping: false }
  let waiting: (() => void) | undefined
  const nextEnd = () =>
    new Promise<void>((resolve) => {
      waiting = resolve
    })

  const giveBack = async (deliveries: readonly Delivery[]): Promise<void> => {
    try {
      await Promise.all(
        deliveries.map(({ receipt, received }) => consumer.postpone(receipt, retryAfter(received))),
      )
    } catch (cause) {
      log.error('pump.failed', { queue, message: String(cause) })
    }
  }

  const work = async (deliveries: readonly Delivery[]): Promise<void> => {
    state.underWay += 1
    try {
      await invoke(deliveries.map(({ body }) => body))
      await consumer.acknowledge(deliveries.map(({ receipt }) => receipt))
    } catch {
      // The function has logged why.
      await giveBack(deliveries)
    } finally {
      state.underWay -= 1
      waiting?.()
    }
  }

  const run = async (): Promise<void> => {
    while (!state.isStopping) {
      const free = concurrency - state.underWay
      if (free <= 0) {
        await nextEnd()
        continue
      }
      const deliveries = await consumer.receive(free * batch, waitMs)
      for (const invocation of invocationsOf(deliveries, batch)) void work(invocation)
    }
    while (state.underWay > 0) await nextEnd()
  }

  const ended = run()
  return {
    stop: () => {
      state.isStopping = true
      return ended
    },
  }
}
