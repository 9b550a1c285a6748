import type { Delivery, Queue, QueueConsumer } from '../../ports/queue.ts'
import { alarm } from './alarm.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { leases } from './leases.ts'
import { type StoredMessage, messageRows } from './message-rows.ts'
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

/** Delayed messages that are made ready in one transaction at most. */
const dueBatch = 1024

/**
 * A durable queue on rows of the embedded database. Rows are the truth; the window of ready messages and the leases are
 * rebuilt from them at start, when whatever held a lease is gone. Nothing polls: a send wakes the consumer, one alarm
 * waits for the next delayed message and one for the next lease to expire.
 */
export const sqliteQueue = <Message>(
  database: Database,
  writer: Writer,
  name: string,
  settings: QueueSettings,
): SqliteQueue<Message> => {
  const rows = messageRows(database, name)
  const window = messageWindow(rows.ready)
  const deliveries = leases(settings.visibilityTimeoutMs, (expired) => {
    for (const { id } of expired) window.letGo(id)
    window.admit(expired)
  })
  let lastId = rows.highestId()

  const releaseDue = async (): Promise<void> => {
    const now = Date.now()
    const released = await writer.write(() => {
      const due = rows.due(now, dueBatch)
      for (const { id } of due) rows.makeReady(id)
      return due
    })
    window.admit(released)
    watchDue()
  }
  const dueAlarm = alarm(() => void releaseDue())
  const watchDue = (): void => dueAlarm.setBy(rows.earliestDue() ?? Number.POSITIVE_INFINITY)

  const bury = async ({ id }: StoredMessage): Promise<void> => {
    await writer.write(() => rows.bury(id, new Date().toISOString()))
    window.letGo(id)
  }

  const deliver = ({ id, body, received }: StoredMessage): Delivery => {
    const lease = deliveries.grant({ id, body, received: received + 1 })
    // Counted in the next transaction; a delivery that is over by then needs no count.
    writer.writeSoon(() => {
      if (!lease.isEnded) rows.countDelivery(id)
    })
    return { receipt: String(id), body, received: received + 1 }
  }

  const take = (max: number): Delivery[] => {
    const taken: Delivery[] = []
    while (taken.length < max) {
      const message = window.next()
      if (!message) break
      if (message.received >= settings.maxReceives) void bury(message)
      else taken.push(deliver(message))
    }
    return taken
  }

  /** Ends deliveries by `write`, and lets go of their messages once that is on disk. */
  const end = async (receipts: readonly string[], write: (id: number) => void): Promise<void> => {
    const ended = deliveries.end(receipts.map(Number))
    await writer.write(() => {
      for (const { message } of ended) write(message.id)
    })
    for (const { message } of ended) {
      deliveries.remove(message.id)
      window.letGo(message.id)
    }
  }

  const send = async (messages: readonly Message[], delaySeconds: number): Promise<void> => {
    const dueAt = delaySeconds > 0 ? Date.now() + delaySeconds * 1000 : 0
    const stored = messages.map((message) => {
      lastId += 1
      return { id: lastId, body: JSON.stringify(message), received: 0 }
    })
    await writer.write(() => {
      for (const { id, body } of stored) rows.insert(id, dueAt, body)
    })
    if (dueAt > 0) dueAlarm.setBy(dueAt)
    else window.admit(stored)
  }

  watchDue()
  return {
    send: (messages, { delaySeconds = 0 } = {}) => send(messages, delaySeconds),

    receive: async (max, waitMs) => {
      const taken = take(max)
      if (taken.length > 0 || waitMs === 0) return taken
      await window.wait(waitMs)
      return take(max)
    },

    acknowledge: (receipts) => end(receipts, rows.remove),

    postpone: async (receipt, delayMs) => {
      const dueAt = Date.now() + Math.max(1, delayMs)
      await end([receipt], (id) => rows.postpone(id, dueAt))
      dueAlarm.setBy(dueAt)
    },

    close: () => {
      dueAlarm.stop()
      deliveries.stop()
      window.wake()
    },
  }
}
