import { type HeldMessage, type StoredPage, messagesOf } from './message-pages.ts'

/** Messages held in memory at most, by and large; what exceeds them waits on disk, so that memory stays flat under a backlog. */
const windowSize = 8192

/** Pages read from disk at a time. */
const pagesAtATime = 32

/** The ready messages of a queue that are held in memory, oldest first. */
export interface MessageWindow {
  /** Takes in messages that have just become ready, and wakes who waits. */
  readonly admit: (messages: readonly HeldMessage[]) => void
  /** Puts a message that was delivered before in front again. */
  readonly readmit: (messages: readonly HeldMessage[]) => void
  readonly next: () => HeldMessage | undefined
  /** Messages that are ready and that nobody has taken, those that wait on disk included. */
  readonly waiting: () => number
  /**
   * Since when the oldest of those in memory is ready, in time of the queues, ms; null where none waits. What waits on
   * disk beside them was sent later.
   */
  readonly oldestReadyAt: () => number | null
  /** Forgets a page, none of whose messages is open. */
  readonly letGo: (pageId: number) => void
  /** Resolves when there may be a message, or after `waitMs`. */
  readonly wait: (waitMs: number) => Promise<void>
  /** Wakes who waits, with nothing. */
  readonly wake: () => void
}

/**
 * A window over the ready pages; `readReady` gives the oldest of them, those in the window included. `stored`: messages
 * in them.
 */
export const messageWindow = (
  readReady: (limit: number) => readonly StoredPage[],
  stored: number,
): MessageWindow => {
  let ready: HeldMessage[] = []
  let position = 0
  let waiting = stored
  /** Pages with messages in the window or under way: what must not enter the window a second time. */
  const held = new Set<number>()
  /** There may be ready pages that are not in the window. True at start, when the window is still empty. */
  let isBehind = true
  let waiters: (() => void)[] = []

  const wake = (): void => {
    const woken = waiters
    waiters = []
    for (const waiter of woken) waiter()
  }

  const take = (messages: readonly HeldMessage[]): void => {
    for (const message of messages) {
      held.add(message.page.id)
      ready.push(message)
    }
  }

  const refill = (): void => {
    const limit = held.size + pagesAtATime
    const pages = readReady(limit)
    isBehind = pages.length === limit
    for (const page of pages) if (!held.has(page.id)) take(messagesOf(page))
  }

  /** Reads on where all that is in memory was taken. */
  const readOn = (): void => {
    if (position < ready.length) return
    ready = []
    position = 0
    if (isBehind) refill()
  }

  return {
    admit: (messages) => {
      if (messages.length === 0) return
      waiting += messages.length
      // Behind, the window takes from disk alone, oldest first, so that nothing waits behind younger messages for ever.
      if (!isBehind && ready.length - position < windowSize) take(messages)
      else isBehind = true
      wake()
    },
    readmit: (messages) => {
      waiting += messages.length
      ready = [...messages, ...ready.slice(position)]
      position = 0
      wake()
    },
    next: () => {
      readOn()
      const message = ready[position]
      if (!message) return undefined
      position += 1
      waiting -= 1
      return message
    },
    waiting: () => waiting,
    oldestReadyAt: () => {
      readOn()
      const [first, ...others] = ready.slice(position).map(({ page }) => page.readyAt)
      return first === undefined ? null : others.reduce((oldest, at) => Math.min(oldest, at), first)
    },
    letGo: (pageId) => held.delete(pageId),
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
