import { msPerHour, msPerMinute, msPerSecond } from '../../model/durations.ts'

/** Delays before each retry, ms: growing, over about a day, as Standard Webhooks 1.0.0 advise. */
export const defaultRetryDelaysMs: readonly number[] = [
  5 * msPerSecond,
  30 * msPerSecond,
  5 * msPerMinute,
  30 * msPerMinute,
  2 * msPerHour,
  5 * msPerHour,
  8 * msPerHour,
  10 * msPerHour,
]

/** A receiver may ask for any delay; more than this, ms, is not granted, since the news would be old. */
const maxDelayMs = 24 * msPerHour

/** After so long, ms, a delivery is given up: it waits for room no more, and no retry comes later. All retries together take less. */
export const maxDeliveryMs = 30 * msPerHour

/** Part of a delay by which retries are spread, so that what failed together does not come back together. */
const jitter = 0.1

/** What a retry follows. */
export interface FailedAttempt {
  /** Attempts so far, this one included. */
  readonly attempts: number
  /** What the receiver asked for, ms. */
  readonly retryAfterMs: number | null
}

/** Whole seconds until the next attempt; null if it was the last one. `random`: from 0 to 1. */
export const retryDelaySeconds = (
  delaysMs: readonly number[],
  { attempts, retryAfterMs }: FailedAttempt,
  random: number,
): number | null => {
  const delayMs = delaysMs[attempts - 1]
  if (delayMs === undefined) return null
  const jittered = delayMs * (1 - jitter + 2 * jitter * random)
  return Math.ceil(Math.min(Math.max(jittered, retryAfterMs ?? 0), maxDelayMs) / msPerSecond)
}

/** Of the time that an event has waited, the part for which it waits again, up to a minute: the longer the line, the less often each asks. */
const patience = 0.1

/** Waits are spread up to this much longer. */
const spread = 0.5

/**
 * Whole seconds until an event asks again whether there is room. `afterMs`: when there may be; `waitedMs`: how long it
 * has waited.
 */
export const waitSeconds = (afterMs: number, waitedMs: number, random: number): number => {
  const pauseMs = Math.max(afterMs, Math.min(waitedMs * patience, msPerMinute))
  return Math.ceil((pauseMs * (1 + spread * random)) / msPerSecond)
}
