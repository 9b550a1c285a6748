import type { Writer } from './group-commit.ts'
import type { MessagePages } from './message-pages.ts'

/** Hears of every page that is committed. `dueAt` in time of the queues, ms; 0: deliverable at once. */
type Committed = (page: { readonly id: number; readonly bodies: readonly string[] }, dueAt: number) => void

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
    let id = 0
    outgoing.set(delaySeconds, own)
    writer.atEnd({
      beforeCommit: () => {
        id = pages.insert(dueAt, 0, own)
      },
      committed: () => onCommitted({ id, bodies: own }, dueAt),
      over: () => outgoing.delete(delaySeconds),
    })
  }
}
