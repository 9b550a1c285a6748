import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import TableStore from 'tablestore'
import { readFleet } from '../../../shared/flows/fleet.ts'
import { completePrecheck } from '../../../shared/model/precheck.ts'
import { standingOf } from '../../../shared/model/standing.ts'
import { toColumn } from '../../../shared/adapters/tablestore/stored-document.ts'
import { cloudStores } from '../../support/stores.ts'
import { type TablestoreStore, startTablestoreStore } from '../../support/tablestore-store.ts'

const at = '2026-11-21T02:00:00.000Z'
const condition = new TableStore.Condition(0)
const head = { engine: 'oracle', region: 'cn-hangzhou', tags: { team: 'orders' }, enabled: true }

const completed = completePrecheck(
  {
    state: 'running',
    id: `pc_${'7'.repeat(32)}`,
    instanceId: 'db00007',
    engine: 'oracle',
    region: 'cn-hangzhou',
    profile: 'cloud-backup',
    operations: ['full'],
    trigger: 'request',
    scope: 'full',
    checkItems: [{ checkItem: 'ARCHIVELOG', affects: ['full'] }],
    results: [],
    startedAt: at,
    deadlineAt: at,
  },
  null,
  new Date(at),
)

let store: TablestoreStore
beforeEach(async () => {
  store = await startTablestoreStore(() => Date.parse(at))
})
afterEach(() => store.emulator.close())

/** Writes rows as the adapters write them, with documents that a reader of the fleet should leave alone. */
const fill = async (count: number): Promise<void> => {
  const client = store.connect()
  const ids = Array.from({ length: count }, (_, index) => `db${String(index).padStart(5, '0')}`)
  const document = 'x'.repeat(2000)
  const put = (id: string, attributeColumns: object[]) => ({
    type: 'PUT' as const,
    primaryKey: [{ instance_id: id }],
    condition,
    attributeColumns,
  })
  for (let from = 0; from < count; from += 100) {
    const some = ids.slice(from, from + 100)
    const tables = [
      {
        tableName: 'instances',
        rows: some.map((id) => put(id, [{ document }, { head: JSON.stringify({ id, ...head }) }])),
      },
      {
        tableName: 'latest_prechecks',
        rows: some.map((id) =>
          put(id, [
            { last_id: completed.id },
            { last_document: document },
            { last_comparable: document },
            { last_standing: JSON.stringify(standingOf(completed)) },
          ]),
        ),
      },
    ]
    await client.ask('BatchWriteRow', (sdk) => sdk.batchWriteRow({ tables } as never))
  }
}

const usage = () => {
  const { requests, read } = store.emulator.usage()
  return { requests, read }
}

describe('the fleet on Tablestore', () => {
  it('takes few requests, and no document is read', async () => {
    await fill(6000)
    const stores = cloudStores(store.connect())
    store.emulator.resetUsage()
    const { items, next } = await readFleet(stores, { limit: 10_000 })
    expect([items.length, next, items[0]?.id, items.at(-1)?.last]).toEqual([
      6000,
      null,
      'db00000',
      standingOf(completed),
    ])
    const { requests, read } = usage()
    expect(requests).toBe(4)
    // Of the documents alone it would be 6,000 units of 4 KB.
    expect(read).toBeLessThan(700)
  })

  it('reads the last result of rows that an earlier release wrote', async () => {
    const client = store.connect()
    const stores = cloudStores(client)
    const put = (table: string, columns: Record<string, string | Buffer>) =>
      client.writeRow({ kind: 'put', table, key: { instance_id: 'db00007' }, columns, condition })
    await put('instances', { head: JSON.stringify({ id: 'db00007', ...head }) })
    await put('latest_prechecks', { last_id: completed.id, last_document: await toColumn(completed) })
    const { items } = await readFleet(stores, { limit: 10 })
    expect(items[0]?.last).toEqual(standingOf(completed))
  })
})
