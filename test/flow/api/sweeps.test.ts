import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHandler } from '../../../functions/schedule/handler.ts'
import type { Sweep } from '../../../shared/model/sweep.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'
import { timerEvent } from '../../../shared/runtime/timer-chain.ts'
import { probesGiving } from '../../support/probes.ts'
import { pageOf } from '../../support/stores.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { databasesAnswer, itemIds, reachedAnswer } from '../../support/small-catalogue.ts'

const connectionTo = (host: string) => ({
  host,
  credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' },
})

const healthy = databasesAnswer(['Sales'])
const broken = databasesAnswer(['Sales', { logged: false }])
let api: TestApi
let tick: () => Promise<unknown>

beforeAll(async () => {
  api = await startApi(
    probesGiving(
      ({ connection }) => (connection.host.startsWith('broken') ? broken : healthy),
      async () => reachedAnswer,
    ),
  )
  const schedule = createHandler(
    {
      ...api.runtime,
      webhooks: { list: async () => pageOf([]) },
      notifications: { send: async () => undefined },
      sweepLimits: { deadlineMs: 600_000, itemMs: 20_000 },
      fleetSchedule: { enabled: true, at: '02:00', window: 60 },
      sweepConcurrency: 100,
      maxSweepConcurrency: 100,
      spreadSeconds: 0,
      runForMs: 10_000,
    },
    jsonLog('debug', () => undefined),
  )
  tick = () => schedule(timerEvent('tick', new Date()), { requestId: 'tick' })
})
afterAll(() => api.close())

const register = (id: string, changes: Readonly<Record<string, unknown>> = {}) =>
  api.call('PUT', `/v1/instances/${id}`, {
    body: {
      engine: 'sqlserver',
      region: 'cn-hangzhou',
      connection: connectionTo(`${id}.example`),
      ...changes,
    },
  })

const request = (body: unknown, token = api.tokens.run) => api.call('POST', '/v1/sweeps', { body, token })

const read = (id: string, query: Readonly<Record<string, string>> = {}) =>
  api.call('GET', `/v1/sweeps/${id}`, { query, token: api.tokens.read })

/** Asks for a sweep and lets the clock tick until it is completed. */
const sweep = async (filter: unknown): Promise<string> => {
  const { json } = await request(filter)
  await expect
    .poll(async () => {
      await tick()
      return (await read(json.id)).json.state
    })
    .toBe('completed')
  return json.id
}

const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)

const nightly = (id: string): Sweep => ({
  id,
  kind: 'nightly',
  state: 'running',
  filter: {},
  listing: null,
  startedAt: `${id}T18:00:00.000Z`,
  completedAt: null,
  counts: null,
})

describe('a requested sweep', () => {
  const tags = { team: 'orders' }
  const maintenanceWindows = [
    { reason: 'patch <42>', from: '2020-01-01T00:00:00Z', until: '2999-01-01T00:00:00Z' },
  ]

  beforeAll(async () => {
    await register('fine', { tags })
    await register('broken', { tags })
    await register('patched', { tags, maintenanceWindows })
    await register('elsewhere')
  })

  it('is accepted with its address, and read before anything was started', async () => {
    const { status, headers, json } = await request({ engine: 'oracle' })
    expect(status).toBe(202)
    expect(json).toMatchObject({
      kind: 'requested',
      state: 'running',
      filter: { engine: 'oracle' },
      completedAt: null,
      counts: null,
    })
    expect(json).not.toHaveProperty('listing')
    expect(headers['location']).toBe(`/v1/sweeps/${json.id}`)
    const sweepNow = await api.call('GET', headers['location'] ?? '')
    expect(sweepNow.json).toMatchObject({
      id: json.id,
      counts: { started: 0 },
      entries: { items: [], next: null },
    })
  })

  it('says how many passed, failed and were not prechecked, which, and why', async () => {
    const id = await sweep({ tags })
    const { json } = await read(id)
    expect(json.counts).toEqual({
      waiting: 0,
      started: 2,
      running: 0,
      passed: 1,
      warning: 0,
      failed: 1,
      inconclusive: 0,
      notRun: 1,
    })
    const [failed, passed, notRun] = json.entries.items
    expect(failed).toMatchObject({
      instanceId: 'broken',
      status: 'failed',
      notRun: null,
      items: [
        {
          checkItem: itemIds.logged,
          status: 'failed',
          title: 'Databases keep no log',
          reason: null,
          findings: 1,
        },
      ],
    })
    expect((await api.call('GET', `/v1/prechecks/${failed?.precheckId}`)).json.instanceId).toBe('broken')
    expect(passed).toMatchObject({ instanceId: 'fine', status: 'passed', items: [] })
    expect(notRun).toMatchObject({
      instanceId: 'patched',
      status: 'not_run',
      precheckId: null,
      startedAt: null,
      notRun: { code: 'MAINTENANCE_WINDOW' },
      items: [],
    })
    expect(notRun?.notRun.text).toBe(
      'The instance is in a maintenance window until 2999-01-01T00:00:00.000Z: patch <42>',
    )
    const chinese = (await read(id, { locale: 'zh', status: 'not_run' })).json.entries.items
    expect(chinese.map((entry) => entry.notRun.text)).toEqual([
      '该实例处于维护窗口，至 2999-01-01T00:00:00.000Z 结束：patch <42>',
    ])
  })

  it('lists its instances by status and page by page', async () => {
    const id = await sweep({ tags })
    const first = await read(id, { status: 'failed,not_run', limit: '1' })
    expect(first.json.entries.items.map((entry) => entry.instanceId)).toEqual(['broken'])
    const next = /<([^>]+)>; rel="next"/.exec(first.headers['link'] ?? '')?.[1] ?? ''
    const { pathname, searchParams } = new URL(next, 'http://localhost')
    const second = await api.call('GET', pathname, { query: Object.fromEntries(searchParams) })
    expect(second.json.entries.items.map((entry) => entry.instanceId)).toEqual(['patched'])
    expect(second.json.entries.next).toBeNull()
    expect(second.json.counts).toEqual(first.json.counts)
  })

  it('is listed with its counts, newest first', async () => {
    await api.runtime.sweeps.put(yesterday, nightly(yesterday), 0)
    const id = await sweep({ engine: 'oracle' })
    const { json } = await api.call('GET', '/v1/sweeps', { query: { limit: '200' }, token: api.tokens.read })
    const ids = json.items.map((each) => each.id)
    const times = json.items.map(({ startedAt }) => String(startedAt))
    expect(times).toEqual(times.toSorted((one, other) => other.localeCompare(one)))
    expect(ids.at(-1)).toBe(yesterday)
    expect(json.items.find((each) => each.id === id)).toMatchObject({
      state: 'completed',
      counts: { started: 0, notRun: 0 },
    })
  })
})

