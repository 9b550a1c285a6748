import * as z from 'zod'
import { EventId } from './webhook-delivery.ts'

/** Who is calling a webhook at this moment, and how it has answered lately: what keeps a slow receiver from delaying others. */
export const WebhookTraffic = z.strictObject({
  /** Calls under way. `until` (UTC): one that has not ended by then was lost with its process. */
  calls: z.array(z.strictObject({ eventId: EventId, until: z.iso.datetime() })),
  /** Calls in a row that had no answer in time. */
  failures: z.int().nonnegative(),
  /** UTC; nothing is sent before. */
  pausedUntil: z.iso.datetime().nullable(),
})
export type WebhookTraffic = Readonly<z.infer<typeof WebhookTraffic>>

/** Calls of one webhook that are under way at most: a slow receiver holds no more than these. */
const mostCalls = 4

/** Of a receiver that was silent lately, one call at a time finds out whether it answers again. */
const mostCallsOfSilent = 1

/** A call ends within seconds; whoever finds no room asks again after this, ms. */
const busyMs = 1000

/** Pause after the first call without an answer, ms; every further one doubles it, up to the longest. */
const firstPauseMs = 15_000
const longestPauseMs = 600_000

const quiet: WebhookTraffic = { calls: [], failures: 0, pausedUntil: null }

/** ms from `now` until a time; 0 for one that is over, and for none. */
const msUntil = (time: string | null, now: Date): number =>
  time === null ? 0 : Math.max(0, Date.parse(time) - now.getTime())

const after = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString()

const underWay = ({ calls }: WebhookTraffic, now: Date): WebhookTraffic['calls'] =>
  calls.filter(({ until }) => msUntil(until, now) > 0)

/** The traffic with the call in it, or after which time, ms, there may be room for it. */
export type Entrance = { readonly traffic: WebhookTraffic } | { readonly comeBackAfterMs: number }

/**
 * Lets a call begin if there is room for it. An event that is called for already has none: its message came twice. `limitMs`: how
 * long the call and all that is written of it may take; it is forgotten then.
 */
export const enter = (
  traffic: WebhookTraffic | null,
  eventId: EventId,
  now: Date,
  limitMs: number,
): Entrance => {
  const known = traffic ?? quiet
  const pauseMs = msUntil(known.pausedUntil, now)
  if (pauseMs > 0) return { comeBackAfterMs: pauseMs }
  const calls = underWay(known, now)
  const same = calls.find((call) => call.eventId === eventId)
  if (same) return { comeBackAfterMs: msUntil(same.until, now) }
  if (calls.length >= (known.failures > 0 ? mostCallsOfSilent : mostCalls)) return { comeBackAfterMs: busyMs }
  const entered = { eventId, until: after(now, limitMs) }
  return { traffic: { calls: [...calls, entered], failures: known.failures, pausedUntil: null } }
}

/**
 * How a call ended. `answered`: whatever the answer was; `retryAfterMs` if the receiver wants to be left alone. `silent`: the
 * receiver could not be reached, or took too long. `not_called`: it was not even tried.
 */
export type CallEnd =
  | { readonly kind: 'answered'; readonly retryAfterMs: number | null }
  | { readonly kind: 'silent' }
  | { readonly kind: 'not_called' }

type Health = Pick<WebhookTraffic, 'failures' | 'pausedUntil'>

/** The later one of a pause that there is and a new one. No pause is longer than the longest, whatever the receiver asks for. */
const pause = ({ pausedUntil }: WebhookTraffic, now: Date, ms: number): string =>
  after(now, Math.max(msUntil(pausedUntil, now), Math.min(ms, longestPauseMs)))

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

/** Ends a call. */
export const leave = (
  traffic: WebhookTraffic | null,
  eventId: EventId,
  ended: CallEnd,
  now: Date,
): WebhookTraffic => {
  const known = traffic ?? quiet
  const calls = underWay(known, now).filter((call) => call.eventId !== eventId)
  return { calls, ...healthAfter(known, ended, now) }
}
