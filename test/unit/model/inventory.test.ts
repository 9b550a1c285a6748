import { describe, expect, it } from 'vitest'
import {
  type DatabaseIdentity,
  type Identities,
  maxIdentified,
  noBase,
} from '../../../shared/model/identity.ts'
import { type Inventory, followInventory } from '../../../shared/model/inventory.ts'
import { type Observation, fullBackupAge } from '../../../shared/model/observation.ts'

const at = '2026-11-21T02:00:00.000Z'
const dayBefore = '2026-11-20T02:00:00.000Z'
const weekBefore = '2026-11-14T02:00:00.000Z'

type Marks = readonly [string | null, string | null, string | null]
const database = (name: string, [origin, fork, base]: Marks = ['o1', 'f1', 'b1']): DatabaseIdentity => [
  name,
  origin,
  fork,
  base,
]
const sales = database('Sales')

const seen = (databases: readonly DatabaseIdentity[], changes: Partial<Identities> = {}): Identities => ({
  instance: { name: 'SRV1', id: 'i1', fork: 'r1' },
  type: 'database',
  isWhole: true,
  count: databases.length,
  hash: '0'.repeat(16),
  databases: databases.map(([...each]) => each),
  ...changes,
})

const remembered = (databases: readonly DatabaseIdentity[], changes: Partial<Inventory> = {}): Inventory => ({
  seen: seen(databases),
  brokenDatabases: [],
  gone: [],
  ...changes,
})

const brokenSales = (since = dayBefore, base: string | null = 'b1') => ({
  by: 'recreated' as const,
  since,
  before: 'o0',
  after: 'o1',
  database: 'Sales',
  base,
})

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => database(`${prefix}${String(index).padStart(3, '0')}`))

const namesOf = (databases: readonly DatabaseIdentity[]) => databases.map(([name]) => name)

describe('who an instance and its databases are', () => {
  it('is remembered when it is seen first, and nothing is said of it', () => {
    expect(followInventory(null, seen([sales]), at, [])).toStrictEqual({
      next: { seen: seen([sales]), brokenDatabases: [], gone: [] },
      changes: {
        fresh: [],
        gone: [],
        broken: undefined,
        brokenDatabases: [],
        isTooLarge: false,
        isOther: false,
      },
    })
  })

  it('stays known where it is not known now', () => {
    const unknown: Marks = [null, null, null]
    const instance = { name: null, id: null, fork: null }
    const now = seen([database('HR', unknown), database('New'), database('Sales', unknown)], { instance })
    const { next, changes } = followInventory(remembered([database('HR', unknown), sales]), now, at, [])
    expect(next.seen.instance).toEqual({ name: 'SRV1', id: 'i1', fork: 'r1' })
    expect(next.seen.databases).toEqual([database('HR', unknown), database('New'), sales])
    expect(changes).toMatchObject({ fresh: ['New'], gone: [], broken: undefined, brokenDatabases: [] })
    const fresh = followInventory(remembered([]), seen([database('New', unknown)]), at, [])
    expect(fresh.next.seen.databases).toEqual([database('New', unknown)])
  })

  it('is what is seen now where both are known', () => {
    const now = database('Sales', ['o2', 'f2', 'b2'])
    const instance = { name: 'SRV2', id: 'i1', fork: 'r2' }
    const { next } = followInventory(remembered([sales]), seen([now], { instance }), at, [])
    expect(next.seen).toMatchObject({ instance, databases: [now] })
  })

  it.each([
    ['id', 'replaced', 'i1', 'x'],
    ['fork', 'instance-forked', 'r1', 'x'],
    ['name', 'renamed', 'SRV1', 'x'],
  ] as const)('breaks the chain of the instance by another %s: %s', (mark, by, before, after) => {
    const known = remembered([sales])
    const now = (value: string | null) =>
      seen([sales], { instance: { ...known.seen.instance, [mark]: value } })
    const broken = { by, since: at, before, after }
    const { next, changes } = followInventory(known, now(after), at, [])
    expect([changes.broken, next.broken]).toEqual([broken, broken])
    expect(next.seen.instance[mark]).toBe(after)
    expect(followInventory(known, now(null), at, []).changes.broken).toBeUndefined()
    const vague = { ...known, seen: now(null) }
    expect(followInventory(vague, now(after), at, []).changes.broken).toBeUndefined()
  })

  it('says nothing of the databases of another instance, once', () => {
    const other = seen([database('HR')], { instance: { name: 'SRV1', id: 'i2', fork: 'r1' } })
    const first = followInventory(remembered([sales]), other, at, [])
    expect(first.changes).toMatchObject({ fresh: [], gone: [], brokenDatabases: [] })
    const later = { ...other, databases: [...other.databases, database('New')] as Identities['databases'] }
    const again = followInventory(first.next, later, '2026-11-22T02:00:00.000Z', [])
    expect(again.changes).toMatchObject({ fresh: ['New'], broken: { by: 'replaced', since: at } })
  })

  it('goes on with the databases of one that is renamed', () => {
    const renamed = seen([database('HR')], { instance: { name: 'SRV2', id: 'i1', fork: 'r1' } })
    const { changes } = followInventory(remembered([sales]), renamed, at, [])
    expect(changes).toMatchObject({ fresh: ['HR'], gone: [{ identity: sales, since: at }] })
  })
})

