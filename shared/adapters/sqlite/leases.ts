import { alarm } from './alarm.ts'
import type { HeldMessage } from './message-pages.ts'

interface Lease {
  readonly message: HeldMessage
  readonly expiresAt: number
}

/** The deliveries of one queue that were neither acknowledged nor given back yet. */
export interface Leases {
  /** Starts a delivery; the receipt ends it. */
  readonly grant: (message: HeldMessage) => string
  /** The message of a delivery that goes on. */
  readonly messageOf: (receipt: string) => HeldMessage | undefined
  /** Ends a delivery; undefined if it has expired or ended before. */
  readonly end: (receipt: string) => HeldMessage | undefined
  /** Deliveries that go on. */
  readonly count: () => number
  readonly stop: () => void
}

/** Leases of `durationMs` each by a clock that counts evenly, ms; what expires is handed to `onExpired` and forgotten. */
export const leases = (
  durationMs: number,
  onExpired: (messages: readonly HeldMessage[]) => void,
  clock: () => number,
): Leases => {
  // They are in the order in which they expire, since all last equally long.
  const granted = new Map<string, Lease>()
  let lastReceipt = 0

  const expire = (): void => {
    const now = clock()
    const expired: HeldMessage[] = []
    for (const [receipt, { message, expiresAt }] of granted) {
      if (expiresAt > now) {
        expiry.setBy(expiresAt)
        break
      }
      granted.delete(receipt)
      expired.push(message)
    }
    if (expired.length > 0) onExpired(expired)
  }
  const expiry = alarm(expire, clock)

  return {
    grant: (message) => {
      lastReceipt += 1
      const receipt = String(lastReceipt)
      const expiresAt = clock() + durationMs
      granted.set(receipt, { message, expiresAt })
      expiry.setBy(expiresAt)
      return receipt
    },
    messageOf: (receipt) => granted.get(receipt)?.message,
    end: (receipt) => {
      const lease = granted.get(receipt)
      granted.delete(receipt)
      return lease?.message
    },
    count: () => granted.size,
    stop: () => expiry.stop(),
  }
}
