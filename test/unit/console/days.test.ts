import { describe, expect, it } from 'vitest'
import type { PrecheckSummary } from '../../../functions/api/views/precheck-view.ts'
import { daysOf } from '../../../infra/console/instance/days.ts'

const now = Date.parse('2026-11-22T09:00:00Z')

const at = (startedAt: string, outcome: PrecheckSummary['outcome'] = 'passed'): PrecheckSummary => ({
  id: startedAt,
  instanceId: 'a',
  engine: 'mysql',
  trigger: 'schedule',
  scope: 'full',
  state: outcome ? 'completed' : 'running',
  outcome,
  startedAt,
  completedAt: startedAt,
  progress: { completed: 1, total: 1 },
})

const shown = (...prechecks: readonly PrecheckSummary[]) =>
  daysOf(prechecks, now).map(({ date, results }) => [date, ...results.map(({ id }) => id.slice(11, 16))])

describe('the days of the strip', () => {
  it('go from the first result on, with those between that have none', () => {
    expect(shown(at('2026-11-21T20:00:00Z'), at('2026-11-21T02:00:00Z'), at('2026-11-19T02:00:00Z'))).toEqual(
      [['2026-11-19', '02:00'], ['2026-11-20'], ['2026-11-21', '02:00', '20:00']],
    )
  })

  it('hold this day once it has a result', () => {
    expect(shown(at('2026-11-22T02:00:00Z'))).toEqual([['2026-11-22', '02:00']])
  })

  it('are ninety at most', () => {
    const days = daysOf(
      [at('2026-11-22T02:00:00Z'), at('2026-08-25T02:00:00Z'), at('2025-01-01T02:00:00Z')],
      now,
    )
    expect([days.length, days[0]?.date]).toEqual([90, '2026-08-25'])
    expect(days.flatMap(({ results }) => results.map(({ id }) => id))).not.toContain('2025-01-01T02:00:00Z')
  })

  it('are none where nothing has ended', () => {
    expect(shown(at('2026-11-22T02:00:00Z', null))).toEqual([])
  })
})
