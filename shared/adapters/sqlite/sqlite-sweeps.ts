import type { Sweep, SweepClock } from '../../model/sweep.ts'
import type { Sweeps } from '../../ports/sweeps.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { afterAllIds, pageOf } from './page-of.ts'
import { keptSince } from './retention.ts'
import { revisionedDocuments } from './revisioned-documents.ts'

/** Key of the only row of the clock. */
const nights = ['nights']

/** Sweeps in the embedded database. A new sweep removes those that are too old, and their entries. */
export const sqliteSweeps = (database: Database, { write }: Writer): Sweeps => {
  const { connection } = database
  const sweeps = revisionedDocuments<Sweep>(database, 'sweeps', ['sweep_id'])
  const clock = revisionedDocuments<SweepClock>(database, 'sweep_clock', ['clock_id'])
  const newestFirst = connection.prepare(
    'SELECT document FROM sweeps WHERE sweep_id < ? ORDER BY sweep_id DESC LIMIT ?',
  )
  const removeOld = connection.prepare('DELETE FROM sweeps WHERE sweep_id < ?')
  const removeOldEntries = connection.prepare('DELETE FROM sweep_entries WHERE sweep_id < ?')

  /** Ids begin with the date, so that they are compared as they are. */
  const removeBefore = (firstKept: string): void => {
    removeOldEntries.run(firstKept)
    removeOld.run(firstKept)
  }

  return {
    get: async (sweepId) => sweeps.get(sweepId),

    put: (sweep, revision) =>
      write(() => {
        if (!sweeps.put([sweep.id], sweep, revision)) return false
        if (revision === 0) removeBefore(new Date(keptSince(sweep.startedAt)).toISOString().slice(0, 10))
        return true
      }),

    list: async ({ limit, after = afterAllIds }) =>
      pageOf(newestFirst.all(after, limit + 1).map(sweeps.parse), limit, ({ id }) => id),

    readClock: async () => clock.get(...nights),

    writeClock: (time, revision) => write(() => clock.put(nights, time, revision)),
  }
}
