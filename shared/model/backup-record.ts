import * as z from 'zod'
import { CheckItemId } from './finding.ts'
import { InstanceId } from './instance.ts'
import { Operation } from './operation.ts'
import { PrecheckId } from './precheck.ts'
import { UtcTime } from './schedule.ts'

/** Characters of an error that are kept. */
export const maxErrorLength = 1024

/** What came of a backup or a restore. */
export const BackupReport = z.strictObject({
  operation: Operation,
  status: z.enum(['succeeded', 'failed']),
  /** Those that it was for, as the engine spells them; left out: all. */
  databases: z.array(z.string().min(1).max(128)).min(1).max(100).optional(),
  /** What the tool said. */
  error: z.string().max(maxErrorLength).optional(),
  /** UTC. */
  finishedAt: UtcTime,
})
export type BackupReport = Readonly<z.infer<typeof BackupReport>>

/**
 * How what came of it compares with the precheck before it. `clear`: nothing was predicted, and it succeeded;
 * `unjudged`: there was no precheck shortly before, or it could not determine whether it would work.
 */
export const Accuracy = z.enum(['predictedFailed', 'predictedSucceeded', 'missed', 'clear', 'unjudged'])
export type Accuracy = z.infer<typeof Accuracy>

/** A backup that was reported, and what had been predicted. */
export const ReportedBackup = z.strictObject({
  id: z.string().regex(/^bk_[0-9a-f]{16}$/),
  ...BackupReport.shape,
  accuracy: Accuracy,
  /** The precheck that it is compared with; null: there was none. */
  precheckId: PrecheckId.nullable(),
  /** Check items that had found something that blocks it. */
  predictedBy: z.array(CheckItemId),
})
export type ReportedBackup = Readonly<z.infer<typeof ReportedBackup>>

/** How many backups compare so. */
export const AccuracyCounts = z.strictObject({
  predictedFailed: z.int(),
  predictedSucceeded: z.int(),
  missed: z.int(),
  clear: z.int(),
  unjudged: z.int(),
} satisfies Record<Accuracy, z.ZodType>)
export type AccuracyCounts = Readonly<z.infer<typeof AccuracyCounts>>

/** How often a check item was right: of `missed` it had seen nothing, nor had any other. */
export const ItemCounts = AccuracyCounts.pick({
  predictedFailed: true,
  predictedSucceeded: true,
  missed: true,
})
export type ItemCounts = Readonly<z.infer<typeof ItemCounts>>

/** Counts of backups, all of them and by check item. */
export const BackupCounts = z.strictObject({
  totals: AccuracyCounts,
  items: z.record(CheckItemId, ItemCounts),
})
export type BackupCounts = Readonly<z.infer<typeof BackupCounts>>

/** Reports of an instance that are kept whole; one that is repeated after so many others counts twice. */
const maxLatest = 20

/** What came of the backups of an instance since the first report. */
export const BackupRecord = z.strictObject({
  instanceId: InstanceId,
  /** UTC. */
  since: z.iso.datetime(),
  ...BackupCounts.shape,
  /** The last reports, newest first. */
  latest: z.array(ReportedBackup).max(maxLatest),
})
export type BackupRecord = Readonly<z.infer<typeof BackupRecord>>

/** What a precheck said of a job before it began. */
export interface Prediction {
  readonly precheckId: string
  /** Null: it could not tell. */
  readonly isFailure: boolean | null
  /** Check items that had found something that blocks it. */
  readonly predictedBy: readonly CheckItemId[]
  /** Check items that had judged the operation. */
  readonly judgedBy: readonly CheckItemId[]
}

export const noCounts: BackupCounts = {
  totals: { predictedFailed: 0, predictedSucceeded: 0, missed: 0, clear: 0, unjudged: 0 },
  items: {},
}

/** Compares what came of a backup with what was predicted; null: nothing was. */
export const accuracyOf = (
  status: BackupReport['status'],
  prediction: Pick<Prediction, 'isFailure'> | null,
): Accuracy => {
  const isFailure = prediction?.isFailure ?? null
  if (isFailure === null) return 'unjudged'
  if (isFailure) return status === 'failed' ? 'predictedFailed' : 'predictedSucceeded'
  return status === 'failed' ? 'missed' : 'clear'
}

/** The counts with those of another. */
export const addCounts = (one: BackupCounts, other: BackupCounts): BackupCounts => {
  const totals = { ...one.totals }
  for (const key of Accuracy.options) totals[key] += other.totals[key]
  const items = new Map(Object.entries(one.items))
  for (const [checkItem, counts] of Object.entries(other.items)) {
    const known = items.get(checkItem) ?? { predictedFailed: 0, predictedSucceeded: 0, missed: 0 }
    items.set(checkItem, {
      predictedFailed: known.predictedFailed + counts.predictedFailed,
      predictedSucceeded: known.predictedSucceeded + counts.predictedSucceeded,
      missed: known.missed + counts.missed,
    })
  }
  return { totals, items: Object.fromEntries(items) }
}

/** The counts of one backup: of the items that predicted it, or, where nobody did and it failed, of all that had judged. */
const countsOf = (accuracy: Accuracy, prediction: Prediction | null): BackupCounts => {
  const totals = { ...noCounts.totals, [accuracy]: 1 }
  if (!prediction || accuracy === 'clear' || accuracy === 'unjudged') return { totals, items: {} }
  const named = accuracy === 'missed' ? prediction.judgedBy : prediction.predictedBy
  const counts = { predictedFailed: 0, predictedSucceeded: 0, missed: 0, [accuracy]: 1 }
  return { totals, items: Object.fromEntries(named.map((checkItem) => [checkItem, counts])) }
}

const newestFirst = (one: ReportedBackup, other: ReportedBackup): number =>
  Date.parse(other.finishedAt) - Date.parse(one.finishedAt)

/** Adds a report to what is known of the instance (null: nothing is). */
export const withReport = (
  known: BackupRecord | null,
  { instanceId, id, report, at }: { instanceId: string; id: string; report: BackupReport; at: Date },
  prediction: Prediction | null,
): { readonly record: BackupRecord; readonly reported: ReportedBackup } => {
  const accuracy = accuracyOf(report.status, prediction)
  const reported: ReportedBackup = {
    id,
    ...report,
    accuracy,
    precheckId: prediction?.precheckId ?? null,
    predictedBy: [...(prediction?.predictedBy ?? [])],
  }
  const latest = [reported, ...(known?.latest ?? [])].toSorted(newestFirst).slice(0, maxLatest)
  const counts = addCounts(known ?? noCounts, countsOf(accuracy, prediction))
  const record = { instanceId, since: known?.since ?? at.toISOString(), ...counts, latest }
  return { record, reported }
}
