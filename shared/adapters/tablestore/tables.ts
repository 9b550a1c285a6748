import { keptDays } from '../../model/retention.ts'
import { resultPartKind } from '../mns/mns-results.ts'
import { backupRecordKind } from '../../ports/backup-records.ts'
import { dueStartKind, scheduleChangeKind } from '../../ports/due-starts.ts'
import { instanceMemoryKind } from '../../ports/instance-memories.ts'
import { hostSlotsKind } from '../../ports/host-slots.ts'
import { replicaHistoryKind } from '../../ports/replica-histories.ts'
import { instanceKind } from '../../ports/instances.ts'
import { policyKind } from '../../ports/policies.ts'
import { protectionKind } from '../../ports/protections.ts'
import { sweepClockKind, sweepEntryKind, sweepKind } from '../../ports/sweeps.ts'
import { tokenKind } from '../../ports/tokens.ts'
import { deliveryKind, trafficKind, webhookKind } from '../../webhooks/stores.ts'

/** A table as it is created. All primary key columns are texts; the first one decides the partition. */
export interface TableSchema {
  readonly name: string
  readonly primaryKey: readonly string[]
  /** Seconds after which what was written is removed; -1 keeps it for ever. */
  readonly timeToLive: number
  readonly maxVersions: number
}

const secondsPerDay = 24 * 60 * 60

/** Seconds after which what was written is removed. */
const retention = keptDays * secondsPerDay

/** Names of the tables of the results, and what a row of each is. */
export const tables = {
  /** A precheck: its document, and by which revision it is changed. */
  prechecks: 'prechecks',
  /** A page of a precheck: what is too long for its document. */
  pages: 'precheck_pages',
  /** That a precheck of an instance was started, and when; its document is in `prechecks`. */
  history: 'precheck_history',
  /** What an Idempotency-Key was used for. */
  requests: 'precheck_requests',
  /** The running precheck and the last result of an instance. */
  latest: 'latest_prechecks',
} as const

const schema = (name: string, primaryKey: readonly string[], timeToLive: number): TableSchema => ({
  name,
  primaryKey,
  timeToLive,
  maxVersions: 1,
})

/**
 * Every table that the adapters use. Keys begin with random ids, with ids of instances or with the number of a
 * partition, never with a time, so that writes spread over the partitions; but for those of sweeps, of which few are
 * written at a time, and for due starts, which change when schedules do. Rows are updated in place, which must stay
 * allowed (`allowUpdate`).
 */
export const tableSchemas: readonly TableSchema[] = [
  schema(tables.prechecks, ['precheck_id'], retention),
  schema(tables.pages, ['precheck_id', 'page_name'], retention),
  schema(tables.history, ['instance_id', 'started_at', 'precheck_id'], retention),
  schema(tables.requests, ['instance_id', 'idempotency_key'], retention),
  schema(tables.latest, ['instance_id'], -1),
  ...[
    instanceKind,
    instanceMemoryKind,
    tokenKind,
    policyKind,
    protectionKind,
    backupRecordKind,
    replicaHistoryKind,
    sweepKind,
    sweepEntryKind,
    sweepClockKind,
    hostSlotsKind,
    dueStartKind,
    scheduleChangeKind,
    webhookKind,
    deliveryKind,
    trafficKind,
    resultPartKind,
  ].map(({ table, keyColumns, keptDays: days }) =>
    schema(table, keyColumns, days === undefined ? -1 : days * secondsPerDay),
  ),
]
