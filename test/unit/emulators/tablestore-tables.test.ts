import fc from 'fast-check'
import TableStore, { type ColumnValue } from 'tablestore'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  running,
  create,
  expectNone,
  get,
  ignore,
  invalid,
  invalidKey,
  put,
  refusal,
  type TableSpec,
  untypedSdk,
  update,
  useTablestore,
} from '../../support/tablestore.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const { Long } = TableStore

useTablestore()

describe('tables', () => {
  it('are created, described, listed and deleted', async () => {
    await create({
      name: 'b',
      key: [
        { name: 'id', type: 'STRING' },
        { name: 'at', type: 'INTEGER' },
      ],
      options: { timeToLive: 86_400, maxVersions: 3, maxTimeDeviation: 600 },
    })
    await create({ name: 'a' })
    expect((await running.client.listTable({})).tableNames).toEqual(['a', 'b'])
    const described = await running.client.describeTable({ tableName: 'b' })
    expect(described).toMatchObject({
      tableMeta: {
        tableName: 'b',
        primaryKey: [
          { name: 'id', type: 2 },
          { name: 'at', type: 1 },
        ],
      },
      tableOptions: { timeToLive: 86_400, maxVersions: 3, allowUpdate: true },
      tableStatus: 1,
    })
    await running.client.deleteTable({ tableName: 'b' })
    expect((await running.client.listTable({})).tableNames).toEqual(['a'])
  })

  it('are refused twice, and when they do not exist', async () => {
    await create()
    expect(await refusal(create())).toMatchObject({ status: 409, code: 'OTSObjectAlreadyExist' })
    const missing = { status: 404, code: 'OTSObjectNotExist' }
    expect(await refusal(running.client.describeTable({ tableName: 'x' }))).toMatchObject(missing)
    expect(await refusal(running.client.deleteTable({ tableName: 'x' }))).toMatchObject(missing)
    expect(await refusal(get('a', { tableName: 'x' }))).toMatchObject(missing)
    expect(await refusal(put('a', [], { tableName: 'x' }))).toMatchObject(missing)
  })

  it('are refused with a schema or options that the service does not take', async () => {
    const column = { name: 'id', type: 'STRING' }
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, type: 'STRING' }))
    const specs: readonly (readonly [TableSpec, string])[] = [
      [{ name: '1st' }, 'Invalid table name'],
      [{ key: [] }, 'must be in range: [1, 4]'],
      [{ key: names }, 'must be in range: [1, 4]'],
      [{ key: [column, column] }, 'Duplicated primary key name'],
      [{ key: [{ name: 'a b', type: 'STRING' }] }, 'Invalid column name'],
      [{ key: [{ name: 'id', type: 4 }] }, 'only STRING,INTEGER,BINARY'],
      [{ key: [{ name: 'id', type: 'INTEGER', option: 'AUTO_INCREMENT' }] }, "can't be auto increment"],
      [{ options: { timeToLive: 0 } }, 'TimeToLive'],
      [{ options: { timeToLive: 3600 } }, 'TimeToLive'],
      [{ options: { timeToLive: undefined } }, 'Time-to-live is missing'],
      [{ options: { maxVersions: undefined } }, 'MaxVersions is missing'],
      [{ options: { maxVersions: 0 } }, 'maximum versions'],
      [{ reserved: { read: -1 } }, 'Invalid Capacity Unit'],
    ]
    for (const [spec, text] of specs) expect(await refusal(create(spec))).toMatchObject(invalid(text))
    expect(running.emulator.tables()).toEqual({})
  })

  it('are limited to 64', async () => {
    for (let index = 0; index < 64; index += 1) await create({ name: `t${index}` })
    expect(await refusal(create())).toMatchObject({ status: 403, code: 'OTSQuotaExhausted' })
  })

  it('take new options, and keep those that are left out', async () => {
    await create({ options: { timeToLive: 86_400, maxVersions: 2 } })
    const { tableOptions } = await running.client.updateTable({
      tableName: 't',
      tableOptions: { timeToLive: 172_800 },
    })
    expect(tableOptions).toMatchObject({ timeToLive: 172_800, maxVersions: 2 })
    expect(await refusal(running.client.updateTable({ tableName: 't', tableOptions: {} }))).toMatchObject(
      invalid('No parameter'),
    )
    expect(
      await refusal(running.client.updateTable({ tableName: 't', tableOptions: { timeToLive: -2 } })),
    ).toMatchObject(invalid('TimeToLive'))
  })

  it('change their reserved units once in two minutes at most', async () => {
    await create()
    const reserve = (read: number) =>
      running.client.updateTable({
        tableName: 't',
        tableOptions: {},
        reservedThroughput: { capacityUnit: { read, write: 0 } },
      })
    const tooFrequent = { status: 403, code: 'OTSTooFrequentReservedThroughputAdjustment' }
    expect(await refusal(reserve(1))).toMatchObject(tooFrequent)
    running.now += 120_000
    await reserve(1)
    expect(await refusal(reserve(0))).toMatchObject(tooFrequent)
    const { reservedThroughputDetails } = await running.client.describeTable({ tableName: 't' })
    expect(reservedThroughputDetails.capacityUnit).toMatchObject({ read: 1, write: 0 })
  })

  it('refuse UpdateRow when their options forbid it', async () => {
    await create({ options: { allowUpdate: false } })
    expect(await refusal(update('a', [{ PUT: [{ x: '1' }] }]))).toMatchObject(invalid('UpdateRow'))
  })

  it('refuse what is not emulated rather than ignore it', async () => {
    const indexed = { name: 'i', primaryKey: ['x'], definedColumn: [] }
    const request = {
      tableMeta: { tableName: 't', primaryKey: [{ name: 'id', type: 'STRING' }] },
      reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
      tableOptions: { timeToLive: -1, maxVersions: 1 },
    }
    expect(await refusal(running.client.createTable({ ...request, indexMetas: [indexed] }))).toMatchObject(
      invalid('Secondary indexes'),
    )
    const streamed = { ...request, streamSpecification: { enableStream: true, expirationTime: 24 } }
    expect(await refusal(running.client.createTable(streamed))).toMatchObject(invalid('Streams'))
    await create()
    expect(await refusal(get('a', { transactionId: 'x' }))).toMatchObject(invalid('transaction'))
  })
})

