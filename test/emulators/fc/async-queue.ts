import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EmulatedFunction, throttledError } from './function.ts'
import type { Outcome } from './instance.ts'

/** The largest event of an asynchronous invocation, bytes (manual, "Limits"). */
const maxEventBytes = 128 * 1024

/** Takes events for one function, and has it invoked with each as soon as an instance has room. */
export interface AsyncQueue {
  /** Returns at once; throws for an event that is too large. */
  readonly submit: (event: Buffer) => void
  readonly stop: () => void
}

/** What an asynchronous queue works with. */
export interface AsyncQueueParts {
  readonly target: EmulatedFunction
  /** Between two tries, ms. */
  readonly retryPauseMs: number
  /** Tells a queue of what failed for good, under the role of the function. */
  readonly tell: (queue: string, record: string) => Promise<void>
}

/** What is told of an invocation that failed for good ("Result callback", Function Compute manual). */
const recordOf = (
  name: string,
  event: Buffer,
  condition: string,
  count: number,
  outcome: Outcome | null,
) => ({
  timestamp: Date.now(),
  requestContext: {
    requestId: randomUUID(),
    functionArn: `acs:fc:::functions/${name}`,
    condition,
    approximateInvokeCount: count,
  },
  requestPayload: event.toString(),
  responseContext: {
    statusCode: 200,
    functionError: outcome && 'errorType' in outcome ? outcome.errorType : '',
  },
  responsePayload: outcome && 'errorType' in outcome ? JSON.stringify(outcome) : '',
})

/** Does what Function Compute does with asynchronous invocations: retries, an age limit, and a destination for failures. */
export const startAsyncQueue = ({ target, retryPauseMs, tell }: AsyncQueueParts): AsyncQueue => {
  const { name, template, release } = target
  const state = { isStopping: false }

  const giveUp = async (event: Buffer, condition: string, count: number, outcome: Outcome | null) => {
    const { onFailure } = release.asynchronous(template.qualifier)
    if (onFailure !== null)
      await tell(onFailure, JSON.stringify(recordOf(name, event, condition, count, outcome)))
  }

  const run = async (event: Buffer): Promise<void> => {
    const { maxAgeMs, maxRetries } = release.asynchronous(template.qualifier)
    const endsAt = performance.now() + maxAgeMs
    let count = 0
    while (!state.isStopping) {
      const outcome = await target.invoke(event)
      if (state.isStopping || 'answer' in outcome) return
      // What was refused has not run, and counts as no retry ("Error handling", Function Compute manual).
      if (outcome.errorType !== throttledError) count += 1
      if (count > maxRetries) return giveUp(event, outcome.errorType, count, outcome)
      if (performance.now() + retryPauseMs > endsAt) return giveUp(event, 'EventAgeExceeded', count, outcome)
      await sleep(retryPauseMs)
    }
  }

  return {
    submit: (event) => {
      if (event.length > maxEventBytes) throw new Error(`An asynchronous event of ${event.length} bytes`)
      run(event).catch((fault: unknown) => {
        if (!state.isStopping) process.emitWarning(`An asynchronous invocation of ${name}: ${String(fault)}`)
      })
    },
    stop: () => {
      state.isStopping = true
    },
  }
}
