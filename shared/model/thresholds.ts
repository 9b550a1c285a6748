import * as z from 'zod'

const Percent = z.number().min(0).max(100)
const Days = z.int().min(0).max(3650)
const Hours = z
  .number()
  .min(0)
  .max(24 * 366)
const Minutes = z
  .number()
  .min(0)
  .max(60 * 24 * 366)

/** What check items judge by, where the manuals leave it to the owner. */
export const Thresholds = z.strictObject({
  /** Age of the last full backup. */
  fullBackupMaxAgeHours: Hours,
  /** Age of the last backup that changes are based on or are in: differential or incremental, or a later full one. */
  incrementalBackupMaxAgeHours: Hours,
  /** Age of the last log backup. */
  logBackupMaxAgeMinutes: Minutes,
  /** Work that may be lost, where incremental or log backups are planned; else the age of the last full backup counts too. */
  exposureMaxMinutes: Minutes,
  /** For how long it is believed what a precheck saw of the protection of an instance. */
  protectionMaxAgeHours: Hours,
  /** How long a new database may be without the backups that the others have. It makes no broken chain green. */
  newDatabaseGraceHours: Hours,
  /** History of backups that reaches back less tells nothing of their age. */
  historyMinHours: Hours,
  /** Use of a transaction log. */
  logSpaceWarningPercent: Percent,
  logSpaceFailurePercent: Percent,
  /** Use of the fast recovery area, without what can be reclaimed. */
  recoveryAreaWarningPercent: Percent,
  recoveryAreaFailurePercent: Percent,
  /** Free space of a disk group or a volume that takes archived logs. */
  archiveFreeWarningPercent: Percent,
  archiveFreeFailurePercent: Percent,
  /** Free space of other volumes. */
  diskFreeWarningPercent: Percent,
  diskFreeFailureGigabytes: z.number().min(0).max(1_000_000),
  /** Age of the last consistency check that found nothing. */
  consistencyCheckMaxAgeDays: Days,
  /** Before a password or a certificate expires. */
  expiryWarningDays: Days,
  /** A data file that is longer in backup mode was forgotten there. */
  backupModeMaxHours: Hours,
  /** Use of the processes or sessions that a server allows. */
  sessionsWarningPercent: Percent,
  /** Delay of a standby behind its primary. */
  standbyLagMaxMinutes: Minutes,
  /** A transaction that is open for longer was forgotten, or keeps much from being removed. */
  openTransactionMaxMinutes: Minutes,
  /** Difference of the clock of a host. */
  clockSkewWarningSeconds: z.number().min(0).max(86_400),
  clockSkewFailureSeconds: z.number().min(0).max(86_400),
  /** What reaches its limit later than in so many days is not told yet. */
  trendHorizonDays: Days,
})
export type Thresholds = Readonly<z.infer<typeof Thresholds>>
