import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { keptSince } from '../../model/retention.ts'

/** Prechecks looked at by one call, so that it holds up other writes for some ms only. */
const batch = 500

/** Removes prechecks that ended more than 180 days before `now`, some at a time, and tells how many. */
export type PurgeHistory = (now: Date) => Promise<number>

/**
 * Keeps the history from growing for ever. Called once a minute it removes up to 720,000 prechecks a day. The last
 * result of an instance stays, as does what is younger; what an Idempotency-Key was used for goes with its precheck.
 */
export const sqlitePurgeHistory = ({ connection }: Database, { write }: Writer): PurgeHistory => {
  // Rows are numbered in the order in which prechecks ended.
  const selectOldest = connection.prepare(`
    SELECT
      rowid,
      precheck_id,
      json_extract(document, '$.instanceId') AS instance_id,
      json_extract(document, '$.completedAt') AS completed_at
    FROM prechecks WHERE rowid > ? ORDER BY rowid LIMIT ?`)
  const remove = connection.prepare(`
    DELETE FROM prechecks WHERE rowid = ?1
    AND NOT EXISTS (SELECT 1 FROM latest WHERE instance_id = ?2 AND last_id = precheck_id)`)
  const removeRequests = connection.prepare('DELETE FROM requests WHERE instance_id = ? AND precheck_id = ?')
  /** The last row that was dealt with: in front of it are last results, which stay. */
  let position = 0

  const removeRow = (row: Record<string, unknown>): number => {
    const instanceId = String(row['instance_id'])
    const { changes } = remove.run(Number(row['rowid']), instanceId)
    if (changes === 1) removeRequests.run(instanceId, String(row['precheck_id']))
    return changes
  }

  return (now) =>
    write(() => {
      const rows = selectOldest.all(position, batch)
      const firstKept = new Date(keptSince(now.toISOString())).toISOString()
      const old = rows.filter((row) => String(row['completed_at']) < firstKept)
      // At the end it begins again, since last results become older ones.
      position = old.length === batch ? Number(old.at(-1)?.['rowid']) : 0
      return old.reduce((removed, row) => removed + removeRow(row), 0)
    })
}
