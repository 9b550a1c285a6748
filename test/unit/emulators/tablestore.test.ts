import TableStore from 'tablestore'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  running,
  columnsOf,
  conditionFailed,
  create,
  expectExist,
  expectNone,
  get,
  ignore,
  invalid,
  put,
  refusal,
  start,
  update,
  useTablestore,
} from '../../support/tablestore.ts'

const { CompositeCondition, Condition, Long, SingleColumnCondition } = TableStore
const { EQUAL, GREATER_THAN, NOT_EQUAL } = TableStore.ComparatorType
const { AND, NOT, OR } = TableStore.LogicalOperator
const day = 86_400_000

useTablestore()

describe('a write', () => {
  beforeEach(() => create())

  it('puts a row in place of the one before', async () => {
    await put('a', [{ x: '1' }, { y: '2' }])
    await put('a', [{ x: '3' }])
    expect(await columnsOf(get('a'))).toEqual({ x: '3' })
  })

  it('may put a row that has a key only', async () => {
    await put('a')
    expect(await columnsOf(get('a'))).toEqual({})
    expect(await columnsOf(get('b'))).toBeUndefined()
  })

  it('updates columns and leaves the others', async () => {
    await put('a', [{ x: '1' }, { y: '2' }, { z: '3' }])
    await update('a', [{ PUT: [{ x: 'new' }, { w: true }] }, { DELETE_ALL: ['y'] }])
    expect(await columnsOf(get('a'))).toEqual({ w: true, x: 'new', z: '3' })
  })

  it('makes a row by an update, but not by one that only deletes', async () => {
    await update('a', [{ DELETE_ALL: ['x'] }])
    expect(await columnsOf(get('a'))).toBeUndefined()
    await update('a', [{ PUT: [{ x: '1' }] }])
    await update('a', [{ DELETE_ALL: ['x'] }])
    expect(await columnsOf(get('a'))).toEqual({})
  })

  it('deletes a row, whether it is there or not', async () => {
    await put('a', [{ x: '1' }])
    const request = { tableName: 't', condition: ignore, primaryKey: [{ id: 'a' }] }
    await running.client.deleteRow(request)
    await running.client.deleteRow(request)
    expect(running.emulator.tables()).toEqual({ t: [] })
  })

  it('needs something to update', async () => {
    expect(await refusal(update('a', []))).toMatchObject(invalid('missing cells'))
  })

  it('answers with the key when asked to', async () => {
    const { row } = await put('a', [], { returnContent: { returnType: TableStore.ReturnType.Primarykey } })
    expect(row.primaryKey).toEqual([{ name: 'id', value: 'a' }])
    expect((await put('a')).row).toEqual({})
  })

  it('is limited to 1,024 columns and 2 MB a column', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => ({ [`c${index}`]: true }))
    await put('a', many(1024))
    expect(await refusal(put('a', many(1025)))).toMatchObject(invalid('1024'))
    await put('a', [{ x: 'x'.repeat(2 * 1024 * 1024) }])
    expect(await refusal(put('a', [{ x: 'x'.repeat(2 * 1024 * 1024 + 1) }]))).toMatchObject(
      invalid('exceeds the MaxLength:2097152 with CurrentLength:2097153'),
    )
  })

  it('is limited to 4 MB, and a request to 5 MB', async () => {
    const large = (bytes: number) => ['x', 'y', 'z'].map((name) => ({ [name]: Buffer.alloc(bytes) }))
    expect(await refusal(put('a', large(1_500_000)))).toMatchObject(
      invalid('total data size of PutRow request'),
    )
    expect(await refusal(put('a', large(2_000_000)))).toMatchObject({
      status: 413,
      code: 'OTSRequestBodyTooLarge',
    })
    expect(running.emulator.tables()).toEqual({ t: [] })
  })
})

describe('a row that is expected', () => {
  beforeEach(() => create())
  const request = { tableName: 't', primaryKey: [{ id: 'a' }] }

  it('to exist lets no write through without it', async () => {
    const changes = [{ PUT: [{ x: '1' }] }]
    expect(await refusal(put('a', [], { condition: expectExist }))).toMatchObject(conditionFailed)
    expect(await refusal(update('a', changes, { condition: expectExist }))).toMatchObject(conditionFailed)
    expect(await refusal(running.client.deleteRow({ ...request, condition: expectExist }))).toMatchObject(
      conditionFailed,
    )
    await put('a')
    await update('a', changes, { condition: expectExist })
    await running.client.deleteRow({ ...request, condition: expectExist })
    expect(running.emulator.tables()).toEqual({ t: [] })
  })

  it('not to exist lets the first of many writers through', async () => {
    const writers = Array.from({ length: 10 }, (_, index) =>
      put('a', [{ writer: String(index) }], { condition: expectNone }),
    )
    const outcomes = await Promise.allSettled(writers)
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled')
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await columnsOf(get('a'))).toEqual({ writer: String(winner) })
  })
})

