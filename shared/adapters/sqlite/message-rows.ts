import type { Database } from './database.ts'

/** A message as it stands on disk. */
export interface StoredMessage {
  readonly id: number
  readonly body: string
  /** Deliveries that were counted on disk. */
  readonly received: number
}

const toMessage = (row: Record<string, unknown>): StoredMessage => ({
  id: Number(row['message_id']),
  body: String(row['body']),
  received: Number(row['received']),
})

/** The rows of one queue. All writes belong into a transaction of the writer. */
export const messageRows = ({ connection }: Database, queue: string) => {
  const highest = connection.prepare(`
    SELECT max(message_id) AS id FROM (
      SELECT message_id FROM messages WHERE queue = ?1 UNION ALL SELECT message_id FROM dead_letters WHERE queue = ?1
    )`)
  const insert = connection.prepare(
    'INSERT INTO messages (queue, message_id, due_at, received, body) VALUES (?, ?, ?, 0, ?)',
  )
  const remove = connection.prepare('DELETE FROM messages WHERE queue = ? AND message_id = ?')
  const count = connection.prepare(
    'UPDATE messages SET received = received + 1 WHERE queue = ? AND message_id = ?',
  )
  const postpone = connection.prepare('UPDATE messages SET due_at = ? WHERE queue = ? AND message_id = ?')
  const ready = connection.prepare(
    'SELECT message_id, body, received FROM messages WHERE queue = ? AND due_at = 0 ORDER BY message_id LIMIT ?',
  )
  const due = connection.prepare(
    'SELECT message_id, body, received FROM messages WHERE queue = ? AND due_at > 0 AND due_at <= ? ORDER BY due_at LIMIT ?',
  )
  const earliest = connection.prepare(
    'SELECT min(due_at) AS due_at FROM messages WHERE queue = ? AND due_at > 0',
  )
  const bury = connection.prepare(`
    INSERT OR REPLACE INTO dead_letters (queue, message_id, received, died_at, body)
    SELECT queue, message_id, received, ?, body FROM messages WHERE queue = ? AND message_id = ?`)

  return {
    /** Highest id ever given that may still be seen, dead letters included, so that no id stands for two messages. */
    highestId: (): number => Number(highest.get(queue)?.['id'] ?? 0),
    insert: (id: number, dueAt: number, body: string) => insert.run(queue, id, dueAt, body),
    remove: (id: number) => remove.run(queue, id),
    countDelivery: (id: number) => count.run(queue, id),
    postpone: (id: number, dueAt: number) => postpone.run(dueAt, queue, id),
    makeReady: (id: number) => postpone.run(0, queue, id),
    /** Deliverable messages, oldest first. */
    ready: (limit: number): StoredMessage[] => ready.all(queue, limit).map(toMessage),
    /** Delayed messages whose time has come. */
    due: (now: number, limit: number): StoredMessage[] => due.all(queue, now, limit).map(toMessage),
    /** When the next delayed message is due, ms since 1970. */
    earliestDue: (): number | null => {
      const value = earliest.get(queue)?.['due_at']
      return value === null || value === undefined ? null : Number(value)
    },
    bury: (id: number, diedAt: string) => {
      bury.run(diedAt, queue, id)
      remove.run(queue, id)
    },
  }
}
