import type { Operation } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { onDatabase } from './database-finding.ts'
import {
  DatabaseFacts,
  type DatabaseRow,
  considered,
  databasePrivileges,
  databaseQueries,
} from './databases.ts'
import { sqlserver } from './engine.ts'
import { fileSteps } from './file-steps.ts'
import { tsql } from './languages.ts'
import { ownTexts, overOwnDatabases } from './own-databases.ts'
import { showDefinitions } from './recovery-model-remediations.ts'
import { sqlServerSteps } from './steps.ts'

const texts = {
  ...ownTexts,
  FILES_NOT_ONLINE: {
    en: 'Data files of {database} that are not online: {count}, such as {file} ({state}). A backup of the whole database fails.',
    zh: '{database} 有 {count} 个数据文件未联机，例如 {file}（{state}）：对整个数据库的备份会失败。',
  },
  FILES_UNKNOWN: {
    en: 'It is unknown whether the data files of {database} are online.',
    zh: '无法判定 {database} 的数据文件是否联机。',
  },
  FILES_HIDDEN: {
    en: 'The login of the precheck does not see the files of databases: it is unknown whether their data files are online.',
    zh: '预检登录名看不到数据库的文件：无法判定其数据文件是否联机。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** What takes every file along, and what then lacks new backups. */
const whole: Operation[] = ['full', 'incremental']
const affected: Operation[] = [...whole, 'restore']

/** States of a file that is there and not available ("File states"), and what brings it back. */
type Lost = 'OFFLINE' | 'SUSPECT' | 'RESTORING' | 'RECOVERY_PENDING' | 'RECOVERING'
type StepsOf = (of: Readonly<Record<'database' | 'file', string>>, row: DatabaseRow) => Remediation['steps']

/** In SIMPLE, single files are neither backed up nor restored unless they are read-only. */
const fromBackups: StepsOf = (of, { recovery_model_desc: model }) =>
  model === 'SIMPLE'
    ? [fileSteps.restoreDatabase(of)]
    : [fileSteps.restoreFile(of), fileSteps.backUpOnlineFilegroups({})]

const restoring: StepsOf = (of, row) => [
  fileSteps.showFiles(of),
  ...fromBackups(of, row),
  fileSteps.removeFile({}),
]

/** Their restore or their recovery did not end: it may be that nothing is to be restored any more. */
const recovering: StepsOf = (of, row) => [
  fileSteps.showFiles(of),
  sqlServerSteps.readErrorLog(of),
  fileSteps.recoverFile(of),
  ...fromBackups(of, row),
]

const stepsFor: Readonly<Record<Lost, StepsOf>> = {
  OFFLINE: restoring,
  SUSPECT: restoring,
  RESTORING: recovering,
  RECOVERY_PENDING: recovering,
  RECOVERING: () => [sqlServerSteps.waitForRecovery({})],
}

const isLost = (state: string | null): state is Lost => Object.hasOwn(stepsFor, String(state))

/**
 * A log backup does without data files, unless one that is not online holds changes that were logged in bulk ("Backup
 * overview"), which no view tells.
 */
const logOf = ({ recovery_model_desc: model }: DatabaseRow): Operation[] =>
  model === 'BULK_LOGGED' ? ['log'] : []

/** Said once, of the instance. */
const isHidden = ({ files_not_online }: DatabaseRow, { server }: DatabaseFacts): boolean =>
  files_not_online === null && server.view_any_definition !== true

const judgeDatabase = (row: DatabaseRow, facts: DatabaseFacts): Draft[] => {
  const { name: database, files_not_online: count, file_not_online: file, file_state: state } = row
  if (count === 0 || isHidden(row, facts)) return []
  const about = {
    observed: { files_not_online: count, file_not_online: file, file_state: state },
    expected: { files_not_online: 0 },
  }
  if (count === null || file === null || !isLost(state)) {
    return [onDatabase(row, { ...about, code: 'FILES_UNKNOWN', obscures: [...affected, ...logOf(row)] })]
  }
  return [
    onDatabase(row, {
      ...about,
      code: 'FILES_NOT_ONLINE',
      params: { count, file, state },
      blocks: whole,
      degrades: ['restore'],
      obscures: logOf(row),
      remediation: {
        steps: stepsFor[state]({ database, file }, row),
        verify: { language: tsql.name, query: fileSteps.showFiles({ database }).command ?? '' },
        changes: { files_not_online: 0, file_not_online: null, file_state: null },
      },
    }),
  ]
}

const judgeHidden = (facts: DatabaseFacts, { target }: CheckContext): Draft[] => {
  const hidden = considered(facts).databases.filter((row) => isHidden(row, facts))
  if (hidden.length === 0) return []
  return [
    {
      code: 'FILES_HIDDEN',
      object: { type: 'instance', name: target.instanceId },
      observed: { view_any_definition: facts.server.view_any_definition },
      expected: { view_any_definition: true },
      obscures: [...new Set([...affected, ...hidden.flatMap(logOf)])],
      remediation: showDefinitions(target),
    },
  ]
}

/**
 * Verifies that every data file is online of every database that is. Files have states of their own: one of a secondary
 * filegroup can be offline while the database is ONLINE, and a full or differential backup, which takes all filegroups
 * along, then fails (3007). DEFUNCT is no such state: the file was dropped, and nothing of it is backed up.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_DATA_FILES',
  set: 'standard',
  title: { en: 'All data files are online', zh: '数据文件检查：所有数据文件均已联机' },
  failureTitle: {
    en: 'Data files are not online, or it is unknown whether they are',
    zh: '数据文件检查：有数据文件未联机，或无法判定',
  },
  description: {
    en: 'Checks whether all data files of every database are online. A full or incremental backup takes all of them, and fails where one is not.',
    zh: '检查每个数据库的所有数据文件是否联机。全量和增量备份包含所有数据文件，只要有一个未联机就会失败。',
  },
  affects: () => [...affected, 'log'],
  texts,
  privileges: databasePrivileges,
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/backup-overview-sql-server',
    'https://learn.microsoft.com/sql/relational-databases/databases/file-states',
    'https://learn.microsoft.com/sql/relational-databases/backup-restore/file-restores-simple-recovery-model',
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-master-files-transact-sql',
  ],
  fixes: [
    fileSteps.backUpOnlineFilegroups,
    sqlServerSteps.grant,
    sqlServerSteps.readErrorLog,
    fileSteps.recoverFile,
    fileSteps.removeFile,
    fileSteps.restoreDatabase,
    fileSteps.restoreFile,
    fileSteps.showFiles,
    sqlServerSteps.waitForRecovery,
  ],
  queries: databaseQueries,
  facts: DatabaseFacts,
  evaluate: (facts, context) => {
    const evaluation = overOwnDatabases(facts, (row) => judgeDatabase(row, facts))
    return { ...evaluation, findings: [...judgeHidden(facts, context), ...evaluation.findings] }
  },
})
