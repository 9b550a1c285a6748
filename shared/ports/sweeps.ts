import { keptDays, keptSince } from '../model/retention.ts'
import { Sweep, SweepClock, SweepEntry } from '../model/sweep.ts'
import type { DocumentKind, Documents } from './documents.ts'

/** The date of the oldest sweeps that are kept at a time (UTC). Ids of sweeps begin with their date. */
const firstDateKept = (now: string): string =>
  new Date(keptSince(now)).toISOString().slice(0, 'YYYY-MM-DD'.length)

/** The sweeps by their ids, newest first. */
export const sweepKind: DocumentKind<Sweep> = {
  table: 'sweeps',
  keyColumns: ['sweep_id'],
  schema: Sweep,
  order: 'descending',
  keptDays,
  expiry: { column: 'sweep_id', firstKept: ({ startedAt }) => firstDateKept(startedAt) },
}

/** What became of every instance in every sweep. */
export const sweepEntryKind: DocumentKind<SweepEntry, SweepEntryKey> = {
  table: 'sweep_entries',
  keyColumns: ['sweep_id', 'instance_id'],
  schema: SweepEntry,
  order: 'ascending',
  status: 'status',
  // A night of 100,000 instances; each is written two or three times, hundreds in a minute.
  partitions: { count: 4, idOf: ({ instanceId }) => instanceId },
  keptDays,
  expiry: { column: 'sweep_id', firstKept: ({ dueAt }) => firstDateKept(dueAt) },
}

/** How far the nights have been dealt with: one document. */
export const sweepClockKind: DocumentKind<SweepClock> = {
  table: 'sweep_clock',
  keyColumns: ['clock_id'],
  schema: SweepClock,
  order: 'ascending',
}

/** Key of the only clock. */
export const nights = 'nights'

export type SweepEntryKey = readonly [sweepId: string, instanceId: string]
export type Sweeps = Documents<Sweep>
export type SweepEntries = Documents<SweepEntry, SweepEntryKey>
export type SweepClocks = Documents<SweepClock>
