import { describe, expect, it } from 'vitest'
import { look } from './look.ts'
import { sweepOutcome, sweepReport } from '../../../infra/cli/reports/sweep-report.ts'
import { sweepCountsOf } from '../../../shared/model/sweep.ts'

const sweepWith = (counts: Parameters<typeof sweepCountsOf>[0]) => ({
  id: '2026-11-21',
  kind: 'nightly' as const,
  state: 'completed' as const,
  filter: {},
  startedAt: '2026-11-21T02:00:00Z',
  completedAt: '2026-11-21T04:00:00Z',
  counts: sweepCountsOf(counts),
  entries: { items: [], next: null },
})

const failedEntry = (instanceId: string) => ({
  instanceId,
  precheckId: `pc_${'0'.repeat(32)}`,
  status: 'failed' as const,
  dueAt: '2026-11-21T02:00:00Z',
  startedAt: '2026-11-21T02:00:00Z',
  endedAt: '2026-11-21T02:00:09Z',
  notRun: null,
  waiting: null,
  items: [
    {
      checkItem: 'SERVICE_CONNECTIVITY',
      status: 'error' as const,
      title: 'The control network cannot be reached',
      reason: 'It said nothing.',
      findings: 0,
    },
    {
      checkItem: 'ARCHIVELOG',
      status: 'failed' as const,
      title: 'The archive mode is not normal',
      reason: null,
      findings: 2,
    },
  ],
})

describe('the outcome of a sweep', () => {
  it.each([
    [{ passed: 3, warning: 1, inconclusive: 1, failed: 1 }, 'failed'],
    [{ passed: 3, warning: 1, inconclusive: 1 }, 'inconclusive'],
    [{ passed: 3, warning: 1 }, 'warning'],
    [{ passed: 3, not_run: 1 }, 'warning'],
    [{ passed: 3 }, 'passed'],
    [{ not_run: 3 }, 'inconclusive'],
    [{}, 'inconclusive'],
  ])('with %j is %s', (counts, outcome) => {
    expect(sweepOutcome(sweepCountsOf(counts))).toBe(outcome)
  })
})

describe('the report of a sweep', () => {
  it('says of each item of an instance that did not pass why, or how much was found', () => {
    const text = sweepReport(sweepWith({ failed: 1 }), [failedEntry('db-1')], look)
    expect(text).toContain('? SERVICE_CONNECTIVITY: It said nothing.')
    expect(text).toContain('✘ ARCHIVELOG: 2 findings')
  })

  it('names a hundred instances and counts the others', () => {
    const entries = Array.from({ length: 120 }, (_, index) => failedEntry(`db-${index}`))
    const text = sweepReport(sweepWith({ failed: 120 }), entries, look)
    expect(text.match(/failed {7}db-/g)).toHaveLength(100)
    expect(text).toContain('… and 20 more')
    expect(text).toContain('Outcome: FAILED  120 failed')
  })
})
