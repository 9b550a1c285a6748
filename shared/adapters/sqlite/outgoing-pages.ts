import type { Writer } from './group-commit.ts'
import type { MessagePages } from './message-pages.ts'

/** Messages that go into the next transaction together. */
interface Batch {
  readonly bodies: string[]
  readonly written: Promise<void>
}

/** Hears of every page that is on disk. `dueAt` in ms since 1970; 0: deliverable at once. */
type Written = (page: { readonly id: number; readonly bodies: readonly string[] }, dueAt: number) => void

/** Sends messages: those of one transaction with the same delay become one page. Resolves when it is on disk. */
export const outgoingPages = (writer: Writer, pages: MessagePages, onWritten: Written) => {
  const batches = new Map<number, Batch>()

  const writePage = async (delaySeconds: number, bodies: readonly string[]): Promise<void> => {
    const { id, dueAt } = await writer.write(() => {
      batches.delete(delaySeconds)
      const due = delaySeconds > 0 ? Date.now() + delaySeconds * 1000 : 0
      return { id: pages.insert(due, 0, bodies), dueAt: due }
    })
    onWritten({ id, bodies }, dueAt)
  }

  const batchFor = (delaySeconds: number): Batch => {
    const waiting = batches.get(delaySeconds)
    if (waiting) return waiting
    const bodies: string[] = []
    const batch = { bodies, written: writePage(delaySeconds, bodies) }
    batches.set(delaySeconds, batch)
    return batch
  }

  return async (bodies: readonly string[], delaySeconds: number): Promise<void> => {
    if (bodies.length === 0) return
    const batch = batchFor(delaySeconds)
    batch.bodies.push(...bodies)
    await batch.written
  }
}
