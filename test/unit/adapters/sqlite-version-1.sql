-- The tables of version 1, as they were released. Never change them: files with these tables must open for ever.

CREATE TABLE instances (
  instance_id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  document TEXT NOT NULL
) WITHOUT ROWID;

-- One precheck of an instance at a time: kept by the database itself.
CREATE TABLE running_prechecks (
  instance_id TEXT PRIMARY KEY,
  precheck_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  document TEXT NOT NULL
);

-- The completed ones. Each names the one of its instance before it, so that the history needs no index.
CREATE TABLE prechecks (
  precheck_id TEXT PRIMARY KEY,
  previous_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  document TEXT NOT NULL
);

CREATE TABLE latest (
  instance_id TEXT PRIMARY KEY,
  -- Head of the history.
  newest_id TEXT NOT NULL,
  -- The last result; '' before there is one.
  last_id TEXT NOT NULL,
  last_started_at TEXT NOT NULL,
  -- What the next result is compared with, so that the whole document need not be read for it.
  comparable TEXT NOT NULL
) WITHOUT ROWID;

-- What an Idempotency-Key was used for.
CREATE TABLE requests (
  instance_id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  precheck_id TEXT NOT NULL,
  PRIMARY KEY (instance_id, idempotency_key)
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
