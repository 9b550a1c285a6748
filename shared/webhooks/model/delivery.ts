import * as z from 'zod'
import { PrecheckId } from '../../model/precheck.ts'
import { SweepId } from '../../model/sweep.ts'
import { EventType, WebhookId } from './webhook.ts'

/**
 * Id of an event: 12 hex digits of its time (ms since 1970) and 20 of a hash of its source, so that ids sort by time
 * and the same event has the same id however often it is delivered.
 */
export const EventId = z.string().regex(/^evt_[0-9a-f]{32}$/)
export type EventId = z.infer<typeof EventId>

/** How the ids of events of this time begin (ms since 1970): all of earlier times sort before it. */
export const eventIdsAt = (time: number): string => `evt_${time.toString(16).padStart(12, '0')}`

/** What is told of a night. */
export const NightEventType = EventType.extract(['night.digest', 'precheck.missed'])
export type NightEventType = z.infer<typeof NightEventType>

/** From what stored truth an event is made. */
export const EventSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('precheck'), precheckId: PrecheckId, type: EventType }),
  z.strictObject({ kind: z.literal('sweep'), sweepId: SweepId }),
  z.strictObject({ kind: z.literal('night'), sweepId: SweepId, type: NightEventType }),
  /** A sample, asked for at this time (UTC). */
  z.strictObject({ kind: z.literal('sample'), at: z.iso.datetime() }),
])
export type EventSource = Readonly<z.infer<typeof EventSource>>

/** Why an attempt failed. `detail` holds no secret. */
export const DeliveryFailure = z.strictObject({
  code: z.enum([
    'ADDRESS_REFUSED',
    'NAME_NOT_FOUND',
    'UNREACHABLE',
    'TLS_FAILED',
    'TIMED_OUT',
    'STATUS_REFUSED',
    'REDIRECTED',
    'ANSWER_REFUSED',
    'ANSWER_TOO_LARGE',
    'SECRET_UNAVAILABLE',
    'RECIPIENTS_REFUSED',
    'NO_MAIL_SERVER',
    'GONE',
    'EXPIRED',
    'WITHDRAWN',
  ]),
  detail: z.string(),
})
export type DeliveryFailure = Readonly<z.infer<typeof DeliveryFailure>>

/** One call of a receiver, or what kept it from being made. */
export const DeliveryAttempt = z.strictObject({
  at: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  /** HTTP status, or the reply code of a mail server; null if there was no answer. */
  status: z.int().nullable(),
  /** Null for the one that was accepted. */
  failure: DeliveryFailure.nullable(),
})
export type DeliveryAttempt = Readonly<z.infer<typeof DeliveryAttempt>>

/** One event for one webhook, and every attempt to deliver it. A `dead` one is a dead letter: it can be redelivered. */
export const WebhookDelivery = z.strictObject({
  webhookId: WebhookId,
  eventId: EventId,
  source: EventSource,
  state: z.enum(['pending', 'delivered', 'dead']),
  attempts: z.array(DeliveryAttempt),
  /** Attempts that were made before it was redelivered; 0 for one that never was. */
  attemptsBefore: z.int().nonnegative(),
  /** UTC; begin of the attempts that go on now: the event, or its redelivery. */
  beganAt: z.iso.datetime(),
  /** UTC; null when none is to come. */
  nextAttemptAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
})
export type WebhookDelivery = Readonly<z.infer<typeof WebhookDelivery>>

/** Queue `notifications`: deliver one event to one webhook. */
export const NotificationMessage = z.strictObject({
  webhookId: WebhookId,
  source: EventSource,
  /** Attempts that were made before. A message of an older attempt than the recorded ones is a repeat, and changes nothing. */
  attempts: z.int().nonnegative(),
})
export type NotificationMessage = Readonly<z.infer<typeof NotificationMessage>>
