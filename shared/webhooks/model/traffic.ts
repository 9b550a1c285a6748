import * as z from 'zod'
import { EventId } from './delivery.ts'

/**
 * Who is calling a webhook at this moment, and how it has answered lately: what keeps a slow receiver from delaying
 * others; and how many deliveries have ended.
 */
export const WebhookTraffic = z.strictObject({
  /** Calls under way. `until` (UTC): one that has not ended by then was lost with its process. */
  calls: z.array(z.strictObject({ eventId: EventId, until: z.iso.datetime() })),
  /** Calls in a row that had no answer in time. */
  failures: z.int().nonnegative(),
  /** UTC; nothing but samples is sent before. */
  pausedUntil: z.iso.datetime().nullable(),
  /** Of the webhook, as it was called when the failures and the pause came about. One that was changed since starts afresh. */
  revision: z.int().positive(),
  /** Deliveries that ended so since the webhook is there; one that is redelivered counts again. 0: none was counted yet. */
  delivered: z.int().nonnegative().default(0),
  dead: z.int().nonnegative().default(0),
})
export type WebhookTraffic = Readonly<z.infer<typeof WebhookTraffic>>

/** What calls of one webhook are held to. */
export interface CallLimits {
  /** How long a call and all that is written of it may take, ms; it is forgotten then. */
  readonly limitMs: number
  /** Calls that are under way at most: a slow receiver holds no more of those that call. */
  readonly maxCalls: number
}

/** Of a receiver that was silent lately, one call at a time finds out whether it answers again. */
const maxCallsOfSilent = 1

/** Most calls end within a moment; whoever finds no room asks again after this, ms. */
const busyMs = 500

/** Pause after the first call without an answer, ms; every further one doubles it, up to the longest. */
const firstPauseMs = 15_000
const maxPauseMs = 600_000

/** ms from `now` until a time; 0 for one that is over, and for none. */
const msUntil = (time: string | null, now: Date): number =>
  time === null ? 0 : Math.max(0, Date.parse(time) - now.getTime())

const after = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString()

const underWay = ({ calls }: WebhookTraffic, now: Date): WebhookTraffic['calls'] =>
  calls.filter(({ until }) => msUntil(until, now) > 0)

/** A call to make. */
export interface Call {
  readonly eventId: EventId
  /** Of the webhook as it is called: its address may be another one than before. */
  readonly revision: number
  /** Somebody has asked for it, and waits: it is made also in a pause. */
  readonly isSample: boolean
}

/** That of every webhook at first. */
const firstRevision = 1

/** What is known when a call of this revision begins or ends: silence of an older one says nothing of it. */
const knownOf = (traffic: WebhookTraffic | null, revision: number): WebhookTraffic =>
  traffic && traffic.revision >= revision
    ? traffic
    : {
        calls: traffic?.calls ?? [],
        failures: 0,
        pausedUntil: null,
        revision,
        delivered: traffic?.delivered ?? 0,
        dead: traffic?.dead ?? 0,
      }

/** The traffic with the call in it, or after which time, ms, there may be room for it. */
export type Entrance = { readonly traffic: WebhookTraffic } | { readonly comeBackAfterMs: number }

/**
 * Lets a call begin if there is room for it. An event that is called for already has none: its message came twice.
 */
export const enter = (
  traffic: WebhookTraffic | null,
  { eventId, revision, isSample }: Call,
  now: Date,
  { limitMs, maxCalls }: CallLimits,
): Entrance => {
  const known = knownOf(traffic, revision)
  const pauseMs = msUntil(known.pausedUntil, now)
  if (pauseMs > 0 && !isSample) return { comeBackAfterMs: pauseMs }
  const calls = underWay(known, now)
  const same = calls.find((call) => call.eventId === eventId)
  if (same) return { comeBackAfterMs: msUntil(same.until, now) }
  const limit = known.failures > 0 && !isSample ? maxCallsOfSilent : maxCalls
  if (calls.length >= limit) return { comeBackAfterMs: busyMs }
  const entered = { eventId, until: after(now, limitMs) }
  return { traffic: { ...known, calls: [...calls, entered] } }
}

/**
 * How a call ended. `answered`: whatever the answer was; `retryAfterMs` if the receiver wants to be left alone.
 * `silent`: the receiver could not be reached, or took too long. `not_called`: it was not even tried.
 */
export type CallEnd =
  | { readonly kind: 'answered'; readonly retryAfterMs: number | null }
  | { readonly kind: 'silent' }
  | { readonly kind: 'not_called' }

type Health = Pick<WebhookTraffic, 'failures' | 'pausedUntil'>

/** The later one of a pause that there is and a new one. No pause is longer than the longest, whatever the receiver asks for. */
const pause = ({ pausedUntil }: WebhookTraffic, now: Date, ms: number): string =>
  after(now, Math.max(msUntil(pausedUntil, now), Math.min(ms, maxPauseMs)))

const healthAfter = (traffic: WebhookTraffic, ended: CallEnd, now: Date): Health => {
  const { failures, pausedUntil } = traffic
  switch (ended.kind) {
    case 'not_called':
      return { failures, pausedUntil }
    case 'silent':
      return { failures: failures + 1, pausedUntil: pause(traffic, now, firstPauseMs * 2 ** failures) }
    case 'answered':
      if (ended.retryAfterMs !== null)
        return { failures: 0, pausedUntil: pause(traffic, now, ended.retryAfterMs) }
      // An answer ends a pause for silence, not one that the receiver asked for.
      return { failures: 0, pausedUntil: failures > 0 ? null : pausedUntil }
  }
}

/** Ends a call. That of a webhook that was changed meanwhile says nothing of its new receiver. */
export const leave = (
  traffic: WebhookTraffic | null,
  { eventId, revision }: Call,
  ended: CallEnd,
  now: Date,
): WebhookTraffic => {
  const known = knownOf(traffic, revision)
  const calls = underWay(known, now).filter((call) => call.eventId !== eventId)
  const health = known.revision === revision ? healthAfter(known, ended, now) : {}
  return { ...known, calls, ...health }
}

/** How a delivery ended. */
export type DeliveryEnd = 'delivered' | 'dead'

/** Counts a delivery that has ended; null: it goes on, or somebody else has ended it. */
export const countEnd = (traffic: WebhookTraffic, end: DeliveryEnd | null): WebhookTraffic =>
  end === null ? traffic : { ...traffic, [end]: traffic[end] + 1 }

/** Counts a delivery that was given up without a call. */
export const countGivenUp = (traffic: WebhookTraffic | null): WebhookTraffic =>
  countEnd(knownOf(traffic, firstRevision), 'dead')
