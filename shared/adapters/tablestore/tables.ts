import { keptDays } from '../../model/retention.ts'

/** A table as it is created. All primary key columns are texts; the first one decides the partition. */
export interface TableSchema {
  readonly name: string
  readonly primaryKey: readonly string[]
  /** Seconds after which what was written is removed; -1 keeps it for ever. */
  readonly timeToLive: number
  readonly maxVersions: number
}

/** Seconds after which what was written is removed. */
const retention = keptDays * 24 * 60 * 60

/** Names of the tables, and what a row of each is. */
export const tables = {
  /** A precheck: its document, and by which revision it is changed. */
  prechecks: 'prechecks',
  /** That a precheck of an instance was started, and when; its document is in `prechecks`. */
  history: 'precheck_history',
  /** What an Idempotency-Key was used for. */
  requests: 'precheck_requests',
  /** The running precheck and the last result of an instance. */
  latest: 'latest_prechecks',
  instances: 'instances',
  sweeps: 'sweeps',
  /** How far the nights have been dealt with: one row. */
  sweepClock: 'sweep_clock',
  sweepEntries: 'sweep_entries',
  webhooks: 'webhooks',
  /** Ids of events begin with their time. */
  deliveries: 'webhook_deliveries',
  /** Who is calling which webhook. */
  traffic: 'webhook_traffic',
  tokens: 'tokens',
} as const

const schema = (name: string, primaryKey: readonly string[], timeToLive: number): TableSchema => ({
  name,
  primaryKey,
  timeToLive,
  maxVersions: 1,
})

/**
 * Every table that the adapters use. Keys begin with random ids or with ids of instances, never with a time, so that
 * writes spread over the partitions; but for those of sweeps, of which few are written at a time. Rows are updated in
 * place, which must stay allowed (`allowUpdate`).
 */
export const tableSchemas: readonly TableSchema[] = [
  schema(tables.prechecks, ['precheck_id'], retention),
  schema(tables.history, ['instance_id', 'started_at', 'precheck_id'], retention),
  schema(tables.requests, ['instance_id', 'idempotency_key'], retention),
  schema(tables.latest, ['instance_id'], -1),
  schema(tables.instances, ['instance_id'], -1),
  schema(tables.tokens, ['token_id'], -1),
  schema(tables.sweeps, ['sweep_id'], retention),
  schema(tables.sweepClock, ['clock_id'], -1),
  schema(tables.sweepEntries, ['sweep_id', 'instance_id'], retention),
  schema(tables.webhooks, ['webhook_id'], -1),
  schema(tables.deliveries, ['webhook_id', 'event_id'], retention),
  schema(tables.traffic, ['webhook_id'], -1),
]
