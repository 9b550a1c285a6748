import * as z from 'zod'
import type { Collect } from '../../functions/collect/handler.ts'
import type { ResultMessage } from '../../shared/model/queue-messages.ts'
import type { Log } from '../../shared/ports/log.ts'
import type { LocalRuntime } from '../../shared/runtime/local.ts'
import type { Reply } from './calls.ts'
import type { CheckThreads } from './check-threads.ts'
import { handOver } from './hand-over.ts'
import { type Invoke, type Pump, pump } from './pump.ts'

/** Deadlines that come at the same time, in one invocation. */
const collecting = { queue: 'results', batch: 256, concurrency: 1 } as const

/** Calls of receivers at the same time, one in each invocation: most of the time they wait. */
const notifying = { queue: 'notifications', batch: 1, concurrency: 64 } as const

/**
 * What a thread gives was made by this very program, so that nothing but its kind is looked at: the whole schema takes
 * a twentieth of the time that this thread has for a precheck.
 */
const OwnResult = z.custom<ResultMessage>(
  (message) => typeof message === 'object' && message !== null && 'kind' in message,
)

const resultIn = ({ body }: Reply): ResultMessage => OwnResult.parse(JSON.parse(body))

/** Runs check items in threads. Their results go straight to the collector, messages for other items to the queue. */
export const checksIn = (
  threads: CheckThreads,
  collect: Collect,
  { sendBodies }: Pick<LocalRuntime['checks'], 'sendBodies'>,
  log: Log,
): Invoke => {
  const record = handOver(collect, log)
  return ([body = '']) =>
    // Async, so that a reply that cannot be read fails its message alone, and not the host that hears of it.
    threads.run(body, async (reply) =>
      reply.queue === 'results' ? record([resultIn(reply)]) : sendBodies([reply.body], reply.delaySeconds),
    )
}

/** What the queues are pumped into. */
export interface QueueFunctions {
  readonly runCheck: Invoke
  readonly collect: Invoke
  readonly notify: Invoke
}

type Queues = Pick<LocalRuntime, 'checks' | 'resultQueue' | 'notifications' | 'wake'>

/** Pumps every queue of one machine into its function; `concurrency`: messages of check items at the same time at most. */
export const startPumps = (
  { checks, resultQueue, notifications, wake }: Queues,
  { runCheck, collect, notify }: QueueFunctions,
  concurrency: number,
  log: Log,
): Pump => {
  const pumps = [
    pump(checks, runCheck, { queue: 'checks', batch: 1, concurrency }, log),
    pump(resultQueue, collect, collecting, log),
    pump(notifications, notify, notifying, log),
  ]
  return {
    stop: async () => {
      const stopped = pumps.map(({ stop }) => stop())
      wake()
      await Promise.all(stopped)
    },
  }
}
