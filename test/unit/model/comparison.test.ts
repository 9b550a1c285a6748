import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Comparison,
  PreviousResult,
  compare,
  keptIn,
  keptOf,
  obscuredBy,
  previousOf,
} from '../../../shared/model/comparison.ts'
import { fingerprintOf, levelOf } from '../../../shared/model/finding.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import { allResults } from '../../support/arbitraries.ts'
import {
  itemResult,
  itemWithoutRight,
  lastOf,
  recoveryModelItem,
  simpleDatabase,
  undeterminedItem,
} from '../../support/completed-prechecks.ts'
import { readinessIn } from '../../../shared/model/extract.ts'

const first = '2026-11-20T02:00:00.000Z'
const second = '2026-11-21T02:00:00.000Z'
const third = '2026-11-22T02:00:00.000Z'

const after = (startedAt: string, results: readonly ItemResult[], previous: PreviousResult | null = null) => {
  const comparison = compare(startedAt, results, previous)
  const ended = { id: `pc_${startedAt}`, startedAt, outcome: 'failed', results, comparison } as const
  return { ...previousOf(ended), comparison }
}

const fingerprints = (list: readonly { readonly fingerprint: string }[]) =>
  new Set(list.map((one) => one.fingerprint))

describe('a comparison', () => {
  it('of a result with itself has nothing new and nothing resolved, and remembers since when', () => {
    fc.assert(
      fc.property(allResults, (results) => {
        const { comparison } = after(second, results, after(first, results))
        expect([comparison.new, comparison.resolved]).toEqual([[], []])
        expect(comparison.still.every(({ since }) => since === first)).toBe(true)
        expect(comparison.previousPrecheckId).toBe(`pc_${first}`)
      }),
    )
  })

  it('puts every finding that is no note into exactly one list', () => {
    fc.assert(
      fc.property(allResults, allResults, (before, now) => {
        const previous = after(first, before)
        const { comparison } = after(second, now, previous)
        const current = now.flatMap(({ findings }) => findings).filter(({ level }) => level !== 'note')
        expect(fingerprints([...comparison.new, ...comparison.still])).toEqual(fingerprints(current))
        const gone = [...fingerprints(previous.comparison.new)].filter(
          (one) => !fingerprints(current).has(one),
        )
        const listed = [...comparison.resolved, ...comparison.undetermined].map((one) => one.fingerprint)
        expect(listed.toSorted()).toEqual(gone.toSorted())
      }),
    )
  })

  it('remembers what passes the schema of the store', () => {
    fc.assert(
      fc.property(allResults, (results) => {
        const { comparison: _, ...remembered } = after(second, results, after(first, results))
        expect(PreviousResult.parse(remembered)).toEqual(remembered)
      }),
    )
  })

  it('resolves nothing whose item could not be determined, and remembers it through that', () => {
    fc.assert(
      fc.property(allResults, (results) => {
        const blind = results.map(({ checkItem }) => undeterminedItem(checkItem))
        const known = after(first, results)
        const meanwhile = after(second, blind, known)
        expect(meanwhile.comparison.resolved).toEqual([])
        const again = after(third, results, meanwhile)
        expect(again.comparison.new).toEqual([])
        expect(again.comparison.still.every(({ since }) => since === first)).toBe(true)
      }),
    )
  })

  it.each([
    ['resolved', 'HR', 'the item could judge that database'],
    ['undetermined', 'Sales', 'the item could not judge that database'],
    ['undetermined', null, 'the item could not judge the instance'],
  ] as const)('is %s where a finding is gone, something of %s is obscured, so %s', (list, name, _why) => {
    const gone = after(first, [itemResult([simpleDatabase('Sales')])])
    const obscured = simpleDatabase(name ?? 'Sales', { obscures: ['log'] })
    const object = name === null ? ({ type: 'instance', name: 'db1' } as const) : obscured.object
    const other = { ...obscured, object, fingerprint: '0123456789abcdef' }
    const { resolved, undetermined } = compare(second, [itemResult([other])], gone)
    expect({ resolved, undetermined }[list].map((one) => one.object.name)).toEqual(['Sales'])
    expect([...resolved, ...undetermined]).toHaveLength(1)
  })

  it('tells once of an item that cannot be determined any more', () => {
    const fine = [itemResult([]), itemResult([], 'SERVICE_CONNECTIVITY')]
    const blind = [itemResult([]), undeterminedItem('SERVICE_CONNECTIVITY')]
    const [before, meanwhile] = [after(first, fine), after(second, blind, after(first, fine))]
    expect(before.comparison.newlyUndetermined).toBeUndefined()
    expect(meanwhile.comparison.newlyUndetermined).toEqual(['SERVICE_CONNECTIVITY'])
    expect(after(third, blind, meanwhile).comparison.newlyUndetermined).toBeUndefined()
    expect(after(third, fine, meanwhile).comparison.newlyUndetermined).toBeUndefined()
  })

  it('counts no item as undetermined that does not apply, or whose findings say what could not be judged', () => {
    const results: ItemResult[] = [
      { ...itemResult([], 'ITEM_A'), status: 'skipped', reason: { code: 'NOT_APPLICABLE', params: {} } },
      itemResult([simpleDatabase('Sales', { obscures: ['log'] })]),
    ]
    expect(results.map(({ status }) => status)).toEqual(['skipped', 'error'])
    expect(compare(second, results, after(first, [])).newlyUndetermined).toBeUndefined()
  })

  it('resolves what an item found that does not apply any more', () => {
    const found = itemResult([simpleDatabase('Sales')])
    const reason = { code: 'NOT_APPLICABLE', params: {} }
    const { comparison } = after(
      second,
      [{ ...itemResult([]), status: 'skipped', reason }],
      after(first, [found]),
    )
    expect([comparison.resolved.length, comparison.undetermined]).toEqual([1, []])
  })

  it('goes by the item that found what is gone', () => {
    const known = after(first, [itemResult([simpleDatabase('Sales')])])
    const others = [undeterminedItem('SERVICE_CONNECTIVITY'), itemResult([])]
    expect(compare(second, others, known).resolved).toHaveLength(1)
    const without = compare(second, [itemResult([], 'ITEM_A')], known)
    expect([without.resolved.length, without.undetermined.length]).toEqual([0, 1])
  })

  it('resolves what is a note by now', () => {
    const known = after(first, [itemResult([simpleDatabase('Sales')])])
    const noted = { ...simpleDatabase('Sales'), level: 'note' as const }
    const comparison = compare(second, [itemResult([noted])], known)
    expect([comparison.new, comparison.still]).toEqual([[], []])
    expect(comparison.resolved).toHaveLength(1)
  })

  it('leaves out items that are compared elsewhere', () => {
    const known = after(first, [itemResult([simpleDatabase('Sales')])])
    const results = [itemResult([simpleDatabase('HR')])]
    const elsewhere = compare(second, results, known, undefined, new Set([recoveryModelItem]))
    expect([elsewhere.new, elsewhere.still, elsewhere.resolved, elsewhere.undetermined]).toEqual([
      [],
      [],
      [],
      [],
    ])
  })

  it('with nothing has everything new', () => {
    fc.assert(
      fc.property(allResults, (results) => {
        const { still, resolved, undetermined, previousPrecheckId } = compare(first, results, null)
        expect([still, resolved, undetermined, previousPrecheckId]).toEqual([[], [], [], null])
      }),
    )
  })
})

