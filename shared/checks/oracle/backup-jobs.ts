import type { Text } from '../../model/message.ts'
import { type Operation, backupOperations } from '../../model/operation.ts'
import type { FindingDraft } from '../framework/define-check.ts'
import { type RmanRow, rmanOf } from './backup-facts.ts'
import type { DatabaseFact } from './facts.ts'
import { sqlplus } from './languages.ts'
import { recoverySteps as steps } from './recovery-steps.ts'

/** Texts of how the last jobs of RMAN ended. */
export const jobTexts = {
  JOB_FAILED: {
    en: 'The last RMAN backup of type {type} ended as {status}, {hours} hours ago.',
    zh: '最近一次 {type} 类型的 RMAN 备份以 {status} 状态结束（{hours} 小时前）。',
  },
  JOB_UNKNOWN: {
    en: 'How the last RMAN backup of type {type} ended is unknown: the server reports {status}.',
    zh: '无法判定最近一次 {type} 类型的 RMAN 备份的结果：服务器返回 {status}。',
  },
} as const satisfies Record<string, Text>
type Draft = FindingDraft<keyof typeof jobTexts>

/** "V$RMAN_STATUS", Oracle Database Reference: what it says of a job that has ended. */
const succeeded: readonly (string | null)[] = ['COMPLETED', 'COMPLETED WITH WARNINGS']
const failed: readonly (string | null)[] = ['COMPLETED WITH ERRORS', 'FAILED']

/** What a job of that type takes; of any other type, nobody can say which operation it belongs to. */
const operationsOf = (type: string | null): readonly Operation[] => {
  switch (type) {
    case 'DB FULL':
    case 'DATAFILE FULL':
      return ['full']
    case 'DB INCR':
    case 'DATAFILE INCR':
      return ['incremental']
    case 'ARCHIVELOG':
      return ['log']
    default:
      return backupOperations
  }
}

const judgeJob = (database: DatabaseFact, { name, value, minutes }: RmanRow): Draft[] => {
  if (succeeded.includes(value)) return []
  const operations = [...operationsOf(name)]
  const about = {
    params: {
      type: name ?? '-',
      status: value ?? '-',
      hours: minutes === null ? '-' : Math.round(minutes / 60),
    },
    object: { type: 'instance', name: `${database.name} ${name ?? '-'}` },
    observed: { status: value },
    expected: { status: 'COMPLETED' },
  } as const
  if (!failed.includes(value)) return [{ ...about, code: 'JOB_UNKNOWN', obscures: operations }]
  return [
    {
      ...about,
      code: 'JOB_FAILED',
      // The next one may go well: what keeps it from that, other items find out.
      degrades: operations,
      remediation: {
        steps: [steps.showJobs({}), steps.mendJob({})],
        verify: {
          language: sqlplus.name,
          query:
            "SELECT operation, object_type, status, start_time FROM v$rman_status WHERE operation = 'BACKUP' AND row_type = 'COMMAND' ORDER BY start_time DESC FETCH FIRST 20 ROWS ONLY;",
        },
        changes: {},
      },
    },
  ]
}

/** Judges how the last job of each type ended. */
export const judgeJobs = (database: DatabaseFact, rman: readonly RmanRow[]): Draft[] =>
  rmanOf(rman, 'job').flatMap((row) => judgeJob(database, row))