describe('a column condition', () => {
  const single = (
    column: string,
    value: unknown,
    comparator: 1 | 2 | 3 | 4 | 5 | 6 = EQUAL,
    passIfMissing = false,
    latestVersionOnly = true,
  ) => new SingleColumnCondition(column, value as string, comparator, passIfMissing, latestVersionOnly)
  const both = (combinator: 1 | 2 | 3, ...parts: ReturnType<typeof single>[]) => {
    const composite = new CompositeCondition(combinator)
    for (const part of parts) composite.addSubCondition(part)
    return composite
  }
  const passes = async (condition: object, id = 'a'): Promise<boolean> => {
    const call = update(id, [{ PUT: [{ touched: true }] }], {
      condition: new Condition(0, condition as never),
    })
    return call.then(
      () => true,
      async (fault) => {
        expect(await refusal(Promise.reject(fault as Error))).toMatchObject(conditionFailed)
        return false
      },
    )
  }

  beforeEach(async () => {
    await create({ options: { maxVersions: 2 } })
    await put('a', [{ n: Long.fromNumber(5) }, { s: 'm' }, { b: true }, { d: 1.5 }])
  })

  it.each([
    [1, [false, true, false]],
    [2, [true, false, true]],
    [3, [true, false, false]],
    [4, [true, true, false]],
    [5, [false, false, true]],
    [6, [false, true, true]],
  ] as const)('compares by operator %i', async (comparator, [below, equal, above]) => {
    const outcomes = [4, 5, 6].map((value) => passes(single('n', Long.fromNumber(value), comparator)))
    expect(await Promise.all(outcomes)).toEqual([below, equal, above])
  })

  it('compares every type', async () => {
    expect(await passes(single('s', 'l', GREATER_THAN))).toBe(true)
    expect(await passes(single('b', true))).toBe(true)
    expect(await passes(single('d', 1.5))).toBe(true)
    expect(await passes(single('id', 'a'))).toBe(true)
  })

  it('never matches a value of another type', async () => {
    expect(await passes(single('n', '5'))).toBe(false)
    expect(await passes(single('n', 5))).toBe(false)
    expect(await passes(single('n', '6', NOT_EQUAL))).toBe(false)
  })

  it('says itself what a missing column means', async () => {
    expect(await passes(single('none', 'x', EQUAL, true))).toBe(true)
    expect(await passes(single('none', 'x', EQUAL, false))).toBe(false)
    expect(await passes(single('n', Long.fromNumber(5), EQUAL, false), 'missing row')).toBe(false)
  })

  it('looks at the latest version, or at all', async () => {
    running.now += 1000
    await update('a', [{ PUT: [{ n: Long.fromNumber(9) }] }])
    expect(await passes(single('n', Long.fromNumber(5), EQUAL, false, true))).toBe(false)
    expect(await passes(single('n', Long.fromNumber(5), EQUAL, false, false))).toBe(true)
  })

  it('combines', async () => {
    const yes = single('s', 'm')
    const no = single('s', 'other')
    expect(await passes(both(AND, yes, yes, no))).toBe(false)
    expect(await passes(both(AND, yes, yes))).toBe(true)
    expect(await passes(both(OR, no, no, yes))).toBe(true)
    expect(await passes(both(OR, no, no))).toBe(false)
    expect(await passes(both(NOT, no))).toBe(true)
    expect(await passes(both(NOT, both(OR, no, yes) as never))).toBe(false)
  })

  it('is refused when it is ill-formed or too long', async () => {
    const call = (condition: object) =>
      refusal(update('a', [{ PUT: [{ x: '1' }] }], { condition: new Condition(0, condition as never) }))
    const part = single('s', 'm')
    expect(await call(both(NOT, part, part))).toMatchObject(invalid('Invalid NOT operator'))
    expect(await call(both(AND, part))).toMatchObject(invalid('Invalid AND/OR operator'))
    expect(await call(both(AND, ...Array.from({ length: 11 }, () => part)))).toMatchObject(
      invalid('exceeds the max: 10'),
    )
    expect(
      await refusal(get('a', { columnFilter: both(AND, ...Array.from({ length: 32 }, () => part)) })),
    ).toMatchObject(invalid('exceeds the max: 32'))
  })

  it('does not let a failed write change anything', async () => {
    expect(await passes(single('s', 'other'))).toBe(false)
    expect(await columnsOf(get('a'))).not.toHaveProperty('touched')
  })
})

