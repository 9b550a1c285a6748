import TableStore from 'tablestore'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type TablestoreEmulator, startTablestore } from '../../emulators/tablestore/server.ts'

const { Client, Condition, Long } = TableStore
let emulator: TablestoreEmulator
beforeEach(async () => {
  emulator = await startTablestore({
    instanceName: 'precheck',
    accessKeys: [{ id: 'key', secret: 'secret' }],
  })
})
afterEach(() => emulator.close())

it('keeps a row', async () => {
  const client = new Client({
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    endpoint: emulator.endpoint,
    instancename: 'precheck',
    maxRetries: 0,
  })
  await client.createTable({
    tableMeta: { tableName: 'results', primaryKey: [{ name: 'id', type: 'STRING' }] },
    reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
    tableOptions: { timeToLive: -1, maxVersions: 1 },
  })
  const primaryKey = [{ id: 'ä' }]
  await client.putRow({
    tableName: 'results',
    condition: new Condition(0, null),
    primaryKey,
    attributeColumns: [
      { a: 'x' },
      { b: Long.fromNumber(5) },
      { c: 1.5 },
      { d: true },
      { e: Buffer.from([1, 2]) },
    ],
  })
  const { row } = await client.getRow({ tableName: 'results', primaryKey })
  expect(row.attributes).toHaveLength(5)
})
