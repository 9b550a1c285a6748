import * as z from 'zod'
import { someRows } from '../framework/answer.ts'
import type { Query } from '../framework/question.ts'
import type { oracle } from './engine.ts'
import { wordOrNull } from './facts.ts'

/**
 * What the control file says of the data files, in rows of one shape: by container and by what is the same of its
 * files, so that there are few of them however many files there are. It works on a database that is only mounted.
 *
 * - `DATABASE`: the whole. `name`: DBID; `status`: FORCE_LOGGING; `detail`: the SCN of the last RESETLOGS; `amount`: 1.
 * - `DATA_FILES`: `name`: one of them; `status`: as V$DATAFILE has it; `detail`: why it needs recovery ("V$RECOVER_FILE"),
 *   `NONE` if it does not, `NOT STATED` where the server gives no reason; `amount`: files.
 * - `CORRUPTION`: `name`: one of the files; `status`: the type of the corruption; `amount`: blocks.
 * - `UNRECOVERABLE`: files that changed without redo, and of which no backup from after that is known: `status`: `CHANGED`.
 * - `NONLOGGED`: files of a standby that lack changes for which it received no redo: `status`: `CHANGED`.
 *
 * A backup covers a change when both its SCN and its time are not before it, since SCNs start anew where somebody went
 * back in time (RESETLOGS). Source: "Dynamic Performance Views", Oracle Database Reference.
 */
export const fileQuery: Query = {
  sql: `SELECT 'DATABASE' AS kind, 0 AS con_id, TO_CHAR(d.dbid) AS name, d.force_logging AS status,
    TO_CHAR(d.resetlogs_change#) AS detail, 1 AS amount FROM v$database d
  UNION ALL
  SELECT 'DATA_FILES', f.con_id, MIN(f.name), f.status,
    CASE WHEN r.file# IS NULL THEN 'NONE' ELSE NVL(r.error, 'NOT STATED') END, COUNT(*)
    FROM v$datafile f LEFT JOIN v$recover_file r ON r.file# = f.file#
    GROUP BY f.con_id, f.status, CASE WHEN r.file# IS NULL THEN 'NONE' ELSE NVL(r.error, 'NOT STATED') END
  UNION ALL
  SELECT 'CORRUPTION', f.con_id, MIN(f.name), c.corruption_type, '-', SUM(c.blocks)
    FROM v$database_block_corruption c JOIN v$datafile f ON f.file# = c.file#
    GROUP BY f.con_id, c.corruption_type
  UNION ALL
  SELECT 'UNRECOVERABLE', u.con_id, MIN(u.name), 'CHANGED', '-', COUNT(*)
    FROM (SELECT f.file#, f.con_id, f.name, MAX(CASE WHEN b.checkpoint_change# >= f.unrecoverable_change#
        AND b.checkpoint_time >= f.unrecoverable_time THEN 1 ELSE 0 END) AS is_covered
      FROM v$datafile f LEFT JOIN (SELECT file#, checkpoint_change#, checkpoint_time FROM v$backup_datafile
        UNION ALL SELECT file#, checkpoint_change#, checkpoint_time FROM v$datafile_copy WHERE status = 'A') b
        ON b.file# = f.file#
      WHERE f.unrecoverable_change# > 0 GROUP BY f.file#, f.con_id, f.name) u
    WHERE u.is_covered = 0 GROUP BY u.con_id
  UNION ALL
  SELECT 'NONLOGGED', f.con_id, MIN(f.name), 'CHANGED', '-', COUNT(*)
    FROM v$datafile f WHERE f.first_nonlogged_scn > 0 GROUP BY f.con_id`,
}

/** The rights that it takes. */
export const filePrivileges = [
  'SELECT ON SYS.V_$DATABASE',
  'SELECT ON SYS.V_$DATAFILE',
  'SELECT ON SYS.V_$RECOVER_FILE',
  'SELECT ON SYS.V_$DATABASE_BLOCK_CORRUPTION',
  'SELECT ON SYS.V_$BACKUP_DATAFILE',
  'SELECT ON SYS.V_$DATAFILE_COPY',
] as const satisfies readonly (keyof typeof oracle.privileges)[]

export const FileRows = someRows({
  kind: z.enum(['DATABASE', 'DATA_FILES', 'CORRUPTION', 'UNRECOVERABLE', 'NONLOGGED']),
  con_id: z.int(),
  name: z.string(),
  status: wordOrNull,
  detail: wordOrNull,
  amount: z.int().positive(),
}).refine((rows) => rows.some(({ kind }) => kind === 'DATABASE'), 'expected the database')
export type FileRow = z.output<typeof FileRows>[number]
