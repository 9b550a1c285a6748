import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identitiesOf } from '../../../shared/checks/framework/identities.ts'
import { judgeWithMemory } from '../../../shared/checks/judge-with-memory.ts'
import type { Identities } from '../../../shared/model/identity.ts'
import { InstanceMemory } from '../../../shared/model/instance-memory.ts'
import { type ItemResult, notJudged } from '../../../shared/model/item-result.ts'
import { contextFor } from '../../support/context.ts'
import { identity, seen } from '../../support/facts/memory.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const msPerDay = 24 * 60 * 60 * 1000
const nightAt = (night: number): string => new Date(Date.UTC(2026, 10, 1, 2) + night * msPerDay).toISOString()
const source = 'SQL_SERVER_DB_NOT_ONLINE'

const passed = (identities?: Identities): ItemResult => ({
  ...notJudged(source, 'error', { code: 'x', params: {} }, nightAt(0), 1),
  status: 'passed',
  reason: null,
  ...(identities && { identities }),
})

const endingAt = (night: number, ...results: readonly ItemResult[]) => ({
  id: `pc_${String(night).padStart(32, '0')}`,
  startedAt: nightAt(night),
  checkItems: [source, 'DATABASE_INVENTORY'].map((checkItem) => ({ checkItem, affects: [] })),
  results: [...results],
})

const judgedAt = (night: number, known: InstanceMemory | null, ...results: readonly ItemResult[]) =>
  judgeWithMemory(endingAt(night, ...results), known, contextFor('sqlserver', {}, nightAt(night)))

describe('an item that needs the memory', () => {
  it('has its baseline in what is seen first', () => {
    const { results, memory } = judgedAt(1, null, passed(seen()))
    expect(results.map(({ checkItem, status, findings }) => [checkItem, status, findings])).toEqual([
      ['DATABASE_INVENTORY', 'passed', []],
    ])
    expect(memory).toMatchObject({ instanceId: 'db1', precheckId: endingAt(1).id, startedAt: nightAt(1) })
    expect(memory.inventory?.seen).toEqual(seen())
  })

  it('is not determined either where its source was not, and nothing is forgotten', () => {
    const { memory } = judgedAt(1, null, passed(seen()))
    const refused = notJudged(source, 'error', { code: 'LOGIN_REFUSED', params: {} }, nightAt(2), 1)
    const blind = judgedAt(2, memory, refused)
    const params = { checkItem: source, because: 'LOGIN_REFUSED' }
    expect(blind.results[0]).toMatchObject({
      status: 'skipped',
      reason: { code: 'DEPENDENCY_NOT_PASSED', params },
    })
    expect(blind.memory.inventory).toEqual(memory.inventory)
  })

  it('is judged by its source, whatever other results come before it', () => {
    const other = { ...passed(), checkItem: 'SQL_SERVER_LAST_BACKUP' }
    expect(judgedAt(1, null, other, passed(seen())).results[0]?.status).toBe('passed')
    expect(judgedAt(1, null, other).results).toEqual([])
  })

  it('is skipped where its source told no identities, and nothing is remembered of a first night', () => {
    const { results, memory } = judgedAt(1, null, passed())
    expect(results[0]?.reason?.params['because']).toBe('UNEXPECTED_ANSWER')
    expect(memory).not.toHaveProperty('inventory')
  })

  it('does not judge identities of another shape', () => {
    const { results } = judgedAt(1, null, passed({ ...seen(), hash: 'none' }))
    expect(results).toMatchObject([
      {
        checkItem: 'DATABASE_INVENTORY',
        status: 'error',
        reason: { code: 'UNEXPECTED_ANSWER', params: { detail: expect.stringContaining('seen.hash') } },
        findings: [],
      },
    ])
  })

  it('leaves the numbers that were measured in the memory', () => {
    const object = { type: 'database' as const, name: 'Sales' }
    const measured = { ...passed(seen()), observations: [{ name: 'log-used-bytes', object, value: 5 }] }
    const { memory } = judgedAt(1, null, measured)
    expect(memory.series).toEqual([
      { name: 'log-used-bytes', object, points: [[Date.parse(nightAt(1)) / 60_000, 5]] },
    ])
  })

  it('has no result where its source has not ended, and nothing is forgotten', () => {
    const { memory } = judgedAt(1, null, passed(seen()))
    const blind = judgedAt(2, memory)
    expect(blind.results).toEqual([])
    expect(blind.memory.inventory).toEqual(memory.inventory)
  })

  it('leaves out what the registration has it leave out', () => {
    const { memory } = judgedAt(1, null, passed(seen()))
    const ending = endingAt(2, passed(seen({ databases: [identity('HR')] })))
    const rules = { databases: [{ name: 'Sal*', exclude: ['DATABASE_INVENTORY'] }] }
    const { results } = judgeWithMemory(ending, memory, contextFor('sqlserver', rules))
    expect(results[0]?.findings).toEqual([])
    expect(results[0]?.excluded).toEqual([
      { name: 'Sales', reason: { code: 'EXCLUDED_BY_OWNER', params: {} } },
    ])
  })
})

const mark = fc.option(fc.constantFrom('1', '2', '3'), { nil: null })
const anyIdentities = fc
  .record({
    instance: fc.record({ name: mark, id: mark, fork: mark }),
    isWhole: fc.boolean(),
    names: fc.oneof(
      fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: 12 }).map((all) => all.map((each) => `Tenant${each}`)),
      fc
        .constantFrom(0, 400, 800)
        .map((from) => Array.from({ length: 500 }, (_, index) => `库${from + index}`.padEnd(128, '库'))),
      fc.constant(Array.from({ length: 501 }, (_, index) => `Tenant${index}`)),
    ),
    marks: fc.tuple(mark, mark, mark),
  })
  .map(({ instance, isWhole, names, marks }) =>
    identitiesOf({
      instance,
      type: 'database',
      isWhole,
      databases: names.map((name) => [name, ...marks]),
    }),
  )

describe('whatever nights bring', () => {
  const nights = fc.array(anyIdentities, { minLength: 1, maxLength: 10 })

  it('the memory stays one that can be stored, and within a megabyte', () => {
    const property = fc.property(nights, (all) => {
      const last = all.reduce<InstanceMemory | null>(
        (known, each, night) => judgedAt(night, known, passed(each)).memory,
        null,
      )
      expect(InstanceMemory.parse(last)).toEqual(last)
      expect(Buffer.byteLength(JSON.stringify(last))).toBeLessThan(2 ** 20)
    })
    fc.assert(property, { numRuns: propertyRuns(40) })
  })

  it('the same precheck comes to the same, and what it leaves is nothing new to another of the same moment', () => {
    const property = fc.property(nights, anyIdentities, (all, tonight) => {
      const known = all.reduce<InstanceMemory | null>(
        (before, each, night) => judgedAt(night, before, passed(each)).memory,
        null,
      )
      const first = judgedAt(20, known, passed(tonight))
      expect(judgedAt(20, known, passed(tonight))).toEqual(first)
      const again = judgedAt(20, first.memory, passed(tonight))
      expect(again.memory).toEqual(first.memory)
    })
    fc.assert(property, { numRuns: propertyRuns(40) })
  })
})