describe('databases of whom not all are seen', () => {
  it('are not lost, and stay in the order of their names with what is broken of them', () => {
    const known = remembered([database('HR'), sales], { brokenDatabases: [brokenSales()] })
    const now = seen([database('Zoo'), database('App')], { isWhole: false })
    const { next, changes } = followInventory(known, now, at, [])
    expect(namesOf(next.seen.databases)).toEqual(['App', 'HR', 'Sales', 'Zoo'])
    expect(next.brokenDatabases).toEqual([brokenSales()])
    expect(changes).toMatchObject({ gone: [], brokenDatabases: [] })
  })

  it('are not fresh where not all were seen before', () => {
    const known = remembered([sales], { seen: seen([sales], { isWhole: false }) })
    expect(followInventory(known, seen([database('HR'), sales]), at, []).changes.fresh).toEqual([])
  })
})

describe('a memory', () => {
  it('holds so many databases, the first by name', () => {
    const known = remembered(numbered('b', maxIdentified))
    const now = seen(numbered('a', maxIdentified), { isWhole: false })
    expect(namesOf(followInventory(known, now, at, []).next.seen.databases)).toEqual(
      namesOf(numbered('a', maxIdentified)),
    )
  })

  it('holds so many that are gone, the last ones', () => {
    const gone: Inventory['gone'] = [{ identity: ['Sales', 'o1', 'f1', 'b1'], since: dayBefore }]
    const known = remembered(numbered('b', maxIdentified), { gone })
    const { next } = followInventory(known, seen(numbered('a', maxIdentified)), at, [])
    expect(namesOf(next.gone.map(({ identity }) => identity))).toEqual(namesOf(numbered('b', maxIdentified)))
  })

  it('holds so many that are broken, those of now first', () => {
    const unseen = numbered('b', maxIdentified).map(([name]) => ({ ...brokenSales(), database: name }))
    const known = remembered([sales], { brokenDatabases: unseen })
    const now = seen([database('Sales', ['o2', 'f1', 'b1'])], { isWhole: false })
    const names = followInventory(known, now, at, []).next.brokenDatabases.map((each) => each.database)
    expect(names).toEqual(['Sales', ...namesOf(numbered('b', maxIdentified - 1))])
  })
})

const age = (name: string, value: number, type: 'instance' | 'database' = 'database'): Observation => ({
  name: fullBackupAge,
  object: { type, name },
  value,
})

