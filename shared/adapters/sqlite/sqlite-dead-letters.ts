import * as z from 'zod'
import type { DeadLetterQueue } from '../../ports/dead-letters.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { select } from './read.ts'
import type { SqliteQueue } from './sqlite-queue.ts'

const LetterRow = z.object({
  letter_id: z.int(),
  died_at: z.iso.datetime(),
  received: z.int(),
  body: z.string(),
})

/** The dead letters of a queue of the embedded database. They go back in one transaction: none is lost or sent twice. */
export const sqliteDeadLetters = <Message>(
  { connection }: Pick<Database, 'connection'>,
  { write }: Pick<Writer, 'write'>,
  name: string,
  { enqueue }: Pick<SqliteQueue<Message>, 'enqueue'>,
): DeadLetterQueue => {
  const oldest = select(
    connection,
    'SELECT rowid AS letter_id, died_at, received, body FROM dead_letters WHERE queue = ? ORDER BY rowid LIMIT ?',
    LetterRow,
  )
  const remove = connection.prepare('DELETE FROM dead_letters WHERE rowid = ?')

  return {
    look: async (limit) =>
      oldest.all(name, limit).map((row) => ({
        id: String(row.letter_id),
        at: row.died_at,
        messages: [row.body],
        received: row.received,
        condition: null,
      })),

    redrive: (limit) =>
      write(() => {
        const rows = oldest.all(name, limit)
        enqueue(
          rows.map(({ body }) => body),
          0,
        )
        for (const { letter_id: id } of rows) remove.run(id)
        return { redriven: rows.length, unreadable: 0, more: rows.length === limit }
      }),
  }
}
