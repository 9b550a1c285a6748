import type { Evidence } from '../../model/evidence.ts'
import type { Text } from '../../model/message.ts'
import { type Operation, allOperations } from '../../model/operation.ts'
import type { RemediationStep } from '../../model/remediation.ts'
import type { CheckContext, FindingDraft } from '../framework/define-check.ts'
import { type BackupFact, historyOf, mayBeBackedUpElsewhere } from './backup-facts.ts'
import type { DatabaseFact, DestinationRow } from './facts.ts'
import { sqlplus } from './languages.ts'
import { recoverySteps as steps } from './recovery-steps.ts'

/** Texts of backups that are missing, too old, or not known. */
export const ageTexts = {
  FULL_TOO_OLD: {
    en: 'The last full backup of all data files is {hours} hours old.',
    zh: '所有数据文件的最近一次全量备份已过去 {hours} 小时。',
  },
  FILES_WITHOUT_FULL: {
    en: 'No full backup is known of {missing} of {files} data files. The control file knows of the last {days} days.',
    zh: '{files} 个数据文件中有 {missing} 个没有已知的全量备份。控制文件保留最近 {days} 天的记录。',
  },
  BASE_MISSING: {
    en: '{missing} of {files} data files have no backup of level 0, on which an incremental one could be based: their next incremental backup is a full one.',
    zh: '{files} 个数据文件中有 {missing} 个没有可作为增量备份基础的 0 级备份：其下一次增量备份将是全量备份。',
  },
  BACKUP_TOO_OLD: {
    en: 'The last full or incremental backup of all data files is {hours} hours old.',
    zh: '所有数据文件的最近一次全量或增量备份已过去 {hours} 小时。',
  },
  LOGS_TOO_OLD: {
    en: 'The last backup of archived logs is {minutes} minutes old.',
    zh: '最近一次归档日志备份已过去 {minutes} 分钟。',
  },
  LOGS_WITHOUT_BACKUP: {
    en: 'No backup of archived logs is known. The control file knows of the last {days} days.',
    zh: '没有已知的归档日志备份。控制文件保留最近 {days} 天的记录。',
  },
  NEW_DATABASE: {
    en: 'The database is new ({hours} hours) and not backed up yet.',
    zh: '该数据库为新建数据库（{hours} 小时），尚未备份。',
  },
  HISTORY_TOO_SHORT: {
    en: 'Whether there is a backup is unknown: the control file knows of the last {days} days only, and of none.',
    zh: '无法判定是否有备份：控制文件仅保留最近 {days} 天的记录，其中没有备份。',
  },
  BACKED_UP_ELSEWHERE: {
    en: 'No recent backup is known here. Backups may be taken of another copy of the database (Data Guard), of which this control file knows nothing.',
    zh: '此处没有已知的近期备份。备份可能在该数据库的其他副本（Data Guard）上执行，本控制文件中没有其记录。',
  },
  BACKUPS_UNKNOWN: {
    en: 'What the control file knows of backups could not be read.',
    zh: '无法读取控制文件中的备份记录。',
  },
} as const satisfies Record<string, Text>
type Draft = FindingDraft<keyof typeof ageTexts>

