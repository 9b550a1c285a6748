import * as z from 'zod'
import { keptSince } from '../../model/retention.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { select } from './read.ts'

/** Prechecks looked at by one call, so that it holds up other writes for some ms only. */
const batch = 500

/** Pages removed by one call, and those of one more precheck, for the same reason. */
const maxPages = 200

const PrecheckRow = z.object({
  rowid: z.int(),
  precheck_id: z.string(),
  instance_id: z.string(),
  completed_at: z.string(),
})
type PrecheckRow = z.infer<typeof PrecheckRow>

/** Removes prechecks that ended more than 180 days before `now`, some at a time, and tells how many: none while the wall clock is not to be trusted. */
export type PurgeHistory = (now: Date) => Promise<number>

/**
 * Keeps the history from growing for ever. Called once a minute it removes up to 720,000 prechecks a day. The last
 * result of an instance stays, as does what is younger; what an Idempotency-Key was used for goes with its precheck.
 */
export const sqlitePurgeHistory = ({ connection, clock }: Database, { write }: Writer): PurgeHistory => {
  // Rows are numbered in the order in which prechecks ended.
  const oldest = select(
    connection,
    `SELECT
      rowid,
      precheck_id,
      json_extract(document, '$.instanceId') AS instance_id,
      json_extract(document, '$.completedAt') AS completed_at
    FROM prechecks WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    PrecheckRow,
  )
  const remove = connection.prepare(`
    DELETE FROM prechecks WHERE rowid = ?1
    AND NOT EXISTS (SELECT 1 FROM latest WHERE instance_id = ?2 AND last_id = precheck_id)`)
  const removeRequests = connection.prepare('DELETE FROM requests WHERE instance_id = ? AND precheck_id = ?')
  const removePages = connection.prepare('DELETE FROM precheck_pages WHERE precheck_id = ?')
  /** The last row that was dealt with: in front of it are last results, which stay. */
  let position = 0

  /** Removes a precheck and what is kept for it; `pages`: how many of it there were. */
  const removeRow = (row: PrecheckRow): { readonly prechecks: number; readonly pages: number } => {
    const { changes } = remove.run(row.rowid, row.instance_id)
    if (changes === 0) return { prechecks: 0, pages: 0 }
    removeRequests.run(row.instance_id, row.precheck_id)
    return { prechecks: changes, pages: removePages.run(row.precheck_id).changes }
  }

  return async (now) => {
    if (!clock.mayForget()) return 0
    return write(() => {
      const rows = oldest.all(position, batch)
      const firstKept = new Date(keptSince(now.toISOString())).toISOString()
      const old = rows.filter((row) => row.completed_at < firstKept)
      let removed = 0
      let pages = 0
      for (const row of old) {
        const gone = removeRow(row)
        removed += gone.prechecks
        pages += gone.pages
        position = row.rowid
        if (pages > maxPages) return removed
      }
      // At the end it begins again, since last results become older ones.
      if (old.length < batch) position = 0
      return removed
    })
  }
}
