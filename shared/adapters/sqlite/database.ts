import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import * as z from 'zod'
import { DatabaseUnusable, unusable } from './database-unusable.ts'
import { type ClockReadings, type DatabaseClock, databaseClock } from './database-clock.ts'
import { select } from './read.ts'
import { readPulse } from './stored-pulse.ts'
import { tableVersions } from './table-versions.ts'

const VersionRow = z.object({ user_version: z.int() })

const migrate = (connection: DatabaseSyncInstance, path: string): void => {
  const version = select(connection, 'PRAGMA user_version', VersionRow).first()?.user_version ?? 0
  if (version > tableVersions.length) {
    throw new DatabaseUnusable(
      `${path} was written by a newer version of this service (table version ${version}, this one knows ${tableVersions.length}). Use that version, or another file.`,
    )
  }
  if (version === tableVersions.length) return
  const missing = tableVersions.slice(version).join('')
  connection.exec(`BEGIN; ${missing} PRAGMA user_version = ${tableVersions.length}; COMMIT`)
}

/** Mode of files that only their owner can read: they hold hashes of tokens, and addresses and names of databases. */
const ownerOnly = 0o600

/** Files of SQLite beside one that is open; they get its mode when they are made. */
const companions = ['-wal', '-shm', '-journal']

/** Makes a file and its companions its owner's alone, also where an earlier version left them open. */
const makePrivate = (path: string): void => {
  closeSync(openSync(path, 'a', ownerOnly))
  for (const file of [path, ...companions.map((end) => `${path}${end}`)]) {
    if (existsSync(file)) chmodSync(file, ownerOnly)
  }
}

/**
 * A lock that the operating system drops when the process ends, however it ends: an exclusive transaction on a file of
 * its own, so that the data stay readable with the `sqlite3` shell meanwhile.
 */
const lock = (path: string): DatabaseSyncInstance => {
  const connection = new DatabaseSync(`${path}.lock`)
  try {
    connection.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return connection
  } catch (cause) {
    connection.close()
    throw cause
  }
}

/** The one connection that writes, and how to end it. */
export interface Database {
  readonly connection: DatabaseSyncInstance
  readonly clock: DatabaseClock
  /** The write-ahead log. */
  readonly logPath: string
  readonly close: () => void
}

/** Makes the folder, and takes the lock. */
const hold = (path: string): DatabaseSyncInstance => {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    makePrivate(`${path}.lock`)
    return lock(path)
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/**
 * Opens or creates the database file, for this process alone. Throws `DatabaseUnusable` with the reason. `readings`: of
 * the clocks; those of this process if left out.
 */
export const openDatabase = (path: string, readings?: ClockReadings): Database => {
  const held = hold(path)
  try {
    makePrivate(path)
    const connection = new DatabaseSync(path)
    // A page holds three prechecks, so that a commit writes few of them. NORMAL: the log is synced by the writer, for
    // all commits of a moment at once, and by SQLite before a checkpoint.
    connection.exec(
      'PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16000',
    )
    migrate(connection, path)
    return {
      connection,
      clock: databaseClock(readPulse(connection), readings),
      logPath: `${path}-wal`,
      close: () => {
        connection.close()
        held.close()
      },
    }
  } catch (cause) {
    held.close()
    throw unusable(path, cause)
  }
}
