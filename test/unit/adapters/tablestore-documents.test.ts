import TableStore from 'tablestore'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noRow } from '../../../shared/adapters/tablestore/conditions.ts'
import type { Columns } from '../../../shared/adapters/tablestore/rows.ts'
import type { Sweep, SweepEntry } from '../../../shared/model/sweep.ts'
import { type Webhook, WebhookDefinition } from '../../../shared/webhooks/model/webhook.ts'
import type { WebhookDelivery } from '../../../shared/webhooks/model/delivery.ts'
import { cloudStores, pageOf } from '../../support/stores.ts'
import { definitionOf } from '../../support/context.ts'
import { type TablestoreStore, startTablestoreStore, strikeWrites } from '../../support/tablestore-store.ts'

const at = '2026-11-21T02:00:00.000Z'
const night = '2026-11-21'
const webhookId = `wh_${'1'.repeat(16)}`
const eventId = `evt_${'1'.repeat(32)}`

const sweep: Sweep = {
  id: night,
  kind: 'nightly',
  state: 'running',
  filter: {},
  listing: null,
  startedAt: at,
  completedAt: null,
  counts: null,
}
const clock = { through: at, walk: null }
const webhook: Webhook = {
  id: webhookId,
  definition: WebhookDefinition.parse({ url: 'https://receiver.example/hook' }),
  secrets: [{ version: 1, until: null }],
  stopped: null,
  revision: 1,
  createdAt: at,
  updatedAt: at,
}
const delivery: WebhookDelivery = {
  webhookId,
  eventId,
  source: { kind: 'sweep', sweepId: night },
  state: 'pending',
  attempts: [],
  attemptsBefore: 0,
  beganAt: at,
  nextAttemptAt: at,
  endedAt: null,
}
const traffic = { calls: [], failures: 0, pausedUntil: null, revision: 1, delivered: 0, dead: 0 }

const entryOf = (instanceId: string, status: SweepEntry['status'] = 'starting', id = '1'): SweepEntry => ({
  sweepId: night,
  instanceId,
  precheckId: `pc_${id.repeat(32)}`,
  status,
  dueAt: at,
  startedAt: null,
  endedAt: null,
  notRun: null,
})

const keyOf = (instanceId: string) => [night, instanceId] as const

let store: TablestoreStore

beforeEach(async () => {
  store = await startTablestoreStore()
})
afterEach(() => store.emulator.close())

/** All stores on a client that tries again at once. */
const connect = () => {
  const client = store.connect({ retry: { attempts: 5, baseDelayMs: 1, maxDelayMs: 2, budgetMs: 5000 } })
  return { client, ...cloudStores(client) }
}
type Stores = ReturnType<typeof connect>

/** Whatever is written by its revision. */
const revisioned: [string, (stores: Stores, revision: number) => Promise<boolean>][] = [
  ['sweep', ({ sweeps }, revision) => sweeps.put(night, sweep, revision)],
  ['clock', ({ sweepClock }, revision) => sweepClock.put('nights', clock, revision)],
  [
    'entry of a sweep',
    ({ sweepEntries }, revision) => sweepEntries.put(keyOf('db1'), entryOf('db1'), revision),
  ],
  ['webhook', ({ webhooks }, revision) => webhooks.put(webhookId, webhook, revision)],
  ['delivery', ({ deliveries }, revision) => deliveries.put([webhookId, eventId], delivery, revision)],
  ['traffic', ({ traffics }, revision) => traffics.put(webhookId, traffic, revision)],
]

/** The first attempt of every write takes effect and is not answered. */
const loseAnswers = (): void => {
  strikeWrites(store, (number) => (number % 2 === 1 ? { when: 'after', outcome: 'drop' } : undefined))
}

const usage = () => {
  const { read, operations } = store.emulator.usage()
  return { read, requests: operations['GetRange']?.requests ?? 0 }
}

