import * as z from 'zod'
import { orUnknown, rows } from '../framework/answer.ts'
import type { Query } from '../framework/question.ts'

/**
 * Where archived logs and backups on disk go, and the room there. One statement, since all of it is read from memory
 * and the control file. `V$ASM_DISKGROUP_STAT` and not `V$ASM_DISKGROUP`, which looks for disks each time that it is
 * asked ("Views Containing Oracle ASM Disk Group Information", Automatic Storage Management Administrator's Guide). A
 * restore point that is not guaranteed keeps nothing.
 */
export const spaceQuery: Query = {
  sql: `SELECT 'recovery-area' AS kind, MAX(name) AS name, NULL AS binding, NVL(SUM(space_limit), 0) AS total_bytes,
  NVL(SUM(space_used), 0) AS used_bytes, NVL(SUM(space_reclaimable), 0) AS reclaimable_bytes,
  TO_NUMBER(NULL) AS usable_bytes FROM v$recovery_file_dest
  UNION ALL SELECT 'file-type', u.file_type, NULL, d.space_limit, ROUND(u.percent_space_used * d.space_limit / 100),
  ROUND(u.percent_space_reclaimable * d.space_limit / 100), TO_NUMBER(NULL)
  FROM v$recovery_area_usage u CROSS JOIN v$recovery_file_dest d WHERE u.percent_space_used > 0
  UNION ALL SELECT 'restore-point', name, NULL, TO_NUMBER(NULL), storage_size, TO_NUMBER(NULL), TO_NUMBER(NULL)
  FROM v$restore_point WHERE guarantee_flashback_database = 'YES' AND ROWNUM <= 100
  UNION ALL SELECT DISTINCT 'destination', destination, binding, TO_NUMBER(NULL), TO_NUMBER(NULL), TO_NUMBER(NULL),
  TO_NUMBER(NULL) FROM gv$archive_dest WHERE status NOT IN ('INACTIVE', 'DEFERRED', 'ALTERNATE')
  AND target IN ('PRIMARY', 'LOCAL')
  UNION ALL SELECT 'disk-group', name, NULL, total_mb * 1048576, (total_mb - free_mb) * 1048576, TO_NUMBER(NULL),
  usable_file_mb * 1048576 FROM v$asm_diskgroup_stat`,
}

const Bytes = orUnknown(z.number())

export const SpaceRows = rows({
  kind: z.enum(['recovery-area', 'file-type', 'restore-point', 'destination', 'disk-group']),
  /** Where the area is, the type of files in it, where archived logs go, or what the restore point or the group is called. */
  name: orUnknown(z.string()),
  /** Of a destination. */
  binding: orUnknown(z.string()),
  /** What an area may take (0: there is none) or a group has, mirrors included. */
  total_bytes: Bytes,
  used_bytes: Bytes,
  /** Of an area: what Oracle removes by itself as soon as it needs the room. */
  reclaimable_bytes: Bytes,
  /** Of a group: room for files, so that a failed disk could be mirrored again. Negative where it could not. */
  usable_bytes: Bytes,
})
export type SpaceRow = z.output<typeof SpaceRows>[number]

/** The rights that the statement needs. */
export const spacePrivileges = [
  'SELECT ON SYS.V_$RECOVERY_FILE_DEST',
  'SELECT ON SYS.V_$RECOVERY_AREA_USAGE',
  'SELECT ON SYS.V_$RESTORE_POINT',
  'SELECT ON SYS.GV_$ARCHIVE_DEST',
  'SELECT ON SYS.V_$ASM_DISKGROUP_STAT',
] as const

/** What a destination is called that is the recovery area ("LOG_ARCHIVE_DEST_n", Oracle Database Reference). */
export const areaDestination = 'USE_DB_RECOVERY_FILE_DEST'

/** The rows of that kind. */
export const spacesOf = (spaces: readonly SpaceRow[], kind: SpaceRow['kind']): readonly SpaceRow[] =>
  spaces.filter((row) => row.kind === kind)

/** Rounded to a tenth, as reports show it. */
export const percentOf = (part: number, whole: number): number => Math.round((1000 * part) / whole) / 10
