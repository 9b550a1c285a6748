import type { Text } from '../../model/message.ts'
import type { Operation } from '../../model/operation.ts'
import type { CheckContext, FindingDraft } from '../framework/define-check.ts'
import { isClosed } from './auto-close.ts'
import { onDatabase } from './database-finding.ts'
import { type DatabaseFacts, type DatabaseRow, chainsOf, stateOf } from './databases.ts'
import { openDatabase, showDefinitions, takeFullBackup } from './recovery-model-remediations.ts'
import { isLeftAsSetUp } from './setup-databases.ts'

/** What the full backups mean on which others are based. */
export const baseTexts = {
  FULL_BACKUP_MISSING: {
    en: '{database} has no full backup that these could be based on: {operations}. Take a full backup.',
    zh: '{database} 没有可作为基础的全量备份，无法执行：{operations}。请执行一次全量备份。',
  },
  FULL_BACKUP_UNKNOWN: {
    en: 'It is unknown whether {database} has the full backup that these are based on: {operations}.',
    zh: '无法判定 {database} 是否有作为以下操作基础的全量备份：{operations}。',
  },
  CLOSED_AUTOMATICALLY: {
    en: 'AUTO_CLOSE closed {database}, and the precheck does not open it: whether it has the full backup that log backups are based on is unknown until it is open.',
    zh: '{database} 已被 AUTO_CLOSE 关闭，预检不会将其打开：在其打开之前，无法判定是否有作为日志备份基础的全量备份。',
  },
  DIFFERENTIAL_BASES_HIDDEN: {
    en: 'The login does not have VIEW ANY DEFINITION: it cannot see whether databases have the full backup that incremental backups are based on.',
    zh: '该登录账号缺少 VIEW ANY DEFINITION 权限：无法查看数据库是否有增量备份所依据的全量备份。',
  },
} as const satisfies Readonly<Record<string, Text>>
type Draft = FindingDraft<keyof typeof baseTexts>

/** Whether a database has the full backup that an operation is based on, and the column that says so. */
interface Base {
  readonly operation: Operation
  readonly column: 'has_differential_base' | 'has_log_chain'
  readonly has: boolean | null
}

/** Whether log backups have the full one that they start from; null: not known. A server has one row for a database; of several the worst counts. */
export const hasChain = (row: DatabaseRow, facts: DatabaseFacts): boolean | null => {
  const own = chainsOf(row, facts)
  if (own.some(({ has_log_chain }) => has_log_chain === false)) return false
  return own.length > 0 && own.every(({ has_log_chain }) => has_log_chain) ? true : null
}

const basesOf = (row: DatabaseRow, facts: DatabaseFacts): readonly Base[] => [
  { operation: 'incremental', column: 'has_differential_base', has: row.has_differential_base },
  { operation: 'log', column: 'has_log_chain', has: hasChain(row, facts) },
]

const areHidden = ({ server }: DatabaseFacts): boolean => server.view_any_definition !== true

/** The log of a read-only database has nothing new. */
const judgeMissing = (row: DatabaseRow, missing: readonly Base[], context: CheckContext): Draft => {
  const operations = missing.map(({ operation }) => operation)
  const isLimit = row.is_read_only === true || isLeftAsSetUp(row, operations, context)
  return onDatabase(row, {
    code: 'FULL_BACKUP_MISSING',
    params: { operations },
    observed: Object.fromEntries(missing.map(({ column }) => [column, false])),
    expected: Object.fromEntries(missing.map(({ column }) => [column, true])),
    ...(isLimit ? { limits: operations } : { blocks: operations }),
    remediation: takeFullBackup(row.name, context.target.definition.profile),
  })
}

const judgeUnknown = (row: DatabaseRow, unknown: readonly Base[]): Draft => {
  const operations = unknown.map(({ operation }) => operation)
  const about = {
    observed: Object.fromEntries(unknown.map(({ column }) => [column, null])),
    expected: Object.fromEntries(unknown.map(({ column }) => [column, true])),
    obscures: operations,
  }
  return isClosed(row) && operations.every((operation) => operation === 'log')
    ? onDatabase(row, { ...about, code: 'CLOSED_AUTOMATICALLY', remediation: openDatabase(row.name) })
    : onDatabase(row, { ...about, code: 'FULL_BACKUP_UNKNOWN', params: { operations } })
}

/**
 * The full backups that an ONLINE database needs before it takes others, but for those of `ruledOut`: a differential
 * backup has its base (3035), and in FULL and BULK_LOGGED the log is kept for backups only since one, as if the model
 * were still SIMPLE (4214). Sources: "sys.master_files" and "sys.database_recovery_status", SQL Server reference.
 */
export const judgeBases = (
  row: DatabaseRow,
  ruledOut: readonly Operation[],
  facts: DatabaseFacts,
  context: CheckContext,
): Draft[] => {
  if (stateOf(row) !== 'ONLINE') return []
  const bases = basesOf(row, facts).filter(({ operation }) => !ruledOut.includes(operation))
  const missing = bases.filter(({ has }) => has === false)
  // That no base is shown where definitions are hidden is said once, of the instance.
  const unknown = bases.filter(
    ({ has, operation }) => has === null && !(operation === 'incremental' && areHidden(facts)),
  )
  return [
    ...(missing.length > 0 ? [judgeMissing(row, missing, context)] : []),
    ...(unknown.length > 0 ? [judgeUnknown(row, unknown)] : []),
  ]
}

/** Of the instance: the login sees the files of no database, or not of each. */
export const judgeHiddenBases = (
  databases: readonly DatabaseRow[],
  facts: DatabaseFacts,
  { target }: CheckContext,
): Draft[] => {
  const isSeen = databases.every(({ has_differential_base }) => has_differential_base !== null)
  if (isSeen || !areHidden(facts)) return []
  return [
    {
      code: 'DIFFERENTIAL_BASES_HIDDEN',
      object: { type: 'instance', name: target.instanceId },
      observed: { view_any_definition: facts.server.view_any_definition },
      expected: { view_any_definition: true },
      obscures: ['incremental'],
      remediation: showDefinitions(target),
    },
  ]
}
