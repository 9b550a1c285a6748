import type { Writer } from './group-commit.ts'
import type { MessagePages, StoredPage } from './message-pages.ts'

/** Hears of every page that is committed. `dueAt` in time of the queues, ms; 0: deliverable at once. */
type Committed = (page: StoredPage, dueAt: number) => void

/**
 * Adds messages to the transaction that is under way. Those of one transaction with the same delay, in whole seconds,
 * become one page, which is written at its end.
 */
export const outgoingPages = (
  writer: Writer,
  pages: MessagePages,
  onCommitted: Committed,
  clock: () => number,
): ((bodies: readonly string[], delaySeconds: number) => void) => {
  const outgoing = new Map<number, string[]>()

  return (bodies, delaySeconds) => {
    if (bodies.length === 0) return
    const page = outgoing.get(delaySeconds)
    if (page) {
      page.push(...bodies)
      return
    }
    const own = [...bodies]
    const dueAt = delaySeconds > 0 ? clock() + delaySeconds * 1000 : 0
    let written: StoredPage | null = null
    outgoing.set(delaySeconds, own)
    writer.atEnd({
      beforeCommit: () => {
        written = pages.insert(dueAt, 0, own)
      },
      committed: () => {
        if (written) onCommitted(written, dueAt)
      },
      over: () => outgoing.delete(delaySeconds),
    })
  }
}
