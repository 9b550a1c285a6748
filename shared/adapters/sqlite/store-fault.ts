import { StoreFault } from '../../ports/store-fault.ts'
import { sqliteCode, sqliteCodeOf, systemCodeOf } from './fault-codes.ts'

const full = 'The disk of the data folder is full. Free some of it.'

/** What a result code of SQLite means to a write; those that are left out are faults of the service itself. */
const meaning: Readonly<Record<number, readonly [StoreFault['code'], string]>> = {
  [sqliteCode.full]: ['STORE_FULL', full],
  [sqliteCode.busy]: ['STORE_UNAVAILABLE', 'Another process has locked the database file. Stop it.'],
  [sqliteCode.locked]: ['STORE_UNAVAILABLE', 'The database is locked.'],
  [sqliteCode.readOnly]: [
    'STORE_UNAVAILABLE',
    'The database file cannot be written. Check its mode and its disk.',
  ],
  [sqliteCode.inputOutput]: [
    'STORE_UNAVAILABLE',
    'The disk of the data folder fails. Check the log of the system.',
  ],
  [sqliteCode.cannotOpen]: [
    'STORE_UNAVAILABLE',
    'The database file cannot be opened. Check the data folder.',
  ],
  [sqliteCode.corrupt]: ['STORE_UNAVAILABLE', 'The database file is damaged. Restore it from a backup.'],
}

/** What keeps the database from being written; anything else is given back as it is. */
export const storeFaultOf = (cause: unknown): unknown => {
  const known = meaning[sqliteCodeOf(cause) ?? -1]
  return known ? new StoreFault(known[0], known[1], { cause }) : cause
}

/** Codes of the system for a disk, or a share of it, that is full. */
const fullCodes = ['ENOSPC', 'EDQUOT']

/** What it means that the disk refused what it had taken before: it may lose that without a word. */
export const lostSync = (cause: Error): StoreFault =>
  fullCodes.includes(systemCodeOf(cause))
    ? new StoreFault('STORE_FULL', `${full} Then start the service again.`, { cause })
    : new StoreFault('STORE_UNAVAILABLE', 'The disk of the data folder fails. Start the service again.', {
        cause,
      })
