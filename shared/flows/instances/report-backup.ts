import { createHash } from 'node:crypto'
import {
  type BackupCounts,
  type BackupRecord,
  type BackupReport,
  type Prediction,
  type ReportedBackup,
  addCounts,
  noCounts,
  withReport,
} from '../../model/backup-record.ts'
import { msPerHour } from '../../model/durations.ts'
import { type Result, decline, unknownInstance } from '../../model/failure.ts'
import { defaultGateRule } from '../../model/gate.ts'
import { isBlind } from '../../model/outcome.ts'
import type { Page } from '../../model/page.ts'
import type { CompletedPrecheck } from '../../model/precheck.ts'
import type { BackupRecords } from '../../ports/backup-records.ts'
import { documentsOf } from '../../ports/documents.ts'
import type { Instances } from '../../ports/instances.ts'
import type { Results } from '../../ports/results.ts'
import { judgeJob } from '../prechecks/judge-job.ts'

interface Deps {
  readonly instances: Pick<Instances, 'get'>
  readonly results: Pick<Results, 'last' | 'history' | 'getPage'>
  readonly backupRecords: Pick<BackupRecords, 'update'>
  readonly now: () => Date
}

/** A precheck that ended longer before the backup did predicts nothing: the one of the night before, and an hour. */
const maxAgeMs = 25 * msPerHour

/** Prechecks that are looked through for one before a backup that is reported late. */
const maxLooks = 20

/** The youngest full precheck that had ended when the backup did. */
const precheckBefore = async (
  { results }: Pick<Deps, 'results'>,
  instanceId: string,
  finishedAt: string,
): Promise<CompletedPrecheck | null> => {
  const end = Date.parse(finishedAt)
  const isBefore = ({ completedAt }: CompletedPrecheck): boolean =>
    Date.parse(completedAt) <= end && Date.parse(completedAt) >= end - maxAgeMs
  const last = await results.last(instanceId)
  if (!last || isBefore(last)) return last
  // The last result is younger than the backup, which is reported late, or too old, as all before it are.
  if (Date.parse(last.completedAt) < end) return null
  const { items } = await results.history(instanceId, { limit: maxLooks })
  const full = items.flatMap((each) => (each.state === 'completed' && each.scope === 'full' ? [each] : []))
  return full.find(isBefore) ?? null
}

/** What the precheck before a backup said of it; null where there was none, or none that knows the databases. */
const predictionOf = async (
  deps: Pick<Deps, 'results'>,
  instanceId: string,
  report: BackupReport,
): Promise<Prediction | null> => {
  const before = await precheckBefore(deps, instanceId, report.finishedAt)
  const judged = before && (await judgeJob(deps.results, before, report, () => defaultGateRule))
  if (!judged || 'failure' in judged) return null
  const { judgement, precheck } = judged.value
  const { decision, reasons, databases } = judgement
  const blocking = [...reasons, ...databases.flatMap((each) => each.reasons)].filter(
    ({ effect }) => effect === 'blocks' || effect === 'limits',
  )
  const planned = precheck.checkItems.filter(({ affects }) => affects.includes(report.operation))
  const seeing = new Set(precheck.results.filter((each) => !isBlind(each)).map(({ checkItem }) => checkItem))
  return {
    precheckId: precheck.id,
    isFailure: decision === 'inconclusive' ? null : decision === 'deny',
    predictedBy: [...new Set(blocking.map(({ checkItem }) => checkItem))],
    judgedBy: planned.flatMap(({ checkItem }) => (seeing.has(checkItem) ? checkItem : [])),
  }
}

/** The same backup has the same id, whoever reports it and how often. */
const idOf = (instanceId: string, { operation, databases = [], finishedAt }: BackupReport): string => {
  const what = JSON.stringify([instanceId, operation, databases.toSorted(), Date.parse(finishedAt)])
  return `bk_${createHash('sha256').update(what).digest('hex').slice(0, 16)}`
}

/** Reports what came of a backup. `isNew`: false where it had been reported before, which changes nothing. */
export const reportBackup = async (
  deps: Deps,
  instanceId: string,
  report: BackupReport,
): Promise<
  Result<
    { readonly reported: ReportedBackup; readonly isNew: boolean },
    'INSTANCE_NOT_FOUND' | 'BACKUP_REPORTED_OTHERWISE'
  >
> => {
  if (!(await deps.instances.get(instanceId))) return unknownInstance(instanceId)
  const id = idOf(instanceId, report)
  const prediction = await predictionOf(deps, instanceId, report)
  const { reported, isNew } = await deps.backupRecords.update(instanceId, (known) => {
    const before = known?.latest.find((each) => each.id === id)
    if (before) return { value: { reported: before, isNew: false } }
    const added = withReport(known, { instanceId, id, report, at: deps.now() }, prediction)
    return { put: added.record, value: { reported: added.reported, isNew: true } }
  })
  if (reported.status === report.status) return { value: { reported, isNew } }
  return decline('BACKUP_REPORTED_OTHERWISE', {
    en: `This backup was reported before: it ${reported.status}.`,
    zh: `该备份此前已报告为${reported.status === 'succeeded' ? '成功' : '失败'}。`,
  })
}

/** The counts of the fleet, since the first report of any instance (null: there is none). */
export interface FleetRecord extends BackupCounts {
  readonly since: string | null
  /** Of which something was reported. */
  readonly instances: number
}

/** Read at a time. */
const batch = 500

/** What came of the backups of the fleet. Every record is read, and no more than a page is held. */
export const fleetRecord = async ({ list }: Pick<BackupRecords, 'list'>): Promise<FleetRecord> => {
  let sum: FleetRecord = { since: null, instances: 0, ...noCounts }
  const add = (one: FleetRecord, { since, ...counts }: BackupRecord): FleetRecord => ({
    since: one.since !== null && one.since < since ? one.since : since,
    instances: one.instances + 1,
    ...addCounts(one, counts),
  })
  let after: string | null = null
  do {
    const page: Page<BackupRecord> = documentsOf(
      await list({ limit: batch, ...(after !== null && { after }) }),
    )
    sum = page.items.reduce(add, sum)
    after = page.next
  } while (after !== null)
  return sum
}
