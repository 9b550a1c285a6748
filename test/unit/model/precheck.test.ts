import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ItemResult, statusOf } from '../../../shared/model/item-result.ts'
import { type Operation, allOperations } from '../../../shared/model/operation.ts'
import { outcomeOf } from '../../../shared/model/outcome.ts'
import {
  Precheck,
  type RunningPrecheck,
  completePrecheck,
  missingItems,
  recordResults,
  withoutLargestResult,
} from '../../../shared/model/precheck.ts'
import { readinessOf } from '../../../shared/model/readiness.ts'
import {
  allResults,
  findingOf,
  frozen,
  itemIds,
  resultOf,
  startedPrecheck,
} from '../../support/arbitraries.ts'

const deadline = new Date('2026-11-21T02:01:00Z')

/** Results as queues bring them: in any order, some more than once, some never, in batches of any size. */
const arrivals = fc.record({
  results: allResults,
  lost: fc.subarray([...itemIds]),
  order: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
  repeats: fc.subarray([...itemIds]),
  batch: fc.integer({ min: 1, max: 6 }),
})

const shuffled = <Item>(items: readonly Item[], order: readonly number[]): Item[] =>
  items
    .map((item, index) => ({ item, key: order[index] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)

describe('a precheck', () => {
  it('ends as the same whatever the order, the batches and the repeats in which results come', () => {
    fc.assert(
      fc.property(startedPrecheck, arrivals, (started, { results, lost, order, repeats, batch }) => {
        const came = results.filter(({ checkItem }) => !lost.includes(checkItem as never))
        const again = came.filter(({ checkItem }) => repeats.includes(checkItem as never))
        const stream = shuffled([...came, ...again], order)
        let precheck: RunningPrecheck = frozen(started)
        for (let at = 0; at < stream.length; at += batch) {
          precheck = frozen(recordResults(precheck, frozen(stream.slice(at, at + batch))))
        }
        const inOrder = completePrecheck(recordResults(started, came), null, deadline)
        expect(completePrecheck(precheck, null, deadline)).toEqual(inOrder)
        expect(inOrder.results.map(({ checkItem }) => checkItem)).toEqual([...itemIds])
        for (const checkItem of lost) {
          expect(inOrder.results.find((result) => result.checkItem === checkItem)?.status).toBe('timed_out')
        }
      }),
    )
  })

  it('takes the first result of an item, and none of an item that was not planned', () => {
    fc.assert(
      fc.property(startedPrecheck, resultOf('ITEM_A'), resultOf('ITEM_A'), (started, first, second) => {
        const once = recordResults(started, [first])
        expect(recordResults(once, [second])).toBe(once)
        expect(recordResults(once, [{ ...second, checkItem: 'NOT_PLANNED' }])).toBe(once)
        expect(missingItems(once)).toEqual(['ITEM_B', 'ITEM_C', 'ITEM_D', 'ITEM_E'])
      }),
    )
  })

  it('survives JSON and its schema', () => {
    fc.assert(
      fc.property(startedPrecheck, allResults, (started, results) => {
        const running = recordResults(started, results.slice(0, 2))
        const completed = completePrecheck(running, null, deadline)
        expect(Precheck.parse(JSON.parse(JSON.stringify(running)))).toEqual(running)
        expect(Precheck.parse(JSON.parse(JSON.stringify(completed)))).toEqual(completed)
      }),
    )
  })
})

describe('the worst', () => {
  it('is hidden by no order of findings', () => {
    fc.assert(
      fc.property(fc.array(findingOf('ITEM_A')), (findings) => {
        const levels = new Set(findings.map(({ level }) => level))
        const expected = levels.has('failed')
          ? 'failed'
          : levels.has('error')
            ? 'error'
            : levels.has('warning')
              ? 'warning'
              : 'passed'
        expect(statusOf(findings)).toBe(expected)
        expect(statusOf(findings.toReversed())).toBe(expected)
      }),
    )
  })

  it('is hidden by no order of items', () => {
    fc.assert(
      fc.property(allResults, fc.array(fc.nat(), { minLength: 5, maxLength: 5 }), (results, order) => {
        expect(outcomeOf(shuffled(results, order))).toBe(outcomeOf(results))
        if (results.some(({ status }) => status === 'failed')) expect(outcomeOf(results)).toBe('failed')
      }),
    )
  })
})

describe('could not check', () => {
  it('never becomes green', () => {
    fc.assert(
      fc.property(allResults, (results) => {
        const isOpen = results.some(
          ({ status, reason }) =>
            status === 'error' ||
            status === 'timed_out' ||
            (status === 'skipped' && reason?.code !== 'NOT_APPLICABLE'),
        )
        if (isOpen) expect(['failed', 'inconclusive']).toContain(outcomeOf(results))
      }),
    )
  })

  it('is the outcome of nothing', () => {
    expect(outcomeOf([])).toBe('inconclusive')
    const skipped = { status: 'skipped', reason: { code: 'NOT_APPLICABLE', params: {} } } as const
    expect(outcomeOf([skipped])).toBe('inconclusive')
    expect(outcomeOf([skipped, { status: 'passed', reason: null }])).toBe('passed')
  })
})

describe('readiness', () => {
  const tables = fc.tuple(startedPrecheck, allResults, fc.subarray([...itemIds]))

  it('is never ready for an operation that a finding blocks, obscures or limits, or an open item affects', () => {
    fc.assert(
      fc.property(tables, ([{ checkItems }, results, kept]) => {
        const given = results.filter(({ checkItem }) => kept.includes(checkItem as never))
        const table = readinessOf(checkItems, given)
        const findings = given.flatMap((result) => result.findings)
        for (const row of table.databases) {
          for (const operation of allOperations) {
            const cell = row.operations[operation]
            const own = findings.filter(
              ({ object }) => object.type === 'instance' || object.name === row.database,
            )
            const isTouched = own.some(({ blocks, obscures, limits, degrades }) =>
              [...blocks, ...obscures, ...limits, ...degrades].includes(operation),
            )
            const isBlocked = own.some(({ blocks }) => blocks.includes(operation))
            if (isTouched) expect(cell.verdict).not.toBe('ready')
            if (isBlocked) expect(cell.verdict).toBe('blocked')
            const missing = checkItems.some(
              ({ checkItem, affects }) =>
                affects.includes(operation) && !given.some((result) => result.checkItem === checkItem),
            )
            if (missing) expect(['unknown', 'blocked']).toContain(cell.verdict)
          }
        }
      }),
    )
  })

  it('names a database that only a finding knows, and takes no notice of an item that does not apply', () => {
    const affects: Operation[] = ['full']
    const planned = [{ checkItem: 'ITEM_A', affects }]
    const [result] = fc.sample(resultOf('ITEM_A'), 1)
    const skipped = {
      ...result!,
      status: 'skipped' as const,
      reason: { code: 'NOT_APPLICABLE', params: {} },
      findings: [],
      databases: ['Sales'],
    }
    expect(readinessOf(planned, [skipped]).instance.full.verdict).toBe('ready')
    expect(readinessOf(planned, []).instance.full).toEqual({
      verdict: 'unknown',
      findings: [],
      undetermined: ['ITEM_A'],
      databases: { ready: 0, total: 0 },
      coverage: { judged: 0, total: 1 },
    })
  })
})

/** The result of an item, with this many databases. */
const withDatabases = (checkItem: string, count: number): ItemResult => ({
  checkItem,
  status: 'passed',
  vantage: 'checker',
  reason: null,
  observed: {},
  findings: [],
  databases: Array.from({ length: count }, (_, index) => `db${index}`),
  excluded: [],
  startedAt: '2026-11-21T02:00:00.000Z',
  durationMs: 1,
})

describe('a precheck that is too large', () => {
  it('gives its largest results up, one after the other, and says so', () => {
    const started = fc.sample(startedPrecheck, 1)[0]!
    const small = withDatabases('ITEM_A', 1)
    const large = withDatabases('ITEM_B', 9)
    const full = recordResults(started, [small, large])
    const once = withoutLargestResult(full)!
    expect(once.results[0]).toEqual(small)
    expect(once.results[1]).toMatchObject({
      checkItem: 'ITEM_B',
      status: 'error',
      reason: { code: 'RESULT_TOO_LARGE', params: { findings: 0 } },
      databases: [],
    })
    const twice = withoutLargestResult(once)!
    expect(twice.results.map(({ status }) => status)).toEqual(['error', 'error'])
    expect(withoutLargestResult(twice)).toBeNull()
  })

  it('counts findings, databases and exclusions of a result alike, and tells how many findings it had', () => {
    const started = fc.sample(startedPrecheck, 1)[0]!
    const reason = { code: 'SYSTEM_DATABASE', params: {} }
    const excluded = ['tempdb', 'model', 'msdb'].map((name) => ({ name, reason }))
    const broken = fc.sample(findingOf('ITEM_B'), 1)[0]!
    const first = withDatabases('ITEM_A', 4)
    const second = { ...withDatabases('ITEM_B', 1), findings: [broken, broken], excluded }
    const smaller = withoutLargestResult(recordResults(started, [first, second]))!
    expect(smaller.results).toMatchObject([
      { checkItem: 'ITEM_A', status: 'passed' },
      { checkItem: 'ITEM_B', reason: { code: 'RESULT_TOO_LARGE', params: { findings: 2 } } },
    ])
  })
})

describe('an item without a result at the deadline', () => {
  const startedAt = Date.parse('2026-11-21T02:00:00.000Z')
  const endedAt = (at: Date) => completePrecheck(fc.sample(startedPrecheck, 1)[0]!, null, at).results[0]

  it('has timed out, says when the deadline was, and has found nothing', () => {
    expect(endedAt(deadline)).toEqual({
      checkItem: 'ITEM_A',
      status: 'timed_out',
      vantage: 'checker',
      reason: { code: 'DEADLINE_PASSED', params: { deadlineAt: '2026-11-21T02:01:00.000Z' } },
      observed: {},
      findings: [],
      databases: [],
      excluded: [],
      startedAt: '2026-11-21T02:00:00.000Z',
      durationMs: 60_000,
    })
  })

  it.each([-1, 30 * 86_400_000])(
    'lasted until the deadline, although the wall clock was set by %i ms',
    (jumpMs) => {
      expect(endedAt(new Date(startedAt + jumpMs))?.durationMs).toBe(60_000)
    },
  )
})

describe('a running precheck that version 0.1.0 has stored', () => {
  it('is read without the parts of results that it may hold', () => {
    const started = fc.sample(startedPrecheck, 1)[0]!
    const part = { checkItem: 'ITEM_A', digest: '0'.repeat(16), index: 0, count: 2, data: 'eA==' }
    expect(Precheck.parse({ ...started, parts: [part] })).toEqual(started)
  })
})