describe('a broken chain of a database', () => {
  const isTold = (
    broken: ReturnType<typeof brokenSales>,
    observations: readonly Observation[],
    base = 'b1' as string | null,
  ) => {
    const known = remembered([sales], { brokenDatabases: [broken] })
    const now = seen([database('Sales', ['o1', 'f1', base])])
    const { next, changes } = followInventory(known, now, at, observations)
    expect(next.brokenDatabases).toEqual(changes.brokenDatabases)
    return changes.brokenDatabases.length > 0
  }

  // It was noticed 1440 minutes before.
  it.each<[string, boolean, readonly Observation[]]>([
    ['no full backup is known', true, []],
    ['the last full backup is as old', true, [age('Sales', 1440)]],
    ['a full backup is younger', false, [age('Sales', 1439)]],
    ['the older of two ages is older', true, [age('Sales', 10), age('Sales', 1441)]],
    ['one of everything is younger', false, [age('SRV1', 10, 'instance')]],
    ['one of everything is older', true, [age('SRV1', 1441, 'instance')]],
    ['its own is older', true, [age('Sales', 1441), age('SRV1', 10, 'instance')]],
    ['its own is younger', false, [age('Sales', 10), age('Sales', 1441, 'instance')]],
    ['one of another database is younger', true, [age('HR', 10)]],
    ['one of another database is older', false, [age('HR', 1441), age('Sales', 10)]],
    [
      'one of another is older, one of everything younger',
      false,
      [age('HR', 1441), age('SRV1', 10, 'instance')],
    ],
    ['another number is small', true, [{ ...age('Sales', 10), name: 'log-backup-age-minutes' }]],
  ])('where %s is told: %s', (_, isSo, observations) => {
    expect(isTold(brokenSales(), observations)).toBe(isSo)
  })

  it.each<[string, string, boolean, readonly Observation[]]>([
    ['for less than a week', '2026-11-14T02:00:00.001Z', true, []],
    ['for a week', weekBefore, false, []],
    ['for a week, whatever is known of others', weekBefore, false, [age('HR', 20_000)]],
    ['for as long as a full backup is older', weekBefore, true, [age('Sales', 20_000)]],
  ])('is told %s', (_, since, isSo, observations) => {
    expect(isTold(brokenSales(since), observations)).toBe(isSo)
  })

  it.each([
    ['another', 'b1', 'b2', false],
    ['the same', 'b1', 'b1', true],
    ['none', 'b1', noBase, true],
    ['one that is not known', 'b1', null, true],
    ['one where none was known', null, 'b2', true],
    ['its first', noBase, 'b2', false],
  ])('where its full backup is %s is told', (_, before, after, isSo) => {
    expect(isTold(brokenSales(dayBefore, before), [], after)).toBe(isSo)
  })

  it.each([
    ['recreated', ['o2', 'f1', 'b2'], 'o1', 'o2'],
    ['recreated', ['o2', 'f2', 'b2'], 'o1', 'o2'],
    ['forked', ['o1', 'f2', 'b2'], 'f1', 'f2'],
  ] as const)('is %s by %j', (by, marks, before, after) => {
    const { changes } = followInventory(remembered([sales]), seen([database('Sales', marks)]), at, [])
    expect(changes.brokenDatabases).toEqual([{ by, since: at, before, after, database: 'Sales', base: 'b2' }])
  })
})

describe('a broken chain of an instance', () => {
  const broken = { by: 'renamed', since: dayBefore, before: 'SRV0', after: 'SRV1' } as const

  it.each<[string, boolean, readonly Observation[]]>([
    ['no full backup is known', true, []],
    ['those of all databases are younger', false, [age('HR', 10), age('Sales', 1439)]],
    ['that of one database is older', true, [age('HR', 10), age('Sales', 1440)]],
    ['one of everything is younger', false, [age('SRV1', 10, 'instance')]],
  ])('where %s is told: %s', (_, isSo, observations) => {
    const { next, changes } = followInventory(
      remembered([sales], { broken }),
      seen([sales]),
      at,
      observations,
    )
    expect([changes.broken, next.broken]).toEqual(isSo ? [broken, broken] : [undefined, undefined])
  })
})

describe('databases that are too many to be told apart', () => {
  const many = (changes: Partial<Identities> = {}) => seen([], { count: maxIdentified + 1, ...changes })
  const hash = 'f'.repeat(16)
  const changesOf = (before: Identities, now: Identities) =>
    followInventory(remembered([], { seen: before }), now, at, []).changes

  it('are one more than those that are remembered', () => {
    const justSo = seen(numbered('a', maxIdentified))
    expect(followInventory(null, justSo, at, []).changes.isTooLarge).toBe(false)
    expect(followInventory(null, many(), at, []).changes.isTooLarge).toBe(true)
    expect(changesOf(seen(numbered('a', maxIdentified - 1)), justSo)).toMatchObject({
      fresh: ['a499'],
      isTooLarge: false,
    })
  })

  it('are others by their hash, where all of them were seen both times', () => {
    expect(changesOf(many(), many({ hash }))).toMatchObject({ isTooLarge: true, isOther: true })
    expect(changesOf(many(), many()).isOther).toBe(false)
    expect(changesOf(many({ isWhole: false }), many({ hash })).isOther).toBe(false)
    expect(changesOf(many(), many({ hash, isWhole: false })).isOther).toBe(false)
    expect(changesOf(many(), seen([sales], { hash }))).toMatchObject({
      isTooLarge: false,
      isOther: false,
      fresh: [],
    })
    expect(changesOf(seen([sales]), many({ hash }))).toMatchObject({
      isTooLarge: true,
      isOther: false,
      gone: [],
    })
  })

  it('are in an instance that can break all the same', () => {
    const instance = { name: 'SRV2', id: 'i1', fork: 'r1' }
    const { next, changes } = followInventory(remembered([], { seen: many() }), many({ instance }), at, [])
    const broken = { by: 'renamed', since: at, before: 'SRV1', after: 'SRV2' }
    expect([next.broken, changes.broken]).toEqual([broken, broken])
    expect(followInventory(remembered([], { seen: many() }), many(), at, []).next).not.toHaveProperty(
      'broken',
    )
  })
})
