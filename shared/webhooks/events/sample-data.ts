import { renderMessage, renderRemediation } from '../../checks/render.ts'
import { recoveryModelSteps } from '../../checks/sqlserver/recovery-model-steps.ts'
import type { Locale, Text } from '../../model/message.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { PrecheckData, SampleData } from './event-data.ts'

/** Says that a sample is one. */
export const sampleText: Text = {
  en: 'This is a sample: the webhook works. Its instance and database do not exist, and nothing was checked.',
  zh: '这是一条示例消息：Webhook 工作正常。其中的实例和数据库均为虚构，并未执行预检。',
}

const precheckId = `pc_${'0'.repeat(32)}`
const instanceId = 'sample-instance'
const database = 'SampleDatabase'
const checkItem = 'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE'

const remediation: Remediation = {
  steps: [recoveryModelSteps.setFull({ database })],
  verify: null,
  changes: { recovery_model_desc: 'FULL' },
}

/** The event of a precheck that found a database in the SIMPLE recovery model. */
const exampleOf = (at: string, locale: Locale): PrecheckData => ({
  kind: 'precheck',
  locale,
  precheckId,
  instanceId,
  engine: 'sqlserver',
  region: 'cn-hangzhou',
  trigger: 'request',
  startedAt: at,
  completedAt: at,
  outcome: 'failed',
  previousOutcome: 'passed',
  unchangedSince: null,
  totals: { blocked: 1, findings: 1, undetermined: 0, resolved: 0 },
  readiness: {
    incremental: { verdict: 'blocked', databases: { ready: 0, total: 1 }, coverage: { judged: 1, total: 1 } },
    log: { verdict: 'blocked', databases: { ready: 0, total: 1 }, coverage: { judged: 1, total: 1 } },
  },
  blocked: [{ object: { type: 'database', name: database }, operations: ['incremental', 'log'] }],
  findings: [
    {
      fingerprint: '0'.repeat(16),
      checkItem,
      object: { type: 'database', name: database },
      level: 'failed',
      change: 'new',
      since: at,
      text: renderMessage(
        checkItem,
        { code: 'RECOVERY_MODEL_SIMPLE', params: { database, operations: ['incremental', 'log'] } },
        locale,
      ),
      blocks: ['incremental', 'log'],
      fix: renderRemediation(remediation, locale).steps,
      moreSteps: 1,
    },
  ],
  undetermined: [],
  resolved: [],
  links: {
    precheck: `/v1/prechecks/${precheckId}`,
    remediation: `/v1/prechecks/${precheckId}/remediation.sql`,
    instance: `/v1/instances/${instanceId}`,
    readiness: `/v1/instances/${instanceId}/readiness`,
  },
})

/** What a sample holds: that it is one, and an example of a failed precheck. */
export const sampleData = (at: string, locale: Locale): SampleData => ({
  kind: 'sample',
  locale,
  text: sampleText[locale],
  example: exampleOf(at, locale),
})
