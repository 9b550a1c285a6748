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
  fullBackupMaxAgeHours: Hours.describe('Age of the last full backup.'),
  incrementalBackupMaxAgeHours: Hours.describe(
    'Age of the last backup that changes are based on or are in: differential or incremental, or a later full one.',
  ),
  logBackupMaxAgeMinutes: Minutes.describe('Age of the last log backup.'),
  exposureMaxMinutes: Minutes.describe(
    'Work that may be lost, where incremental or log backups are planned; else the age of the last full backup counts too.',
  ),
  protectionMaxAgeHours: Hours.describe(
    'For how long it is believed what a precheck saw of the protection of an instance.',
  ),
  newDatabaseGraceHours: Hours.describe(
    'How long a new database may be without the backups that the others have. It makes no broken chain green.',
  ),
  historyMinHours: Hours.describe('History of backups that reaches back less tells nothing of their age.'),
  logSpaceWarningPercent: Percent.describe('Use of a transaction log.'),
  logSpaceFailurePercent: Percent.describe('Use of a transaction log from which on it fails.'),
  recoveryAreaWarningPercent: Percent.describe(
    'Use of the fast recovery area, without what can be reclaimed.',
  ),
  recoveryAreaFailurePercent: Percent.describe('Use of the fast recovery area from which on it fails.'),
  archiveFreeWarningPercent: Percent.describe(
    'Free space of a disk group or a volume that takes archived logs.',
  ),
  archiveFreeFailurePercent: Percent.describe(
    'Free space of a disk group or a volume that takes archived logs, below which it fails.',
  ),
  diskFreeWarningPercent: Percent.describe('Free space of other volumes.'),
  diskFreeFailureGigabytes: z
    .number()
    .min(0)
    .max(1_000_000)
    .describe('Free space of other volumes below which it fails.'),
  consistencyCheckMaxAgeDays: Days.describe('Age of the last consistency check that found nothing.'),
  expiryWarningDays: Days.describe('Before a password or a certificate expires.'),
  backupModeMaxHours: Hours.describe('A data file that is longer in backup mode was forgotten there.'),
  sessionsWarningPercent: Percent.describe('Use of the processes or sessions that a server allows.'),
  standbyLagMaxMinutes: Minutes.describe('Delay of a standby behind its primary.'),
  openTransactionMaxMinutes: Minutes.describe(
    'A transaction that is open for longer was forgotten, or keeps much from being removed.',
  ),
  clockSkewWarningSeconds: z.number().min(0).max(86_400).describe('Difference of the clock of a host.'),
  clockSkewFailureSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .describe('Difference of the clock of a host from which on it fails.'),
  trendHorizonDays: Days.describe('What reaches its limit later than in so many days is not told yet.'),
})
export type Thresholds = Readonly<z.infer<typeof Thresholds>>