describe('a counter', () => {
  beforeEach(() => create())
  const add = (by: number | string, more: object = {}) =>
    update('a', [{ INCREMENT: [{ n: Long.fromString(String(by)) }] }], more)

  it('starts at zero and takes every increment of many writers', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => add(index - 5)))
    expect(running.emulator.tables()).toEqual({ t: [{ id: 'a', n: 90 }] })
  })

  it('answers with its new value when asked to', async () => {
    const returnContent = { returnType: TableStore.ReturnType.AfterModify, returnColumns: ['n'] }
    await add(2)
    const { row } = await add(3, { returnContent })
    expect(row.attributes?.map(({ columnName, columnValue }) => [columnName, String(columnValue)])).toEqual([
      ['n', '5'],
    ])
  })

  it('is refused on what is no integer, beyond 64 bits, and beside another change of the column', async () => {
    await put('a', [{ n: '1' }])
    expect(await refusal(add(1))).toMatchObject(invalid())
    await put('a', [{ n: Long.fromString('9223372036854775807') }])
    expect(await refusal(add(1))).toMatchObject(invalid())
    const twice = [{ PUT: [{ n: Long.fromNumber(1) }] }, { INCREMENT: [{ n: Long.fromNumber(1) }] }]
    expect(await refusal(update('a', twice))).toMatchObject(invalid())
    expect(await refusal(update('a', [{ INCREMENT: [{ n: 1.5 }] }]))).toMatchObject(invalid())
  })
})

describe('versions', () => {
  const versions = async (more: object = {}) => {
    const { row } = await get('a', { maxVersions: 10, ...more })
    return row.attributes?.map(({ columnValue, timestamp }) => [columnValue, Number(timestamp)])
  }
  beforeEach(async () => {
    await create({ options: { maxVersions: 3 } })
    for (const value of ['1', '2', '3', '4']) {
      await update('a', [{ PUT: [{ x: value }] }])
      running.now += 1000
    }
  })

  it('are kept up to the limit of the table, newest first', async () => {
    expect(await versions()).toEqual([
      ['4', start + 3000],
      ['3', start + 2000],
      ['2', start + 1000],
    ])
    expect(await columnsOf(get('a'))).toEqual({ x: '4' })
  })

  it('are read by time', async () => {
    const timeRange = { startTime: String(start + 1000), endTime: String(start + 3000) }
    expect(await versions({ timeRange })).toEqual([
      ['3', start + 2000],
      ['2', start + 1000],
    ])
    expect(await versions({ timeRange: { specificTime: String(start + 1000) } })).toEqual([
      ['2', start + 1000],
    ])
  })

  it('beyond a lower limit are hidden, and those dropped by a write do not come back', async () => {
    const limitTo = (maxVersions: number) =>
      running.client.updateTable({ tableName: 't', tableOptions: { maxVersions } })
    await limitTo(1)
    expect(await versions()).toEqual([['4', start + 3000]])
    await limitTo(10)
    expect(await versions()).toEqual([
      ['4', start + 3000],
      ['3', start + 2000],
      ['2', start + 1000],
    ])
  })

  it('are deleted one by one', async () => {
    await update('a', [{ DELETE: [{ x: start + 2000 }] }])
    expect(await versions()).toEqual([
      ['4', start + 3000],
      ['2', start + 1000],
    ])
  })

  it('are given by the writer, if they are near the clock', async () => {
    await put('a', [{ x: 'old', timestamp: start }])
    expect(await versions()).toEqual([['old', start]])
    expect(await refusal(put('a', [{ x: 'x', timestamp: running.now - 2 * day }]))).toMatchObject(
      invalid('Invalid timestamp'),
    )
    expect(await refusal(put('a', [{ x: 'x', timestamp: running.now + 2 * day }]))).toMatchObject(
      invalid('Invalid timestamp'),
    )
  })
})

describe('a time to live', () => {
  beforeEach(() => create({ options: { timeToLive: 86_400 } }))

  it('ends rows by the clock of the emulator', async () => {
    await put('a', [{ x: '1' }])
    running.now += day - 1000
    expect(await columnsOf(get('a'))).toEqual({ x: '1' })
    running.now += 1000
    expect(await columnsOf(get('a'))).toBeUndefined()
    expect(running.emulator.tables()).toEqual({ t: [] })
    await put('a', [], { condition: expectNone })
  })

  it('ends columns by themselves, and a write renews the row', async () => {
    await put('a', [{ x: '1' }])
    running.now += day / 2
    await update('a', [{ PUT: [{ y: '2' }] }])
    running.now += day / 2
    expect(await columnsOf(get('a'))).toEqual({ y: '2' })
  })

  it('is changed by UpdateTable, for rows that are there too', async () => {
    await put('a', [{ x: '1' }])
    await running.client.updateTable({ tableName: 't', tableOptions: { timeToLive: 2 * 86_400 } })
    running.now += day
    expect(await columnsOf(get('a'))).toEqual({ x: '1' })
  })
})
