import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'

/** Writes one row, as proof that rows can be written, with what the clocks say. Rejects as every write does. */
export const sqlitePulse = ({ connection, clock }: Database, { write }: Writer): (() => Promise<void>) => {
  const replace = connection.prepare('INSERT OR REPLACE INTO pulse VALUES (1, ?, ?, ?, ?)')
  return () =>
    write(() => {
      const { writtenAt, queueTime, unsettledMs, jumpedByMs } = clock.pulse()
      replace.run(writtenAt, queueTime, unsettledMs, jumpedByMs)
    })
}
