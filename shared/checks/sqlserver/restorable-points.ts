/** The order in which backups lead from one to the next. */
const byLsn = 'PARTITION BY {row}.database_id ORDER BY {row}.last_lsn, {row}.first_lsn, {row}.minutes DESC'

const inOrder = (row: string): string => byLsn.replaceAll('{row}', row)

/** A sound full or incremental backup to which log backups can be added: a copy that is a snapshot is none. */
const isBase = (row: string): string =>
  `${row}.is_sound = 1 AND ${row}.type IN ('D', 'I') AND NOT (${row}.is_snapshot = 1 AND ${row}.is_copy_only = 1)`

/**
 * Adds to rows of the history of backups which of them a restore could get to: full and incremental ones, and log
 * backups as long as each begins where something that is sound has ended, since the full or incremental one before it.
 * `gap_minutes` is the time from the point before (null: there is none), `newest` counts from 1 within type and
 * soundness. The rows have `database_id`, `type`, `is_sound`, `is_copy_only`, `is_snapshot`, `first_lsn`, `last_lsn`
 * and `minutes` (ages). Standard SQL, so that it can be tried on any engine.
 */
export const withRestorablePoints = (rows: string): string => `(SELECT p3.*,
    p3.minutes_before - p3.minutes AS gap_minutes
  FROM (SELECT p2.*, LAG(p2.minutes) OVER (PARTITION BY p2.database_id, p2.is_point
      ORDER BY p2.minutes DESC, p2.last_lsn) AS minutes_before,
      ROW_NUMBER() OVER (PARTITION BY p2.database_id, p2.type, p2.is_sound
        ORDER BY p2.minutes, p2.last_lsn DESC) AS newest
    FROM (SELECT p1.*, CASE WHEN p1.is_sound = 0 THEN 0 WHEN p1.type IN ('D', 'I') THEN 1
        WHEN MAX(CASE WHEN ${isBase('p1')} THEN p1.last_lsn END) OVER (${inOrder('p1')}
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
          >= COALESCE(MAX(CASE WHEN p1.is_sound = 1 AND p1.type = 'L' AND p1.first_lsn > p1.reached_lsn
            THEN p1.last_lsn END) OVER (${inOrder('p1')} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 0)
        THEN 1 ELSE 0 END AS is_point
      FROM (SELECT p0.*, MAX(CASE WHEN ${isBase('p0')} OR p0.is_sound = 1 AND p0.type = 'L' THEN p0.last_lsn END)
          OVER (${inOrder('p0')} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached_lsn
        FROM ${rows} AS p0) AS p1) AS p2) AS p3)`
