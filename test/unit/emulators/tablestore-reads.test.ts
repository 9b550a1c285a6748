import TableStore from 'tablestore'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  running,
  columnsOf,
  create,
  expectNone,
  get,
  ignore,
  invalid,
  put,
  refusal,
  untypedSdk,
  useTablestore,
} from '../../support/tablestore.ts'

const { Long, SingleColumnCondition } = TableStore
const { EQUAL } = TableStore.ComparatorType

useTablestore()

describe('a read', () => {
  beforeEach(async () => {
    await create()
    await put('a', [{ x: '1' }, { y: '2' }, { z: '3' }])
  })

  it('gets the columns that are asked for, and no row without any of them', async () => {
    expect(await columnsOf(get('a', { columnsToGet: ['y', 'none'] }))).toEqual({ y: '2' })
    expect(await columnsOf(get('a', { columnsToGet: ['none'] }))).toBeUndefined()
    expect(await columnsOf(get('a', { columnsToGet: ['id'] }))).toEqual({})
    expect(await columnsOf(get('a', { startColumn: 'y', endColumn: 'z' }))).toEqual({ y: '2' })
  })

  it('asks for 128 columns at most', async () => {
    const columnsToGet = Array.from({ length: 129 }, (_, index) => `c${index}`)
    expect(await refusal(get('a', { columnsToGet }))).toMatchObject(invalid('128'))
  })

  it('is filtered by the columns that it asks for', async () => {
    const columnFilter = new SingleColumnCondition('x', '1', EQUAL, false)
    expect(await columnsOf(get('a', { columnFilter }))).toEqual({ x: '1', y: '2', z: '3' })
    expect(await columnsOf(get('a', { columnFilter, columnsToGet: ['y'] }))).toBeUndefined()
    const other = new SingleColumnCondition('x', '2', EQUAL, false)
    expect(await columnsOf(get('a', { columnFilter: other }))).toBeUndefined()
  })

  it('pages through columns', async () => {
    const columnFilter = new untypedSdk.ColumnPaginationFilter(1, 1)
    expect(await columnsOf(get('a', { columnFilter }))).toEqual({ y: '2' })
    const none = new untypedSdk.ColumnPaginationFilter(0, 0)
    expect(await refusal(get('a', { columnFilter: none }))).toMatchObject(invalid('Limit'))
  })
})

