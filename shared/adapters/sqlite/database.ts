import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'

/** Increases with every change of the tables; a file of a newer version is refused. */
const schemaVersion = 1

/**
 * One file, readable with the `sqlite3` shell: documents are JSON, times UTC. Indexes are as few as the
 * semantics need, since every one is paid for on every write.
 */
const schema = `
  CREATE TABLE instances (
    instance_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE prechecks (
    precheck_id TEXT PRIMARY KEY,
    instance_id TEXT NOT NULL,
    started_at TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    idempotency_key TEXT,
    request_hash TEXT,
    document TEXT NOT NULL
  );
  CREATE INDEX prechecks_history ON prechecks (instance_id, started_at, precheck_id);
  -- One running precheck per instance, and one precheck per idempotency key: kept by the database itself.
  CREATE UNIQUE INDEX prechecks_running ON prechecks (instance_id) WHERE state = 'running';
  CREATE UNIQUE INDEX prechecks_repeatable ON prechecks (instance_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

  CREATE TABLE last_results (
    instance_id TEXT PRIMARY KEY,
    started_at TEXT NOT NULL,
    precheck_id TEXT NOT NULL,
    -- What the next result is compared with, so that the whole document need not be read for it.
    comparable TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE messages (
    queue TEXT NOT NULL,
    page_id INTEGER NOT NULL,
    -- ms since 1970; 0: deliverable at once, which keeps the page out of the index below.
    due_at INTEGER NOT NULL,
    received INTEGER NOT NULL,
    -- JSON array of the messages that were sent in one transaction.
    bodies TEXT NOT NULL,
    PRIMARY KEY (queue, page_id)
  );
  CREATE INDEX messages_due ON messages (queue, due_at) WHERE due_at > 0;

  CREATE TABLE dead_letters (
    queue TEXT NOT NULL,
    died_at TEXT NOT NULL,
    received INTEGER NOT NULL,
    body TEXT NOT NULL
  );

  CREATE TABLE tokens (
    token_id TEXT PRIMARY KEY,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
`

/** A database file that cannot be used, with a text that says what to do. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable'
}

const migrate = (connection: DatabaseSyncInstance, path: string): void => {
  const version = Number(connection.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version === schemaVersion) return
  if (version !== 0) {
    throw new DatabaseUnusable(
      `${path} was written by another version of this service (tables ${version}, here ${schemaVersion}). Use that version, or another file.`,
    )
  }
  connection.exec(`BEGIN; ${schema} PRAGMA user_version = ${schemaVersion}; COMMIT`)
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
    throw new DatabaseUnusable(`${path} is in use by another host process. Stop it, or name another file.`, {
      cause,
    })
  }
}

/** The one connection that writes, and how to end it. */
export interface Database {
  readonly connection: DatabaseSyncInstance
  readonly close: () => void
}

/** Opens or creates the database file, for this process alone. Throws `DatabaseUnusable` with the reason. */
export const openDatabase = (path: string): Database => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const held = lock(path)
  try {
    const connection = new DatabaseSync(path)
    // WAL with a sync at every commit: what was committed survives a loss of power, not only kill -9.
    connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000')
    migrate(connection, path)
    return {
      connection,
      close: () => {
        connection.close()
        held.close()
      },
    }
  } catch (cause) {
    held.close()
    throw cause instanceof DatabaseUnusable
      ? cause
      : new DatabaseUnusable(`${path} is not a database of this service, or cannot be written.`, { cause })
  }
}
