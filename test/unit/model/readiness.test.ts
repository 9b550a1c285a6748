import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Effect, type Finding, fingerprintOf } from '../../../shared/model/finding.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import {
  type PlannedItem,
  type Readiness,
  readinessOf,
  readinessOfMany,
} from '../../../shared/model/readiness.ts'
import { touchesOf } from '../../../shared/model/touches.ts'
import {
  allResults,
  findingOf as findingArbitrary,
  itemIds,
  startedPrecheck,
} from '../../support/arbitraries.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const instance = { type: 'instance', name: 'db1' } as const
const database = (name: string) => ({ type: 'database', name }) as const

let findings = 0
const findingOf = (object: Finding['object'], effect: Partial<Effect>): Finding => {
  findings += 1
  return {
    fingerprint: fingerprintOf('db1', 'ITEM_A', `CODE_${findings}`, object),
    checkItem: 'ITEM_A',
    object,
    level: 'failed',
    message: { code: `CODE_${findings}`, params: {} },
    observed: {},
    expected: {},
    remediation: null,
    blocks: [],
    degrades: [],
    obscures: [],
    limits: [],
    ...effect,
  }
}

const resultOf = (own: readonly Finding[], changes: Partial<ItemResult> = {}): ItemResult => ({
  checkItem: 'ITEM_A',
  status: 'passed',
  vantage: 'checker',
  reason: null,
  observed: {},
  findings: [...own],
  databases: [],
  excluded: [],
  startedAt: '2026-11-21T02:00:00.000Z',
  durationMs: 1,
  ...changes,
})

const planned: readonly PlannedItem[] = [{ checkItem: 'ITEM_A', affects: ['full', 'log'] }]

const verdictsOf = (row: Readonly<Record<(typeof allOperations)[number], { verdict: string }>>) =>
  Object.fromEntries(allOperations.map((operation) => [operation, row[operation].verdict]))

const sorted = (...list: readonly Finding[]) => list.map(({ fingerprint }) => fingerprint).sort()