describe('an answer that is lost', () => {
  it.each(revisioned)('of a change of a %s is found out', async (_, put) => {
    const stores = connect()
    loseAnswers()
    expect(await put(stores, 0)).toBe(true)
    expect(await put(stores, 0)).toBe(false)
    expect(await put(stores, 1)).toBe(true)
    expect(await put(stores, 1)).toBe(false)
  })

  it.each(revisioned)('does not let two win who change a %s at once', async (_, put) => {
    const [one, other] = [connect(), connect()]
    for (const revision of [0, 1]) {
      strikeWrites(store, (number) => (number <= 2 ? { when: 'after', outcome: 'drop' } : undefined))
      const outcomes = await Promise.all([put(one, revision), put(other, revision)])
      expect(outcomes.filter(Boolean)).toHaveLength(1)
    }
  })

  it('of a removal of a webhook is found out', async () => {
    const { webhooks } = connect()
    await webhooks.put(webhookId, webhook, 0)
    loseAnswers()
    expect(await webhooks.remove(webhookId)).toBe(true)
    expect(await webhooks.remove(webhookId)).toBe(false)
  })
})

describe('documents that are throttled', () => {
  it('get through when every first attempt is refused', async () => {
    const stores = connect()
    store.emulator.onRequest(({ count }) =>
      count % 2 === 1 ? { outcome: { status: 503, code: 'OTSServerBusy' } } : undefined,
    )
    const { sweeps, sweepClock, sweepEntries, webhooks, deliveries, traffics } = stores
    for (const [, put] of revisioned) expect(await put(stores, 0)).toBe(true)
    const started = entryOf('db1', 'started')
    await sweepEntries.update(keyOf('db1'), () => ({ put: started, value: null }))
    expect(await sweepClock.get('nights')).toEqual({ document: clock, revision: 1 })
    expect(await sweeps.list({ limit: 9 })).toEqual(pageOf([sweep]))
    const open = await sweepEntries.list({ group: night, limit: 9, statuses: ['started'] })
    expect(open.items).toEqual([{ document: started, revision: 2 }])
    expect(await sweepEntries.count(night)).toEqual({ started: 1 })
    expect(await webhooks.list({ limit: 9 })).toEqual(pageOf([webhook]))
    expect(await deliveries.list({ group: webhookId, limit: 9, statuses: ['pending'] })).toEqual(
      pageOf([delivery]),
    )
    expect(await traffics.get(webhookId)).toEqual({ document: traffic, revision: 1 })
  })
})

describe('the entries of a sweep', () => {
  it('are counted, and those found that are open, without reading the documents of all', async () => {
    const { sweepEntries } = connect()
    const ids = Array.from({ length: 400 }, (_, index) => `db${index}`)
    // As long as a maintenance window with its reason makes them.
    const notRun = { code: 'MAINTENANCE_WINDOW', params: { reason: 'patch '.repeat(50) } }
    const put = (id: string) =>
      sweepEntries.put(keyOf(id), { ...entryOf(id, id === 'db9' ? 'started' : 'passed'), notRun }, 0)
    await Promise.all(ids.map(put))
    store.emulator.resetUsage()
    await sweepEntries.list({ group: night, limit: 400 })
    const whole = usage()
    store.emulator.resetUsage()
    expect(await sweepEntries.count(night)).toEqual({ passed: 399, started: 1 })
    const open = await sweepEntries.list({ group: night, limit: 9, statuses: ['starting', 'started'] })
    expect(open.items.map(({ document }) => document.instanceId)).toEqual(['db9'])
    expect(usage().requests).toBe(2 * 5)
    expect(usage().read * 3).toBeLessThan(whole.read)
  })
})

