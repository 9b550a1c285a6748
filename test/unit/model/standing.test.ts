import { describe, expect, it } from 'vitest'
import type { ProtectedDatabase } from '../../../shared/model/protection.ts'
import { InstanceHead, Standing, standingOf } from '../../../shared/model/standing.ts'
import {
  completedOf,
  itemResult,
  lastOf,
  riskyDatabase,
  simpleDatabase,
  undeterminedItem,
} from '../../support/completed-prechecks.ts'

const night = { results: [itemResult([simpleDatabase('HR'), simpleDatabase('Sales'), riskyDatabase('CRM')])] }

/** Named by the last result before: HR is fixed, and Ledger is new. */
const nextNight = { results: [itemResult([simpleDatabase('Sales'), simpleDatabase('Ledger')])] }

const sales: ProtectedDatabase = {
  database: 'Sales',
  state: 'protected',
  full: null,
  incremental: null,
  log: null,
  chain: 'none',
  exposureMinutes: 15,
  objectiveMinutes: 60,
  worstExposureMinutes7d: null,
  restoreSeconds: null,
}

describe('how an instance stands', () => {
  it('is what its first result says', () => {
    const standing = standingOf(completedOf(night))
    expect(standing).toEqual({
      precheckId: 'pc_21212121212121212121212121212121',
      outcome: 'failed',
      previousOutcome: null,
      completedAt: '2026-11-21T02:00:09.000Z',
      new: 3,
      resolved: 0,
      measures: {
        durationMs: 9000,
        verdicts: ['ready', 'degraded', 'degraded', 'ready'],
        findings: [2, 0, 1],
        exposureMinutes: null,
      },
    })
    expect(Standing.parse(standing)).toEqual(standing)
  })

  it('counts what came and went since the one before', () => {
    const { previousOutcome, new: came, resolved } = standingOf(lastOf(night, nextNight))
    expect({ previousOutcome, came, resolved }).toEqual({ previousOutcome: 'failed', came: 1, resolved: 2 })
  })

  it('counts what could not be checked', () => {
    const item = { ...simpleDatabase('HR', { obscures: ['log'] }), level: 'error' as const }
    const measures = standingOf(completedOf({ results: [itemResult([item])] })).measures
    expect([measures?.findings, measures?.verdicts]).toEqual([
      [0, 1, 0],
      ['ready', 'ready', 'unknown', 'ready'],
    ])
    const silent = standingOf(completedOf({ results: [undeterminedItem()] })).measures
    expect(silent?.verdicts).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
  })

  it('counts what is in pages with the rest', () => {
    const levels = { failed: 100, error: 20, warning: 3, note: 1 }
    const pages = {
      run: '0123456789abcdef',
      findings: [
        { first: 'A', levels },
        { first: 'M', levels },
      ],
      names: ['A'],
      totals: { findings: 248, databases: 248, excluded: 0 },
    }
    const small = completedOf(night)
    const large = { ...itemResult([], 'SQL_SERVER_OTHER'), pages }
    const standing = standingOf({
      ...small,
      results: [...small.results, large],
      comparison: { ...small.comparison, totals: { new: 249, still: 0, resolved: 7, undetermined: 0 } },
    })
    expect([standing.new, standing.resolved, standing.measures?.findings]).toEqual([249, 7, [202, 40, 7]])
  })

  it('says how much would be lost of the worst database', () => {
    const protection = {
      databases: [sales, { ...sales, database: 'HR', exposureMinutes: 5 }],
      totals: { 'at-risk': 0, unknown: 0, new: 0, protected: 2 },
      maxAgeHours: 26,
    }
    const results = [{ ...itemResult([]), protection }]
    expect(standingOf(completedOf({ results })).measures?.exposureMinutes).toBe(15)
  })

  it('took no time where the clock was set back meanwhile', () => {
    const precheck = { ...completedOf(night), completedAt: '2026-11-21T01:59:00.000Z' }
    expect(standingOf(precheck).measures?.durationMs).toBe(0)
  })

  it('is refused with other numbers than metrics are made of', () => {
    const standing = standingOf(completedOf(night))
    const measures = standing.measures
    expect(Standing.safeParse({ ...standing, measures: { ...measures, findings: [1, 2] } }).success).toBe(
      false,
    )
    expect(Standing.safeParse({ ...standing, measures: { ...measures, verdicts: ['ready'] } }).success).toBe(
      false,
    )
  })
})

describe('what the fleet shows of a registration', () => {
  it('is read as it is written', () => {
    const head = { id: 'db1', engine: 'mysql', region: 'cn-hangzhou', tags: { team: 'a' }, enabled: true }
    expect(InstanceHead.parse(head)).toEqual(head)
  })
})
