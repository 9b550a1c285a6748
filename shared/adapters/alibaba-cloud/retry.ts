import { setTimeout as sleep } from 'node:timers/promises'

/** How often and how long a request is repeated; times in ms. */
export interface RetryPolicy {
  /** Requests in all, the first one included. */
  readonly attempts: number
  /** The longest pause after the first failure; it doubles with each further one. */
  readonly baseDelayMs: number
  readonly maxDelayMs: number
  /** No attempt starts later than this after the first one. */
  readonly budgetMs: number
}

/** About five seconds of trying: enough for a moment of throttling, little beside the time limit of a function. */
export const defaultRetryPolicy: RetryPolicy = {
  attempts: 6,
  baseDelayMs: 100,
  maxDelayMs: 2000,
  budgetMs: 5000,
}

/**
 * Repeats a call while it fails with what `isTransient` knows. Pauses are random between nothing and the whole delay
 * (full jitter), so that callers who failed together do not come back together. Rejects with the last failure.
 */
export const withRetries = async <Value>(
  policy: RetryPolicy,
  isTransient: (fault: unknown) => boolean,
  call: () => Promise<Value>,
): Promise<Value> => {
  const startedAt = performance.now()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (fault) {
      if (attempt >= policy.attempts || !isTransient(fault)) throw fault
      const ceilingMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1))
      const delayMs = Math.random() * ceilingMs
      if (performance.now() - startedAt + delayMs > policy.budgetMs) throw fault
      await sleep(delayMs)
    }
  }
}
