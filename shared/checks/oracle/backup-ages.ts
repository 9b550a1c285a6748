import type { Text } from '../../model/message.ts'
import { type Operation, allOperations } from '../../model/operation.ts'
import type { CheckContext, FindingDraft } from '../framework/define-check.ts'
import { type BackupFact, mayBeBackedUpElsewhere } from './backup-facts.ts'
import { type Known, type Lack, daysOf, hoursOf, knownOf, lacksOf } from './backup-lacks.ts'
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
  const lacks = lacksOf(database, backups, known, context)
  if (lacks.length === 0) return []
  if (mayBeBackedUpElsewhere(database.database_role, destinations)) return [elsewhere(database, lacks)]
  const isUnsure = ({ reach }: Lack): boolean => reach !== null && reach > known.history
  const unsure = lacks.filter(isUnsure)
  return [
    ...(unsure.length > 0 ? [tooShort(database, known, unsure)] : []),
    ...lacks.filter((lack) => !isUnsure(lack)).map((lack) => degraded(database, backups, lack)),
  ]
}
