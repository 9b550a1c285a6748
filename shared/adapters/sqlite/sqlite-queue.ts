import type { Delivery, Queue, QueueConsumer } from '../../ports/queue.ts'
import type { LookIntoQueue } from '../../ports/queue-contents.ts'
import type { Database } from './database.ts'
import { delayedPages } from './delayed-pages.ts'
import type { Writer } from './group-commit.ts'
import { leases } from './leases.ts'
import { type HeldMessage, messagePages, messagesOf } from './message-pages.ts'
import { messageWindow } from './message-window.ts'
import { outgoingPages } from './outgoing-pages.ts'
import { queueMotion } from './queue-motion.ts'

/** How a queue treats its messages. */
export interface QueueSettings {
  /** Time that a consumer has to acknowledge a delivery, ms. */
  readonly visibilityTimeoutMs: number
  /** Deliveries after which a message becomes a dead letter instead of being delivered again. */
  readonly maxReceives: number
}

/** One queue of the embedded database: sends, and delivers to the consumer in this process. */
export interface SqliteQueue<Message> extends Queue<Message>, QueueConsumer {
  /** Sends messages that are JSON texts already. */
  readonly sendBodies: (bodies: readonly string[], delaySeconds: number) => Promise<void>
  /** Sends such messages with the transaction that is under way. */
  readonly enqueue: (bodies: readonly string[], delaySeconds: number) => void
  readonly look: LookIntoQueue
  /** For how long no message was done although there were some, ms. */
  readonly stalledMs: () => number
  /** Stops its timers and sends waiting consumers home with nothing. */
  readonly close: () => void
}

/**
 * A durable queue on rows of the embedded database. All that is sent to it in one transaction is one row, a page, which
 * is deleted when the last message of it is done: a burst of a thousand messages costs two statements. What was under
 * way when the process ended is delivered again, and of its page also what was done already: at least once.
 *
 * Pages are the truth; the window of ready messages and the leases are rebuilt from them at start. Nothing polls: a
 * send wakes the consumer, one alarm waits for the next delayed page and one for the next lease to expire.
 */
export const sqliteQueue = <Message>(
  database: Database,
  writer: Writer,
  name: string,
  settings: QueueSettings,
): SqliteQueue<Message> => {
  const { queueTime } = database.clock
  const pages = messagePages(database, name)
  const counts = pages.counts()
  const window = messageWindow(pages.ready, counts.ready)
  const delivered = leases(settings.visibilityTimeoutMs, window.readmit, queueTime)
  const motion = queueMotion(counts.ready, queueTime)
  /** Pages whose last message is done, to be removed in the next transaction. */
  let finished: number[] = []

  const delayed = delayedPages(writer, pages, counts.delayed, queueTime, (released) => {
    // One that was given back had arrived before.
    const fresh = released.filter(({ received }) => received === 0)
    motion.arrived(fresh.flatMap(({ bodies }) => bodies).length)
    window.admit(released.flatMap(messagesOf))
  })

  const removeSoon = (pageId: number): void => {
    finished.push(pageId)
    if (finished.length > 1) return
    const removed = finished
    writer.writeSoon(() => {
      if (finished === removed) finished = []
      for (const id of removed) {
        pages.remove(id)
        window.letGo(id)
      }
    })
  }

  /** Notes that a message is done. What is lost of it with the process is delivered again, so that nobody waits for the disk. */
  const finish = ({ page }: HeldMessage): void => {
    page.open -= 1
    if (page.open === 0) removeSoon(page.id)
  }

  const bury = (message: HeldMessage): void => {
    writer.writeSoon(() => pages.bury(message.body, message.received))
    motion.handled()
    finish(message)
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

  const enqueue = outgoingPages(
    writer,
    pages,
    (page, dueAt) => {
      if (dueAt > 0) return delayed.added(page)
      motion.arrived(page.bodies.length)
      window.admit(messagesOf(page))
    },
    queueTime,
  )
  const sendBodies = (bodies: readonly string[], delaySeconds: number) =>
    writer.write(() => enqueue(bodies, delaySeconds))

  // What was under way when the process ended cannot be told from what was not: all of it counts as delivered once.
  writer.writeSoon(() => pages.countAll())

  return {
    send: (messages, { delaySeconds = 0 } = {}) =>
      sendBodies(
        messages.map((message) => JSON.stringify(message)),
        delaySeconds,
      ),

    sendBodies,
    enqueue,

    receive: async (max, waitMs) => {
      const taken = take(max)
      if (taken.length > 0 || waitMs === 0) return taken
      await window.wait(waitMs)
      return take(max)
    },

    acknowledge: async (receipts) => {
      for (const receipt of receipts) {
        const message = delivered.end(receipt)
        if (!message) continue
        motion.handled()
        finish(message)
      }
    },

    postpone: async (receipt, delayMs) => {
      const message = delivered.messageOf(receipt)
      if (!message) return
      const dueAt = queueTime() + Math.max(1, Math.ceil(delayMs))
      // The delivery goes on until then: when the disk refuses, the message comes back as it does from a lost consumer.
      delayed.added(await writer.write(() => pages.insert(dueAt, message.received, [message.body])))
      if (delivered.end(receipt)) finish(message)
    },

    look: async () => {
      const oldestAt = window.oldestReadyAt()
      return {
        waiting: window.waiting(),
        taken: delivered.count(),
        delayed: delayed.count(),
        oldestWaitsMs: oldestAt === null ? 0 : Math.max(0, queueTime() - oldestAt),
      }
    },

    stalledMs: motion.stalledMs,

    close: () => {
      delayed.stop()
      delivered.stop()
      window.wake()
    },
  }
}
