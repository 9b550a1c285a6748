import * as z from 'zod'
import { LogRange, Lsn } from './log-range.ts'

/** A GUID of an availability group or of a database in one: the same on every replica. */
export const GroupId = z.string().min(1).max(64)

/** Ages of the last sound backups in the history of one server, in minutes; null: it has none. */
const Ages = {
  full: z.number().nonnegative().nullable(),
  incremental: z.number().nonnegative().nullable(),
  log: z.number().nonnegative().nullable(),
}

/** What a history knows of the log, where it says all of it. */
const Log = {
  /** Where its newest full or incremental backup ends. */
  baseLsn: Lsn.optional(),
  /** Its sound log backups since then, where they follow on each other. */
  logs: LogRange.optional(),
}

/** Kinds of backups whose ages are judged. */
export const BackupKind = z.enum(['full', 'incremental', 'log'])
export type BackupKind = z.infer<typeof BackupKind>

/** Databases of groups that a result tells of: those beyond stay as the history of their own server says. */
export const maxSharedDatabases = 200

/** What one replica knows of the backups of a database that others have as well. */
export const SharedDatabase = z.strictObject({
  groupId: GroupId,
  /** `group_database_id`. */
  id: GroupId,
  /** Its name on this replica. */
  name: z.string().max(128),
  /** Its recovery fork: another one begins where a failover lost data. Left out: not known. */
  fork: GroupId.optional(),
  ...Ages,
  ...Log,
  /** The full backup that differential ones are based on, where this history shows that it is sound and of the same tool. */
  base: GroupId.optional(),
  /** That backup, where this history does not show it. */
  wantedBase: GroupId.optional(),
  /** Its log backups do not follow on: from the begin of the first gap to the end of the last, and all of them. */
  gaps: z.strictObject({ missing: LogRange, logs: LogRange }).optional(),
  /** Backups that have to be as recent as so many minutes, and are not, or not surely, by the history of this server. */
  open: z.partialRecord(BackupKind, z.number().nonnegative()),
})
export type SharedDatabase = Readonly<z.infer<typeof SharedDatabase>>