describe('primary keys', () => {
  beforeEach(() =>
    create({
      key: [
        { name: 'id', type: 'STRING' },
        { name: 'at', type: 'INTEGER' },
      ],
    }),
  )

  it.each([
    ['too short', [{ id: 'a' }], 'Validate PK size fail. Input: 1, Meta: 2.'],
    ['of another name', [{ id: 'a' }, { on: Long.fromNumber(1) }], 'Input: on, Meta: at.'],
    ['in another order', [{ at: Long.fromNumber(1) }, { id: 'a' }], 'Input: at, Meta: id.'],
    ['of another type', [{ id: 'a' }, { at: 'b' }], 'Input: VT_STRING, Meta: VT_INTEGER.'],
    ['an end of a range', [{ id: 'a' }, { at: TableStore.INF_MIN }], 'Input: VT_INF_MIN'],
  ])('that are %s are refused by every operation', async (_, primaryKey, text) => {
    const request = { tableName: 't', condition: ignore, primaryKey }
    const refused = invalidKey(text)
    expect(await refusal(running.client.getRow(request))).toMatchObject(refused)
    expect(await refusal(running.client.putRow({ ...request, attributeColumns: [] }))).toMatchObject(refused)
    expect(await refusal(running.client.deleteRow(request))).toMatchObject(refused)
    const changes = [{ PUT: [{ x: '1' }] }]
    expect(
      await refusal(running.client.updateRow({ ...request, updateOfAttributeColumns: changes })),
    ).toMatchObject(refused)
    const { tables } = await running.client.batchGetRow({
      tables: [{ tableName: 't', primaryKey: [primaryKey] }],
    })
    expect(tables[0]?.[0]).toMatchObject({ isOk: false, errorCode: 'OTSInvalidPK' })
  })

  it('hold 1 KB a column', async () => {
    const at = (length: number) => ({
      tableName: 't',
      condition: ignore,
      primaryKey: [{ id: 'x'.repeat(length) }, { at: Long.fromNumber(1) }],
      attributeColumns: [],
    })
    await running.client.putRow(at(1024))
    expect(await refusal(running.client.putRow(at(1025)))).toMatchObject(invalid('MaxLength: 1024'))
  })
})

