import type { StoredMessage } from './message-rows.ts'

/** Messages held in memory at most; what exceeds them waits on disk, so that memory stays flat under a backlog. */
const windowSize = 2048

/** The ready messages of a queue that are held in memory, oldest first. */
export interface MessageWindow {
  /** Takes messages in, up to the size of the window, and wakes who waits. One that is still held is not taken twice. */
  readonly admit: (messages: readonly StoredMessage[]) => void
  /** The next ready message. It stays held until it is let go. */
  readonly next: () => StoredMessage | undefined
  /** Forgets a message, so that it may be admitted again. */
  readonly letGo: (id: number) => void
  /** Resolves at the next admission, or after `waitMs`. */
  readonly wait: (waitMs: number) => Promise<void>
  /** Wakes who waits, with nothing. */
  readonly wake: () => void
}

/** A window over ready rows; `readReady` gives the oldest of them, those in the window included. */
export const messageWindow = (readReady: (limit: number) => readonly StoredMessage[]): MessageWindow => {
  const ready: StoredMessage[] = []
  const held = new Set<number>()
  /** There may be ready rows that are not in the window. True at start, when the window is still empty. */
  let isBehind = true
  let waiters: (() => void)[] = []

  const wake = (): void => {
    const woken = waiters
    waiters = []
    for (const waiter of woken) waiter()
  }

  const admit = (messages: readonly StoredMessage[]): void => {
    for (const message of messages) {
      if (held.has(message.id)) continue
      if (ready.length >= windowSize) {
        isBehind = true
        break
      }
      held.add(message.id)
      ready.push(message)
    }
    if (ready.length > 0) wake()
  }

  const refill = (): void => {
    const limit = windowSize + held.size
    const stored = readReady(limit)
    isBehind = stored.length === limit
    admit(stored)
  }

  return {
    admit,
    next: () => {
      if (ready.length === 0 && isBehind) refill()
      return ready.shift()
    },
    letGo: (id) => held.delete(id),
    wait: (waitMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, waitMs).unref()
        waiters.push(() => {
          clearTimeout(timer)
          resolve()
        })
      }),
    wake,
  }
}
