import {
  type Chain,
  type DeviceKind,
  type LastBackup,
  type ProtectedDatabase,
  protectionOf,
} from '../../model/protection.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { takesChanges } from './backup-ages.ts'
import { type History, type HistoryFacts, historyOf, sharesHistory } from './backup-history.ts'
import { hasChain } from './base-backups.ts'
import { type DatabaseRow, considered, systemDatabases } from './databases.ts'
import { roleOf } from './role.ts'
import { contentsOf } from './roles.ts'

/** Types of devices in "backupmediafamily". */
const devices: Readonly<Record<number, DeviceKind>> = {
  2: 'disk',
  5: 'tape',
  6: 'pipe',
  7: 'virtual',
  9: 'url',
}

/** Characters of an account: those of the engine end there. */
const maxAccount = 128

const lastOf = (
  minutes: number | null,
  bytes: number | null,
  device: number | null,
  by: string | null,
): LastBackup | null =>
  minutes === null || minutes < 0
    ? null
    : {
        minutes,
        bytes,
        device: device === null ? null : (devices[device] ?? 'other'),
        by: by === null ? null : by.slice(0, maxAccount),
      }

const chainOf = (row: DatabaseRow, history: History, facts: HistoryFacts): Chain => {
  const { log_gaps, log_lost, damaged_backups, last_log_minutes } = history
  if (row.recovery_model_desc === 'SIMPLE' || row.database_id === systemDatabases.master) return 'none'
  if (last_log_minutes === null) return 'none'
  if (log_gaps === null || log_lost === null || damaged_backups === null) return 'unknown'
  if (hasChain(row, facts) === false || damaged_backups > 0) return 'broken'
  if (log_gaps + log_lost === 0) return 'intact'
  return sharesHistory(row) ? 'unknown' : 'broken'
}

const hasBase = ({ base_is_found, base_is_lost }: History): boolean | null => {
  if (base_is_found === true && base_is_lost === false) return true
  return base_is_lost === true ? false : null
}

/** A clock that was set back leaves backups in the future, and nobody knows by how much. */
const isOfFuture = ({ last_full_minutes, last_incremental_minutes, last_log_minutes }: History): boolean =>
  [last_full_minutes, last_incremental_minutes, last_log_minutes].some((age) => age !== null && age < 0)

const throughputOf = ({ full_bytes, full_seconds }: History): number | null =>
  full_bytes === null || full_seconds === null ? null : full_bytes / Math.max(1, full_seconds)

const aimsOf = (row: DatabaseRow, facts: HistoryFacts, context: CheckContext) => {
  const { exposureMaxMinutes, fullBackupMaxAgeHours, newDatabaseGraceHours } = context.thresholdsFor(row.name)
  const takesOnlyFull = !(['incremental', 'log'] as const).some((each) =>
    takesChanges(row, each, facts, context),
  )
  const objectiveMinutes = takesOnlyFull
    ? Math.max(exposureMaxMinutes, fullBackupMaxAgeHours * 60)
    : exposureMaxMinutes
  return {
    objectiveMinutes: row.is_read_only === true ? null : objectiveMinutes,
    graceMinutes: newDatabaseGraceHours * 60,
  }
}

const nothingKnown = (database: string) => ({
  database,
  full: null,
  incremental: null,
  log: null,
  chain: 'unknown' as const,
  hasBase: null,
  isWholeWithoutLog: true,
  isNeverBackedUp: false,
  isCertain: false,
  ageMinutes: null,
  lastWeek: null,
  logBytes: null,
  bytesPerSecond: null,
})

const protectionOfDatabase = (
  row: DatabaseRow,
  facts: HistoryFacts,
  context: CheckContext,
): ProtectedDatabase => {
  const history = historyOf(row, facts)
  const aims = aimsOf(row, facts, context)
  if (history === null) return protectionOf(nothingKnown(row.name), aims)
  const { database_minutes } = history
  return protectionOf(
    {
      database: row.name,
      full: lastOf(history.last_full_minutes, history.full_bytes, history.full_device, history.full_user),
      incremental: lastOf(
        history.last_incremental_minutes,
        history.incremental_bytes,
        history.incremental_device,
        history.incremental_user,
      ),
      log: lastOf(history.last_log_minutes, history.log_bytes, history.log_device, history.log_user),
      chain: chainOf(row, history, facts),
      hasBase: hasBase(history),
      isWholeWithoutLog: true,
      isNeverBackedUp: history.last_full_minutes === null && row.has_differential_base === false,
      isCertain: !sharesHistory(row) && history.other_server_backups === 0 && !isOfFuture(history),
      ageMinutes: database_minutes !== null && database_minutes >= 0 ? database_minutes : null,
      lastWeek: {
        worstGapMinutes: history.worst_gap_minutes,
        firstPointMinutes: history.first_point_minutes,
      },
      logBytes: history.logs_bytes,
      bytesPerSecond: throughputOf(history),
    },
    aims,
  )
}

/** What would be lost of each database whose contents are here, also of one that is not ONLINE: then more than ever. */
export const protectionIn = (facts: HistoryFacts, context: CheckContext): ProtectedDatabase[] =>
  considered(facts)
    .databases.filter((row) => contentsOf(roleOf(row, facts)) !== 'elsewhere')
    .map((row) => protectionOfDatabase(row, facts, context))