describe('numbered rows', () => {
  const primaryKey = [{ id: 'a' }, { number: untypedSdk.PK_AUTO_INCR }]
  const add = (more: object = {}) =>
    running.client.putRow({
      tableName: 't',
      condition: ignore,
      primaryKey,
      attributeColumns: [{ x: '1' }],
      returnContent: { returnType: TableStore.ReturnType.Primarykey },
      ...more,
    })
  beforeEach(() =>
    create({
      key: [
        { name: 'id', type: 'STRING' },
        { name: 'number', type: 'INTEGER', option: 'AUTO_INCREMENT' },
      ],
    }),
  )

  it('get ever greater numbers, which the answer tells', async () => {
    const numbers: bigint[] = []
    for (let index = 0; index < 3; index += 1) {
      const { row } = await add()
      numbers.push(BigInt(String(row.primaryKey?.[1]?.value)))
    }
    expect(numbers).toEqual([...numbers].sort((left, right) => (left < right ? -1 : 1)))
    expect(new Set(numbers).size).toBe(3)
    expect(running.emulator.tables()['t']).toHaveLength(3)
  })

  it('are not expected, read or deleted by a number that does not exist yet', async () => {
    expect(await refusal(add({ condition: expectNone }))).toMatchObject(invalid('pk auto increment'))
    const request = { tableName: 't', primaryKey }
    expect(await refusal(running.client.getRow(request))).toMatchObject(invalid('read operations'))
    expect(await refusal(running.client.deleteRow({ ...request, condition: ignore }))).toMatchObject(
      invalid('pk auto increment'),
    )
  })
})

describe('values', () => {
  it('come back as they were put, whatever their type', async () => {
    await create({
      key: [
        { name: 'text', type: 'STRING' },
        { name: 'number', type: 'INTEGER' },
        { name: 'bytes', type: 'BINARY' },
      ],
    })
    const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    const bytes = fc.uint8Array({ maxLength: 40 })
    const number = fc.double({ noNaN: true, noDefaultInfinity: true })
    const text = fc.string({ unit: 'grapheme', maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        text,
        integer,
        bytes,
        number,
        fc.boolean(),
        async (string, long, binary, double, boolean) => {
          const primaryKey = [
            { text: string },
            { number: Long.fromString(String(long)) },
            { bytes: Buffer.from(binary) },
          ]
          const attributeColumns = [
            { a: string },
            { b: Long.fromString(String(long)) },
            { c: Buffer.from(binary) },
            { d: double },
            { e: boolean },
          ]
          await running.client.putRow({ tableName: 't', condition: ignore, primaryKey, attributeColumns })
          const { row } = await running.client.getRow({ tableName: 't', primaryKey })
          const plain = (value: ColumnValue) =>
            typeof value === 'object' && !Buffer.isBuffer(value) ? value.toString() : value
          expect(row.primaryKey?.map(({ value }) => plain(value))).toEqual([
            string,
            String(long),
            Buffer.from(binary),
          ])
          expect(row.attributes?.map(({ columnValue }) => plain(columnValue))).toEqual([
            string,
            String(long),
            Buffer.from(binary),
            double,
            boolean,
          ])
        },
      ),
      { numRuns: propertyRuns(60) },
    )
  })

  it('are shown to tests as plain objects', async () => {
    await create()
    await put('a', [{ count: Long.fromNumber(7) }, { big: Long.fromString('9223372036854775807') }])
    expect(running.emulator.tables()).toEqual({ t: [{ id: 'a', count: 7, big: 9223372036854775807n }] })
  })

  it('are refused when they cannot be stored', async () => {
    await create()
    expect(await refusal(put('a', [{ d: Number.NaN }]))).toMatchObject(invalid("NaN can't be set"))
    expect(await refusal(put('a', [{ d: Infinity }]))).toMatchObject(invalid("Infinity can't be set"))
    expect(await refusal(put('a', [{ 'not-a-name': 'x' }]))).toMatchObject(invalid('Invalid column name'))
    expect(await refusal(put('a', [{ id: 'x' }]))).toMatchObject(invalid('Duplicated attribute column name'))
    // The SDK counts the characters of a name where the wire has its bytes.
    expect(await refusal(put('a', [{ größe: 'x' }]))).toMatchObject(invalid())
  })
})
