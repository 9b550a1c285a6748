import type { Delivery, Queue, QueueConsumer } from '../../ports/queue.ts'
import { alarm } from './alarm.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { leases } from './leases.ts'
import { type HeldMessage, messagePages, messagesOf } from './message-pages.ts'
import { messageWindow } from './message-window.ts'

/** How a queue treats its messages. */
export interface QueueSettings {
  /** Time that a consumer has to acknowledge a delivery, ms. */
  readonly visibilityTimeoutMs: number
  /** Deliveries after which a message becomes a dead letter instead of being delivered again. */
  readonly maxReceives: number
}

/** One queue of the embedded database: sends, and delivers to the consumer in this process. */
export interface SqliteQueue<Message> extends Queue<Message>, QueueConsumer {
  /** Stops its timers and sends waiting consumers home with nothing. */
  readonly close: () => void
}

/** Delayed pages that are made ready in one transaction at most. */
const dueBatch = 256

/** Messages that go into the next transaction together. */
interface Batch {
  readonly bodies: string[]
  readonly written: Promise<void>
}

/**
 * A durable queue on rows of the embedded database. All that is sent to it in one transaction is one row, a page, which is
 * deleted when the last message of it is done: a burst of a thousand messages costs two statements. What was under way
 * when the process ended is delivered again, and of its page also what was done already: at least once.
 *
 * Pages are the truth; the window of ready messages and the leases are rebuilt from them at start. Nothing polls: a send
 * wakes the consumer, one alarm waits for the next delayed page and one for the next lease to expire.
 */
export const sqliteQueue = <Message>(
  database: Database,
  writer: Writer,
  name: string,
  settings: QueueSettings,
): SqliteQueue<Message> => {
  const pages = messagePages(database, name)
  const window = messageWindow(pages.ready)
  const delivered = leases(settings.visibilityTimeoutMs, window.readmit)
  let lastId = pages.highestId()
  /** By delay in seconds: what waits for the next transaction. */
  const batches = new Map<number, Batch>()

  const releaseDue = async (): Promise<void> => {
    const now = Date.now()
    const released = await writer.write(() => {
      const due = pages.due(now, dueBatch)
      for (const { id } of due) pages.makeReady(id)
      return due
    })
    window.admit(released.flatMap(messagesOf))
    dueAlarm.setBy(pages.earliestDue())
  }
  const dueAlarm = alarm(() => void releaseDue())

  /** Notes that a message is done; inside a transaction. */
  const finish = ({ page }: HeldMessage): void => {
    page.open -= 1
    if (page.open > 0) return
    pages.remove(page.id)
    window.letGo(page.id)
  }

  const bury = (message: HeldMessage): void => {
    writer.writeSoon(() => {
      pages.bury(message.body, message.received)
      finish(message)
    })
  }

  const deliver = (message: HeldMessage): Delivery => {
    const received = message.received + 1
    const receipt = delivered.grant({ ...message, received })
    return { receipt, body: message.body, received }
  }

  const take = (max: number): Delivery[] => {
    const taken: Delivery[] = []
    while (taken.length < max) {
      const message = window.next()
      if (!message) break
      if (message.received >= settings.maxReceives) bury(message)
      else taken.push(deliver(message))
    }
    return taken
  }

  /** Writes a page with everything that was sent by then; when it is on disk, it may be delivered. */
  const writePage = async (delaySeconds: number, bodies: readonly string[]): Promise<void> => {
    lastId += 1
    const id = lastId
    const dueAt = await writer.write(() => {
      batches.delete(delaySeconds)
      const due = delaySeconds > 0 ? Date.now() + delaySeconds * 1000 : 0
      pages.insert(id, due, 0, bodies)
      return due
    })
    if (dueAt > 0) dueAlarm.setBy(dueAt)
    else window.admit(messagesOf({ id, received: 0, bodies }))
  }

  const batchFor = (delaySeconds: number): Batch => {
    const waiting = batches.get(delaySeconds)
    if (waiting) return waiting
    const bodies: string[] = []
    const batch = { bodies, written: writePage(delaySeconds, bodies) }
    batches.set(delaySeconds, batch)
    return batch
  }

  // What was under way when the process ended cannot be told from what was not: all of it counts as delivered once.
  writer.writeSoon(() => pages.countAll())
  dueAlarm.setBy(pages.earliestDue())

  return {
    send: (messages, { delaySeconds = 0 } = {}) => {
      const batch = batchFor(delaySeconds)
      for (const message of messages) batch.bodies.push(JSON.stringify(message))
      return batch.written
    },

    receive: async (max, waitMs) => {
      const taken = take(max)
      if (taken.length > 0 || waitMs === 0) return taken
      await window.wait(waitMs)
      return take(max)
    },

    acknowledge: (receipts) =>
      writer.write(() => {
        for (const receipt of receipts) {
          const message = delivered.end(receipt)
          if (message) finish(message)
        }
      }),

    postpone: async (receipt, delayMs) => {
      const message = delivered.end(receipt)
      if (!message) return
      lastId += 1
      const id = lastId
      const dueAt = Date.now() + Math.max(1, delayMs)
      await writer.write(() => {
        pages.insert(id, dueAt, message.received, [message.body])
        finish(message)
      })
      dueAlarm.setBy(dueAt)
    },

    close: () => {
      dueAlarm.stop()
      delivered.stop()
      window.wake()
    },
  }
}
