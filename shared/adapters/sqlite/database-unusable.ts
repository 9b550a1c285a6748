import { dirname } from 'node:path'
import { sqliteCode, sqliteCodeOf, systemCodeOf } from './fault-codes.ts'

/** A database file that cannot be used, with a text that says what to do. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable'
}

/** One that another process works on. */
export class DatabaseInUse extends DatabaseUnusable {}

const useAnother = 'Use a data folder (PRECHECK_DATA) that this user can write.'

const sqliteText = (path: string, code: number): string | null => {
  if (code === sqliteCode.busy)
    return `${path} is in use by another process of this service. Stop it, or use another data folder (PRECHECK_DATA).`
  if (code === sqliteCode.full)
    return `The disk of ${path} is full. Free some of it, or use another data folder (PRECHECK_DATA).`
  if (code === sqliteCode.readOnly || code === sqliteCode.cannotOpen)
    return `${path} cannot be written. ${useAnother}`
  if (code === sqliteCode.notADatabase)
    return `${path} is not a database. Remove it, or use another data folder (PRECHECK_DATA).`
  return code === sqliteCode.corrupt ? `${path} is damaged. Restore it from a backup.` : null
}

/** What the system says of the folder or of a file in it. */
const systemTexts: Readonly<Record<string, (path: string) => string>> = {
  EACCES: (path) => `This user may not write ${dirname(path)}.`,
  EPERM: (path) => `${dirname(path)} or a file in it belongs to another user.`,
  EROFS: (path) => `${dirname(path)} is read-only.`,
  EEXIST: (path) => `${dirname(path)} is a file and no folder.`,
  ENOTDIR: (path) => `${dirname(path)} lies below a file.`,
  // Also what Node.js makes of a folder that it cannot make where nothing can be written.
  ENOENT: (path) => `${dirname(path)} cannot be made.`,
  EISDIR: (path) => `${path} is a folder and no database file.`,
  ENOSPC: (path) => `The disk of ${dirname(path)} is full.`,
}

/** What is wrong with a database file that could not be opened, by the fault that said so. */
export const unusable = (path: string, cause: unknown): DatabaseUnusable => {
  if (cause instanceof DatabaseUnusable) return cause
  const sqlite = sqliteCodeOf(cause)
  const known = sqlite === null ? null : sqliteText(path, sqlite)
  if (known !== null) {
    const Unusable = sqlite === sqliteCode.busy ? DatabaseInUse : DatabaseUnusable
    return new Unusable(known, { cause })
  }
  const system = systemTexts[systemCodeOf(cause)]?.(path)
  const what =
    system ?? `${path} cannot be opened (${cause instanceof Error ? cause.message : String(cause)}).`
  return new DatabaseUnusable(`${what} ${useAnother}`, { cause })
}
