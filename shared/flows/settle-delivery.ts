import type {
  DeliveryAttempt,
  DeliveryFailure,
  NotificationMessage,
  WebhookDelivery,
} from '../model/webhook-delivery.ts'
import type { Webhook } from '../model/webhook.ts'
import type { Queue } from '../ports/queue.ts'
import type { Stored } from '../ports/stored.ts'
import type { WebhookDeliveries, Webhooks } from '../ports/webhooks.ts'
import { ended, givenUp, toBeRetried } from './delivery-record.ts'
import { expiresAfterMs, retryDelaySeconds, waitSeconds } from './delivery-schedule.ts'

/** What it takes to note how a delivery goes on. */
export interface SettleDeps {
  readonly webhooks: Pick<Webhooks, 'put'>
  readonly deliveries: Pick<WebhookDeliveries, 'put'>
  readonly notifications: Queue<NotificationMessage>
  /** Delays before each retry, ms. */
  readonly retryDelaysMs: readonly number[]
  /** From 0 to 1, for spreading what would come at once. */
  readonly random: () => number
  readonly now: () => Date
}

/** A message, and the delivery that it carries on, which is at revision 0 if nothing of it is stored. */
export interface Job {
  readonly message: NotificationMessage
  readonly delivery: Stored<WebhookDelivery>
}

/** An attempt that was made. `retryAfterMs`: what the receiver asked for. */
export interface MadeAttempt {
  readonly attempt: DeliveryAttempt
  readonly retryAfterMs: number | null
}

/** Writes a delivery. If the message came twice and the other one was first, what that wrote counts. */
const write = async (
  { deliveries }: SettleDeps,
  { delivery }: Job,
  document: WebhookDelivery,
): Promise<void> => {
  await deliveries.put(document, delivery.revision)
}

/** Ends a delivery without calling the receiver. */
export const giveUp = (deps: SettleDeps, job: Job, failure: DeliveryFailure): Promise<void> =>
  write(deps, job, givenUp(job.delivery.document, failure, deps.now()))

/**
 * Has a message come back, as early as `afterMs` from now; but not for ever. A delivery is written when it waits for the first time, so
 * that it can be seen.
 */
export const waitLonger = async (deps: SettleDeps, job: Job, afterMs: number): Promise<void> => {
  const { document, revision } = job.delivery
  const waitedMs = Math.max(0, deps.now().getTime() - Date.parse(document.beganAt))
  if (waitedMs > expiresAfterMs) {
    const detail = 'The receiver was too slow, or silent for too long, to be told in time.'
    return giveUp(deps, job, { code: 'EXPIRED', detail })
  }
  if (revision === 0) await write(deps, job, document)
  const delaySeconds = waitSeconds(afterMs, waitedMs, deps.random())
  await deps.notifications.send([job.message], { delaySeconds })
}

/** Seconds until the next attempt; null if this was the last one. A sample is attempted once. */
const untilRetry = (
  { retryDelaysMs, random }: SettleDeps,
  { message, delivery }: Job,
  { attempt, retryAfterMs }: MadeAttempt,
): number | null => {
  if (message.source.kind === 'sample' || attempt.failure?.code === 'GONE') return null
  const { attempts, attemptsBefore } = delivery.document
  return retryDelaySeconds(
    retryDelaysMs,
    { attempts: attempts.length + 1 - attemptsBefore, retryAfterMs },
    random(),
  )
}

/** Calls a webhook no more. If it was changed meanwhile, its new receiver has not been heard yet. */
const stop = async ({ webhooks, now }: SettleDeps, webhook: Webhook): Promise<void> => {
  const at = now().toISOString()
  const { revision } = webhook
  await webhooks.put(
    { ...webhook, stopped: { at, code: 'GONE' }, revision: revision + 1, updatedAt: at },
    revision,
  )
}

/**
 * Records an attempt. The message of the next one is sent before: after a crash between the two, the message of this one is
 * delivered again; the other way round nobody would carry on.
 */
export const settle = async (
  deps: SettleDeps,
  job: Job,
  webhook: Webhook,
  made: MadeAttempt,
): Promise<void> => {
  const { document } = job.delivery
  const { attempt } = made
  const now = deps.now()
  const delaySeconds = attempt.failure === null ? null : untilRetry(deps, job, made)
  if (delaySeconds === null) {
    await write(deps, job, ended(document, attempt, now))
    if (attempt.failure?.code === 'GONE') await stop(deps, webhook)
    return
  }
  const attempts = document.attempts.length + 1
  await deps.notifications.send([{ ...job.message, attempts }], { delaySeconds })
  const nextAttemptAt = new Date(now.getTime() + delaySeconds * 1000)
  await write(deps, job, toBeRetried(document, attempt, nextAttemptAt))
}
