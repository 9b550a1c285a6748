/**
 * One file, readable with the `sqlite3` shell: documents are JSON, times UTC. Indexes are as few as the
 * semantics need, since every one is paid for on every write.
 */
const firstTables = `
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
    -- Time of the queues, ms since 1970; 0: deliverable at once, which keeps the page out of the index below.
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

/** Sweeps, webhooks and what was delivered to them. */
const sweepsAndWebhooks = `
  CREATE TABLE sweeps (
    sweep_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;

  -- How far the nights have been dealt with: one row.
  CREATE TABLE sweep_clock (
    clock_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE sweep_entries (
    sweep_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    status TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (sweep_id, instance_id)
  ) WITHOUT ROWID;
  CREATE INDEX sweep_entries_open ON sweep_entries (sweep_id, instance_id) WHERE status IN ('starting', 'started');

  CREATE TABLE webhooks (
    webhook_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;

  -- Ids of events begin with their time.
  CREATE TABLE webhook_deliveries (
    webhook_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (webhook_id, event_id)
  ) WITHOUT ROWID;
  CREATE INDEX webhook_deliveries_by_state
    ON webhook_deliveries (webhook_id, json_extract(document, '$.state'), event_id);

  CREATE TABLE webhook_traffic (
    webhook_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
`

/** Every document has a revision; entries of sweeps are found by the status in their documents, as deliveries are. */
const revisionsEverywhere = `
  ALTER TABLE tokens ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

  CREATE TABLE entries_with_revision (
    sweep_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (sweep_id, instance_id)
  ) WITHOUT ROWID;
  INSERT INTO entries_with_revision SELECT sweep_id, instance_id, 1, document FROM sweep_entries;
  DROP TABLE sweep_entries;
  ALTER TABLE entries_with_revision RENAME TO sweep_entries;
  CREATE INDEX sweep_entries_by_status
    ON sweep_entries (sweep_id, json_extract(document, '$.status'), instance_id);
`

/** The row that tells that rows can be written, with what the clocks said then (ms). */
const pulseRow = `
  CREATE TABLE pulse (
    pulse_id INTEGER PRIMARY KEY CHECK (pulse_id = 1),
    -- ms since 1970.
    written_at INTEGER NOT NULL,
    -- Time of the queues.
    queue_time INTEGER NOT NULL,
    -- For how long the wall clock was not to be trusted from then on, and how far it had been set.
    unsettled_ms INTEGER NOT NULL,
    jumped_by_ms INTEGER NOT NULL
  );
`

/** What is too long for the document of a precheck: JSON, compressed by brotli. */
const pagesOfPrechecks = `
  CREATE TABLE precheck_pages (
    precheck_id TEXT NOT NULL,
    name TEXT NOT NULL,
    page BLOB NOT NULL,
    PRIMARY KEY (precheck_id, name)
  );
`

/** When instances are due at night, and whose schedule has changed since that was written. */
const dueStarts = `
  CREATE TABLE due_starts (
    start_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE schedule_changes (
    change_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
`

/** What check items judge by. */
const policies = `
  CREATE TABLE policies (
    policy_name TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
`

/** What is remembered of instances from one precheck to the next. */
const instanceMemory = `
  CREATE TABLE instance_memory (
    instance_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  );
`

/** How the instances stood when their prechecks looked. */
const instanceProtection = `
  CREATE TABLE instance_protection (
    instance_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
`

/** What the replicas of availability groups know of their backups. */
const replicaHistory = `
  CREATE TABLE replica_history (
    group_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (group_id, instance_id)
  ) WITHOUT ROWID;
`

/** How an instance stands by its last result; '' where that was written before there was this column. */
const standings = `
  ALTER TABLE latest ADD COLUMN standing TEXT NOT NULL DEFAULT '';
`

/** What came of the backups of the instances. */
const backupRecords = `
  CREATE TABLE backup_records (
    instance_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  );
`

/** Which prechecks of sweeps run on a host. */
const hostSlots = `
  CREATE TABLE host_slots (
    host_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
`

/**
 * Since when messages can be delivered, or from when on, in time of the queues, ms. Those that wait already count from
 * when the service was last seen.
 */
const readyTimes = `
  ALTER TABLE messages ADD COLUMN ready_at INTEGER NOT NULL DEFAULT 0;
  UPDATE messages SET ready_at = iif(due_at > 0, due_at, coalesce((SELECT queue_time FROM pulse), unixepoch() * 1000));
`

/**
 * What each version of the tables adds to the one before; a file of a newer version than this list is refused. A table
 * of documents has their key columns, `revision` and `document`, and the index `<table>_by_<status>` if their kind has
 * a status.
 */
export const tableVersions = [
  firstTables,
  sweepsAndWebhooks,
  revisionsEverywhere,
  pulseRow,
  pagesOfPrechecks,
  dueStarts,
  policies,
  instanceMemory,
  instanceProtection,
  replicaHistory,
  standings,
  backupRecords,
  hostSlots,
  readyTimes,
] as const
