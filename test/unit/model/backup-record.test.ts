import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BackupRecord,
  type Prediction,
  BackupRecord as Schema,
  accuracyOf,
  addCounts,
  noCounts,
  withReport,
} from '../../../shared/model/backup-record.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const item = fc.constantFrom('ITEM_A', 'ITEM_B', 'ITEM_C')
const prediction: fc.Arbitrary<Prediction | null> = fc.option(
  fc
    .record({
      isFailure: fc.constantFrom(true, false, null),
      predictedBy: fc.uniqueArray(item),
      judgedBy: fc.uniqueArray(item),
    })
    .map((given) => ({ precheckId: `pc_${'0'.repeat(32)}`, ...given })),
)
const report = fc.record({
  status: fc.constantFrom('succeeded', 'failed'),
  minute: fc.nat(50_000),
  prediction,
})
const at = new Date('2026-11-21T02:00:00.000Z')

const recordOf = (
  reports: readonly { status: 'succeeded' | 'failed'; minute: number; prediction: Prediction | null }[],
) =>
  reports.reduce<BackupRecord | null>((known, { status, minute, prediction: predicted }, index) => {
    const finishedAt = new Date(at.getTime() + minute * 60_000).toISOString()
    const about = { instanceId: 'db1', id: `bk_${index.toString(16).padStart(16, '0')}`, at }
    return withReport(known, { ...about, report: { operation: 'full', status, finishedAt } }, predicted)
      .record
  }, null)

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((all, one) => all + one, 0)

describe('the record of the backups of an instance', () => {
  it('counts every report once, and no item more often than there were such reports', () => {
    const property = fc.property(fc.array(report, { maxLength: 40 }), (reports) => {
      const record = recordOf(reports)
      if (!record) return
      expect(Schema.parse(record)).toEqual(record)
      expect(sum(record.totals)).toBe(reports.length)
      for (const own of Object.values(record.items)) {
        expect(sum(own)).toBeGreaterThan(0)
        expect(own.predictedFailed).toBeLessThanOrEqual(record.totals.predictedFailed)
        expect(own.predictedSucceeded).toBeLessThanOrEqual(record.totals.predictedSucceeded)
        expect(own.missed).toBeLessThanOrEqual(record.totals.missed)
      }
      const times = record.latest.map(({ finishedAt }) => finishedAt)
      expect(times).toEqual(times.toSorted().toReversed())
      expect(times.length).toBe(Math.min(20, reports.length))
    })
    fc.assert(property, { numRuns: propertyRuns(100) })
  })

  it('keeps the last 20 reports, newest first', () => {
    const minutes = [5, ...Array.from({ length: 20 }, (_, index) => 30 - index)]
    const record = recordOf(minutes.map((minute) => ({ status: 'failed', minute, prediction: null })))
    expect(record?.latest.map(({ finishedAt }) => (Date.parse(finishedAt) - at.getTime()) / 60_000)).toEqual(
      minutes.slice(1),
    )
  })

  it('names those that predicted it, and counts none of them where it cannot be told', () => {
    const vague = {
      precheckId: `pc_${'0'.repeat(32)}`,
      isFailure: null,
      predictedBy: ['ITEM_B', 'ITEM_A'],
      judgedBy: ['ITEM_A', 'ITEM_B'],
    }
    const record = recordOf([{ status: 'failed', minute: 0, prediction: vague }])
    expect(record?.latest).toMatchObject([
      { accuracy: 'unjudged', precheckId: vague.precheckId, predictedBy: ['ITEM_B', 'ITEM_A'] },
    ])
    expect(record?.items).toEqual({})
    const clear = recordOf([{ status: 'succeeded', minute: 0, prediction: { ...vague, isFailure: false } }])
    expect([clear?.totals.clear, clear?.items]).toEqual([1, {}])
    const unknown = recordOf([{ status: 'failed', minute: 0, prediction: null }])
    expect(unknown?.latest).toMatchObject([{ precheckId: null, predictedBy: [] }])
  })

  it('sums to that of the fleet, in whichever order', () => {
    const property = fc.property(fc.array(report), fc.array(report), (ones, others) => {
      const [one, other] = [recordOf(ones) ?? noCounts, recordOf(others) ?? noCounts]
      expect(addCounts(one, other)).toEqual(addCounts(other, one))
      const { totals, items } = recordOf([...ones, ...others]) ?? noCounts
      expect(addCounts(one, other)).toEqual({ totals, items })
    })
    fc.assert(property, { numRuns: propertyRuns(100) })
  })

  it('says of each report how it compares with what was predicted, and by whom', () => {
    const predicted = {
      precheckId: `pc_${'0'.repeat(32)}`,
      predictedBy: ['ITEM_A'],
      judgedBy: ['ITEM_A', 'ITEM_B'],
    }
    const counted = (status: 'succeeded' | 'failed', isFailure: boolean | null) => {
      const own = isFailure === true ? predicted : { ...predicted, predictedBy: [] }
      const record = recordOf([{ status, minute: 0, prediction: { ...own, isFailure } }])
      return [record?.latest[0]?.accuracy, record?.items]
    }
    const none = { predictedFailed: 0, predictedSucceeded: 0, missed: 0 }
    expect(counted('failed', true)).toEqual(['predictedFailed', { ITEM_A: { ...none, predictedFailed: 1 } }])
    expect(counted('succeeded', true)).toEqual([
      'predictedSucceeded',
      { ITEM_A: { ...none, predictedSucceeded: 1 } },
    ])
    const missed = { ...none, missed: 1 }
    expect(counted('failed', false)).toEqual(['missed', { ITEM_A: missed, ITEM_B: missed }])
    expect(counted('succeeded', false)).toEqual(['clear', {}])
    expect(counted('failed', null)).toEqual(['unjudged', {}])
    expect(accuracyOf('failed', null)).toBe('unjudged')
  })
})
