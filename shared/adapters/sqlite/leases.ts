import { alarm } from './alarm.ts'
import type { StoredMessage } from './message-rows.ts'

/** A delivery that was neither acknowledged nor given back yet. */
export interface Lease {
  readonly message: StoredMessage
  readonly expiresAt: number
  /** Acknowledged or given back; its row is about to say so. */
  isEnded: boolean
}

/** The deliveries under way of one queue. */
export interface Leases {
  readonly grant: (message: StoredMessage) => Lease
  /** Ends the leases of these messages that have not ended yet. */
  readonly end: (ids: readonly number[]) => readonly Lease[]
  readonly remove: (id: number) => void
  readonly stop: () => void
}

/** Leases of `durationMs` each; what expires is handed to `onExpired` and forgotten. */
export const leases = (
  durationMs: number,
  onExpired: (messages: readonly StoredMessage[]) => void,
): Leases => {
  const granted = new Map<number, Lease>()

  const watchNext = (): void => {
    // They stand in the order in which they expire, since all last equally long.
    for (const { isEnded, expiresAt } of granted.values()) {
      if (isEnded) continue
      expiry.setBy(expiresAt)
      return
    }
  }

  const expire = (): void => {
    const now = Date.now()
    const expired = [...granted.values()].filter((lease) => !lease.isEnded && lease.expiresAt <= now)
    for (const { message } of expired) granted.delete(message.id)
    onExpired(expired.map(({ message }) => message))
    watchNext()
  }
  const expiry = alarm(expire)

  return {
    grant: (message) => {
      const lease = { message, expiresAt: Date.now() + durationMs, isEnded: false }
      granted.set(message.id, lease)
      expiry.setBy(lease.expiresAt)
      return lease
    },
    end: (ids) => {
      const ended = ids.flatMap((id) => granted.get(id) ?? []).filter(({ isEnded }) => !isEnded)
      for (const lease of ended) lease.isEnded = true
      return ended
    },
    remove: (id) => granted.delete(id),
    stop: () => expiry.stop(),
  }
}
