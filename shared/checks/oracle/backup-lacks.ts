import type { Evidence } from '../../model/evidence.ts'
import type { Operation } from '../../model/operation.ts'
import type { RemediationStep } from '../../model/remediation.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { type BackupFact, historyOf } from './backup-facts.ts'
import type { DatabaseFact } from './facts.ts'
import { recoverySteps as steps } from './recovery-steps.ts'

/** A backup that is missing or too old: what it means, and whether the history may just be too short to know of it. */
export interface Lack {
  readonly code:
    | 'FULL_TOO_OLD'
    | 'FILES_WITHOUT_FULL'
    | 'BASE_MISSING'
    | 'BACKUP_TOO_OLD'
    | 'LOGS_TOO_OLD'
    | 'LOGS_WITHOUT_BACKUP'
  readonly params: Readonly<Record<string, string | number>>
  readonly column: keyof BackupFact
  readonly expected: string | number
  readonly operations: readonly Operation[]
  /** How far back a history must reach, in minutes, that knows of no such backup; null: one is known. */
  readonly reach: number | null
  readonly step: RemediationStep
  readonly changes: Evidence
}

/** All that the rules need. A column that is null here says that there is no such backup. */
export type Known = { readonly [Column in 'files' | 'files_without_full' | 'files_without_base']: number } & {
  readonly history: number
  readonly database: number
}

/** What the rules need; null: some of it is not known. */
export const knownOf = (fact: BackupFact): Known | null => {
  const { files, files_without_full, files_without_base, database_minutes: database } = fact
  const history = historyOf(fact)
  if (files === null || files_without_full === null || files_without_base === null) return null
  if (history === null || database === null || files === 0) return null
  // A file has a full backup whose age is known, or it has none and its own age is.
  if (files_without_full < files && (fact.full_minutes === null || fact.backup_minutes === null)) return null
  if (files_without_full > 0 && fact.unprotected_minutes === null) return null
  return { files, files_without_full, files_without_base, history, database }
}

export const hoursOf = (minutes: number): number => Math.round(minutes / 60)
export const daysOf = (minutes: number): number => Math.floor(minutes / 1440)

const afterFull: Evidence = {
  files_without_full: 0,
  files_without_base: 0,
  full_minutes: 0,
  backup_minutes: 0,
  log_minutes: 0,
}

/** What a full backup is needed for: a restore needs one, and so do those that are based on it. */
const judgeFull = (fact: BackupFact, known: Known, { thresholdsFor }: CheckContext): Lack[] => {
  const limit = thresholdsFor().fullBackupMaxAgeHours * 60
  const { files, files_without_full: missing, history } = known
  const about = {
    operations: ['incremental', 'restore'],
    step: steps.takeFull({}),
    changes: afterFull,
  } as const
  const { full_minutes, unprotected_minutes } = fact
  // A file that came after the last full backup of all others is made anew from the redo since.
  const isUnprotected = missing > 0 && (missing === files || (unprotected_minutes ?? 0) > limit)
  const days = daysOf(history)
  if (isUnprotected) {
    const params = { missing, files, days }
    return [
      {
        ...about,
        code: 'FILES_WITHOUT_FULL',
        params,
        column: 'files_without_full',
        expected: 0,
        reach: limit,
      },
    ]
  }
  if (full_minutes === null || full_minutes <= limit) return []
  const params = { hours: hoursOf(full_minutes) }
  const expected = `<= ${limit}`
  return [{ ...about, code: 'FULL_TOO_OLD', params, column: 'full_minutes', expected, reach: null }]
}

/** "Incremental Backups" (RMAN user's guide): a full backup that is not of level 0 is no base for one of level 1. */
const judgeBase = (known: Known, { planned, thresholdsFor }: CheckContext): Lack[] => {
  const { files, files_without_full, files_without_base: missing } = known
  if (!planned.includes('incremental') || missing <= files_without_full) return []
  return [
    {
      code: 'BASE_MISSING',
      params: { missing, files },
      column: 'files_without_base',
      expected: 0,
      operations: ['incremental'],
      reach: thresholdsFor().fullBackupMaxAgeHours * 60,
      step: steps.takeFull({}),
      changes: afterFull,
    },
  ]
}

const judgeChanges = ({ backup_minutes }: BackupFact, { planned, thresholdsFor }: CheckContext): Lack[] => {
  const limit = thresholdsFor().incrementalBackupMaxAgeHours * 60
  if (!planned.includes('incremental') || backup_minutes === null || backup_minutes <= limit) return []
  return [
    {
      code: 'BACKUP_TOO_OLD',
      params: { hours: hoursOf(backup_minutes) },
      column: 'backup_minutes',
      expected: `<= ${limit}`,
      operations: ['restore'],
      reach: null,
      step: steps.takeIncremental({}),
      changes: { backup_minutes: 0, log_minutes: 0 },
    },
  ]
}

const judgeLogs = (
  { log_mode }: DatabaseFact,
  { log_minutes }: BackupFact,
  { history }: Known,
  { planned, thresholdsFor }: CheckContext,
): Lack[] => {
  const limit = thresholdsFor().logBackupMaxAgeMinutes
  // Without archived logs there is nothing to back up: that is said of the archive mode.
  if (!planned.includes('log') || log_mode === 'NOARCHIVELOG') return []
  const about = {
    column: 'log_minutes',
    expected: `<= ${limit}`,
    operations: ['restore'],
    step: steps.takeLogs({}),
    changes: { log_minutes: 0 },
  } as const
  if (log_minutes === null)
    return [{ ...about, code: 'LOGS_WITHOUT_BACKUP', params: { days: daysOf(history) }, reach: limit }]
  if (log_minutes <= limit) return []
  return [{ ...about, code: 'LOGS_TOO_OLD', params: { minutes: log_minutes }, reach: null }]
}

/** What is missing or too old of the backups of a database. */
export const lacksOf = (
  database: DatabaseFact,
  fact: BackupFact,
  known: Known,
  context: CheckContext,
): Lack[] => [
  ...judgeFull(fact, known, context),
  ...judgeBase(known, context),
  ...judgeChanges(fact, context),
  ...judgeLogs(database, fact, known, context),
]
