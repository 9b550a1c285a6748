import * as z from 'zod'
import type { Database } from './database.ts'
import { select } from './read.ts'

/** Messages of one queue that were sent in one transaction: a row. It stays until the last of them is done. */
export interface Page {
  readonly id: number
  /** Since when it can be delivered, in time of the queues, ms. */
  readonly readyAt: number
  /** Messages that are not done yet. */
  open: number
}

/** A message in memory. */
export interface HeldMessage {
  readonly page: Page
  readonly index: number
  readonly body: string
  /** Deliveries before the next one. */
  readonly received: number
}

/** A page as it is on disk. `bodies` are JSON. */
export interface StoredPage {
  readonly id: number
  /** Since when it can be delivered, or from when on, in time of the queues, ms. */
  readonly readyAt: number
  readonly received: number
  readonly bodies: readonly string[]
}

const Messages = z.array(z.unknown())

const PageRow = z
  .object({ page_id: z.int(), ready_at: z.int(), received: z.int(), bodies: z.string() })
  .transform(({ page_id: id, ready_at: readyAt, received, bodies }) => ({
    id,
    readyAt,
    received,
    bodies: Messages.parse(JSON.parse(bodies)).map((message) => JSON.stringify(message)),
  }))

const CountsRow = z.object({ ready: z.int(), delayed: z.int() })
const HighestRow = z.object({ id: z.int().nullable() })
const EarliestRow = z.object({ due_at: z.int().nullable() })

/** Messages of a stored page, none of them done. */
export const messagesOf = ({ id, readyAt, received, bodies }: StoredPage): HeldMessage[] => {
  const page = { id, readyAt, open: bodies.length }
  return bodies.map((body, index) => ({ page, index, body, received }))
}

const prepare = ({ connection }: Database) => ({
  highest: select(connection, 'SELECT max(page_id) AS id FROM messages WHERE queue = ?', HighestRow),
  insert: connection.prepare(
    'INSERT INTO messages (queue, page_id, due_at, ready_at, received, bodies) VALUES (?, ?, ?, ?, ?, ?)',
  ),
  remove: connection.prepare('DELETE FROM messages WHERE queue = ? AND page_id = ?'),
  makeReady: connection.prepare('UPDATE messages SET due_at = 0 WHERE queue = ? AND page_id = ?'),
  countAll: connection.prepare('UPDATE messages SET received = received + 1 WHERE queue = ? AND due_at = 0'),
  ready: select(
    connection,
    'SELECT page_id, ready_at, received, bodies FROM messages WHERE queue = ? AND due_at = 0 ORDER BY page_id LIMIT ?',
    PageRow,
  ),
  due: select(
    connection,
    'SELECT page_id, ready_at, received, bodies FROM messages WHERE queue = ? AND due_at > 0 AND due_at <= ? ORDER BY due_at LIMIT ?',
    PageRow,
  ),
  earliest: select(
    connection,
    'SELECT min(due_at) AS due_at FROM messages WHERE queue = ? AND due_at > 0',
    EarliestRow,
  ),
  counts: select(
    connection,
    `SELECT coalesce(sum(json_array_length(bodies)) FILTER (WHERE due_at = 0), 0) AS ready,
      coalesce(sum(json_array_length(bodies)) FILTER (WHERE due_at > 0), 0) AS delayed
    FROM messages WHERE queue = ?`,
    CountsRow,
  ),
  bury: connection.prepare('INSERT INTO dead_letters (queue, died_at, received, body) VALUES (?, ?, ?, ?)'),
})

/** The pages of one queue. All writes belong into a transaction of the writer. */
export const messagePages = (database: Database, queue: string) => {
  const statements = prepare(database)
  let lastId = statements.highest.first(queue)?.id ?? 0
  return {
    /** Writes a page. `dueAt` in time of the queues, ms; 0: at once. */
    insert: (dueAt: number, received: number, bodies: readonly string[]): StoredPage => {
      lastId += 1
      const readyAt = dueAt > 0 ? dueAt : database.clock.queueTime()
      statements.insert.run(queue, lastId, dueAt, readyAt, received, `[${bodies.join(',')}]`)
      return { id: lastId, readyAt, received, bodies }
    },
    remove: (id: number) => statements.remove.run(queue, id),
    makeReady: (id: number) => statements.makeReady.run(queue, id),
    /** Counts one more delivery of everything deliverable. */
    countAll: () => statements.countAll.run(queue),
    /** How many messages can be delivered, and how many not yet. Reads all of them. */
    counts: (): z.infer<typeof CountsRow> => statements.counts.first(queue) ?? { ready: 0, delayed: 0 },
    /** Deliverable pages, oldest first. */
    ready: (limit: number): StoredPage[] => statements.ready.all(queue, limit),
    /** Delayed pages whose time has come. */
    due: (now: number, limit: number): StoredPage[] => statements.due.all(queue, now, limit),
    /** When the next delayed page is due, in time of the queues, ms; infinity if there is none. */
    earliestDue: (): number => statements.earliest.first(queue)?.due_at ?? Number.POSITIVE_INFINITY,
    bury: (body: string, received: number) =>
      statements.bury.run(queue, new Date().toISOString(), received, body),
  }
}

/** What `messagePages` gives. */
export type MessagePages = ReturnType<typeof messagePages>
