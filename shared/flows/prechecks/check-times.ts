import { leftUntil } from '../../model/deadline.ts'
import type { CheckMessage } from '../../model/queue-messages.ts'
import { type Clocks, momentOf } from '../../ports/steady-clock.ts'

/** Time kept back at the end of an item's limit to judge and hand over the result, ms. */
const handOverMs = 250

/** Time kept back at the end of a precheck by a session of several items, ms; of a short precheck, a share. */
const sessionReserveMs = 5000
const sessionReserveShare = 1 / 12

/** A session takes no longer than this, ms, whatever the deadline: its message would be delivered to another consumer. */
const maxSessionMs = 280_000

/** In less than this, ms, silence says nothing about a server: nothing is asked any more. */
const minMs = 1000

/** When something began, by both clocks. */
export interface Begin {
  readonly startedAt: Date
  /** ms of the steady clock. */
  readonly steadyMs: number
}

/** What begins now. */
export const beginOf = ({ now, steady }: Clocks): Begin => ({ startedAt: now(), steadyMs: steady.ms() })

/** The time of the check items of one message. */
export interface CheckTimes extends Begin {
  /** Time left until all of them must have ended, ms. */
  readonly leftMs: () => number
  /** Time for what is asked now, ms: what is left, but the limit of an item at most. Below 1 there is none. */
  readonly askMs: () => number
  /** The deadline of the precheck is too near to ask anything. */
  readonly isTooLate: boolean
}

/**
 * When a message must have ended, ms from now: an item at its limit, a session of several in time before the deadline
 * of the precheck. `beganMs`: when it began, from now, below 0 in a message that came back; `deadlineMs`: how far away
 * that is.
 */
const endOf = ({ together, limitMs }: CheckMessage, beganMs: number, deadlineMs: number): number => {
  if (!together) return Math.min(beganMs + limitMs, deadlineMs) - handOverMs
  const reserve = Math.min(sessionReserveMs, (deadlineMs - beganMs) * sessionReserveShare)
  return Math.min(beganMs + maxSessionMs, deadlineMs - Math.max(handOverMs, reserve))
}

/** Plans the time of a message from now on. */
export const timesOf = (clocks: Clocks, message: CheckMessage): CheckTimes => {
  const { awaited, limitMs } = message
  const moment = momentOf(clocks)
  const startedAt = awaited ? Date.parse(awaited.startedAt) : moment.wallMs
  const deadlineMs = leftUntil(message, moment)
  const endsAt = moment.steadyMs + endOf(message, startedAt - moment.wallMs, deadlineMs)
  const leftMs = (): number => endsAt - clocks.steady.ms()
  const askMs = (): number => Math.min(limitMs - handOverMs, leftMs())
  return {
    startedAt: new Date(startedAt),
    steadyMs: moment.steadyMs + startedAt - moment.wallMs,
    leftMs,
    // An answer that is there already may be read at any time before the deadline.
    askMs: awaited ? () => Math.max(minMs, askMs()) : askMs,
    isTooLate: deadlineMs < (awaited ? 0 : Math.min(minMs, limitMs)),
  }
}
