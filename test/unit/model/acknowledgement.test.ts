import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Acknowledgement, acknowledge } from '../../../shared/model/acknowledgement.ts'
import { type PreviousResult, compare, previousOf } from '../../../shared/model/comparison.ts'
import { type Finding, fingerprintOf } from '../../../shared/model/finding.ts'
import { type ItemResult, statusOf } from '../../../shared/model/item-result.ts'
import { outcomeOf } from '../../../shared/model/outcome.ts'
import { Precheck, completePrecheck, recordResults } from '../../../shared/model/precheck.ts'
import { readinessOf } from '../../../shared/model/readiness.ts'
import { allResults, frozen, itemIds, startedPrecheck } from '../../support/arbitraries.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const now = new Date('2026-11-21T02:00:30Z')
const later = '2026-12-01T00:00:00Z'

const idOf = (digits: number): string => `ack_${digits.toString(16).padStart(16, '0')}`

const acknowledgementOf = (changes: Partial<Acknowledgement> = {}): Acknowledgement => ({
  id: idOf(1),
  checkItem: 'ITEM_A',
  reason: 'migrated next week',
  author: 'li',
  expiresAt: later,
  acknowledgedAt: '2026-11-20T08:00:00Z',
  ...changes,
})

const times = { before: '2026-11-21T02:00:30Z', after: '2026-11-21T02:00:31Z', later }

const acknowledgements = (expiresAt: readonly (keyof typeof times)[]): fc.Arbitrary<Acknowledgement[]> =>
  fc.array(
    fc
      .record({
        id: fc.nat().map(idOf),
        checkItem: fc.constantFrom(...itemIds),
        database: fc.constantFrom(undefined, 'Sales', 'HR', 'db1'),
        expiresAt: fc.constantFrom(...expiresAt).map((time) => times[time]),
      })
      .map(({ database, ...changes }) => acknowledgementOf({ ...changes, ...(database && { database }) })),
    { maxLength: 8 },
  )
const some = acknowledgements(['before', 'after', 'later'])

const findingOf = (changes: Partial<Finding> = {}): Finding => {
  const { code = 'BROKEN' } = changes.message ?? {}
  const object = changes.object ?? { type: 'database', name: 'Sales' }
  return {
    fingerprint: fingerprintOf('db1', 'ITEM_A', code, object),
    checkItem: 'ITEM_A',
    object,
    level: 'failed',
    message: { code, params: {} },
    observed: {},
    expected: {},
    blocks: ['log'],
    degrades: [],
    obscures: [],
    limits: [],
    remediation: null,
    ...changes,
  }
}

const unsure = { level: 'error', blocks: [], obscures: ['log'] } as const satisfies Partial<Finding>

const resultOf = (findings: Finding[], changes: Partial<ItemResult> = {}): ItemResult => ({
  checkItem: 'ITEM_A',
  status: statusOf(findings),
  vantage: 'checker',
  reason: null,
  observed: {},
  findings,
  databases: ['Sales', 'HR'],
  excluded: [],
  startedAt: '2026-11-21T02:00:00.000Z',
  durationMs: 1,
  ...changes,
})

const of = (name: string, type: Finding['object']['type'] = 'database'): Partial<Finding> => ({
  object: { type, name },
})

