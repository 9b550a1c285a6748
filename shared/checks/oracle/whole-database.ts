import type { AffectedObject } from '../../model/finding.ts'
import type { Text } from '../../model/message.ts'
import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { CheckContext, FindingDraft } from '../framework/define-check.ts'
import { archiveSteps } from './archive-steps.ts'
import { databaseSteps as steps } from './database-steps.ts'
import { beyondBackup, mountedOnly } from './effects.ts'
import { type DatabaseFact, type InstanceRow, isCluster } from './facts.ts'
import { instanceSteps } from './instance-steps.ts'
import { sqlplus } from './languages.ts'
import { type Role, effectOf, roleOf, takesNoBackup } from './role.ts'

/** Texts of what may be said of a database as a whole. */
export const wholeDatabaseTexts = {
  MOUNTED_PRIMARY: {
    en: '{database} is a primary but only MOUNTED. Open it.',
    zh: '{database} 为主库，但仅处于 MOUNTED 状态。请打开该数据库。',
  },
  MOUNTED_STANDBY: {
    en: '{database} is only MOUNTED, but its role ({role}) wants it open.',
    zh: '{database} 仅处于 MOUNTED 状态，但其角色（{role}）要求数据库打开。',
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
    en: '{database} is a FAR SYNC instance: it has no data to back up, and none can be restored to it.',
    zh: '{database} 为 FAR SYNC 实例：没有可备份的数据，也无法向其恢复数据。',
  },
  TRUE_CACHE: {
    en: '{database} is a TRUE CACHE: it has no data of its own to back up, and none can be restored to it.',
    zh: '{database} 为 TRUE CACHE：没有自己的数据可备份，也无法向其恢复数据。',
  },
  CONTROL_FILE_NOT_CURRENT: {
    en: '{database} uses a control file of type {type}: recovery is incomplete.',
    zh: '{database} 使用类型为 {type} 的控制文件：恢复尚未完成。',
  },
  CONTROL_FILE_UNKNOWN: {
    en: 'The type of the control file of {database} is unknown: the server reports {type}.',
    zh: '无法判定 {database} 的控制文件类型：服务器返回 {type}。',
  },
  OPEN_MODE_UNKNOWN: {
    en: 'The status of {database} is unknown: the server reports open mode {mode} and role {role}.',
    zh: '无法判定 {database} 的状态：服务器返回打开模式 {mode} 和角色 {role}。',
  },
} as const satisfies Record<string, Text>
type Draft = FindingDraft<keyof typeof wholeDatabaseTexts>

/** What is wrong with a container database is wrong for everything in it. */
const objectOf = ({ name, cdb }: DatabaseFact): AffectedObject => ({
  type: cdb === 'NO' ? 'database' : 'instance',
  name,
})

const onDatabase = (database: DatabaseFact, part: Pick<Draft, 'code'> & Partial<Draft>): Draft => ({
  object: objectOf(database),
  observed: { open_mode: database.open_mode, database_role: database.database_role },
  expected: { open_mode: 'READ WRITE' },
  ...part,
  params: { database: database.name, ...part.params },
})

const verifyDatabase: Remediation['verify'] = {
  language: sqlplus.name,
  query: 'SELECT inst_id, name, open_mode, database_role FROM gv$database;',
}

const elsewhere: Remediation = {
  steps: [steps.backUpElsewhere({})],
  verify: verifyDatabase,
  changes: {},
}

/** What there is to say of a role whatever the database does. */
const roleCodes: Readonly<Partial<Record<Role['term'], Draft['code']>>> = {
  'snapshot-standby': 'SNAPSHOT_STANDBY',
  'far-sync': 'FAR_SYNC',
  'true-cache': 'TRUE_CACHE',
}

const judgeRole = (database: DatabaseFact, role: Role): Draft[] => {
  const code = roleCodes[role.term]
  if (code === undefined) return []
  const { database_role } = database
  const part = { code, observed: { database_role }, expected: { database_role: 'PRIMARY' } }
  return [onDatabase(database, { ...part, ...effectOf(role), remediation: elsewhere })]
}

