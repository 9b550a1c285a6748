import type { Text } from '../../model/message.ts'
import { backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { CheckContext, FindingDraft } from '../framework/define-check.ts'
import { showDestinations, archiveSteps as steps } from './archive-steps.ts'
import type { DatabaseFact, DestinationRow, InstanceRow } from './facts.ts'
import { isStandby } from './facts.ts'
import { grant } from './grant.ts'
import { sqlplus } from './languages.ts'

/** Texts of what keeps a database in ARCHIVELOG mode from archiving. */
export const archivingTexts = {
  ARCHIVER_NOT_RUNNING: {
    en: 'The archiver of instance {instance} is {archiver}, not STARTED: redo logs are not archived, and the database will hang (ORA-00257).',
    zh: '实例 {instance} 的归档进程状态为 {archiver} 而非 STARTED：重做日志未归档，数据库将挂起（ORA-00257）。',
  },
  ARCHIVER_UNKNOWN: {
    en: 'The state of the archiver of instance {instance} is unknown: the server reports {archiver}.',
    zh: '无法判定实例 {instance} 的归档进程状态：服务器返回 {archiver}。',
  },
  LOG_SWITCH_WAITS: {
    en: 'Instance {instance} cannot switch logs until one is archived: archiving is slow or stuck.',
    zh: '实例 {instance} 需等待日志归档后才能切换日志：归档过慢或已停滞。',
  },
  NO_VALID_DESTINATION: {
    en: 'No local archive destination is VALID: redo logs cannot be archived.',
    zh: '没有状态为 VALID 的本地归档目的地：无法归档重做日志。',
  },
  MANDATORY_DESTINATION_BROKEN: {
    en: 'The mandatory archive destination {destination} is {status}, not VALID: {error}',
    zh: '强制（MANDATORY）归档目的地 {destination} 的状态为 {status} 而非 VALID：{error}',
  },
  OPTIONAL_DESTINATION_BROKEN: {
    en: 'The archive destination {destination} is {status}, not VALID: {error}',
    zh: '归档目的地 {destination} 的状态为 {status} 而非 VALID：{error}',
  },
  DESTINATION_UNKNOWN: {
    en: 'The state of the archive destination {destination} is unknown: the server reports {status}.',
    zh: '无法判定归档目的地 {destination} 的状态：服务器返回 {status}。',
  },
  DESTINATIONS_UNREADABLE: {
    en: 'The database is in ARCHIVELOG mode, but the state of its archive destinations could not be read (V$ARCHIVE_DEST).',
    zh: '数据库处于归档模式，但无法读取归档目的地的状态（V$ARCHIVE_DEST）。',
  },
} as const satisfies Record<string, Text>
type Draft = FindingDraft<keyof typeof archivingTexts>

const verifyDestinations: Remediation['verify'] = { language: sqlplus.name, query: showDestinations }

const resumeArchiving: Remediation = {
  steps: [steps.showDestinations({}), steps.freeSpace({}), steps.archiveAll({})],
  verify: {
    language: sqlplus.name,
    query: 'SELECT instance_name, archiver, log_switch_wait FROM gv$instance;',
  },
  changes: { archiver: 'STARTED', log_switch_wait: null },
}

const onInstance = (row: InstanceRow, part: Pick<Draft, 'code'> & Partial<Draft>): Draft => ({
  params: { instance: row.instance_name, archiver: row.archiver },
  object: { type: 'instance', name: row.instance_name },
  observed: { archiver: row.archiver },
  expected: { archiver: 'STARTED' },
  ...part,
})

/** Judges the archiver of one instance of a database in ARCHIVELOG mode ("V$INSTANCE", Oracle Database Reference). */
export const judgeArchiver = (row: InstanceRow): Draft[] => {
  const operations = [...backupOperations]
  switch (row.archiver) {
    case 'STARTED':
      if (row.log_switch_wait !== 'ARCHIVE LOG') return []
      return [
        onInstance(row, {
          code: 'LOG_SWITCH_WAITS',
          observed: { log_switch_wait: row.log_switch_wait },
          expected: { log_switch_wait: null },
          // One look cannot tell a busy moment from a hang; a hang shows as a failed archiver within five minutes.
          degrades: operations,
          remediation: resumeArchiving,
        }),
      ]
    case 'FAILED':
    case 'STOPPED':
      return [
        onInstance(row, { code: 'ARCHIVER_NOT_RUNNING', blocks: operations, remediation: resumeArchiving }),
      ]
    default:
      return [onInstance(row, { code: 'ARCHIVER_UNKNOWN', obscures: operations })]
  }
}

/** Statuses in which nothing is archived and nobody chose so, and those that somebody chose ("V$ARCHIVE_DEST", ibid.). */
const brokenStatuses: readonly string[] = ['ERROR', 'FULL', 'BAD PARAM', 'DISABLED']
const idleStatuses: readonly string[] = ['VALID', 'INACTIVE', 'DEFERRED', 'ALTERNATE']

const enableAgain = ({ dest_name }: DestinationRow): Remediation['steps'] => {
  const number = /^LOG_ARCHIVE_DEST_(\d+)$/.exec(dest_name)?.[1]
  return number === undefined ? [] : [steps.enableDestination({ number })]
}

/** Of a database as a whole; `row` makes it one of a single destination. */
const onDestination = (
  { name }: DatabaseFact,
  row: DestinationRow,
  part: Pick<Draft, 'code'> & Partial<Draft>,
): Draft => ({
  params: { destination: row.dest_name, status: row.status, error: row.error ?? '-' },
  object: { type: 'instance', name: `${name} ${row.dest_name}` },
  observed: { status: row.status, binding: row.binding, target: row.target, error: row.error },
  expected: { status: 'VALID' },
  ...part,
})

const judgeDestination = (database: DatabaseFact, row: DestinationRow): Draft[] => {
  const operations = [...backupOperations]
  if (idleStatuses.includes(row.status)) return []
  if (!brokenStatuses.includes(row.status)) {
    return [onDestination(database, row, { code: 'DESTINATION_UNKNOWN', obscures: operations })]
  }
  const remediation = {
    steps: [steps.fixDestination({}), ...enableAgain(row)],
    verify: verifyDestinations,
    changes: { status: 'VALID', error: null },
  }
  // A log that is missing in a mandatory destination is never overwritten: the database stops when all logs wait for
  // it.
  return row.binding === 'MANDATORY'
    ? [
        onDestination(database, row, {
          code: 'MANDATORY_DESTINATION_BROKEN',
          blocks: operations,
          remediation,
        }),
      ]
    : [
        onDestination(database, row, {
          code: 'OPTIONAL_DESTINATION_BROKEN',
          degrades: operations,
          remediation,
        }),
      ]
}

/** A local destination is PRIMARY to a primary and LOCAL to a standby. */
const isLocal = ({ target }: DestinationRow): boolean => target === 'PRIMARY' || target === 'LOCAL'

const noValidDestination = ({ name }: DatabaseFact): Draft => ({
  code: 'NO_VALID_DESTINATION',
  object: { type: 'instance', name },
  observed: { valid_local_destinations: 0 },
  expected: { valid_local_destinations: '1 or more' },
  blocks: [...backupOperations],
  remediation: {
    steps: [steps.showDestinations({}), steps.freeSpace({}), steps.setDestination({})],
    verify: verifyDestinations,
    // Which destination is to be mended, or set, has to be found out first.
    changes: {},
  },
})

const unreadable = ({ name }: DatabaseFact, { target }: CheckContext): Draft => ({
  code: 'DESTINATIONS_UNREADABLE',
  object: { type: 'instance', name },
  observed: { readable: false },
  expected: { readable: true },
  obscures: [...backupOperations],
  remediation: {
    steps: grant('SELECT ON SYS.V_$ARCHIVE_DEST', target),
    verify: verifyDestinations,
    changes: {},
  },
})

/** Judges the archive destinations of a database in ARCHIVELOG mode; null: they could not be read. A standby may have none of its own. */
export const judgeDestinations = (
  database: DatabaseFact,
  destinations: readonly DestinationRow[] | null,
  context: CheckContext,
): Draft[] => {
  if (destinations === null) return [unreadable(database, context)]
  const broken = destinations.flatMap((row) => judgeDestination(database, row))
  const hasValid = destinations.some((row) => isLocal(row) && row.status === 'VALID')
  if (hasValid || isStandby(database.database_role)) return broken
  return [noValidDestination(database), ...broken]
}