describe('an acknowledgement', () => {
  it('turns a failure into a warning that stays visible and says who, why and until when', () => {
    const [result] = acknowledge([resultOf([findingOf()])], [acknowledgementOf()], now)
    expect(result).toMatchObject({
      status: 'warning',
      findings: [
        {
          level: 'warning',
          blocks: ['log'],
          acknowledgement: {
            id: idOf(1),
            reason: 'migrated next week',
            author: 'li',
            expiresAt: later,
            level: 'failed',
          },
        },
      ],
    })
  })

  it.each([
    ['a failure', findingOf(), 'warning', 'warning'],
    ['a finding that could not be judged', findingOf({ ...unsure, obscures: ['log'] }), 'warning', 'warning'],
    ['a warning', findingOf({ level: 'warning' }), 'warning', 'warning'],
  ])('covers %s', (_, finding, level, status) => {
    const [result] = acknowledge([resultOf([finding])], [acknowledgementOf()], now)
    expect(result).toMatchObject({ status, findings: [{ level, acknowledgement: { level: finding.level } }] })
  })

  it('leaves a note a note', () => {
    const results = [resultOf([findingOf({ level: 'note', blocks: [] })])]
    expect(acknowledge(results, [acknowledgementOf()], now)).toEqual(results)
  })

  it.each([
    ['the database that it names', 'Sales', of('Sales'), true],
    ['a pluggable database of that name', 'HR', of('HR', 'pluggable-database'), true],
    ['another database', 'HR', of('Sales'), false],
    ['a name in another case, which is another name', 'SALES', of('Sales'), false],
    ['an instance of that name', 'db1', of('db1', 'instance'), false],
    ['any database when it names none', undefined, of('Sales'), true],
    ['the instance when it names none', undefined, of('db1', 'instance'), true],
  ])('for one database and %s', (_, database, finding, isCovered) => {
    const acknowledgement = acknowledgementOf(database === undefined ? {} : { database })
    const [result] = acknowledge([resultOf([findingOf(finding)])], [acknowledgement], now)
    expect(result?.status).toBe(isCovered ? 'warning' : 'failed')
  })

  it('leaves the item failed while another of its findings is not acknowledged', () => {
    const results = [resultOf([findingOf(of('Sales')), findingOf(of('HR'))])]
    const [result] = acknowledge(results, [acknowledgementOf({ database: 'HR' })], now)
    expect([result?.status, result?.findings.map(({ level }) => level)]).toEqual([
      'failed',
      ['failed', 'warning'],
    ])
  })

  it('does not touch an item that ended for a reason', () => {
    const reason = { code: 'LOGIN_FAILED', params: {} }
    const results = [resultOf([], { status: 'error', reason })]
    expect(acknowledge(results, [acknowledgementOf()], now)).toEqual(results)
  })

  it('does not touch what such an item has found, since nobody can accept what nobody knows', () => {
    const reason = { code: 'TIME_LIMIT_REACHED', params: {} }
    const results = [resultOf([findingOf()], { status: 'timed_out', reason })]
    expect(acknowledge(results, [acknowledgementOf()], now)).toEqual(results)
  })

  it('does not touch another item, whose finding is of the same database', () => {
    const results = [resultOf([findingOf()])]
    expect(acknowledge(results, [acknowledgementOf({ checkItem: 'ITEM_B' })], now)).toEqual(results)
  })

  it('leaves an item as it is in which it finds nothing to cover', () => {
    const [nothing, other] = [resultOf([], { status: 'skipped' }), resultOf([findingOf(of('HR'))])]
    const left = acknowledge([nothing, other], [acknowledgementOf({ database: 'Sales' })], now)
    expect([left[0] === nothing, left[1] === other]).toEqual([true, true])
  })

  it('ends at the very moment at which it expires', () => {
    const results = [resultOf([findingOf()])]
    const until = (expiresAt: string) => acknowledge(results, [acknowledgementOf({ expiresAt })], now)
    expect(until('2026-11-21T02:00:30.000Z')[0]?.status).toBe('failed')
    expect(until('2026-11-21T02:00:30.001Z')[0]?.status).toBe('warning')
  })

  it('that expires last is shown, of several', () => {
    const short = acknowledgementOf({ id: idOf(2), expiresAt: '2026-11-22T00:00:00Z' })
    const long = acknowledgementOf({ id: idOf(3), expiresAt: '2026-12-22T00:00:00Z', database: 'Sales' })
    const [result] = acknowledge([resultOf([findingOf()])], [short, long, acknowledgementOf()], now)
    expect(result?.findings[0]?.acknowledgement?.id).toBe(idOf(3))
  })
})

