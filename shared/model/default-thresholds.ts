import type { Thresholds } from './thresholds.ts'

/**
 * What holds where no policy says otherwise. Ages of backups and of consistency checks: the defaults of dbachecks
 * (policy.backup.*, policy.dbcc.maxdays), with an hour for log backups, since its 15 minutes suit few plans. Exposure:
 * what nightly backups leave, with an hour for the night itself; how much less it may be only the owner knows. A
 * precheck is believed until the one of the next night is late by as much. Recovery area: 85 % and 97 % are where
 * Oracle itself warns ("Managing the Fast Recovery Area", Backup and Recovery User's Guide). Clock: OSS refuses
 * requests that differ by more than 15 minutes (RequestTimeTooSkewed).
 */
export const defaultThresholds: Thresholds = {
  fullBackupMaxAgeHours: 7 * 24,
  incrementalBackupMaxAgeHours: 25,
  logBackupMaxAgeMinutes: 60,
  exposureMaxMinutes: 25 * 60,
  protectionMaxAgeHours: 25,
  newDatabaseGraceHours: 24,
  historyMinHours: 48,
  logSpaceWarningPercent: 90,
  logSpaceFailurePercent: 99,
  recoveryAreaWarningPercent: 85,
  recoveryAreaFailurePercent: 97,
  archiveFreeWarningPercent: 15,
  archiveFreeFailurePercent: 3,
  diskFreeWarningPercent: 10,
  diskFreeFailureGigabytes: 1,
  consistencyCheckMaxAgeDays: 14,
  expiryWarningDays: 14,
  backupModeMaxHours: 1,
  sessionsWarningPercent: 90,
  standbyLagMaxMinutes: 60,
  openTransactionMaxMinutes: 60,
  clockSkewWarningSeconds: 300,
  clockSkewFailureSeconds: 900,
  trendHorizonDays: 7,
}
