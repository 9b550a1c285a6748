import type {
  DeliveryAttempt,
  DeliveryFailure,
  NotificationMessage,
  WebhookDelivery,
} from '../model/delivery.ts'
import { type DeliveryEnd, countGivenUp } from '../model/traffic.ts'
import type { Webhook } from '../model/webhook.ts'
import type { Queue } from '../../ports/queue.ts'
import type { Stored } from '../../ports/documents.ts'
import type { Log } from '../../ports/log.ts'
import type { WebhookDeliveries, WebhookTraffics, Webhooks } from '../stores.ts'
import { completedBy, givenUp, isRepeat, toBeRetried } from './delivery-record.ts'
import { maxDeliveryMs, retryDelaySeconds, waitSeconds } from './delivery-schedule.ts'

/** What it takes to note how a delivery goes on. */
export interface SettleDeps {
  readonly webhooks: Pick<Webhooks, 'put'>
  readonly deliveries: Pick<WebhookDeliveries, 'put' | 'update'>
  readonly traffics: Pick<WebhookTraffics, 'update'>
  readonly notifications: Queue<NotificationMessage>
  readonly log: Log
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

/** Logs what an attempt came to: delivered, to be tried again, or given up as a dead letter, which can be redelivered. */
const logAttempt = (
  log: Log,
  { webhookId, eventId, state, attempts, nextAttemptAt }: WebhookDelivery,
): void => {
  const { status = null, durationMs = 0, failure = null } = attempts.at(-1) ?? {}
  const about = { webhook: webhookId, eventId, attempts: attempts.length, status, durationMs }
  if (state === 'delivered') log.info('delivery.delivered', about)
  else if (state === 'dead') log.warn('delivery.dead', { ...about, ...failure })
  else log.warn('delivery.failed', { ...about, ...failure, nextAttemptAt })
}

/**
 * Records an attempt in the delivery that a message carries on. If the message came twice, and the other one has
 * recorded its attempt, that counts, and nothing is changed. Tells how the delivery has ended by it; null: it has not.
 */
const record = async (
  { deliveries, log }: SettleDeps,
  { message: { webhookId, attempts }, delivery }: Job,
  changed: (document: WebhookDelivery) => WebhookDelivery,
): Promise<DeliveryEnd | null> => {
  const { document, revision } = delivery
  const written = await deliveries.update([webhookId, document.eventId], (stored) => {
    // One that was stored and is not any more was deleted with its webhook.
    const known = stored ?? (revision === 0 ? document : null)
    if (!known || isRepeat(known, { attempts })) return { value: null }
    const next = changed(known)
    return { put: next, value: next }
  })
  if (!written) return null
  logAttempt(log, written)
  return written.state === 'pending' ? null : written.state
}

/** Ends a delivery without calling the receiver. */
export const giveUp = async (deps: SettleDeps, job: Job, failure: DeliveryFailure): Promise<void> => {
  const end = await record(deps, job, (document) => givenUp(document, failure, deps.now()))
  if (end === null) return
  await deps.traffics.update(job.message.webhookId, (traffic) => ({
    put: countGivenUp(traffic),
    value: undefined,
  }))
}

/** How long a delivery has gone on, ms. */
const ageOf = ({ beganAt }: WebhookDelivery, now: Date): number =>
  Math.max(0, now.getTime() - Date.parse(beganAt))

/** A shorter wait is over before anybody looks for it, and not worth a write, seconds. */
const longWaitSeconds = 60

/**
 * Has a message come back, `afterMs` from now or somewhat later, unless its delivery has gone on for too long. A
 * delivery is written when it waits for the first time, so that it can be seen, and when it waits for long, so that it
 * can be seen until when. If another writer comes first, that is as good.
 */
export const waitLonger = async (deps: SettleDeps, job: Job, afterMs: number): Promise<void> => {
  const { document, revision } = job.delivery
  const waitedMs = ageOf(document, deps.now())
  if (waitedMs > maxDeliveryMs) {
    const detail = 'The receiver was too slow or did not answer for too long.'
    return giveUp(deps, job, { code: 'EXPIRED', detail })
  }
  const delaySeconds = waitSeconds(afterMs, waitedMs, deps.random())
  if (revision === 0 || delaySeconds > longWaitSeconds) {
    const nextAttemptAt = new Date(deps.now().getTime() + delaySeconds * 1000).toISOString()
    const key = [document.webhookId, document.eventId] as const
    await deps.deliveries.put(key, { ...document, nextAttemptAt }, revision)
  }
  await deps.notifications.send([job.message], { delaySeconds })
}

/** After these no attempt is made. */
const final: readonly DeliveryFailure['code'][] = ['GONE', 'RECIPIENTS_REFUSED']

/** When the attempt after a failed one is made; null if this was the last one. A sample is attempted once. */
const nextAttemptAfter = (
  { retryDelaysMs, random, now }: SettleDeps,
  { message, delivery: { document } }: Job,
  { attempt, retryAfterMs }: MadeAttempt,
): { readonly delaySeconds: number; readonly at: Date } | null => {
  if (attempt.failure === null || final.includes(attempt.failure.code) || message.source.kind === 'sample')
    return null
  const attempts = document.attempts.length + 1 - document.attemptsBefore
  const delaySeconds = retryDelaySeconds(retryDelaysMs, { attempts, retryAfterMs }, random())
  if (delaySeconds === null) return null
  const at = new Date(now().getTime() + delaySeconds * 1000)
  return ageOf(document, at) > maxDeliveryMs ? null : { delaySeconds, at }
}

/** Calls a webhook no more. If it was changed meanwhile, its new receiver has not been heard yet. */
const stop = async (
  { webhooks, log, now }: SettleDeps,
  { document: webhook, revision }: Stored<Webhook>,
): Promise<void> => {
  const at = now().toISOString()
  const stopped = { at, code: 'GONE' } as const
  const next = { ...webhook, stopped, revision: webhook.revision + 1, updatedAt: at }
  if (await webhooks.put(webhook.id, next, revision)) {
    log.warn('webhook.stopped', { webhook: webhook.id, code: stopped.code })
  }
}

/**
 * Records an attempt. The message of the next one is sent before: after a crash between the two, the message of this
 * one is delivered again; the other way round nobody would carry on. Tells how the delivery has ended; null: it has
 * not.
 */
export const settle = async (
  deps: SettleDeps,
  job: Job,
  webhook: Stored<Webhook>,
  made: MadeAttempt,
): Promise<DeliveryEnd | null> => {
  const { message } = job
  const { attempt } = made
  const next = nextAttemptAfter(deps, job, made)
  if (next) {
    const { delaySeconds, at } = next
    await deps.notifications.send([{ ...message, attempts: message.attempts + 1 }], { delaySeconds })
    return record(deps, job, (document) => toBeRetried(document, attempt, at))
  }
  const end = await record(deps, job, (document) => completedBy(document, attempt, deps.now()))
  if (attempt.failure?.code === 'GONE') await stop(deps, webhook)
  return end
}
