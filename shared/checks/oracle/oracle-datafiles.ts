import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { databaseNames } from './containers.ts'
import { databaseSteps } from './database-steps.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, PluggableRows, databaseQuery, pluggableQuery } from './facts.ts'
import { type FileRow, FileRows, filePrivileges, fileQuery } from './file-facts.ts'
import { type FileGroup, fileGroups, valuesOf } from './file-groups.ts'
import { showFilesToRecover, fileSteps as steps } from './file-steps.ts'
import { sqlplus } from './languages.ts'
import { type Role, roleOf, takesNoBackup } from './role.ts'

const texts = {
  DATAFILE_UNREADABLE: {
    en: '{count} data files cannot be read ({error}), such as {file}: a backup of them fails.',
    zh: '有 {count} 个数据文件无法读取（{error}），例如 {file}：对其备份会失败。',
  },
  DATAFILE_NEEDS_RECOVERY: {
    en: '{count} data files are offline and need recovery ({status}), such as {file}. Once the archived logs from that time are gone, their data cannot be brought back.',
    zh: '有 {count} 个数据文件脱机且需要恢复（{status}），例如 {file}。一旦当时的归档日志被清除，其中的数据将无法找回。',
  },
  DATAFILE_STATUS_UNKNOWN: {
    en: 'The status of {count} data files is unknown, such as {file}: the server reports {status}, {error}.',
    zh: '无法判定 {count} 个数据文件的状态，例如 {file}：服务器返回 {status}，{error}。',
  },
  DATAFILES_UNSEEN: {
    en: 'The server shows no data files of the database: their status is unknown.',
    zh: '服务器未显示该数据库的任何数据文件：无法判定其状态。',
  },
} as const
/** What may be said of a data file. */
type Code = Exclude<keyof typeof texts, 'DATAFILES_UNSEEN'>
type Draft = FindingDraft<keyof typeof texts>

const affected: readonly Operation[] = ['full', 'incremental', 'restore']

const onlineStatuses: readonly (string | null)[] = ['ONLINE', 'SYSTEM']
/** Offline without its tablespace having been taken offline in order: V$DATAFILE, Oracle Database Reference. */
const brokenStatuses: readonly (string | null)[] = ['RECOVER', 'SYSOFF']

/** Nothing is to be recovered, or the tablespace was taken offline in order, which recovery does not concern. */
const isWhole = (detail: string): boolean => detail === 'NONE' || detail === 'OFFLINE NORMAL'

/**
 * What is to be said of files: nothing of those that are online, or offline in order, read-only ones included. Files of
 * a standby that are online wait for redo as long as it is one. Any error but these says that the file could not be
 * read.
 */
const codeOf = ({ status, detail }: FileRow, { redo }: Role): Code | null => {
  const isOnline = onlineStatuses.includes(status)
  const isBroken = brokenStatuses.includes(status)
  if (detail === null || !(isOnline || isBroken || status === 'OFFLINE')) return 'DATAFILE_STATUS_UNKNOWN'
  if (!isWhole(detail) && detail !== 'NOT STATED') return 'DATAFILE_UNREADABLE'
  if (isBroken) return 'DATAFILE_NEEDS_RECOVERY'
  if (isWhole(detail) || (isOnline && redo === 'received')) return null
  return 'DATAFILE_NEEDS_RECOVERY'
}

const verify: Remediation['verify'] = { language: sqlplus.name, query: showFilesToRecover }
const changes = { status: 'ONLINE', detail: 'NONE' }

const bringOnline = ({ object, file }: FileGroup<Code>): Remediation['steps'] =>
  object.type === 'pluggable-database'
    ? [
        databaseSteps.enterPluggable({ database: object.name }),
        steps.bringFileOnline({ file }),
        databaseSteps.enterRoot({}),
      ]
    : [steps.bringFileOnline({ file })]

const recover = (group: FileGroup<Code>, role: Role): Remediation['steps'] => {
  const { code, file } = group
  if (role.redo === 'received') return [steps.refreshFile({ file })]
  const isGone = code === 'DATAFILE_UNREADABLE'
  return [
    ...(isGone ? [steps.restoreFile({ file })] : []),
    steps.recoverFile({ file }),
    ...bringOnline(group),
  ]
}