it('a night that began after the sweeps of its date is listed before them', async () => {
  const night = '2999-02-01'
  const early = { ...nightly('2999-02-01T153100Z-00000001'), startedAt: '2999-02-01T15:31:00.000Z' }
  const late = { ...nightly(night), startedAt: '2999-02-01T16:08:00.000Z' }
  for (const each of [early, late]) await api.runtime.sweeps.put(each.id, each, 0)
  const { json } = await api.call('GET', '/v1/sweeps', { query: { limit: '2' } })
  expect(json.items.map(({ id }) => id)).toEqual([late.id, early.id])
  for (const each of [early, late]) await api.runtime.sweeps.remove(each.id)
})

describe('an instance that waits', () => {
  it('is counted by itself, and says why and until when', async () => {
    const night = '2999-01-01'
    const reason = { code: 'HOST_BUSY', params: { host: 'db.example', limit: 4 } }
    const waits = {
      sweepId: night,
      instanceId: 'waits',
      precheckId: `pc_${'a'.repeat(32)}`,
      status: 'waiting',
      dueAt: '2999-01-01T02:00:00.000Z',
      startedAt: null,
      endedAt: null,
      notRun: null,
      waiting: { reason, hostId: 'host.db.example', until: '2999-01-01T05:00:00.000Z' },
    } as const
    const { completedAt: _, counts: __, ...head } = nightly(night)
    await api.runtime.sweeps.put(night, { ...head, state: 'running', completedAt: null, counts: null }, 0)
    await api.runtime.sweepEntries.put([night, 'waits'], waits, 0)
    const { json } = await read(night, { status: 'waiting' })
    expect(json.counts).toMatchObject({ waiting: 1, started: 0, running: 0 })
    expect(json.entries.items).toEqual([
      {
        instanceId: 'waits',
        precheckId: null,
        status: 'waiting',
        dueAt: '2999-01-01T02:00:00.000Z',
        startedAt: null,
        endedAt: null,
        notRun: null,
        waiting: {
          ...reason,
          text: 'No more than 4 prechecks of sweeps run on db.example at a time, and none of these places was free.',
          until: '2999-01-01T05:00:00.000Z',
        },
        items: [],
      },
    ])
    await api.runtime.sweeps.remove(night)
  })
})

describe('sweeps', () => {
  it('of a night are read by their date', async () => {
    const before = new Date(Date.parse(yesterday) - 86_400_000).toISOString().slice(0, 10)
    await api.runtime.sweeps.put(before, nightly(before), 0)
    expect((await read(before)).json).toMatchObject({ kind: 'nightly', counts: { started: 0 } })
  })

  it('that are not there, or cannot be, are told apart', async () => {
    const missing = await read('2021-01-01')
    expect([missing.status, missing.json.code]).toEqual([404, 'SWEEP_NOT_FOUND'])
    expect((await read('tonight')).status).toBe(422)
  })

  it.each([
    [{ region: '' }, 'region'],
    [{ colour: 'red' }, 'colour'],
    [{ engine: 'no-such-engine' }, 'engine'],
  ])('are not requested with %j', async (filter, field) => {
    const { status, json } = await request(filter)
    expect(status).toBe(422)
    expect(json.errors.map((error) => error.field)).toEqual([field])
  })

  it('are requested for the whole fleet without a body, by those who may run prechecks', async () => {
    const accepted = await api.call('POST', '/v1/sweeps', { token: api.tokens.run })
    expect([accepted.status, accepted.json.filter]).toEqual([202, {}])
    expect((await request({}, api.tokens.read)).status).toBe(403)
  })

  it('are not filtered by a status that there is not', async () => {
    const { status, json } = await read('2024-02-29', { status: 'failed,broken' })
    expect([status, json.errors[0].field]).toEqual([422, 'status.1'])
  })
})
