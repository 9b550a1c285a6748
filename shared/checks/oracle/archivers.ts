import type { Text } from '../../model/message.ts'
import { backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { FindingDraft } from '../framework/define-check.ts'
import { archiveSteps as steps } from './archive-steps.ts'
import type { InstanceRow } from './facts.ts'
import { sqlplus } from './languages.ts'
import type { Role } from './role.ts'

/** Texts of the archivers of a database in ARCHIVELOG mode. */
export const archiverTexts = {
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
} as const satisfies Record<string, Text>
type Draft = FindingDraft<keyof typeof archiverTexts>

/**
 * True if an instance has redo to archive. One that has not mounted the database has none, nor has one that has it
 * mounted only, unless it receives redo; what is wrong with such an instance is said of the instance.
 */
export const archives = ({ status }: InstanceRow, { redo }: Role): boolean =>
  status !== 'STARTED' && !(status === 'MOUNTED' && redo === 'own')

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

/** What a log switch waits for, if not for the archiver. */
const otherWaits: readonly (string | null)[] = [null, 'CLEAR LOG', 'CHECKPOINT']

const judgeLogSwitch = (row: InstanceRow): Draft[] => {
  const { log_switch_wait } = row
  if (otherWaits.includes(log_switch_wait)) return []
  const about = { observed: { log_switch_wait }, expected: { log_switch_wait: null } }
  if (log_switch_wait !== 'ARCHIVE LOG') {
    const params = { instance: row.instance_name, archiver: `log_switch_wait = ${log_switch_wait}` }
    return [onInstance(row, { ...about, code: 'ARCHIVER_UNKNOWN', params, obscures: [...backupOperations] })]
  }
  return [
    onInstance(row, {
      ...about,
      code: 'LOG_SWITCH_WAITS',
      // One look cannot tell a busy moment from a hang; a hang shows as a failed archiver within five minutes.
      degrades: [...backupOperations],
      remediation: resumeArchiving,
    }),
  ]
}

/** Judges the archiver of one instance of a database in ARCHIVELOG mode ("V$INSTANCE", Oracle Database Reference). */
export const judgeArchiver = (row: InstanceRow): Draft[] => {
  const operations = [...backupOperations]
  switch (row.archiver) {
    case 'STARTED':
      return judgeLogSwitch(row)
    case 'FAILED':
    case 'STOPPED':
      return [
        onInstance(row, { code: 'ARCHIVER_NOT_RUNNING', blocks: operations, remediation: resumeArchiving }),
      ]
    default:
      return [onInstance(row, { code: 'ARCHIVER_UNKNOWN', obscures: operations })]
  }
}
