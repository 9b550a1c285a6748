/** Result codes of SQLite ("Result and Error Codes", sqlite.org). */
export const sqliteCode = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const

/** The primary code is the low byte of an extended one (same page). */
const primary = 0xff

/** The result code of SQLite in a fault; null if it is none of it. */
export const sqliteCodeOf = (fault: unknown): number | null =>
  fault instanceof Error && 'errcode' in fault && typeof fault.errcode === 'number'
    ? fault.errcode & primary
    : null

/** The code of the system in a fault; '' if there is none. */
export const systemCodeOf = (fault: unknown): string =>
  fault instanceof Error && 'code' in fault ? String(fault.code) : ''