describe('rows of version 0.1.0', () => {
  const putRow = (table: string, key: Readonly<Record<string, string>>, columns: Columns) =>
    connect().client.writeRow({ kind: 'put', table, key, columns, condition: noRow })

  it.each(['open', 'ended'])(
    'hold entries of sweeps without a revision, in the column %s',
    async (column) => {
      const entry = entryOf('db1', column === 'open' ? 'started' : 'failed')
      const columns = { status: entry.status, [column]: JSON.stringify(entry) }
      await putRow('sweep_entries', { sweep_id: night, instance_id: 'db1' }, columns)
      const { sweepEntries } = connect()
      expect(await sweepEntries.get(keyOf('db1'))).toEqual({ document: entry, revision: 1 })
      const found = await sweepEntries.list({ group: night, limit: 9, statuses: [entry.status] })
      expect(found).toEqual(pageOf([entry]))
      const passed = entryOf('db1', 'passed')
      expect(await sweepEntries.put(keyOf('db1'), passed, 0)).toBe(false)
      expect(await sweepEntries.put(keyOf('db1'), passed, 2)).toBe(false)
      expect(await sweepEntries.put(keyOf('db1'), passed, 1)).toBe(true)
      expect(await sweepEntries.put(keyOf('db1'), entry, 1)).toBe(false)
      expect(await sweepEntries.get(keyOf('db1'))).toEqual({ document: passed, revision: 2 })
    },
  )

  it('hold tokens without a revision', async () => {
    const id = '0'.repeat(16)
    const token = { id, name: 'n', scope: 'read', secretHash: 'a'.repeat(64), createdAt: at } as const
    await putRow('tokens', { token_id: id }, { document: JSON.stringify(token) })
    const { tokens } = connect()
    expect(await tokens.get(id)).toEqual({ document: token, revision: 1 })
    expect(await tokens.put(id, token, 0)).toBe(false)
    expect(await tokens.remove(id)).toBe(true)
  })
})

describe('the schedules of a large fleet', () => {
  /** Writes rows of instances as the adapter writes them, 200 in a request. */
  const register = async (count: number, isEnabled: (index: number) => boolean): Promise<void> => {
    const rows = Array.from({ length: count }, (_, index) => {
      const id = `db${String(index).padStart(5, '0')}`
      const schedule = { id, region: 'cn-hangzhou', schedule: {} }
      return {
        type: 'PUT' as const,
        primaryKey: [{ instance_id: id }],
        condition: new TableStore.Condition(0),
        attributeColumns: [
          { document: 'x'.repeat(2000) },
          { enabled: isEnabled(index) },
          { schedule: JSON.stringify(schedule) },
        ],
      }
    })
    const { client } = connect()
    for (let from = 0; from < count; from += 200) {
      const tables = [{ tableName: 'instances', rows: rows.slice(from, from + 200) }]
      await client.ask('BatchWriteRow', (sdk) => sdk.batchWriteRow({ tables }))
    }
  }

  it('are read in pages of 5,000 rows, those that are not enabled passed over, and no documents', async () => {
    await register(11_000, (index) => index >= 5100)
    store.emulator.resetUsage()
    const { instances } = connect()
    const first = await instances.listSchedules({ limit: 10_000 })
    const second = await instances.listSchedules({ limit: 10_000, after: first.next ?? '' })
    const ids = [...first.items, ...second.items].map(({ id }) => id)
    expect([ids.length, ids[0], ids.at(-1), second.next]).toEqual([5900, 'db05100', 'db10999', null])
    expect(new Set(ids).size).toBe(5900)
    const { requests, read } = usage()
    expect(requests).toBe(3)
    // Of 11,000 documents it would be 5,500 units of 4 KB.
    expect(read).toBeLessThan(400)
  })

  it('are known of instances that were written before there were columns for them', async () => {
    const { client, instances } = connect()
    const condition = new TableStore.Condition(0)
    for (const id of ['db1', 'db2', 'db3', 'db4']) {
      const instance = {
        id,
        definition: definitionOf('oracle', { schedule: { at: '01:30' }, enabled: id === 'db3' }),
        status: 'registered',
        revision: 1,
        registeredAt: at,
        updatedAt: at,
        validatedAt: null,
      }
      const columns = { document: JSON.stringify(instance), revision: TableStore.Long.fromNumber(1) }
      await client.writeRow({ kind: 'put', table: 'instances', key: { instance_id: id }, columns, condition })
    }
    const items = [{ id: 'db3', region: 'cn-hangzhou', schedule: { at: '01:30' } }]
    expect(await instances.listSchedules({ limit: 9 })).toEqual({ items, next: null })
    // Nobody goes on after a page without any: the next one that there is comes at once.
    expect((await instances.listSchedules({ limit: 1 })).items).toEqual(items)
    const heads = await instances.listHeads({ limit: 9 })
    expect(heads.items.map(({ id, enabled }) => [id, enabled])).toEqual([
      ['db1', false],
      ['db2', false],
      ['db3', true],
      ['db4', false],
    ])
  })
})
