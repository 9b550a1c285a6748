import * as z from 'zod'
import { Engine } from './engine.ts'
import { fieldMessage } from './field-message.ts'
import { InstanceId, Tags } from './instance.ts'
import { Message } from './message.ts'
import { PrecheckId } from './precheck.ts'
import { CalendarDate } from './schedule.ts'

/**
 * Address of a sweep: the date of its night, or for one that was asked for the UTC time, its ms and 20 random bits. Ids
 * sort by time.
 */
export const SweepId = z.string().regex(
  /^\d{4}-\d{2}-\d{2}(T\d{6}Z-[0-9a-f]{8})?$/,
  fieldMessage({
    en: 'must be a date such as 2026-11-21, or the id of a sweep',
    zh: '须为日期（例如 2026-11-21）或巡检的 ID',
  }),
)
export type SweepId = z.infer<typeof SweepId>

/** Which instances a sweep is for. Every tag must match by key and value. */
export const SweepFilter = z.strictObject({
  engine: Engine.optional(),
  region: z.string().min(1).max(64).optional(),
  tags: Tags.optional(),
})
export type SweepFilter = Readonly<z.infer<typeof SweepFilter>>

/**
 * What became of an instance in a sweep. `waiting`: it is due and not started yet, and `waiting` says why; `starting`:
 * an id is set aside for its precheck, which may exist or not; `started`: the precheck runs; then its outcome.
 * `not_run`: there is none, and `notRun` says why.
 */
export const SweepEntryStatus = z.enum([
  'waiting',
  'starting',
  'started',
  'passed',
  'warning',
  'failed',
  'inconclusive',
  'not_run',
])
export type SweepEntryStatus = z.infer<typeof SweepEntryStatus>

/** Of entries that have not ended. */
export const openStatuses: readonly SweepEntryStatus[] = ['waiting', 'starting', 'started']

/** Codes of why an instance was not prechecked in a sweep. */
export const notRunCodes = [
  'MAINTENANCE_WINDOW',
  'HOST_BUSY',
  'PRECHECK_RUNNING',
  'WINDOW_MISSED',
  'INSTANCE_REMOVED',
  'NIGHT_REPEATED',
] as const
export type NotRunCode = (typeof notRunCodes)[number]

/** Why an instance that is due waits, and for how long. */
const Waiting = z.strictObject({
  reason: Message,
  /** The slots of its host: whoever waits for the same ones is started in turn. */
  hostId: z.string(),
  /** Before this time (UTC) it is not started in any case; left out: once there is a slot. */
  from: z.iso.datetime().optional(),
  /** After this time (UTC) it is too late. */
  until: z.iso.datetime(),
})
export type Waiting = Readonly<z.infer<typeof Waiting>>

/** One instance in one sweep. It is written once for both, so that no instance is started twice in a sweep. */
export const SweepEntry = z.strictObject({
  sweepId: SweepId,
  instanceId: InstanceId,
  precheckId: PrecheckId,
  status: SweepEntryStatus,
  /** When it was to start (UTC). */
  dueAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  notRun: Message.nullable(),
  /** Of an entry that waits. */
  waiting: Waiting.optional(),
  /** Against the last result before; left out: nothing is news, or it has not ended. */
  change: z.enum(['changed', 'recovered']).optional(),
  /** When the deadline of a precheck that hangs was sent again last (UTC); left out: never. */
  deadlineSentAt: z.iso.datetime().optional(),
})
export type SweepEntry = Readonly<z.infer<typeof SweepEntry>>

/** Nobody came to start it in time: the service was down, or it or the host was too busy. */
const missedCodes: readonly string[] = ['WINDOW_MISSED', 'HOST_BUSY'] satisfies NotRunCode[]

/** Whether an instance should have been prechecked; other reasons are somebody's will, or it was prechecked elsewhere. */
export const wasMissed = ({ notRun }: Pick<SweepEntry, 'notRun'>): boolean =>
  notRun !== null && missedCodes.includes(notRun.code)

/** How many instances of a sweep there are of each kind. `started`: all that were, whatever became of them. */
export const SweepCounts = z.strictObject({
  /** Version 0.2.0 knew none that waited. */
  waiting: z.int().default(0),
  started: z.int(),
  running: z.int(),
  passed: z.int(),
  warning: z.int(),
  failed: z.int(),
  inconclusive: z.int(),
  notRun: z.int(),
})
export type SweepCounts = Readonly<z.infer<typeof SweepCounts>>

/** The counts of a sweep with so many entries of each status; left out: none. */
export const sweepCountsOf = (entries: Readonly<Partial<Record<SweepEntryStatus, number>>>): SweepCounts => {
  const { waiting = 0, starting = 0, started = 0 } = entries
  const { passed = 0, warning = 0, failed = 0, inconclusive = 0 } = entries
  const running = starting + started
  return {
    waiting,
    started: running + passed + warning + failed + inconclusive,
    running,
    passed,
    warning,
    failed,
    inconclusive,
    notRun: entries.not_run ?? 0,
  }
}

/** The first instances of a completed sweep that did not end well, in the order of their ids. */
export const SweepTroubled = z.strictObject({
  failed: z.array(InstanceId),
  inconclusive: z.array(InstanceId),
  notRun: z.array(InstanceId),
})
export type SweepTroubled = Readonly<z.infer<typeof SweepTroubled>>

/** Prechecks of many instances: those of a night, or those that were asked for at once. */
export const Sweep = z.strictObject({
  id: SweepId,
  kind: z.enum(['nightly', 'requested']),
  state: z.enum(['running', 'completed']),
  filter: SweepFilter,
  /** How far a requested sweep has come in the list of instances: the last one that it has dealt with; null when all are. */
  listing: z.strictObject({ after: InstanceId.nullable() }).nullable(),
  startedAt: z.iso.datetime(),
  /** When it was completed first; it runs again while an instance that came later is prechecked. */
  completedAt: z.iso.datetime().nullable(),
  /** Of a completed sweep; those of a running one are counted when they are asked for. */
  counts: SweepCounts.nullable(),
  /** Of a completed sweep; left out before. */
  troubled: SweepTroubled.optional(),
})
export type Sweep = Readonly<z.infer<typeof Sweep>>

/** How far the nights have been dealt with: everything due up to `through` (UTC) has an entry. */
export const SweepClock = z.strictObject({
  through: z.iso.datetime(),
  /** Sweeps whose ids begin with an earlier date are completed; left out: nobody looked yet. */
  openSince: CalendarDate.optional(),
  /** For which date and schedule of the fleet the due starts are those of all instances; left out: nobody looked yet. */
  indexedFor: z.string().optional(),
  /**
   * A walk over what is due up to `until`, under way: in the night of this date, after the due start with the id
   * `after`. One that version 0.2.0 has left is made again: what it entered has its entry.
   */
  walk: z
    .strictObject({ until: z.iso.datetime(), night: CalendarDate, after: z.string() })
    .nullable()
    .catch(null),
})
export type SweepClock = Readonly<z.infer<typeof SweepClock>>
