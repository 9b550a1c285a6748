import { describe, expect, it } from 'vitest'
import { precheckView } from '../../../functions/api/views/precheck-view.ts'
import { paintFor } from '../../../infra/cli/paint.ts'
import { report } from '../../../infra/cli/report.ts'
import { findCheck } from '../../../shared/checks/catalogue.ts'
import type { ProbeOutcome } from '../../../shared/checks/judge.ts'
import type { Vantage } from '../../../shared/model/item-result.ts'
import type { RunningPrecheck } from '../../../shared/model/precheck.ts'
import { contextFor, judged } from '../../support/context.ts'

const reach = {
  url: 'https://a.example/',
  address: '192.0.2.1',
  phases: { dns: 1, connect: 1, tls: 1, http: 1 },
  status: 403,
  failure: null,
}
const answered: ProbeOutcome = { answer: [reach] }
const offline: ProbeOutcome = {
  problem: { code: 'CLOUD_ASSISTANT_OFFLINE', params: { ecsInstanceId: 'i-1', cause: 'ClientNotRunning' } },
}
const missing: ProbeOutcome = { problem: { code: 'DEADLINE_PASSED', params: { deadlineAt: 'x' } } }

const reportOn = (outcome: ProbeOutcome, vantage: Vantage): string => {
  const checkItem = 'SERVICE_CONNECTIVITY'
  const check = findCheck(checkItem)!
  const precheck: RunningPrecheck = {
    state: 'running',
    id: `pc_${'0'.repeat(32)}`,
    instanceId: 'db1',
    engine: 'oracle',
    region: 'cn-hangzhou',
    profile: 'cloud-backup',
    operations: ['full'],
    trigger: 'request',
    scope: 'partial',
    checkItems: [{ checkItem, affects: ['full'] }],
    results: [{ ...judged(check, outcome, contextFor('oracle')), vantage }],
    startedAt: '2026-11-21T02:00:00Z',
    deadlineAt: '2026-11-21T02:01:00Z',
  }
  return report(precheckView(precheck, 'en'), paintFor(false, {}))
}

describe('the report of a connectivity item', () => {
  it.each([
    ['instance', answered, true, false],
    ['instance', offline, true, false],
    ['checker', answered, false, true],
    ['checker', missing, false, false],
  ] as const)('says from where it looked: %s, %j', (vantage, outcome, isOnInstance, isFromChecker) => {
    const text = reportOn(outcome, vantage)
    expect(text.includes('on the ECS instance itself')).toBe(isOnInstance)
    expect(text.includes('from the checker')).toBe(isFromChecker)
  })
})

describe('the heading of an item', () => {
  const refused = {
    ...reach,
    status: null,
    failure: { phase: 'connect', kind: 'refused', cause: 'ECONNREFUSED' },
  }

  it.each([
    ['the healthy state when it holds', answered, 'The control network is reached'],
    ['the broken state when it does not', { answer: [refused] }, 'The control network is not reached'],
    [
      'that nobody knows when it could not be checked',
      offline,
      'Not determined: The control network is reached',
    ],
  ])('says %s', (_, outcome, heading) => {
    expect(reportOn(outcome, 'checker')).toContain(heading)
  })
})
