import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { ossEndpoints, serviceEndpoints } from '../connectivity/endpoints.ts'
import { type CheckContext, type FindingDraft, defineHostCheck } from '../framework/define-check.ts'
import { bash, powershell } from '../framework/script-language.ts'
import type { AskHost } from '../framework/question.ts'
import { ClockFacts } from './host-facts.ts'
import { isWindows } from './platform.ts'
import { hostSteps } from './steps.ts'

const texts = {
  CLOCK_WRONG: {
    en: 'The clock of the host is off by {seconds} s (above 0: ahead; limit {limit} s): OSS refuses requests whose time differs too much (RequestTimeTooSkewed).',
    zh: '主机时钟偏差 {seconds} 秒（正数表示偏快；阈值 {limit} 秒）：时间偏差过大的请求会被 OSS 拒绝（RequestTimeTooSkewed）。',
  },
  CLOCK_DRIFTS: {
    en: 'The clock of the host is off by {seconds} s (above 0: ahead; limit {limit} s).',
    zh: '主机时钟偏差 {seconds} 秒（正数表示偏快；阈值 {limit} 秒）。',
  },
  CLOCK_UNKNOWN: {
    en: 'The clock of the host could not be compared: no endpoint answered with the time.',
    zh: '无法比对主机时钟：没有接入点返回时间。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const remediationOf = (context: CheckContext): Remediation => {
  const [step, verify] = isWindows(context)
    ? [hostSteps.resyncWindows({}), { language: powershell.name, query: 'w32tm /query /status' }]
    : [hostSteps.stepChrony({}), { language: bash.name, query: 'chronyc tracking' }]
  return { steps: [hostSteps.findTimeSource({}), step], verify, changes: {} }
}

/** How far the clock is ahead, s: between the two looks at it, to which the answer came at some moment, half of the way. */
const skewOf = ({ before, after }: ClockFacts, date: number): number =>
  Math.round((before + after) / 2 - date)

const judge = (facts: ClockFacts, context: CheckContext): Draft[] => {
  const object = { type: 'instance', name: context.target.instanceId } as const
  if (facts.date === null) {
    const remediation: Remediation = { steps: [hostSteps.reachForTime({})], verify: null, changes: {} }
    return [
      {
        code: 'CLOCK_UNKNOWN',
        object,
        observed: { skewSeconds: null },
        expected: {},
        obscures: [...allOperations],
        remediation,
      },
    ]
  }
  const seconds = skewOf(facts, facts.date)
  const { clockSkewWarningSeconds, clockSkewFailureSeconds } = context.thresholdsFor()
  const isWrong = Math.abs(seconds) > clockSkewFailureSeconds
  if (!isWrong && Math.abs(seconds) <= clockSkewWarningSeconds) return []
  const limit = isWrong ? clockSkewFailureSeconds : clockSkewWarningSeconds
  return [
    {
      code: isWrong ? 'CLOCK_WRONG' : 'CLOCK_DRIFTS',
      params: { seconds, limit },
      object,
      observed: { skewSeconds: seconds },
      expected: { skewSeconds: 0 },
      [isWrong ? 'blocks' : 'degrades']: [...allOperations],
      remediation: remediationOf(context),
    },
  ]
}

/** OSS, whose requests are signed with the time, and the control network; nothing where the instance needs neither. */
const ask: AskHost = (_, definition, settings) => {
  const known = [ossEndpoints, serviceEndpoints].flatMap((endpoints) => endpoints(definition, settings) ?? [])
  const [first] = known
  return first ? { ...first, part: 'clock', urls: known.flatMap(({ urls }) => urls) } : null
}

/**
 * Verifies that the clock of the host, by which its client signs requests, agrees with the `Date` of an endpoint of the
 * connectivity items. Without the host it does not apply: the clock of the checker is another one, and green about it
 * would say nothing of the host.
 */
export default defineHostCheck('all', {
  id: 'CLOCK_SKEW',
  set: 'standard',
  title: { en: 'The clock of the host is right', zh: '时钟检查：主机时钟准确' },
  failureTitle: { en: 'The clock of the host is wrong', zh: '时钟检查：主机时钟不准确' },
  description: {
    en: 'Compares the clock of the host with the time that OSS or the control network answers with. If the difference is too large, signed requests are refused and neither backup nor restore works.',
    zh: '将主机时钟与 OSS 或管控网络返回的时间比对。如果偏差过大，签名请求会被拒绝，无法备份和恢复。',
  },
  affects: () => allOperations,
  texts,
  fixes: [hostSteps.findTimeSource, hostSteps.reachForTime, hostSteps.resyncWindows, hostSteps.stepChrony],
  documents: [
    'https://www.rfc-editor.org/rfc/rfc9110#name-date',
    'https://www.alibabacloud.com/help/en/oss/support/0002-00000504',
  ],
  ask,
  facts: ClockFacts,
  evaluate: (facts, context) => ({
    findings: judge(facts, context),
    observed: {
      skewSeconds: facts.date === null ? null : skewOf(facts, facts.date),
      url: facts.date === null ? null : facts.url,
    },
  }),
})
