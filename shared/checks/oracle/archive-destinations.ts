import type { Text } from '../../model/message.ts'
import { backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { CheckContext, FindingDraft } from '../framework/define-check.ts'
import { showDestinations, archiveSteps as steps } from './archive-steps.ts'
import { type DatabaseFact, type DestinationRow, type InstanceRow, isCluster } from './facts.ts'
import { grant } from './grant.ts'
import { sqlplus } from './languages.ts'
import { roleOf } from './role.ts'

/** Texts of where a database in ARCHIVELOG mode archives its redo logs to. */
export const destinationTexts = {
  NO_VALID_DESTINATION: {
    en: 'No local archive destination of {instance} is VALID: redo logs cannot be archived.',
    zh: '{instance} 没有状态为 VALID 的本地归档目的地：无法归档重做日志。',
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
    en: 'The database is in ARCHIVELOG mode, but the state of its archive destinations could not be read (GV$ARCHIVE_DEST).',
    zh: '数据库处于归档模式，但无法读取归档目的地的状态（GV$ARCHIVE_DEST）。',
  },
} as const satisfies Record<string, Text>
type Draft = FindingDraft<keyof typeof destinationTexts>

/** What the rules look at. */
interface Archiving {
  readonly database: DatabaseFact
  readonly instances: readonly InstanceRow[]
  /** Those that have redo to archive. */
  readonly archiving: readonly InstanceRow[]
  /** Null: they could not be read. */
  readonly destinations: readonly DestinationRow[] | null
}

const verifyDestinations: Remediation['verify'] = { language: sqlplus.name, query: showDestinations }

/** Values that the rules know ("V$ARCHIVE_DEST", Oracle Database Reference). */
const brokenStatuses: readonly string[] = ['ERROR', 'FULL', 'BAD PARAM', 'DISABLED']
const idleStatuses: readonly string[] = ['VALID', 'INACTIVE', 'DEFERRED', 'ALTERNATE']
/** A local destination is PRIMARY to a primary and LOCAL to a standby. */
const localTargets: readonly string[] = ['PRIMARY', 'LOCAL']
const remoteTargets: readonly string[] = ['STANDBY', 'REMOTE']
const bindings: readonly string[] = ['MANDATORY', 'OPTIONAL']

const unknownIn = ({ status, target, binding }: DestinationRow): string[] => [
  ...([...brokenStatuses, ...idleStatuses].includes(status) ? [] : [`status = ${status}`]),
  ...([...localTargets, ...remoteTargets].includes(target) ? [] : [`target = ${target}`]),
  ...(bindings.includes(binding) ? [] : [`binding = ${binding}`]),
]

const enableAgain = ({ dest_name }: DestinationRow): Remediation['steps'] => {
  const number = /^LOG_ARCHIVE_DEST_(\d+)$/.exec(dest_name)?.[1]
  return number === undefined ? [] : [steps.enableDestination({ number })]
}

/** The database, which archives as a whole, or the instance of a RAC that does. */
const archiverName = ({ database, instances }: Archiving, inst_id: number): string => {
  const instance = instances.find((row) => row.inst_id === inst_id)
  return isCluster(instances) ? (instance?.instance_name ?? `instance ${inst_id}`) : database.name
}

const judgeDestination = (facts: Archiving, row: DestinationRow): Draft[] => {
  const operations = [...backupOperations]
  const { dest_name, status, binding, target, error } = row
  const unknown = unknownIn(row)
  const about = {
    params: { destination: dest_name, status, error: error ?? '-' },
    object: { type: 'instance', name: `${archiverName(facts, row.inst_id)} ${dest_name}` },
    observed: { status, binding, target, error },
    expected: { status: 'VALID' },
  } as const
  if (unknown.length > 0) {
    const params = { ...about.params, status: unknown.join(', ') }
    return [{ ...about, code: 'DESTINATION_UNKNOWN', params, obscures: operations }]
  }
  if (idleStatuses.includes(status)) return []
  const remediation = {
    steps: [steps.fixDestination({}), ...enableAgain(row)],
    verify: verifyDestinations,
    changes: { status: 'VALID', error: null },
  }
  // A log that is missing in a mandatory destination is never overwritten: the database stops when all logs wait for
  // it.
  return binding === 'MANDATORY'
    ? [{ ...about, code: 'MANDATORY_DESTINATION_BROKEN', blocks: operations, remediation }]
    : [{ ...about, code: 'OPTIONAL_DESTINATION_BROKEN', degrades: operations, remediation }]
}

const noValidDestination = (name: string): Draft => ({
  code: 'NO_VALID_DESTINATION',
  params: { instance: name },
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
    steps: grant('SELECT ON SYS.GV_$ARCHIVE_DEST', target),
    verify: verifyDestinations,
    changes: {},
  },
})

/**
 * Judges the archive destinations of a database in ARCHIVELOG mode. Every instance that has redo to archive needs a
 * local one that is VALID, except where the redo is received.
 */
export const judgeDestinations = (facts: Archiving, context: CheckContext): Draft[] => {
  const { database, instances, archiving, destinations } = facts
  if (destinations === null) return [unreadable(database, context)]
  const resting = instances.filter((row) => !archiving.includes(row)).map(({ inst_id }) => inst_id)
  const broken = destinations
    .filter(({ inst_id }) => !resting.includes(inst_id))
    .flatMap((row) => judgeDestination(facts, row))
  if (roleOf(database.database_role).redo === 'received') return broken
  const hasValid = ({ inst_id }: InstanceRow): boolean =>
    destinations.some(
      (row) => row.inst_id === inst_id && localTargets.includes(row.target) && row.status === 'VALID',
    )
  const without = archiving.filter((row) => !hasValid(row))
  return [...without.map(({ inst_id }) => noValidDestination(archiverName(facts, inst_id))), ...broken]
}