describe('what the next result is held against', () => {
  const page = { checkItem: recoveryModelItem, precheckId: 'pc_1', run: 'r', pages: 2, findings: 700 }
  const previousWith = (changes: Partial<Comparison>) =>
    previousOf({
      id: 'pc_1',
      startedAt: first,
      outcome: 'passed',
      results: [],
      comparison: { ...compare(first, [], null), ...changes },
    })
  const bare = { id: 'pc_1', outcome: 'passed', open: [], stood: { at: first, since: first } }

  it.each<[string, Partial<Comparison>, object]>([
    ['nothing', {}, {}],
    ['no pages', { paged: [] }, {}],
    ['pages that are open', { paged: [page] }, { paged: [page] }],
    ['how it stood', { protection: { state: 'at-risk', change: 'at-risk' } }, { protection: 'at-risk' }],
    ['since when', { unchanged: { since: third, before: second } }, { stood: { at: first, since: third } }],
  ])('has %s', (_, changes, more) => {
    expect(previousWith(changes)).toStrictEqual({ ...bare, ...more })
  })
})

describe('what is known from before', () => {
  const sales = simpleDatabase('Sales')
  const effect = { blocks: sales.blocks, degrades: [], obscures: [], limits: [] }
  const { fingerprint, object, message } = sales
  const open = (checkItem: string) => ({
    fingerprint,
    checkItem,
    object,
    message,
    level: 'failed' as const,
    since: first,
    effect,
  })
  const told = (checkItem: string) => ({ fingerprint, object, checkItem, message, ...effect })

  it('counts where it is known what it does', () => {
    const { effect: _, ...essential } = open('ITEM_A')
    expect(keptOf([essential, open('ITEM_B')])).toEqual([told('ITEM_B')])
  })

  it('counts of items whose right is missing now, and of no other', () => {
    const undetermined = ['ITEM_A', 'ITEM_B', 'ITEM_C', 'ITEM_D'].map(open)
    const results = [itemWithoutRight('ITEM_A'), undeterminedItem('ITEM_B'), itemResult([], 'ITEM_C')]
    expect(keptIn({ undetermined }, results)).toEqual([told('ITEM_A')])
  })

  it('may be hidden by what an item could not tell of', () => {
    expect(obscuredBy([sales, simpleDatabase('HR', { obscures: ['log'] })])).toEqual([
      { type: 'database', name: 'HR' },
    ])
  })
})

