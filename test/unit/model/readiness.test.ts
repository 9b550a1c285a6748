import { describe, expect, it } from 'vitest'
import { type Effect, type Finding, fingerprintOf } from '../../../shared/model/finding.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import { type PlannedItem, readinessOf } from '../../../shared/model/readiness.ts'

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
      [
        'HR',
        { verdict: 'unknown', findings: [ofAll.fingerprint, own.fingerprint], undetermined: [] },
        [ofAll.fingerprint],
      ],
      [
        'Sales',
        { verdict: 'blocked', findings: [ofAll.fingerprint, other.fingerprint], undetermined: [] },
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
    expect(databases.map(({ operations }) => operations.log.findings)).toEqual([
      [one.fingerprint, another.fingerprint],
    ])
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

  it('stays open where somebody has accepted that it could not be determined', () => {
    const finding: Finding = {
      ...findingOf(database('HR'), {}),
      level: 'warning',
      acknowledgement: {
        id: 'ack_1',
        reason: 'known',
        author: 'li',
        expiresAt: '2026-12-01T00:00:00Z',
        level: 'error',
      },
    }
    const { instance: row } = readinessOf(planned, [resultOf([finding], { status: 'warning' })])
    expect(verdictsOf(row)).toEqual(open)
  })
})

describe('the readiness of the instance', () => {
  const rowOf = (...own: Finding[]) => readinessOf(planned, [resultOf(own)]).instance

  it.each([
    ['blocks', 'obscures', 'blocked'],
    ['obscures', 'degrades', 'unknown'],
    ['blocks', 'degrades', 'blocked'],
  ] as const)(
    'is that of the worst database, in whichever order they come: %s, %s',
    (worse, better, verdict) => {
      const bad = findingOf(database('HR'), { [worse]: ['log'] })
      const good = findingOf(database('Sales'), { [better]: ['log'] })
      expect(rowOf(bad, good).log).toEqual({
        verdict,
        findings: [bad.fingerprint, good.fingerprint],
        undetermined: [],
      })
      expect(rowOf(good, bad).log).toMatchObject({ verdict })
      expect(rowOf(bad, good).restore).toEqual({ verdict: 'ready', findings: [], undetermined: [] })
    },
  )

  it('is not limited by a single database, against which nobody plans, but by a limit of its own', () => {
    const ofDatabase = findingOf(database('tempdb'), { limits: ['log'], degrades: ['full'] })
    expect(verdictsOf(rowOf(ofDatabase))).toEqual({ ...ready, full: 'degraded' })
    expect(rowOf(ofDatabase).log.findings).toEqual([])
    expect(verdictsOf(rowOf(findingOf(instance, { limits: ['log'] })))).toEqual({ ...ready, log: 'blocked' })
  })

  it('counts a finding of its own once', () => {
    const own = findingOf(instance, { blocks: ['log'] })
    expect(rowOf(own).log.findings).toEqual([own.fingerprint])
  })
})