/** True if the login is on the one instance of a RAC that has it mounted, while another one serves it. */
const isOpenElsewhere = (instances: readonly InstanceRow[]): boolean =>
  isCluster(instances) && instances.some(({ status }) => status.startsWith('OPEN'))

/** True if users can get at it, on whichever instance. */
export const isOpen = ({ open_mode }: DatabaseFact, instances: readonly InstanceRow[]): boolean =>
  open_mode !== 'MOUNTED' || isOpenElsewhere(instances)

const judgeOpenMode = (
  database: DatabaseFact,
  role: Role,
  instances: readonly InstanceRow[],
  context: CheckContext,
): Draft[] => {
  const { open_mode: mode, database_role } = database
  if (role.openModes.includes(mode)) {
    const isIdle = role.term === 'primary' && mode === 'READ ONLY'
    return isIdle ? [onDatabase(database, { code: 'READ_ONLY_PRIMARY' })] : []
  }
  if (mode !== 'MOUNTED' || role.redo === 'unknown') {
    const params = { mode, role: database_role }
    return [onDatabase(database, { code: 'OPEN_MODE_UNKNOWN', params, obscures: [...allOperations] })]
  }
  if (isOpenElsewhere(instances)) return []
  const remediation = {
    // Pluggable databases stay closed where the state was not saved.
    steps: [instanceSteps.open({}), ...(database.cdb === 'NO' ? [] : [archiveSteps.openPluggables({})])],
    verify: verifyDatabase,
    changes: { open_mode: 'READ WRITE' },
  }
  const code = role.term === 'primary' ? 'MOUNTED_PRIMARY' : 'MOUNTED_STANDBY'
  const params = { role: [role.term] }
  return [onDatabase(database, { code, params, ...mountedOnly(context), remediation })]
}

const verifyControlFile: Remediation['verify'] = {
  language: sqlplus.name,
  query: 'SELECT name, controlfile_type FROM v$database;',
}

/** RESETLOGS would make a standby a primary of its own. */
const finishRecovery = ({ redo }: Role): Remediation =>
  redo === 'received'
    ? {
        steps: [steps.letRestoreEnd({}), steps.replaceStandbyControlFile({})],
        verify: verifyControlFile,
        changes: { controlfile_type: 'STANDBY' },
      }
    : {
        steps: [steps.letRestoreEnd({}), steps.recover({}), steps.openResetlogs({})],
        verify: verifyControlFile,
        changes: { controlfile_type: 'CURRENT' },
      }

const judgeControlFile = (database: DatabaseFact, role: Role, context: CheckContext): Draft[] => {
  if (takesNoBackup(role)) return []
  const { controlfile_type: type } = database
  const about = {
    params: { type },
    observed: { controlfile_type: type },
    expected: { controlfile_type: role.redo === 'received' ? 'STANDBY' : 'CURRENT' },
  }
  switch (type) {
    case 'CURRENT':
    case 'STANDBY':
      return []
    case 'BACKUP':
    case 'CREATED': {
      const part = { ...about, code: 'CONTROL_FILE_NOT_CURRENT', ...beyondBackup(context) } as const
      // Whether it is a primary has to be known first.
      const isKnown = role.redo !== 'unknown'
      return [onDatabase(database, { ...part, ...(isKnown && { remediation: finishRecovery(role) }) })]
    }
    default:
      return [onDatabase(database, { ...about, code: 'CONTROL_FILE_UNKNOWN', obscures: [...allOperations] })]
  }
}

/** Judges a database by its role, its open mode over all instances, and its control file. */
export const judgeDatabase = (
  database: DatabaseFact,
  instances: readonly InstanceRow[],
  context: CheckContext,
): Draft[] => {
  const role = roleOf(database.database_role)
  return [
    ...judgeRole(database, role),
    ...judgeOpenMode(database, role, instances, context),
    ...judgeControlFile(database, role, context),
  ]
}
