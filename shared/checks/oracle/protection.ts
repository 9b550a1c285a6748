import { type Chain, type DeviceKind, type ProtectedDatabase, protectionOf } from '../../model/protection.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { type BackupFact, mayBeBackedUpElsewhere } from './backup-facts.ts'
import type { DatabaseFact, DestinationRow } from './facts.ts'

/** Types of devices in "V$BACKUP_PIECE". */
const devices: Readonly<Record<string, DeviceKind>> = { DISK: 'disk', SBT_TAPE: 'tape' }

const lastOf = (minutes: number | null, bytes: number | null, device: string | null) =>
  minutes === null || minutes < 0
    ? null
    : { minutes, bytes, device: device === null ? null : (devices[device] ?? 'other'), by: 'RMAN' }

const chainOf = ({ log_mode }: DatabaseFact, { lost_since_backup, log_minutes }: BackupFact): Chain => {
  if (log_mode === 'NOARCHIVELOG') return 'none'
  if (lost_since_backup === null) return 'unknown'
  if (lost_since_backup > 0) return 'broken'
  return log_minutes === null ? 'none' : 'intact'
}

/**
 * What would be lost of the database of an instance, its pluggable ones included: the control file knows of backups of
 * data files and of logs, which all of them share. A backup of an open database needs the logs from while it ran, so
 * that the last log backup says how far a restore gets.
 */
export const protectionIn = (
  database: DatabaseFact,
  fact: BackupFact,
  destinations: readonly DestinationRow[] | null,
  { planned, thresholdsFor }: CheckContext,
): ProtectedDatabase => {
  const { exposureMaxMinutes, fullBackupMaxAgeHours, newDatabaseGraceHours } = thresholdsFor()
  const takesChanges = planned.includes('incremental') || planned.includes('log')
  const isWhole = fact.files_without_full === 0
  const full = isWhole ? lastOf(fact.full_minutes, fact.full_bytes, fact.data_device) : null
  const isOfFuture = [fact.full_minutes, fact.backup_minutes, fact.log_minutes].some((age) => (age ?? 0) < 0)
  const isLaterLevel = (fact.backup_minutes ?? 0) < (fact.full_minutes ?? 0)
  return protectionOf(
    {
      database: database.name,
      full,
      incremental: isWhole && isLaterLevel ? lastOf(fact.backup_minutes, null, fact.data_device) : null,
      log: lastOf(fact.log_minutes, null, fact.log_device),
      chain: chainOf(database, fact),
      hasBase: isWhole,
      isWholeWithoutLog: database.log_mode === 'NOARCHIVELOG',
      // The control file forgets: that it knows of no backup does not say that there was none.
      isNeverBackedUp: false,
      isCertain: !isOfFuture && !mayBeBackedUpElsewhere(database.database_role, destinations),
      ageMinutes: fact.database_minutes,
      // Log backups before one that is lost lead nowhere, and how far each would have got is not recorded.
      lastWeek:
        fact.lost_recently === 0 && database.log_mode !== 'NOARCHIVELOG'
          ? { worstGapMinutes: fact.worst_gap_minutes, firstPointMinutes: fact.first_log_minutes }
          : null,
      logBytes: null,
      bytesPerSecond: fact.bytes_per_second,
    },
    {
      objectiveMinutes: takesChanges
        ? exposureMaxMinutes
        : Math.max(exposureMaxMinutes, fullBackupMaxAgeHours * 60),
      graceMinutes: newDatabaseGraceHours * 60,
    },
  )
}
