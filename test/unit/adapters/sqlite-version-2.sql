-- What version 2 of the tables added to version 1, as it was released. Never change it: files with these tables must open for ever.

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
