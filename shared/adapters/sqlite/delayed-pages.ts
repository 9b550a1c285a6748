import { alarm } from './alarm.ts'
import type { Writer } from './group-commit.ts'
import type { MessagePages, StoredPage } from './message-pages.ts'

/** The pages of one queue whose time has not come. */
export interface DelayedPages {
  /** One more of them is committed. */
  readonly added: (page: StoredPage) => void
  /** Messages in them. */
  readonly count: () => number
  readonly stop: () => void
}

/** After a write that the disk refused, ms: a full disk may have room again. */
const disturbedMs = 1000

/** Delayed pages that are made ready in one transaction at most. */
const dueBatch = 256

/**
 * Makes delayed pages ready when their time has come, and hands them to `onReady` then. `stored`: messages in those
 * that there are already. One alarm waits for the next of them.
 */
export const delayedPages = (
  { write }: Pick<Writer, 'write'>,
  pages: MessagePages,
  stored: number,
  clock: () => number,
  onReady: (released: readonly StoredPage[]) => void,
): DelayedPages => {
  let count = stored

  const releaseDue = async (): Promise<void> => {
    const now = clock()
    const released = await write(() => {
      const due = pages.due(now, dueBatch)
      for (const { id } of due) pages.makeReady(id)
      return due
    })
    count -= released.reduce((sum, { bodies }) => sum + bodies.length, 0)
    onReady(released)
    dueAlarm.setBy(pages.earliestDue())
  }
  const dueAlarm = alarm(() => {
    releaseDue().catch(() => dueAlarm.setBy(clock() + disturbedMs))
  }, clock)
  dueAlarm.setBy(pages.earliestDue())

  return {
    added: ({ bodies, readyAt }) => {
      count += bodies.length
      dueAlarm.setBy(readyAt)
    },
    count: () => count,
    stop: () => dueAlarm.stop(),
  }
}
