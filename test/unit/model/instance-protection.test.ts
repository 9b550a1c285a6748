import { describe, expect, it } from 'vitest'
import {
  InstanceProtection,
  instanceProtectionOf,
  protectionSummary,
  standingNow,
} from '../../../shared/model/instance-protection.ts'
import { type ProtectedDatabase, protectionOfAll } from '../../../shared/model/protection.ts'
import { completedOf, itemResult } from '../../support/completed-prechecks.ts'

const standing = (database: string, exposureMinutes: number): ProtectedDatabase => ({
  database,
  state: exposureMinutes > 60 ? 'at-risk' : 'protected',
  full: null,
  incremental: null,
  log: null,
  chain: 'intact',
  exposureMinutes,
  objectiveMinutes: 60,
  worstExposureMinutes7d: 120,
  restoreSeconds: null,
})

const asOf = '2026-11-21T02:00:00.000Z'
const protection = protectionOfAll([standing('HR', 15), standing('Sales', 90)], 25)!
const results = [itemResult([], 'ITEM_A'), { ...itemResult([], 'ITEM_B'), protection, startedAt: asOf }]

const summary = {
  state: 'at-risk',
  asOf,
  totals: { 'at-risk': 1, unknown: 0, new: 0, protected: 1 },
  worst: { database: 'Sales', exposureMinutes: 90, objectiveMinutes: 60, worstExposureMinutes7d: 120 },
}

describe('how an instance stands', () => {
  it('is that of its worst database, when the item looked', () => {
    expect(protectionSummary(results)).toEqual(summary)
  })

  it('is not said where no result says', () => {
    expect(protectionSummary([itemResult([])])).toBeNull()
    expect(protectionSummary([])).toBeNull()
  })

  it('is told the fleet with the instance', () => {
    const precheck = completedOf({ results, over: { tags: { team: 'erp' } } })
    const told = instanceProtectionOf(precheck)
    expect(told).toEqual({
      instanceId: 'db1',
      engine: 'sqlserver',
      region: 'cn-hangzhou',
      tags: { team: 'erp' },
      precheckId: precheck.id,
      maxAgeHours: 25,
      ...summary,
    })
    expect(InstanceProtection.parse(told)).toEqual(told)
    expect(instanceProtectionOf(completedOf({ results }))?.tags).toEqual({})
  })

  it('is not told by what does not stand for the instance, or says nothing of it', () => {
    expect(instanceProtectionOf(completedOf({ results, over: { scope: 'partial' } }))).toBeNull()
    expect(instanceProtectionOf(completedOf({ results: [itemResult([])] }))).toBeNull()
  })

  it('is believed as long as it may be', () => {
    const kept = instanceProtectionOf(completedOf({ results }))!
    expect(standingNow(kept, new Date('2026-11-22T03:00:00.000Z'))).toEqual({
      place: '00999999910db1',
      shown: kept,
    })
    expect(standingNow(kept, new Date('2026-11-22T03:00:00.001Z'))).toEqual({
      place: '11000000001db1',
      shown: { ...kept, state: 'unknown', worst: { ...kept.worst, exposureMinutes: null } },
    })
  })
})
