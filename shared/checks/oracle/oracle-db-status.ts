import * as z from 'zod'
import type { AffectedObject } from '../../model/finding.ts'
import { allOperations, backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { oracle } from './engine.ts'
import { coverageFindings, coverageTexts, isRequired, isSeed } from './coverage.ts'
import {
  DatabaseFact,
  PluggableRows,
  type PluggableRow,
  RecoveryRows,
  databaseQuery,
  isStandby,
  pluggableQuery,
  recoveryQuery,
} from './facts.ts'
import { judgePluggable, pluggableTexts } from './pluggable.ts'
import { databaseSteps as steps } from './database-steps.ts'
import { instanceSteps } from './instance-steps.ts'
import { sqlplus } from './languages.ts'

const texts = {
  MOUNTED_PRIMARY: {
    en: '{database} is a primary but only MOUNTED. Open it.',
    zh: '{database} 为主库，但仅处于 MOUNTED 状态。请打开该数据库。',
  },
  READ_ONLY_PRIMARY: {
    en: '{database} is open READ ONLY: it can be backed up, but its data does not change.',
    zh: '{database} 以只读方式打开：可以备份，但数据不会变化。',
  },
  SNAPSHOT_STANDBY: {
    en: '{database} is a SNAPSHOT STANDBY: changes that are backed up now are discarded when it is converted back.',
    zh: '{database} 为快照备库：转换回物理备库时，当前的更改将被丢弃。',
  },
  FAR_SYNC: {
    en: '{database} is a FAR SYNC instance and has no data to back up.',
    zh: '{database} 为 FAR SYNC 实例，没有可备份的数据。',
  },
  CONTROL_FILE_NOT_CURRENT: {
    en: '{database} uses a control file of type {type}: recovery is incomplete. Recover the database and open it with RESETLOGS.',
    zh: '{database} 使用类型为 {type} 的控制文件：恢复尚未完成。请完成恢复并以 RESETLOGS 方式打开。',
  },
  CONTROL_FILE_UNKNOWN: {
    en: 'The type of the control file of {database} is unknown: the server reports {type}.',
    zh: '无法判定 {database} 的控制文件类型：服务器返回 {type}。',
  },
  OPEN_MODE_UNKNOWN: {
    en: 'The status of {database} is unknown: the server reports open mode {mode} and role {role}.',
    zh: '无法判定 {database} 的状态：服务器返回打开模式 {mode} 和角色 {role}。',
  },
  ...pluggableTexts,
  ...coverageTexts,
  SEED: { en: 'PDB$SEED is a template that never changes', zh: 'PDB$SEED 为模板，内容不会变化' },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

const verifyDatabase: Remediation['verify'] = {
  language: sqlplus.name,
  query: 'SELECT name, open_mode, database_role FROM v$database;',
}

/** What is wrong with a container database is wrong for everything in it. */
const objectOf = ({ name, cdb }: DatabaseFact): AffectedObject => ({
  type: cdb === 'YES' ? 'instance' : 'database',
  name,
})

const onDatabase = (database: DatabaseFact, part: Pick<Draft, 'code'> & Partial<Draft>): Draft => ({
  object: objectOf(database),
  observed: { open_mode: database.open_mode, database_role: database.database_role },
  expected: { open_mode: 'READ WRITE' },
  ...part,
  params: { database: database.name, ...part.params },
})

const judgePrimary = (database: DatabaseFact, { target }: CheckContext): Draft[] => {
  switch (database.open_mode) {
    case 'READ WRITE':
      return []
    case 'READ ONLY':
      return [onDatabase(database, { code: 'READ_ONLY_PRIMARY' })]
    case 'MOUNTED': {
      const remediation = {
        steps: [instanceSteps.open({})],
        verify: verifyDatabase,
        changes: { open_mode: 'READ WRITE' },
      }
      const operations = [...allOperations]
      // RMAN takes consistent backups of a mounted primary; Cloud Backup wants it open.
      const effect =
        target.definition.profile === 'native' ? { degrades: operations } : { blocks: operations }
      return [onDatabase(database, { code: 'MOUNTED_PRIMARY', ...effect, remediation })]
    }
    default:
      return [unknownMode(database)]
  }
}

const unknownMode = (database: DatabaseFact): Draft =>
  onDatabase(database, {
    code: 'OPEN_MODE_UNKNOWN',
    params: { mode: database.open_mode, role: database.database_role },
    obscures: [...allOperations],
  })

/** Open modes that are normal for each standby ("V$DATABASE", Oracle Database Reference; Data Guard concepts). */
const normalModes: Readonly<Record<string, readonly string[]>> = {
  'PHYSICAL STANDBY': ['MOUNTED', 'READ ONLY', 'READ ONLY WITH APPLY'],
  'LOGICAL STANDBY': ['READ WRITE', 'READ ONLY'],
}

const judgeRole = (database: DatabaseFact, context: CheckContext): Draft[] => {
  switch (database.database_role) {
    case 'PRIMARY':
      return judgePrimary(database, context)
    case 'SNAPSHOT STANDBY':
      return [onDatabase(database, { code: 'SNAPSHOT_STANDBY', degrades: [...allOperations] })]
    case 'FAR SYNC':
      return [onDatabase(database, { code: 'FAR_SYNC', limits: [...backupOperations] })]
    default:
      return normalModes[database.database_role]?.includes(database.open_mode) ? [] : [unknownMode(database)]
  }
}

const finishRecovery: Remediation = {
  steps: [steps.letRestoreEnd({}), steps.recover({}), steps.openResetlogs({})],
  verify: { language: sqlplus.name, query: 'SELECT name, controlfile_type FROM v$database;' },
  changes: { controlfile_type: 'CURRENT' },
}

const judgeControlFile = (database: DatabaseFact): Draft[] => {
  const { controlfile_type: type } = database
  const about = {
    params: { type },
    observed: { controlfile_type: type },
    expected: { controlfile_type: isStandby(database.database_role) ? 'STANDBY' : 'CURRENT' },
  }
  const operations = [...allOperations]
  switch (type) {
    case 'CURRENT':
    case 'STANDBY':
      return []
    case 'BACKUP':
    case 'CREATED': {
      const effect = { blocks: operations, remediation: finishRecovery }
      return [onDatabase(database, { ...about, code: 'CONTROL_FILE_NOT_CURRENT', ...effect })]
    }
    default:
      return [onDatabase(database, { ...about, code: 'CONTROL_FILE_UNKNOWN', obscures: operations })]
  }
}

interface DatabaseFacts {
  readonly database: DatabaseFact
  readonly pluggables: readonly PluggableRow[]
  readonly recovery: readonly { readonly name: string; readonly recovery_status: string | null }[] | null
}

const judgePluggables = ({ database, pluggables, recovery }: DatabaseFacts, context: CheckContext) => {
  const onStandby = isStandby(database.database_role)
  const own = pluggables.filter((row) => !isSeed(row))
  const names = [...new Set(own.map(({ name }) => name))]
  const findings = names.flatMap((name) => {
    const rows = own.filter((row) => row.name === name)
    const ofName = (recovery ?? []).filter((row) => row.name === name)
    const recoveries = ofName.map(({ recovery_status }) => recovery_status)
    return judgePluggable({ name, rows, recoveries }, onStandby, isRequired(name, context))
  })
  return { names, findings }
}

/**
 * Verifies that the database and its pluggable databases are open as their role wants it. A closed pluggable database
 * is a warning unless the registration requires it. Blocks backup and restore of that database alone.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_DB_STATUS',
  title: { en: 'The Oracle databases are in normal status', zh: 'Oracle 数据库状态检查：数据库状态正常' },
  failureTitle: {
    en: 'Oracle databases are not in normal status',
    zh: 'Oracle 数据库状态检查：数据库状态异常',
  },
  description: {
    en: 'Checks whether every database is open as its role requires. If the check fails, you cannot back up or restore the databases that are named.',
    zh: '检查每个数据库是否按其角色正常打开。如果未通过，则无法备份或恢复提示的数据库。',
  },
  affects: () => allOperations,
  texts,
  privileges: ['SELECT ON SYS.V_$DATABASE', 'SELECT ON SYS.GV_$PDBS'],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATABASE.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-PDBS.html',
  ],
  queries: { database: databaseQuery, pluggables: pluggableQuery, recovery: recoveryQuery },
  facts: z.object({ database: DatabaseFact, pluggables: PluggableRows, recovery: RecoveryRows }),
  evaluate: (facts, context) => {
    const { database, pluggables } = facts
    const { names, findings } = judgePluggables(facts, context)
    return {
      findings: [
        ...judgeRole(database, context),
        ...judgeControlFile(database),
        ...coverageFindings(database, pluggables, context),
        ...findings,
      ],
      databases: [database.name, ...names],
      excluded: pluggables
        .filter(isSeed)
        .slice(0, 1)
        .map(({ name }) => ({ name, reason: { code: 'SEED', params: {} } })),
      observed: {
        open_mode: database.open_mode,
        database_role: database.database_role,
        pluggable_databases: names.length,
      },
    }
  },
})
