import type { CheckMessage } from '../../model/queue-messages.ts'

/** Time kept back at the end of an item's limit to judge and hand over the result, ms. */
const handOverMs = 250

/** Time kept back at the end of a precheck by a session of several items, ms; of a short precheck, a share. */
const sessionReserveMs = 5000
const sessionReserveShare = 1 / 12

/** A session takes no longer than this, ms, whatever the deadline: its message would be delivered to another consumer. */
const maxSessionMs = 280_000

/** In less than this, ms, silence says nothing about a server: nothing is asked any more. */
const minMs = 1000

/** The time of the check items of one message. */
export interface CheckTimes {
  readonly startedAt: Date
  /** Time left until all of them must have ended, ms. */
  readonly leftMs: () => number
  /** Time for what is asked now, ms: what is left, but the limit of an item at most. Below 1 there is none. */
  readonly askMs: () => number
  /** The deadline of the precheck is too near to ask anything. */
  readonly isTooLate: boolean
}

/** When a message must have ended: an item at its limit, a session of several in time before the deadline of the precheck. */
const endOf = ({ together, limitMs }: CheckMessage, startedAt: number, deadline: number): number => {
  if (!together) return Math.min(startedAt + limitMs, deadline) - handOverMs
  const reserve = Math.min(sessionReserveMs, (deadline - startedAt) * sessionReserveShare)
  return Math.min(startedAt + maxSessionMs, deadline - Math.max(handOverMs, reserve))
}

/** Plans the time of a message from now on. */
export const timesOf = (now: () => Date, message: CheckMessage): CheckTimes => {
  const { awaited, limitMs, deadlineAt } = message
  const at = now().getTime()
  const startedAt = awaited ? Date.parse(awaited.startedAt) : at
  const deadline = Date.parse(deadlineAt)
  const endsAt = endOf(message, startedAt, deadline)
  const leftMs = (): number => endsAt - now().getTime()
  const askMs = (): number => Math.min(limitMs - handOverMs, leftMs())
  return {
    startedAt: new Date(startedAt),
    leftMs,
    // An answer that is there already may be read at any time before the deadline.
    askMs: awaited ? () => Math.max(minMs, askMs()) : askMs,
    isTooLate: deadline - at < (awaited ? 0 : Math.min(minMs, limitMs)),
  }
}