describe('a fingerprint', () => {
  const object = { type: 'database', name: 'Sales' } as const

  it('is the same in every precheck', () => {
    expect(fingerprintOf('db1', 'ARCHIVELOG', 'NOARCHIVELOG', object)).toBe('78c9121062d0ec2e')
  })

  it('differs by instance, item, code and object', () => {
    const all = [
      fingerprintOf('db1', 'ITEM_A', 'X', object),
      fingerprintOf('db2', 'ITEM_A', 'X', object),
      fingerprintOf('db1', 'ITEM_B', 'X', object),
      fingerprintOf('db1', 'ITEM_A', 'Y', object),
      fingerprintOf('db1', 'ITEM_A', 'X', { ...object, name: 'HR' }),
      fingerprintOf('db1', 'ITEM_A', 'X', { ...object, type: 'instance' }),
    ]
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('the level of a finding', () => {
  const none = { blocks: [], degrades: [], obscures: [], limits: [] }

  it.each([
    ['blocks a planned operation', { ...none, blocks: ['log'] }, ['log'], 'failed'],
    ['blocks an operation that nobody plans', { ...none, blocks: ['log'] }, ['full'], 'warning'],
    ['obscures a planned operation', { ...none, obscures: ['log'] }, ['log'], 'error'],
    ['obscures an operation that nobody plans', { ...none, obscures: ['log'] }, ['full'], 'warning'],
    ['degrades', { ...none, degrades: ['full'] }, ['full'], 'warning'],
    ['limits by design', { ...none, limits: ['log'] }, ['log'], 'note'],
    ['touches nothing', none, ['log'], 'note'],
  ] as const)('that %s', (_, effect, planned, level) => {
    const copied = Object.fromEntries(Object.entries(effect).map(([list, values]) => [list, [...values]]))
    expect(levelOf({ ...none, ...copied }, planned)).toBe(level)
  })
})

describe('an item that is not essential', () => {
  const beyond = [recoveryModelItem]
  const broken = { beyond, results: [itemResult([simpleDatabase('Sales')])] }
  const blind = { beyond, results: [itemWithoutRight()] }

  it('has its first findings marked, and later ones not', () => {
    const alone = lastOf(broken).comparison
    expect(alone.new).toMatchObject([{ baseline: true }])
    expect(alone.judgedBeyond).toEqual(beyond)
    const both = { beyond, results: [itemResult([simpleDatabase('Sales'), simpleDatabase('HR')])] }
    const { comparison } = lastOf(broken, both)
    expect(comparison.still.map(({ baseline }) => baseline)).toEqual([undefined])
    expect(comparison.new.map(({ object, baseline }) => [object.name, baseline])).toEqual([['HR', undefined]])
  })

  it('was not judged where it could not be', () => {
    const { comparison } = lastOf(blind, broken)
    expect(comparison.new).toMatchObject([{ baseline: true }])
    expect(lastOf(blind).comparison).not.toHaveProperty('judgedBeyond')
  })

  it('goes on blocking what it found when its right is missing, and is not resolved', () => {
    const precheck = lastOf(broken, blind, blind)
    const { resolved, undetermined } = precheck.comparison
    expect([resolved.length, undetermined.length]).toEqual([0, 1])
    const { instance, databases } = readinessIn(precheck)
    expect(databases.map(({ database, operations }) => [database, operations.log.verdict])).toEqual([
      ['Sales', 'blocked'],
    ])
    expect([instance.log.verdict, instance.full.verdict]).toEqual(['blocked', 'ready'])
    expect(instance.log.coverage).toEqual({ judged: 0, total: 1 })
    expect(precheck.outcome).toBe('inconclusive')
  })

  it('is resolved when it can look again', () => {
    const { comparison } = lastOf(broken, blind, { beyond, results: [itemResult([])] })
    expect(comparison.resolved.map(({ object }) => object.name)).toEqual(['Sales'])
  })
})