describe('a range', () => {
  const key = (id: unknown, at: unknown) => [{ id }, { at }]
  const long = (value: number) => Long.fromNumber(value)
  const range = (from: readonly object[], to: readonly object[], more: object = {}) =>
    running.client.getRange({
      tableName: 't',
      direction: 'FORWARD',
      inclusiveStartPrimaryKey: from,
      exclusiveEndPrimaryKey: to,
      ...more,
    })
  const found = async (call: ReturnType<typeof range>): Promise<string[]> =>
    (await call).rows.map(({ primaryKey }) => primaryKey.map(({ value }) => String(value)).join(''))
  const { INF_MIN, INF_MAX } = TableStore
  const lowest = key(INF_MIN, INF_MIN)
  const highest = key(INF_MAX, INF_MAX)

  beforeEach(async () => {
    await create({
      key: [
        { name: 'id', type: 'STRING' },
        { name: 'at', type: 'INTEGER' },
      ],
    })
    const rows = [
      ['b', 1],
      ['a', 10],
      ['a', 9],
      ['a', -1],
      ['c', 5],
    ] as const
    for (const [id, at] of rows)
      await running.client.putRow({
        tableName: 't',
        condition: ignore,
        primaryKey: key(id, long(at)),
        attributeColumns: [{ odd: at % 2 !== 0 }],
      })
  })

  it('is in the order of keys, both ways', async () => {
    expect(await found(range(lowest, highest))).toEqual(['a-1', 'a9', 'a10', 'b1', 'c5'])
    expect(await found(range(highest, lowest, { direction: 'BACKWARD' }))).toEqual([
      'c5',
      'b1',
      'a10',
      'a9',
      'a-1',
    ])
  })

  it('starts with its start and ends before its end', async () => {
    expect(await found(range(key('a', long(9)), key('b', long(1))))).toEqual(['a9', 'a10'])
    expect(await found(range(key('b', long(1)), key('a', long(9)), { direction: 'BACKWARD' }))).toEqual([
      'b1',
      'a10',
    ])
    expect(await found(range(key('a', INF_MIN), key('a', INF_MAX)))).toEqual(['a-1', 'a9', 'a10'])
  })

  it.each([
    ['FORWARD', ['a-1', 'a9'], ['a10', 'b1'], ['c5']],
    ['BACKWARD', ['c5', 'b1'], ['a10', 'a9'], ['a-1']],
  ])('goes on %s from where a page ended', async (direction, ...pages) => {
    const ends = direction === 'FORWARD' ? [lowest, highest] : [highest, lowest]
    let next: readonly object[] | undefined = ends[0]
    const seen: string[][] = []
    while (next) {
      const page = await range(next, ends[1] ?? [], { direction, limit: 2 })
      seen.push(await found(Promise.resolve(page)))
      next = page.nextStartPrimaryKey?.map(({ name, value }) => ({ [name]: value }))
    }
    expect(seen).toEqual(pages)
  })

  it('has no next page when it ends with the limit', async () => {
    const page = await range(lowest, highest, { limit: 5 })
    expect(page.rows).toHaveLength(5)
    expect(page.nextStartPrimaryKey).toBeNull()
  })

  it('counts rows that a filter leaves out to no limit of rows', async () => {
    const columnFilter = new SingleColumnCondition('odd', false, EQUAL, false)
    const page = await range(lowest, highest, { limit: 1, columnFilter })
    expect(await found(Promise.resolve(page))).toEqual(['a10'])
    expect(page.nextStartPrimaryKey?.[0]?.value).toBe('b')
  })

  it('is refused the wrong way round, without a limit, or with another key', async () => {
    expect(await refusal(range(highest, lowest))).toMatchObject(
      invalid('Begin key must less than end key in FORWARD'),
    )
    expect(await refusal(range(lowest, highest, { direction: 'BACKWARD' }))).toMatchObject(
      invalid('Begin key must more than end key in BACKWARD'),
    )
    expect(await refusal(range(lowest, lowest))).toMatchObject(invalid('Begin key'))
    expect(await refusal(range(lowest, highest, { limit: -1 }))).toMatchObject(invalid('limit'))
    expect(await refusal(range([{ id: INF_MIN }], highest))).toMatchObject({ code: 'OTSInvalidPK' })
  })

  it('orders text by its UTF-8 bytes', async () => {
    await create({ name: 'texts' })
    const texts = ['\uFF5E', '\u{1F600}', 'z', 'ä', 'Z', '']
    for (const id of texts) await put(id, [], { tableName: 'texts' })
    const { rows } = await running.client.getRange({
      tableName: 'texts',
      direction: 'FORWARD',
      inclusiveStartPrimaryKey: [{ id: INF_MIN }],
      exclusiveEndPrimaryKey: [{ id: INF_MAX }],
    })
    expect(rows.map(({ primaryKey }) => primaryKey[0]?.value)).toEqual([
      '',
      'Z',
      'z',
      'ä',
      '\uFF5E',
      '\u{1F600}',
    ])
  })
})

describe('a page', () => {
  const all = (more: object = {}) =>
    running.client.getRange({
      tableName: 't',
      direction: 'FORWARD',
      inclusiveStartPrimaryKey: [{ id: TableStore.INF_MIN }],
      exclusiveEndPrimaryKey: [{ id: TableStore.INF_MAX }],
      ...more,
    })
  beforeEach(() => create())

  it('ends at 5,000 rows', async () => {
    for (let batch = 0; batch < 26; batch += 1)
      await running.client.batchWriteRow({
        tables: [
          {
            tableName: 't',
            rows: Array.from({ length: 193 }, (_, index) => ({
              type: 'PUT',
              condition: ignore,
              primaryKey: [{ id: String(batch * 193 + index).padStart(5, '0') }],
              attributeColumns: [],
            })),
          },
        ],
      })
    const page = await all({ limit: 10_000 })
    expect(page.rows).toHaveLength(5000)
    expect(page.nextStartPrimaryKey?.[0]?.value).toBe('05000')
  })

  it('ends before 4 MB', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) await put(id, [{ x: Buffer.alloc(1024 * 1024) }])
    const page = await all()
    expect(page.rows).toHaveLength(3)
    expect(page.nextStartPrimaryKey?.[0]?.value).toBe('d')
    expect(page.consumed.capacityUnit.read).toBe(769)
  })
})

