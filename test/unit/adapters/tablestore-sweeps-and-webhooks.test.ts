import TableStore from 'tablestore'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tablestoreInstances } from '../../../shared/adapters/tablestore/tablestore-instances.ts'
import { tablestoreSweepEntries } from '../../../shared/adapters/tablestore/tablestore-sweep-entries.ts'
import { tablestoreSweeps } from '../../../shared/adapters/tablestore/tablestore-sweeps.ts'
import { tablestoreWebhookDeliveries } from '../../../shared/adapters/tablestore/tablestore-webhook-deliveries.ts'
import { tablestoreWebhookTraffics } from '../../../shared/adapters/tablestore/tablestore-webhook-traffics.ts'
import { tablestoreWebhooks } from '../../../shared/adapters/tablestore/tablestore-webhooks.ts'
import type { Sweep, SweepEntry } from '../../../shared/model/sweep.ts'
import { type Webhook, WebhookDefinition } from '../../../shared/webhooks/model/webhook.ts'
import type { WebhookDelivery } from '../../../shared/webhooks/model/delivery.ts'
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
const traffic = { calls: [], failures: 0, pausedUntil: null, revision: 1 }

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

let store: TablestoreStore

beforeEach(async () => {
  store = await startTablestoreStore()
})
afterEach(() => store.emulator.close())

/** All stores on a client that tries again at once. */
const connect = () => {
  const client = store.connect({ retry: { attempts: 5, baseDelayMs: 1, maxDelayMs: 2, budgetMs: 5000 } })
  return {
    client,
    instances: tablestoreInstances(client),
    sweeps: tablestoreSweeps(client),
    entries: tablestoreSweepEntries(client),
    webhooks: tablestoreWebhooks(client),
    deliveries: tablestoreWebhookDeliveries(client),
    traffics: tablestoreWebhookTraffics(client),
  }
}
type Stores = ReturnType<typeof connect>

/** Whatever is written by its revision. */
const revisioned: [string, (stores: Stores, revision: number) => Promise<boolean>][] = [
  ['sweep', ({ sweeps }, revision) => sweeps.put(sweep, revision)],
  ['clock', ({ sweeps }, revision) => sweeps.writeClock(clock, revision)],
  ['webhook', ({ webhooks }, revision) => webhooks.put(webhook, revision)],
  ['delivery', ({ deliveries }, revision) => deliveries.put(delivery, revision)],
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
    await webhooks.put(webhook, 0)
    loseAnswers()
    expect(await webhooks.remove(webhookId)).toBe(true)
    expect(await webhooks.remove(webhookId)).toBe(false)
  })

  it('of a new entry gives it back, and to others the one that stands there', async () => {
    const { entries } = connect()
    loseAnswers()
    const first = entryOf('db1')
    expect(await entries.add(first)).toEqual(first)
    expect(await entries.add(entryOf('db1', 'starting', '2'))).toEqual(first)
  })

  it('of a step of an entry takes no later step back', async () => {
    const { entries } = connect()
    await entries.add(entryOf('db1'))
    loseAnswers()
    await entries.update(entryOf('db1', 'started'), 'starting')
    await entries.update(entryOf('db1', 'passed'), 'started')
    await entries.update(entryOf('db1', 'started'), 'starting')
    expect((await entries.list(night, { limit: 9 })).items).toEqual([entryOf('db1', 'passed')])
    expect(await entries.listOpen(night, 9)).toEqual([])
  })
})

describe('sweeps and webhooks that are throttled', () => {
  it('get through when every first attempt is refused', async () => {
    const stores = connect()
    store.emulator.onRequest(({ count }) =>
      count % 2 === 1 ? { outcome: { status: 503, code: 'OTSServerBusy' } } : undefined,
    )
    const { sweeps, entries, webhooks, deliveries, traffics } = stores
    for (const [, put] of revisioned) expect(await put(stores, 0)).toBe(true)
    await entries.add(entryOf('db1'))
    await entries.update(entryOf('db1', 'started'), 'starting')
    expect(await sweeps.readClock()).toEqual({ document: clock, revision: 1 })
    expect((await sweeps.list({ limit: 9 })).items).toEqual([sweep])
    expect(await entries.listOpen(night, 9)).toEqual([entryOf('db1', 'started')])
    expect(await entries.count(night)).toMatchObject({ started: 1, running: 1 })
    expect(await webhooks.list()).toEqual([webhook])
    expect((await deliveries.list(webhookId, { limit: 9 }, 'pending')).items).toEqual([delivery])
    expect(await traffics.get(webhookId)).toEqual({ document: traffic, revision: 1 })
  })
})

describe('the entries of a sweep', () => {
  it('are counted, and those found that are open, without reading the documents of all', async () => {
    const { entries } = connect()
    const ids = Array.from({ length: 400 }, (_, index) => `db${index}`)
    await Promise.all(ids.map((id) => entries.add(entryOf(id, id === 'db9' ? 'started' : 'passed'))))
    store.emulator.resetUsage()
    await entries.list(night, { limit: 400 })
    const whole = usage()
    store.emulator.resetUsage()
    expect(await entries.count(night)).toMatchObject({ started: 400, running: 1 })
    expect(await entries.listOpen(night, 9)).toHaveLength(1)
    expect(usage().requests).toBe(2)
    expect(usage().read * 3).toBeLessThan(whole.read)
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
      const definition = definitionOf('oracle', { schedule: { at: '01:30' }, enabled: id === 'db3' })
      const columns = { document: JSON.stringify({ id, definition }) }
      await client.writeRow({ kind: 'put', table: 'instances', key: { instance_id: id }, columns, condition })
    }
    const items = [{ id: 'db3', region: 'cn-hangzhou', schedule: { at: '01:30' } }]
    expect(await instances.listSchedules({ limit: 9 })).toEqual({ items, next: null })
    // Nobody goes on after a page without any: the next one that there is comes at once.
    expect((await instances.listSchedules({ limit: 1 })).items).toEqual(items)
  })
})
