import { describe, expect, it } from 'vitest'
import limitTrend from '../../../../shared/checks/memory/limit-trend.ts'
import { type EffectivePolicy, thresholdsOf } from '../../../../shared/model/effective-policy.ts'
import type { Series } from '../../../../shared/model/series.ts'
import { contextFor, judged } from '../../../support/context.ts'
import { type InventoryFacts, inventoryFacts, tonight } from '../../../support/facts/memory.ts'
import { backups, testCheckItem } from '../../../support/verdict-table.ts'

const minutesPerDay = 24 * 60
const now = Date.parse(tonight) / 60_000

/** A log that grows by 10 a night, up to 390 tonight, or up to some nights before. */
const logOf = (limit?: number, nightsAgo = 0): Series => ({
  name: 'log-used-bytes',
  object: { type: 'database', name: 'Sales' },
  points: Array.from({ length: 30 }, (_, index) => [
    now - (29 - index + nightsAgo) * minutesPerDay,
    100 + 10 * index,
  ]),
  ...(limit !== undefined && { limit }),
})

describe('LIMIT_TREND', () => {
  testCheckItem<Partial<InventoryFacts>, 'sen'>({
    check: limitTrend,
    engine: 'sqlserver',
    answer: inventoryFacts,
    manuals: { sen: 'https://doi.org/10.1080/01621459.1968.10480934' },
    affects: { 'cloud-backup': backups, native: backups },
    never: {
      error: 'what could not be determined, its source says: then this item is skipped',
      failed: 'what is going to happen has not happened yet',
    },
    verdicts: [
      {
        when: 'nothing was measured',
        status: 'passed',
        findings: [],
        observed: { series: 0, points_needed: 10, days_needed: 14 },
        manual: 'sen',
      },
      {
        when: 'a limit is reached in five days',
        facts: { series: [logOf(440)] },
        status: 'warning',
        findings: [{ code: 'TREND_REACHES_LIMIT', on: 'database Sales', degrades: backups }],
        manual: 'sen',
      },
      {
        when: 'a limit is reached right at the horizon',
        facts: { series: [logOf(460)] },
        status: 'warning',
        findings: [{ code: 'TREND_REACHES_LIMIT', on: 'database Sales', degrades: backups }],
        manual: 'sen',
      },
      {
        when: 'a limit is reached after the horizon',
        facts: { series: [logOf(461)] },
        status: 'passed',
        findings: [],
        manual: 'sen',
      },
      {
        when: 'there is no limit',
        facts: { series: [logOf()] },
        status: 'passed',
        findings: [],
        manual: 'sen',
      },
      {
        when: 'the number was not measured tonight',
        facts: { series: [logOf(440, 1)] },
        status: 'passed',
        findings: [],
        manual: 'sen',
      },
    ],
    details: [
      {
        when: 'a limit is reached in five days',
        code: 'TREND_REACHES_LIMIT',
        on: 'database Sales',
        params: { number: ['log-used-bytes'], name: 'Sales', when: '2026-11-26 02:00', hours: 0, points: 30 },
        observed: { 'log-used-bytes': 390, reaches_limit_at: '2026-11-26 02:00' },
        expected: { limit: 440 },
        steps: ['online manual'],
      },
    ],
  })

  const statusUnder = (object: Series['object'], databases: EffectivePolicy['databases']) =>
    judged(
      limitTrend,
      { answer: inventoryFacts({ series: [{ ...logOf(440), object }] }) },
      { ...contextFor('sqlserver'), thresholdsFor: thresholdsOf({ all: {}, databases }) },
    ).status

  it('goes by the horizon of the policy for the database, and of the instance for what is of no database', () => {
    const fourDays = [{ name: 'S*', thresholds: { trendHorizonDays: 4 } }]
    expect(statusUnder({ type: 'database', name: 'Sales' }, [])).toBe('warning')
    expect(statusUnder({ type: 'database', name: 'Sales' }, fourDays)).toBe('passed')
    expect(statusUnder({ type: 'instance', name: 'SQL01' }, fourDays)).toBe('warning')
  })
})