/** A backup that is missing or too old: what it means, and whether the history may just be too short to know of it. */
interface Lack {
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
type Known = { readonly [Column in 'files' | 'files_without_full' | 'files_without_base']: number } & {
  readonly history: number
  readonly database: number
}

const knownOf = (fact: BackupFact): Known | null => {
  const { files, files_without_full, files_without_base, database_minutes: database } = fact
  const history = historyOf(fact)
  if (files === null || files_without_full === null || files_without_base === null) return null
  if (history === null || database === null || files === 0) return null
  // A file has a full backup whose age is known, or it has none and its own age is.
  if (files_without_full < files && (fact.full_minutes === null || fact.backup_minutes === null)) return null
  if (files_without_full > 0 && fact.unprotected_minutes === null) return null
  return { files, files_without_full, files_without_base, history, database }
}

const hoursOf = (minutes: number): number => Math.round(minutes / 60)
const daysOf = (minutes: number): number => Math.floor(minutes / 1440)

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

const showBackups = {
  language: sqlplus.name,
  query:
    'SELECT input_type, status, start_time, end_time FROM v$rman_backup_job_details ORDER BY start_time DESC FETCH FIRST 20 ROWS ONLY;',
} as const

const operationsOf = (lacks: readonly Lack[]): Operation[] =>
  allOperations.filter((operation) => lacks.some(({ operations }) => operations.includes(operation)))

/** The database whose control file says all this. */
const onDatabase = ({ name }: DatabaseFact) => ({ type: 'instance', name }) as const

/** What is missing is said of the database whose backups this control file would know. */
const degraded = (database: DatabaseFact, fact: BackupFact, lack: Lack): Draft => ({
  code: lack.code,
  params: lack.params,
  object: onDatabase(database),
  observed: { [lack.column]: fact[lack.column] },
  expected: { [lack.column]: lack.expected },
  degrades: [...lack.operations],
  remediation: { steps: [lack.step], verify: showBackups, changes: lack.changes },
})

const elsewhere = (database: DatabaseFact, lacks: readonly Lack[]): Draft => ({
  code: 'BACKED_UP_ELSEWHERE',
  object: onDatabase(database),
  observed: { database_role: database.database_role },
  expected: { recent_backups: true },
  obscures: operationsOf(lacks),
  remediation: { steps: [steps.checkOtherCopies({})], verify: showBackups, changes: {} },
})

const tooShort = (database: DatabaseFact, { history }: Known, lacks: readonly Lack[]): Draft => ({
  code: 'HISTORY_TOO_SHORT',
  params: { days: daysOf(history) },
  object: onDatabase(database),
  observed: { history_minutes: history },
  expected: { history_minutes: `>= ${Math.max(...lacks.map(({ reach }) => reach ?? 0))}` },
  obscures: operationsOf(lacks),
  remediation: { steps: [steps.keepRecords({}), steps.takeFull({})], verify: showBackups, changes: {} },
})

const isNew = ({ files, files_without_full, database }: Known, { thresholdsFor }: CheckContext): boolean =>
  files_without_full === files && database <= thresholdsFor().newDatabaseGraceHours * 60

const newDatabase = (database: DatabaseFact, known: Known): Draft => ({
  code: 'NEW_DATABASE',
  params: { hours: hoursOf(known.database) },
  object: onDatabase(database),
  observed: { database_minutes: known.database },
  expected: { files_without_full: 0 },
})

const unreadable = (database: DatabaseFact, fact: BackupFact): Draft => ({
  code: 'BACKUPS_UNKNOWN',
  object: onDatabase(database),
  observed: fact,
  expected: { known: true },
  obscures: [...allOperations],
})

/** What the rules look at. */
interface Facts {
  readonly database: DatabaseFact
  readonly backups: BackupFact
  /** Null: they could not be read. */
  readonly destinations: readonly DestinationRow[] | null
}

/** Judges the age of the last backups, and which of them are missing. */
export const judgeAges = ({ database, backups, destinations }: Facts, context: CheckContext): Draft[] => {
  const known = knownOf(backups)
  if (known === null) return [unreadable(database, backups)]
  if (isNew(known, context)) return [newDatabase(database, known)]
  const lacks = [
    ...judgeFull(backups, known, context),
    ...judgeBase(known, context),
    ...judgeChanges(backups, context),
    ...judgeLogs(database, backups, known, context),
  ]
  if (lacks.length === 0) return []
  if (mayBeBackedUpElsewhere(database.database_role, destinations)) return [elsewhere(database, lacks)]
  const isUnsure = ({ reach }: Lack): boolean => reach !== null && reach > known.history
  const unsure = lacks.filter(isUnsure)
  return [
    ...(unsure.length > 0 ? [tooShort(database, known, unsure)] : []),
    ...lacks.filter((lack) => !isUnsure(lack)).map((lack) => degraded(database, backups, lack)),
  ]
}