const ready = { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' }

describe('the readiness of a database', () => {
  const cellsOf = (...effects: Partial<Effect>[]) =>
    verdictsOf(
      readinessOf(planned, [resultOf(effects.map((effect) => findingOf(database('HR'), effect)))])
        .databases[0]!.operations,
    )

  it.each([
    ['blocked', 'blocks'],
    ['blocked', 'limits'],
    ['unknown', 'obscures'],
    ['degraded', 'degrades'],
  ] as const)('is %s for the operations that a finding %s, and for no others', (verdict, effect) => {
    expect(cellsOf({ [effect]: ['log', 'restore'] })).toEqual({ ...ready, log: verdict, restore: verdict })
  })

  it('is the worst that any finding says: blocked before unknown before degraded', () => {
    const cells = cellsOf(
      { degrades: ['full', 'incremental', 'log'] },
      { obscures: ['incremental', 'log'] },
      { blocks: ['log'] },
      { obscures: ['restore'] },
      { limits: ['restore'] },
    )
    expect(cells).toEqual({ full: 'degraded', incremental: 'unknown', log: 'blocked', restore: 'blocked' })
  })

  it('follows from its own findings and from those of the instance, and names them', () => {
    const own = findingOf(database('HR'), { degrades: ['log'] })
    const other = findingOf(database('Sales'), { blocks: ['log'] })
    const ofAll = findingOf(instance, { obscures: ['log', 'full'] })
    const { databases } = readinessOf(planned, [resultOf([own, other, ofAll])])
    const cells = databases.map(({ database: name, operations: { log, full } }) => [name, log, full.findings])
    expect(cells).toEqual([
      ['HR', { verdict: 'unknown', findings: sorted(ofAll, own), undetermined: [] }, [ofAll.fingerprint]],
      [
        'Sales',
        { verdict: 'blocked', findings: sorted(ofAll, other), undetermined: [] },
        [ofAll.fingerprint],
      ],
    ])
  })

  it('counts every finding of a database, from whichever item', () => {
    const one = findingOf(database('HR'), { degrades: ['log'] })
    const another = findingOf(database('HR'), { degrades: ['log'] })
    const { databases } = readinessOf(planned, [
      resultOf([one]),
      resultOf([another], { checkItem: 'ITEM_B' }),
    ])
    expect(databases.map(({ operations }) => operations.log.findings)).toEqual([sorted(one, another)])
  })

  it('is given in one order for names that read the same', () => {
    const names = (...databases: string[]) =>
      readinessOf(planned, [resultOf([], { databases })]).databases.map((row) => row.database)
    expect(names('a\u0000', 'b', 'a')).toEqual(['a', 'a\u0000', 'b'])
    expect(names('a', 'a\u0000', 'b')).toEqual(['a', 'a\u0000', 'b'])
  })

  it('is given for each that was judged or has a finding, once, by name', () => {
    const own = findingOf(database('mid'), { degrades: ['log'] })
    const judged = resultOf([own], { databases: ['Zulu', 'mid', 'alpha'] })
    const { databases } = readinessOf(planned, [
      judged,
      resultOf([], { checkItem: 'ITEM_B', databases: ['Zulu'] }),
    ])
    expect(databases.map(({ database: name }) => name)).toEqual(['alpha', 'mid', 'Zulu'])
    expect(verdictsOf(databases[0]!.operations)).toEqual(ready)
  })
})

describe('an item that was planned and not determined', () => {
  const reason = { code: 'LOGIN_FAILED', params: {} }
  const open = { ...ready, full: 'unknown', log: 'unknown' }

  it.each([
    ['has no result', [], open],
    ['ended as error', [resultOf([], { status: 'error', reason })], open],
    ['ended as timed_out', [resultOf([], { status: 'timed_out', reason })], open],
    ['was skipped in favour of another', [resultOf([], { status: 'skipped', reason })], open],
    [
      'does not apply',
      [resultOf([], { status: 'skipped', reason: { code: 'NOT_APPLICABLE', params: {} } })],
      ready,
    ],
    ['passed', [resultOf([])], ready],
    ['failed for another operation', [resultOf([], { status: 'failed' })], ready],
  ])('and that %s', (_, results, expected) => {
    const { instance: row } = readinessOf(planned, results)
    expect(verdictsOf(row)).toEqual(expected)
    expect([row.log.undetermined, row.restore.undetermined]).toEqual([
      expected === open ? ['ITEM_A'] : [],
      [],
    ])
  })

  it('leaves every database unknown, but what is blocked already', () => {
    const broken = findingOf(database('HR'), { blocks: ['log'] })
    const { databases } = readinessOf(
      [...planned, { checkItem: 'ITEM_B', affects: ['log', 'restore'] }],
      [resultOf([broken], { databases: ['Sales'] })],
    )
    expect(databases.map(({ operations }) => [operations.log, operations.restore.verdict])).toEqual([
      [{ verdict: 'blocked', findings: [broken.fingerprint], undetermined: ['ITEM_B'] }, 'unknown'],
      [{ verdict: 'unknown', findings: [], undetermined: ['ITEM_B'] }, 'unknown'],
    ])
  })

  it.each(['blocks', 'degrades', 'obscures', 'limits'] as const)(
    'is no item with findings, whatever they say, since they say for which database: %s',
    (list) => {
      const own = findingOf(database('HR'), { [list]: ['log'] })
      const status = list === 'obscures' ? 'error' : 'warning'
      const { databases } = readinessOf(planned, [resultOf([own], { status, databases: ['HR', 'Sales'] })])
      expect(databases.map(({ operations }) => operations.log.undetermined)).toEqual([[], []])
      expect(verdictsOf(databases[1]!.operations)).toEqual(ready)
    },
  )
})

describe('the readiness of the instance', () => {
  const rowOf = (...own: Finding[]) =>
    readinessOf(planned, [resultOf(own, { databases: ['HR', 'Sales'] })]).instance
  const hr = (effect: Partial<Effect>) => findingOf(database('HR'), effect)
  const sales = (effect: Partial<Effect>) => findingOf(database('Sales'), effect)
  const own = (effect: Partial<Effect>) => findingOf(instance, effect)
  const log = ['log'] as const satisfies Effect['blocks']

  it.each<[string, string, readonly Finding[], number, number]>([
    ['ready', 'both are', [], 2, 2],
    ['degraded', 'one is blocked', [hr({ blocks: [...log] })], 1, 2],
    ['degraded', 'one is degraded', [hr({ degrades: [...log] })], 1, 2],
    [
      'degraded',
      'one is blocked, the other degraded',
      [hr({ blocks: [...log] }), sales({ degrades: [...log] })],
      0,
      2,
    ],
    ['degraded', 'it is itself', [own({ degrades: [...log] })], 0, 2],
    ['unknown', 'one is', [hr({ obscures: [...log] })], 1, 2],
    ['unknown', 'one is blocked and unknown', [hr({ blocks: [...log] }), hr({ obscures: [...log] })], 1, 2],
    ['unknown', 'it is itself', [own({ obscures: [...log] }), hr({ blocks: [...log] })], 0, 2],
    [
      'blocked',
      'both are',
      [hr({ blocks: [...log] }), sales({ blocks: [...log], obscures: ['full'] })],
      0,
      2,
    ],
    ['blocked', 'it is itself', [own({ blocks: [...log] })], 0, 2],
    ['blocked', 'it is limited itself', [own({ limits: [...log] })], 0, 2],
    ['ready', 'one is not for it and the other is ready', [hr({ limits: [...log] })], 1, 1],
    [
      'blocked',
      'one is not for it and the other is blocked',
      [hr({ limits: [...log] }), sales({ blocks: [...log] })],
      0,
      1,
    ],
    ['blocked', 'none is for it', [hr({ limits: [...log] }), sales({ limits: [...log] })], 0, 0],
    [
      'degraded',
      'one is not for it and has a risk as well',
      [hr({ limits: [...log] }), hr({ degrades: [...log] })],
      1,
      2,
    ],
    [
      'unknown',
      'one is not for it and unknown as well',
      [hr({ limits: [...log] }), hr({ obscures: [...log] })],
      1,
      2,
    ],
  ])('is %s where %s', (verdict, _, findingsOf, readyOnes, total) => {
    const row = rowOf(...findingsOf)
    expect([row.log.verdict, row.log.databases]).toEqual([verdict, { ready: readyOnes, total }])
    expect(row.restore.verdict).toBe('ready')
  })

  // "RESTORE Statements", Transact-SQL: what is in an availability group cannot be restored over, `master` can.
  it.each([
    ['degraded', 'limited', 'limited', { ready: 1, total: 3 }],
    ['ready', 'limited', 'ready', { ready: 2, total: 2 }],
  ] as const)(
    'is %s where what setup made is ready, one of the users %s and the other %s',
    (verdict, _one, other, counts) => {
      const limits = [hr({ limits: [...log] }), ...(other === 'limited' ? [sales({ limits: [...log] })] : [])]
      const result = resultOf(limits, { databases: ['HR', 'Sales', 'master'], systemDatabases: ['master'] })
      const { instance: row } = readinessOf(planned, [result])
      expect([row.log.verdict, row.log.databases]).toEqual([verdict, counts])
      expect(row.log.findings).toEqual(other === 'limited' ? sorted(...limits) : [])
    },
  )

  it('counts what setup made as any other where nothing else is there', () => {
    const names = ['master', 'model']
    const limited = findingOf(database('master'), { limits: [...log] })
    const result = resultOf([limited], { databases: names, systemDatabases: names })
    const { log: cell } = readinessOf(planned, [result]).instance
    expect([cell.verdict, cell.databases]).toEqual(['ready', { ready: 1, total: 1 }])
  })

  it('counts no databases where there are none, and is what it is itself', () => {
    expect(readinessOf(planned, [resultOf([])]).instance.log).toEqual({
      verdict: 'ready',
      findings: [],
      undetermined: [],
      databases: { ready: 0, total: 0 },
      coverage: { judged: 1, total: 1 },
    })
  })

  it('counts no item that does not apply among those that were to judge', () => {
    const answers = [
      resultOf([]),
      resultOf([], {
        checkItem: 'ITEM_B',
        status: 'skipped',
        reason: { code: 'NOT_APPLICABLE', params: {} },
      }),
    ]
    const both: PlannedItem[] = [...planned, { checkItem: 'ITEM_B', affects: ['log'] }]
    const { coverage, undetermined, verdict } = readinessOf(both, answers).instance.log
    expect([coverage, undetermined, verdict]).toEqual([{ judged: 1, total: 1 }, [], 'ready'])
  })

  it('is the same without the findings, from what they touch of each database', () => {
    const [whole, broken, risky] = [
      own({ degrades: ['full'] }),
      hr({ blocks: [...log] }),
      sales({ obscures: ['restore'] }),
    ]
    const results = [resultOf([])]
    const row = readinessOfMany(
      planned,
      results,
      touchesOf([whole]),
      [broken, risky].map((finding) => touchesOf([finding])),
    )
    const cell = { findings: [], undetermined: [] }
    const judged = { judged: 1, total: 1 }
    const none = { judged: 0, total: 0 }
    expect(row).toEqual({
      full: { ...cell, verdict: 'degraded', databases: { ready: 0, total: 2 }, coverage: judged },
      incremental: { ...cell, verdict: 'ready', databases: { ready: 2, total: 2 }, coverage: none },
      log: { ...cell, verdict: 'degraded', databases: { ready: 1, total: 2 }, coverage: judged },
      restore: { ...cell, verdict: 'unknown', databases: { ready: 1, total: 2 }, coverage: none },
    })
  })

  it('names the findings that decide: its own, and those of the databases that the operation is for', () => {
    const [whole, broken, limit] = [
      own({ degrades: [...log] }),
      hr({ blocks: [...log] }),
      sales({ limits: [...log] }),
    ]
    expect(rowOf(whole, broken, limit).log.findings).toEqual(sorted(whole, broken))
    expect(rowOf(limit, hr({ limits: ['full'] })).log.findings).toEqual([])
    const both = [limit, hr({ limits: [...log] })]
    expect(rowOf(...both).log.findings).toEqual(sorted(...both))
  })
})

const greenness = { ready: 3, degraded: 2, unknown: 1, blocked: 0 } as const
const databases = ['HR', 'Ledger', 'Sales', 'db1'] as const

/** Results that name every database, so that no finding brings in another one. */
const named = allResults.map(([first, ...rest]) => [{ ...first!, databases: [...databases] }, ...rest])
const plans = startedPrecheck.map(({ checkItems }) => checkItems)

type Cells = Readonly<Record<string, { readonly verdict: keyof typeof greenness }>>

/** Every cell by its row and operation; the instance has a row of its own. */
const cellsOf = ({ instance: whole, databases: rows }: Readiness): Cells =>
  Object.fromEntries(
    [['(instance)', whole] as const, ...rows.map((row) => [row.database, row.operations] as const)].flatMap(
      ([name, row]) => allOperations.map((operation) => [`${name} ${operation}`, row[operation]] as const),
    ),
  )

/** The cells that are greener in the one than in the other. */
const greener = (after: Cells, before: Cells): string[] =>
  Object.entries(after).flatMap(([name, { verdict }]) => {
    const { verdict: was = verdict } = before[name] ?? {}
    return greenness[verdict] > greenness[was] ? [`${name}: ${was} → ${verdict}`] : []
  })

const withFinding = (results: readonly ItemResult[], at: number, finding: Finding): ItemResult[] =>
  results.map((result, index) =>
    index === at % results.length
      ? { ...result, reason: null, status: 'warning', findings: [...result.findings, finding] }
      : result,
  )

describe('readiness', () => {
  it('is never greener with one more finding, wherever it comes from', () => {
    fc.assert(
      fc.property(plans, named, fc.nat(), findingArbitrary('ITEM_A'), (items, results, at, finding) => {
        const determined = results.map((result) => ({ ...result, reason: null, status: 'passed' as const }))
        const before = readinessOf(items, determined)
        const after = readinessOf(items, withFinding(determined, at, finding))
        expect(greener(cellsOf(after), cellsOf(before))).toEqual([])
      }),
      { numRuns: propertyRuns(1000) },
    )
  })

  it('of a database does not depend on what is found of any other', () => {
    fc.assert(
      fc.property(plans, named, fc.nat(), findingArbitrary('ITEM_A'), (items, results, at, finding) => {
        fc.pre(finding.object.type !== 'instance' && results[at % results.length]?.reason === null)
        const others = (table: Readiness) =>
          table.databases.filter(({ database: name }) => name !== finding.object.name)
        expect(others(readinessOf(items, withFinding(results, at, finding)))).toEqual(
          others(readinessOf(items, results)),
        )
      }),
    )
  })

  it('does not depend on the order of results, findings or databases', () => {
    // Characters that sort as nothing.
    const names = fc.uniqueArray(fc.constantFrom('a', 'A', 'a\u0000', '\u0001a', 'b'), { maxLength: 5 })
    const turned = <Item>(items: readonly Item[]) =>
      fc.shuffledSubarray([...items], { minLength: items.length })
    const orders = fc.tuple(plans, allResults, names).chain(([items, results, more]) => {
      const all = results.map((result) => ({ ...result, databases: [...result.databases, ...more] }))
      const eachTurned = all.map((result) =>
        fc
          .tuple(turned(result.findings), turned(result.databases))
          .map(([own, listed]) => ({ ...result, findings: own, databases: listed })),
      )
      return fc.tuple(
        fc.constant([items, all] as const),
        fc.tuple(...eachTurned).chain((each) => turned(each)),
      )
    })
    fc.assert(
      fc.property(orders, ([[items, results], other]) => {
        expect(readinessOf(items, other)).toEqual(readinessOf(items, results))
      }),
    )
  })

  it('of the instance is never greener than all of its databases', () => {
    fc.assert(
      fc.property(plans, allResults, (items, results) => {
        const { instance: whole, databases: rows } = readinessOf(items, results)
        for (const operation of allOperations) {
          const verdicts = rows.map(({ operations }) => operations[operation].verdict)
          const greenest = Math.max(...verdicts.map((verdict) => greenness[verdict]))
          if (verdicts.length > 0) expect(greenness[whole[operation].verdict]).toBeLessThanOrEqual(greenest)
          const { ready: readyOnes, total } = whole[operation].databases
          expect(readyOnes).toBe(verdicts.filter((verdict) => verdict === 'ready').length)
          expect(total).toBeLessThanOrEqual(rows.length)
        }
      }),
      { numRuns: propertyRuns(1000) },
    )
  })

  it('is at best unknown, for what an item should have judged, without its result or its answer', () => {
    const victims = fc.constantFrom(...itemIds)
    fc.assert(
      fc.property(plans, named, victims, fc.boolean(), (items, results, victim, isMissing) => {
        const silent = (result: ItemResult): ItemResult => ({
          ...result,
          status: 'timed_out',
          reason: { code: 'TIME_LIMIT_REACHED', params: {} },
          findings: [],
          databases: [],
        })
        const without = results.flatMap((result) => {
          if (result.checkItem !== victim) return [result]
          return isMissing ? [] : [silent(result)]
        })
        const affects = items.find(({ checkItem }) => checkItem === victim)?.affects ?? []
        for (const [name, { verdict }] of Object.entries(cellsOf(readinessOf(items, without)))) {
          const isAffected = affects.some((operation) => name.endsWith(` ${operation}`))
          if (isAffected) expect(['unknown', 'blocked']).toContain(verdict)
        }
      }),
    )
  })
})