describe('acknowledging', () => {
  it('never makes an outcome greener than a warning while the finding is there', () => {
    fc.assert(
      fc.property(allResults, some, (results, list) => {
        const before = outcomeOf(results)
        const after = outcomeOf(acknowledge(frozen(results), frozen(list), now))
        if (before !== after) expect(['warning', 'inconclusive']).toContain(after)
        if (results.some(({ reason }) => reason && reason.code !== 'NOT_APPLICABLE')) {
          expect(['failed', 'inconclusive']).toContain(after)
        }
      }),
    )
  })

  it('hides no finding', () => {
    fc.assert(
      fc.property(allResults, some, (results, list) => {
        const seen = (all: readonly ItemResult[]) =>
          all.flatMap(({ findings }) => findings).map(({ fingerprint, blocks }) => ({ fingerprint, blocks }))
        expect(seen(acknowledge(results, list, now))).toEqual(seen(results))
      }),
    )
  })

  it('never changes readiness', () => {
    fc.assert(
      fc.property(startedPrecheck, allResults, some, ({ checkItems }, results, list) => {
        const after = acknowledge(results, list, now)
        expect(readinessOf(checkItems, after)).toEqual(readinessOf(checkItems, results))
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  it('twice is acknowledging once', () => {
    fc.assert(
      fc.property(allResults, some, (results, list) => {
        const once = acknowledge(results, list, now)
        expect(acknowledge(once, list, now)).toEqual(once)
      }),
    )
  })

  it('has no effect once it has expired', () => {
    fc.assert(
      fc.property(allResults, acknowledgements(['before']), (results, list) => {
        expect(acknowledge(results, list, now)).toEqual(results)
      }),
    )
  })
})

describe('a completed precheck', () => {
  it('applies what was acknowledged at its start, and does not carry the list', () => {
    fc.assert(
      fc.property(startedPrecheck, allResults, some, (started, results, list) => {
        const running = recordResults({ ...started, acknowledgements: list }, results)
        const completed = completePrecheck(running, null, now)
        expect(Precheck.parse(JSON.parse(JSON.stringify(completed)))).toEqual(completed)
        expect(completed.results).toEqual(acknowledge(results, list, now))
        expect(completed.outcome).toBe(outcomeOf(completed.results))
        expect('acknowledgements' in completed).toBe(false)
      }),
    )
  })

  it('does not apply what has expired while it ran', () => {
    const [started] = fc.sample(startedPrecheck, 1)
    const running = recordResults(
      { ...started!, acknowledgements: [acknowledgementOf({ expiresAt: '2026-11-21T02:00:10Z' })] },
      itemIds.map((checkItem) => resultOf(checkItem === 'ITEM_A' ? [findingOf()] : [], { checkItem })),
    )
    expect(completePrecheck(running, null, now).outcome).toBe('failed')
  })
})

/** The result of a night, compared with the one before. */
const night = (
  day: number,
  findings: Finding[],
  list: readonly Acknowledgement[],
  previous: PreviousResult | null,
) => {
  const startedAt = `2026-11-${day}T02:00:00.000Z`
  const results = acknowledge([resultOf(findings)], list, new Date(startedAt))
  const comparison = compare(startedAt, results, previous)
  const ended = { id: startedAt, startedAt, outcome: outcomeOf(results), results, comparison }
  return { ...previousOf(ended), comparison }
}

describe('the comparison', () => {
  const list = [acknowledgementOf({ expiresAt: '2026-11-23T00:00:00Z' })]

  it('tells when a finding was acknowledged, and when it came back, each once', () => {
    const first = night(20, [findingOf()], [], null)
    const second = night(21, [findingOf()], list, first)
    const third = night(22, [findingOf()], list, second)
    const fourth = night(23, [findingOf()], list, third)
    const fifth = night(24, [findingOf()], list, fourth)
    const nights = [first, second, third, fourth, fifth]

    expect(nights.map(({ outcome }) => outcome)).toEqual(['failed', 'warning', 'warning', 'failed', 'failed'])
    const told = nights.slice(1).map(({ comparison: { still } }) => {
      const { acknowledged, newlyAcknowledged, noLongerAcknowledged, since } = still[0]!
      return [since, acknowledged, newlyAcknowledged, noLongerAcknowledged]
    })
    expect(told).toEqual([
      [first.id, true, true, undefined],
      [first.id, true, undefined, undefined],
      [first.id, undefined, undefined, true],
      [first.id, undefined, undefined, undefined],
    ])
    expect(nights.slice(1).flatMap(({ comparison }) => [...comparison.new, ...comparison.resolved])).toEqual(
      [],
    )
  })

  it('sees a change of outcome when an acknowledged finding counts again', () => {
    const acknowledged = night(22, [findingOf()], list, null)
    expect(acknowledged.comparison.new).toMatchObject([{ acknowledged: true, level: 'warning' }])
    const { comparison, outcome } = night(23, [findingOf()], list, acknowledged)
    expect([comparison.previousOutcome, outcome]).toEqual(['warning', 'failed'])
  })

  it('does not repeat of a finding that is gone what was said of it before', () => {
    const second = night(21, [findingOf()], list, night(20, [findingOf()], [], null))
    const { comparison } = night(22, [], list, second)
    expect(comparison.resolved).toMatchObject([{ acknowledged: true, since: '2026-11-20T02:00:00.000Z' }])
    expect(comparison.resolved[0]).not.toHaveProperty('newlyAcknowledged')
  })

  it('takes nothing for resolved because somebody accepted that the item cannot be determined', () => {
    const failing = night(21, [findingOf()], list, null)
    const limited = findingOf({ ...unsure, obscures: ['log'], message: { code: 'COVERAGE', params: {} } })
    const { comparison, outcome } = night(22, [limited], list, failing)
    expect([outcome, comparison.resolved]).toEqual(['warning', []])
    expect(comparison.undetermined.map(({ message }) => message.code)).toEqual(['BROKEN'])
  })
})
