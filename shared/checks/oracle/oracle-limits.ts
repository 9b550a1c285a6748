import * as z from 'zod'
import type { Measurement } from '../../model/measured-number.ts'
import { backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { oracle } from './engine.ts'
import { sqlplus } from './languages.ts'
import { type ServerRow, ServerRows, ofKind, serverPrivileges, serverQuery } from './server-facts.ts'
import { showLimits, serverSteps as steps } from './server-steps.ts'

const texts = {
  LIMIT_NEAR: {
    en: '{instance} uses {used} of {limit} {resource} ({percent} %): a backup that opens more channels may not be let in (ORA-00020, ORA-00018).',
    zh: '{instance} 的 {resource} 已使用 {used}/{limit}（{percent}%）：备份需要打开更多通道时可能无法登录（ORA-00020、ORA-00018）。',
  },
  LIMIT_UNKNOWN: {
    en: 'How many {resource} {instance} has, and may have, is unknown.',
    zh: '无法判定 {instance} 的 {resource} 的使用量和上限。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** What there may be of one; null: unknown. */
type Use = { readonly used: number; readonly limit: number } | 'UNLIMITED' | null

const numberIn = (text: string | null): number | null =>
  text !== null && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null

const useOf = (row: ServerRow | undefined): Use => {
  if (row === undefined) return null
  if (row.detail === 'UNLIMITED') return 'UNLIMITED'
  const [used, limit] = [numberIn(row.value), numberIn(row.detail)]
  return used === null || limit === null ? null : { used, limit }
}

/** Percent, rounded to whole ones. */
const percentOf = ({ used, limit }: Exclude<Use, string | null>): number => Math.round((100 * used) / limit)

const remediate = (instance: string): Remediation => ({
  steps: [steps.showLimits({}), steps.raiseLimits({ instance })],
  verify: { language: sqlplus.name, query: showLimits },
  // Whether they are needed has to be found out first.
  changes: {},
})

const resources = ['processes', 'sessions'] as const
type Resource = (typeof resources)[number]

const judge = (instance: string, resource: Resource, use: Use, { thresholdsFor }: CheckContext): Draft[] => {
  const object = { type: 'instance', name: `${instance} ${resource}` } as const
  const { sessionsWarningPercent } = thresholdsFor()
  const expected = { percent: `below ${sessionsWarningPercent}` }
  if (use === 'UNLIMITED') return []
  if (use === null) {
    const params = { instance, resource }
    return [
      {
        code: 'LIMIT_UNKNOWN',
        params,
        object,
        observed: { used: null },
        expected,
        obscures: [...backupOperations],
      },
    ]
  }
  const percent = percentOf(use)
  if ((100 * use.used) / use.limit < sessionsWarningPercent) return []
  const params = { instance, resource, percent, ...use }
  const degrades = [...backupOperations]
  const remediation = remediate(instance)
  return [
    { code: 'LIMIT_NEAR', params, object, observed: { percent, ...use }, expected, degrades, remediation },
  ]
}

const observe = (instance: string, resource: Resource, use: Use): Measurement[] =>
  use === null || use === 'UNLIMITED'
    ? []
    : [
        {
          name: `${resource}-used-percent`,
          object: { type: 'instance', name: instance },
          value: percentOf(use),
          limit: 100,
        },
      ]

/** Verifies that every instance has room for the channels of a backup: each is a session and a process of its own. */
export default defineCheck(oracle, {
  id: 'ORACLE_LIMITS',
  set: 'standard',
  title: { en: 'There is room for the sessions of a backup', zh: '进程数和会话数充足' },
  failureTitle: { en: 'Processes or sessions are nearly used up', zh: '进程数或会话数即将用尽' },
  description: {
    en: 'Checks how many processes and sessions the instances use of those that they allow. If the check fails, a backup that opens several channels may not be let in.',
    zh: '检查各实例的进程数和会话数是否接近上限。如果未通过，打开多个通道的备份可能无法登录。',
  },
  affects: () => backupOperations,
  texts,
  privileges: serverPrivileges,
  fixes: [steps.raiseLimits, steps.showLimits],
  documents: ['https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RESOURCE_LIMIT.html'],
  queries: { server: serverQuery },
  facts: z.object({ server: ServerRows }),
  evaluate: ({ server }, context) => {
    const uses = ofKind(server, 'INSTANCE').flatMap(({ inst_id, name }) =>
      resources.map((resource) => {
        const row = ofKind(server, 'LIMIT', resource).find((each) => each.inst_id === inst_id)
        return { name, resource, use: useOf(row) }
      }),
    )
    return {
      findings: uses.flatMap(({ name, resource, use }) => judge(name, resource, use, context)),
      observations: uses.flatMap(({ name, resource, use }) => observe(name, resource, use)),
    }
  },
})
