import type { Measurement } from '../../model/measured-number.ts'
import { fullBackupAge } from '../../model/observation.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { type History, type HistoryFacts, historyOf, sharesHistory } from './backup-history.ts'
import { hasChain } from './base-backups.ts'
import { type DatabaseRow, considered, systemDatabases } from './databases.ts'
import { isLeftAsSetUp } from './setup-databases.ts'

export type Backup = 'full' | 'incremental' | 'log'

/** A last backup that is not as recent as it should be, or of which that is not known. */
export interface Shortfall {
  readonly backup: Backup
  /** Of the last one in minutes; null: there is none in the history. */
  readonly age: number | null
  /** In minutes. */
  readonly limit: number
  /** False where the history does not prove it. */
  readonly isCertain: boolean
}

/** Incremental and log backups that a database is expected to have beside its full ones. */
export const takesChanges = (
  row: DatabaseRow,
  backup: Exclude<Backup, 'full'>,
  facts: HistoryFacts,
  context: CheckContext,
): boolean => {
  if (row.database_id === systemDatabases.master || row.is_read_only === true) return false
  if (isLeftAsSetUp(row, [backup], context) || !context.planned.includes(backup)) return false
  const isSimple = row.recovery_model_desc === 'SIMPLE'
  // In SIMPLE, and before the first full backup, there are no log backups: that is for another item to say.
  if (backup === 'log') return !isSimple && hasChain(row, facts) !== false
  return !(isSimple && context.target.definition.profile === 'cloud-backup')
}

const limitOf = (row: DatabaseRow, backup: Backup, { thresholdsFor }: CheckContext): number => {
  const { fullBackupMaxAgeHours, incrementalBackupMaxAgeHours, logBackupMaxAgeMinutes } = thresholdsFor(
    row.name,
  )
  const limits = {
    full: fullBackupMaxAgeHours * 60,
    incremental: incrementalBackupMaxAgeHours * 60,
    log: logBackupMaxAgeMinutes,
  }
  return limits[backup]
}

/** True if the history reaches back so far that a backup within the limit would be in it. */
const reachesBack = (
  row: DatabaseRow,
  { history_minutes, database_minutes }: History,
  limit: number,
  context: CheckContext,
): boolean => {
  if (history_minutes === null) return false
  const least = Math.max(limit, context.thresholdsFor(row.name).historyMinHours * 60)
  return history_minutes >= least || (database_minutes !== null && history_minutes >= database_minutes)
}

/** Where msdb shows no full backup, the files of the database say whether there ever was one that others are based on. */
const judgeFull = (row: DatabaseRow, history: History, context: CheckContext): Shortfall | null => {
  const limit = limitOf(row, 'full', context)
  const age = history.last_full_minutes
  const about = { backup: 'full', age, limit } as const
  if (age === null) return { ...about, isCertain: row.has_differential_base === false }
  // A backup of the future: a clock was set back, and nobody knows by how much.
  if (age < 0) return { ...about, isCertain: false }
  // What is read-only stays as it was backed up.
  return age > limit && row.is_read_only !== true ? { ...about, isCertain: true } : null
}

const judgeChanges = (
  row: DatabaseRow,
  backup: Exclude<Backup, 'full'>,
  history: History,
  context: CheckContext,
): Shortfall | null => {
  const { last_full_minutes, last_incremental_minutes, last_log_minutes, other_server_backups } = history
  const limit = limitOf(row, backup, context)
  const known = backup === 'log' ? [last_log_minutes] : [last_full_minutes, last_incremental_minutes]
  const found = known.filter((each) => each !== null)
  const age = found.length > 0 ? Math.min(...found) : null
  const about = { backup, age, limit }
  // Of the future, as in `judgeFull`.
  if (age !== null && age < 0) return { ...about, isCertain: false }
  if (age !== null && age <= limit) return null
  // What no full backup is known of has no base; a server that was renamed recorded its backups under its old name.
  const isCertain =
    (age !== null || backup === 'log') &&
    other_server_backups === 0 &&
    reachesBack(row, history, limit, context)
  return { ...about, isCertain }
}

/**
 * What is wrong with the ages of the last backups of a database that is judged here. Incremental and log backups only
 * where there is a full one for them to go with.
 */
export const shortfallsOf = (
  row: DatabaseRow,
  facts: HistoryFacts,
  context: CheckContext,
): readonly Shortfall[] => {
  const expected = (['incremental', 'log'] as const).filter((each) => takesChanges(row, each, facts, context))
  const history = historyOf(row, facts)
  if (history === null) {
    return (['full', ...expected] as const).map((backup) => ({
      backup,
      age: null,
      limit: limitOf(row, backup, context),
      isCertain: false,
    }))
  }
  const full = judgeFull(row, history, context)
  if (full?.age === null && full.isCertain && !sharesHistory(row)) return [full]
  const others = expected.map((backup) => judgeChanges(row, backup, history, context))
  return [full, ...others].filter((each) => each !== null)
}

/** Observations are kept of so many databases, the largest. */
const observedDatabases = 20

const ages = [
  [fullBackupAge, 'last_full_minutes'],
  ['incremental-backup-age-minutes', 'last_incremental_minutes'],
  ['log-backup-age-minutes', 'last_log_minutes'],
] as const

/** How old the last backups of the largest databases are. */
export const observeAges = (facts: HistoryFacts): Measurement[] =>
  considered(facts)
    .databases.map((row) => ({ row, history: historyOf(row, facts) }))
    .toSorted((one, other) => (other.history?.database_bytes ?? 0) - (one.history?.database_bytes ?? 0))
    .slice(0, observedDatabases)
    .flatMap(({ row, history }) =>
      ages.flatMap(([name, column]) => {
        const value = history?.[column] ?? null
        return value === null ? [] : [{ name, object: { type: 'database', name: row.name } as const, value }]
      }),
    )
