import type { Text } from '../../model/message.ts'
import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { CheckContext, FindingDraft } from '../framework/define-check.ts'
import { type InstanceRow, type RoleFact, type ThreadRow, isCluster } from './facts.ts'
import { grant } from './grant.ts'
import { instanceSteps as steps } from './instance-steps.ts'
import { sqlplus } from './languages.ts'
import { roleOf } from './role.ts'

/** Texts of the instances of a RAC that do not run: `gv$instance` has no row of them. */
export const threadTexts = {
  INSTANCE_DOWN: {
    en: 'Redo thread {thread} of the RAC is enabled, but its instance ({instance}) does not run.',
    zh: 'RAC 的重做线程 {thread} 已启用，但其实例（{instance}）未运行。',
  },
  THREADS_UNREADABLE: {
    en: 'Whether all instances of the RAC run is unknown: the redo threads could not be read (V$THREAD).',
    zh: '无法读取重做线程（V$THREAD），因此无法确定 RAC 的所有实例是否都在运行。',
  },
} as const satisfies Record<string, Text>
type Draft = FindingDraft<keyof typeof threadTexts>

const verifyThreads: Remediation['verify'] = {
  language: sqlplus.name,
  query:
    'SELECT t.thread#, t.enabled, i.instance_name, i.status FROM v$thread t LEFT JOIN gv$instance i ON i.thread# = t.thread#;',
}

/** An instance that has not opened its thread yet is known by its name. */
const isServed = ({ thread_number, instance }: ThreadRow, instances: readonly InstanceRow[]): boolean =>
  instances.some(
    (row) => row.thread_number === thread_number || (row.status !== 'OPEN' && row.instance_name === instance),
  )

const startAgain = ({ thread_number, instance }: ThreadRow, role: RoleFact): Remediation => ({
  steps: [
    steps.decideOnInstance({ thread: String(thread_number) }),
    ...(role && instance !== null ? [steps.startInstance({ database: role.db_unique_name, instance })] : []),
  ],
  verify: verifyThreads,
  changes: {},
})

const down = (thread: ThreadRow, role: RoleFact, isOwn: boolean): Draft => {
  const { thread_number, instance, enabled } = thread
  const operations = [...allOperations]
  return {
    code: 'INSTANCE_DOWN',
    params: { thread: thread_number, instance: instance ?? '-' },
    object: { type: 'instance', name: instance ?? `thread ${thread_number}` },
    observed: { thread: thread_number, enabled, running: false },
    expected: { running: true },
    // While another instance serves, a backup runs there.
    ...(isOwn ? { degrades: operations } : { obscures: operations }),
    remediation: startAgain(thread, role),
  }
}

const unreadable = ({ target }: CheckContext): Draft => ({
  code: 'THREADS_UNREADABLE',
  object: { type: 'instance', name: target.instanceId },
  observed: { readable: false },
  expected: { readable: true },
  obscures: [...allOperations],
  remediation: { steps: grant('SELECT ON SYS.V_$THREAD', target), verify: verifyThreads, changes: {} },
})

/**
 * Finds the instances of a RAC that do not run, by the redo threads that are enabled. On a physical standby the view
 * says nothing that means anything ("V$THREAD", Oracle Database Reference); before the database is mounted it cannot be
 * read at all, and that is said of the instances.
 */
export const judgeThreads = (
  instances: readonly InstanceRow[],
  threads: readonly ThreadRow[] | null,
  role: RoleFact,
  context: CheckContext,
): Draft[] => {
  const { redo } = roleOf(role?.database_role ?? null)
  if (!isCluster(instances) || redo === 'received') return []
  if (instances.every(({ status }) => status === 'STARTED')) return []
  if (threads === null) return [unreadable(context)]
  return threads
    .filter((thread) => thread.enabled !== 'DISABLED' && !isServed(thread, instances))
    .map((thread) => down(thread, role, redo === 'own'))
}
