import type { Text } from '../../model/message.ts'
import { backupOperations } from '../../model/operation.ts'
import type { CheckContext, Evaluation } from '../framework/define-check.ts'
import type { Problem } from '../problems/problem.ts'
import { archiveSteps as steps } from './archive-steps.ts'
import { sqlplus } from './languages.ts'

/** What a login says that is refused because nothing can be archived any more. */
export const stuckTexts = {
  ARCHIVER_STUCK: {
    en: 'The archiver is stuck, and ordinary logins are refused ({code}): an archive destination or the recovery area is full or broken. Logins with privilege sysbackup or sysdba still work.',
    zh: '归档进程已停滞，普通登录被拒绝（{code}）：归档目的地或恢复区已满或不可用。以 sysbackup 或 sysdba 权限仍可登录。',
  },
} as const satisfies Record<string, Text>

/** A refused login that shows that the archiver is stuck (ORA-00257, Database Error Messages). */
export const archiverStuck = (
  { params, code: seen }: Problem,
  { target }: CheckContext,
): Evaluation<keyof typeof stuckTexts> => ({
  findings: [
    {
      code: 'ARCHIVER_STUCK',
      params,
      object: { type: 'instance', name: target.instanceId },
      observed: { connection: seen },
      expected: { archiver: 'STARTED' },
      blocks: [...backupOperations],
      remediation: {
        steps: [
          steps.showRecoveryArea({}),
          steps.showDestinations({}),
          steps.freeForArchiver({}),
          steps.archiveAll({}),
        ],
        verify: {
          language: sqlplus.name,
          query: 'SELECT instance_name, archiver, log_switch_wait FROM gv$instance;',
        },
        changes: { archiver: 'STARTED', log_switch_wait: null },
      },
    },
  ],
})