const remediate = (group: FileGroup<Code>, role: Role): Remediation | undefined => {
  const { code, file } = group
  if (code === 'DATAFILE_STATUS_UNKNOWN') return undefined
  const storage = code === 'DATAFILE_UNREADABLE' ? [steps.mendStorage({ file })] : []
  return { steps: [steps.showFilesToRecover({}), ...storage, ...recover(group, role)], verify, changes }
}

const effects = {
  DATAFILE_UNREADABLE: { blocks: ['full', 'incremental'], degrades: ['restore'] },
  DATAFILE_NEEDS_RECOVERY: { degrades: [...affected] },
  DATAFILE_STATUS_UNKNOWN: { obscures: [...affected] },
} as const satisfies Record<Code, Pick<FindingDraft, 'blocks' | 'degrades' | 'obscures'>>

/** What the text of each names. */
const said: Readonly<Record<Code, (status: string, error: string) => Readonly<Record<string, string>>>> = {
  DATAFILE_UNREADABLE: (_status, error) => ({ error }),
  DATAFILE_NEEDS_RECOVERY: (status) => ({ status }),
  DATAFILE_STATUS_UNKNOWN: (status, error) => ({ status, error }),
}

const toDraft = (group: FileGroup<Code>, role: Role): Draft => {
  const { code, object, file, amount } = group
  const [status, error] = [valuesOf(group, 'status'), valuesOf(group, 'detail')]
  const remediation = remediate(group, role)
  return {
    code,
    object,
    params: { count: amount, file, ...said[code](status, error) },
    observed: { status, error, files: amount },
    expected: { status: 'ONLINE', error: 'NONE' },
    ...effects[code],
    ...(remediation && { remediation }),
  }
}

const unseen = ({ name }: DatabaseFact): Draft => ({
  code: 'DATAFILES_UNSEEN',
  object: { type: 'instance', name },
  observed: { files: 0 },
  expected: { files: '1 or more' },
  obscures: [...affected],
})

const filesIn = (rows: readonly FileRow[]): number =>
  rows.filter(({ kind }) => kind === 'DATA_FILES').reduce((sum, { amount }) => sum + amount, 0)

/**
 * Verifies that every data file can be read and needs no recovery. One that cannot be read ends a backup ("RMAN Backup
 * Errors", Backup and Recovery User's Guide); one that needs recovery is lost with the archived logs of its time.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_DATAFILES',
  set: 'standard',
  title: { en: 'The data files are online and need no recovery', zh: '数据文件均已联机且无需恢复' },
  failureTitle: { en: 'Data files are offline or need recovery', zh: '数据文件脱机或需要恢复' },
  description: {
    en: 'Checks whether every data file can be read and needs no recovery. If the check fails, a backup fails or lacks data.',
    zh: '检查每个数据文件是否可读且无需恢复。如果未通过，备份会失败或缺少数据。',
  },
  affects: () => affected,
  texts,
  privileges: [...filePrivileges, 'SELECT ON SYS.GV_$PDBS'],
  fixes: [
    steps.bringFileOnline,
    databaseSteps.enterPluggable,
    databaseSteps.enterRoot,
    steps.mendStorage,
    steps.recoverFile,
    steps.refreshFile,
    steps.restoreFile,
    steps.showFilesToRecover,
  ],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATAFILE.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RECOVER_FILE.html',
  ],
  queries: { database: databaseQuery, pluggables: pluggableQuery, files: fileQuery },
  facts: z.object({ database: DatabaseFact, pluggables: PluggableRows, files: FileRows }),
  evaluate: (facts) => {
    const { database, pluggables, files } = facts
    const role = roleOf(database.database_role)
    const whole = files.find(({ kind }) => kind === 'DATABASE')
    const observed = {
      data_files: filesIn(files),
      dbid: whole?.name ?? null,
      resetlogs_change: whole?.detail ?? null,
    }
    if (takesNoBackup(role)) return { findings: [], observed }
    const ofFiles = files.filter(({ kind }) => kind === 'DATA_FILES')
    const groups = fileGroups(ofFiles, (row) => codeOf(row, role), facts)
    return {
      findings: ofFiles.length > 0 ? groups.map((group) => toDraft(group, role)) : [unseen(database)],
      databases: databaseNames(database, pluggables),
      observed,
    }
  },
})
