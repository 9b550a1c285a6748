import type {
  DeliveryAttempt,
  DeliveryFailure,
  NotificationMessage,
  WebhookDelivery,
} from '../model/delivery.ts'

/** A delivery of which nothing has been recorded. `at`: when the event happened (UTC). */
export const newDelivery = (
  { webhookId, source }: NotificationMessage,
  eventId: string,
  at: string,
): WebhookDelivery => ({
  webhookId,
  eventId,
  source,
  state: 'pending',
  attempts: [],
  attemptsBefore: 0,
  beganAt: at,
  nextAttemptAt: at,
  endedAt: null,
})

/** True for a message whose attempt has been recorded, or whose delivery has ended. */
export const isRepeat = (
  { state, attempts }: WebhookDelivery,
  message: Pick<NotificationMessage, 'attempts'>,
): boolean => state !== 'pending' || message.attempts < attempts.length

/** The delivery after an attempt that a further one follows. */
export const toBeRetried = (
  delivery: WebhookDelivery,
  attempt: DeliveryAttempt,
  nextAttemptAt: Date,
): WebhookDelivery => ({
  ...delivery,
  attempts: [...delivery.attempts, attempt],
  nextAttemptAt: nextAttemptAt.toISOString(),
})

/** The delivery after its last attempt. */
export const completedBy = (
  delivery: WebhookDelivery,
  attempt: DeliveryAttempt,
  endedAt: Date,
): WebhookDelivery => ({
  ...delivery,
  state: attempt.failure === null ? 'delivered' : 'dead',
  attempts: [...delivery.attempts, attempt],
  nextAttemptAt: null,
  endedAt: endedAt.toISOString(),
})

/** The delivery after it was given up without a call. */
export const givenUp = (delivery: WebhookDelivery, failure: DeliveryFailure, now: Date): WebhookDelivery =>
  completedBy(delivery, { at: now.toISOString(), durationMs: 0, status: null, failure }, now)