describe('a batch', () => {
  const rowPut = (id: string, more: object = {}) => ({
    type: 'PUT',
    condition: ignore,
    primaryKey: [{ id }],
    attributeColumns: [{ x: '1' }],
    ...more,
  })
  const write = (rows: readonly object[], tableName = 't') =>
    running.client.batchWriteRow({ tables: [{ tableName, rows }] })
  const read = (ids: readonly string[], more: object = {}) =>
    running.client.batchGetRow({
      tables: [{ tableName: 't', primaryKey: ids.map((id) => [{ id }]), ...more }],
    })
  beforeEach(() => create())

  it('writes and reads rows of several tables', async () => {
    await create({ name: 'u' })
    await put('b', [{ x: '0' }, { y: '0' }])
    await put('c')
    const { tables } = await running.client.batchWriteRow({
      tables: [
        {
          tableName: 't',
          rows: [
            rowPut('a'),
            {
              type: 'UPDATE',
              condition: ignore,
              primaryKey: [{ id: 'b' }],
              attributeColumns: [{ PUT: [{ x: '1' }] }],
            },
            { type: 'DELETE', condition: ignore, primaryKey: [{ id: 'c' }] },
          ],
        },
        { tableName: 'u', rows: [rowPut('a')] },
      ],
    })
    expect(tables.map(({ isOk, tableName }) => [isOk, tableName])).toEqual([
      [true, 't'],
      [true, 't'],
      [true, 't'],
      [true, 'u'],
    ])
    expect(running.emulator.tables()).toEqual({
      t: [
        { id: 'a', x: '1' },
        { id: 'b', x: '1', y: '0' },
      ],
      u: [{ id: 'a', x: '1' }],
    })
    const answer = await running.client.batchGetRow({
      tables: [
        { tableName: 't', primaryKey: [[{ id: 'b' }], [{ id: 'c' }]], columnsToGet: ['y'] },
        { tableName: 'u', primaryKey: [[{ id: 'a' }]] },
      ],
    })
    expect(
      answer.tables.map((rows) => rows.map(({ attributes }) => attributes?.map((cell) => cell.columnName))),
    ).toEqual([[['y'], undefined], [['x']]])
  })

  it('fails row by row', async () => {
    await put('a', [{ x: 'kept' }])
    const { tables } = await running.client.batchWriteRow({
      tables: [
        { tableName: 't', rows: [rowPut('a', { condition: expectNone }), rowPut('b')] },
        { tableName: 'none', rows: [rowPut('a')] },
      ],
    })
    expect(tables.map(({ isOk, errorCode }) => [isOk, errorCode])).toEqual([
      [false, 'OTSConditionCheckFail'],
      [true, null],
      [false, 'OTSObjectNotExist'],
    ])
    expect(running.emulator.tables()).toEqual({
      t: [
        { id: 'a', x: 'kept' },
        { id: 'b', x: '1' },
      ],
    })
  })

  it('is refused as a whole when a row of it is ill-formed', async () => {
    expect(
      await refusal(write([rowPut('a'), rowPut('b', { attributeColumns: [{ 'a-b': 'x' }] })])),
    ).toMatchObject(invalid('Invalid column name'))
    expect(running.emulator.tables()).toEqual({ t: [] })
  })

  it('has no row twice, no table twice, and none empty', async () => {
    expect(await refusal(write([rowPut('a'), rowPut('a')]))).toMatchObject(invalid('Duplicate rows'))
    expect(await refusal(write([rowPut('a'), rowPut('a', { condition: expectNone })]))).toMatchObject(
      invalid('Repeated rows do not support row exist expectation check'),
    )
    expect(await refusal(read(['a', 'a']))).toMatchObject(invalid('Duplicate rows'))
    expect(await refusal(write([]))).toMatchObject(invalid('No operation is specified'))
    expect(await refusal(read([]))).toMatchObject(invalid('No row specified in table'))
    expect(await refusal(running.client.batchGetRow({ tables: [] }))).toMatchObject(
      invalid('No row specified'),
    )
    const table = { tableName: 't', rows: [rowPut('a')] }
    expect(await refusal(running.client.batchWriteRow({ tables: [table, table] }))).toMatchObject(
      invalid('Duplicated table name'),
    )
  })

  it('writes 200 rows and 4 MB, and reads 100 rows', async () => {
    const ids = Array.from({ length: 201 }, (_, index) => `row${index}`)
    await write(ids.slice(0, 200).map((id) => rowPut(id)))
    expect(await refusal(write(ids.map((id) => rowPut(id))))).toMatchObject(invalid('upper limit: 200'))
    expect((await read(ids.slice(0, 100))).tables[0]?.every(({ isOk }) => isOk)).toBe(true)
    expect(await refusal(read(ids.slice(0, 101)))).toMatchObject(invalid('upper limit: 100'))
    const large = ['a', 'b', 'c'].map((id) =>
      rowPut(id, { attributeColumns: [{ x: Buffer.alloc(1_500_000) }] }),
    )
    expect(await refusal(write(large))).toMatchObject(invalid('total data size of BatchWriteRow'))
  })
})
