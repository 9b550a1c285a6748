import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import type { ProbeOutcome } from '../../../shared/checks/judge.ts'
import { probesGiving } from '../../support/probes.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { databasesAnswer, itemIds, reachedAnswer } from '../../support/small-catalogue.ts'

const definition = {
  engine: 'sqlserver',
  region: 'cn-hangzhou',
  connection: {
    host: 'db.example',
    credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' },
  },
}

const answered = databasesAnswer(['Sales'], ['Archive', { online: false }], ['Old', { logged: false }])

let databases: ProbeOutcome = answered
let api: TestApi

beforeAll(async () => {
  api = await startApi(
    probesGiving(
      () => databases,
      async () => reachedAnswer,
    ),
  )
})
afterAll(() => api.close())

/** Time of day in these tests: it stands still until it is set, while everything that waits goes on. */
const today = new Date('2026-11-21T02:00:00Z')
const dayMs = 86_400_000
const inDays = (days: number): Date => new Date(today.getTime() + days * dayMs)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: today })
})
afterEach(() => {
  vi.useRealTimers()
})

const register = (id: string, changes: Readonly<Record<string, unknown>> = {}) =>
  api.call('PUT', `/v1/instances/${id}`, { body: { ...definition, ...changes } })

const start = (id: string) =>
  api.call('POST', `/v1/instances/${id}/prechecks`, { headers: { prefer: 'wait=10' } })

const pathOf = (id: string): string => `/v1/instances/${id}/acknowledgements`

const request = {
  checkItem: itemIds.online,
  database: 'Archive',
  reason: 'moves to another server next week',
  author: 'li',
  expiresAt: inDays(7).toISOString(),
}

const acknowledge = (id: string, changes: Readonly<Record<string, unknown>> = {}) =>
  api.call('POST', pathOf(id), { body: { ...request, ...changes } })

const itemOf = (json: Pick<PrecheckView, 'items'>, id: string) =>
  json.items.find(({ checkItem }) => checkItem === id)

const verdictOf = async (id: string): Promise<string> => {
  const query = { operation: 'full', database: 'Archive' }
  return (await api.call('GET', `/v1/instances/${id}/readiness`, { query })).json.verdict
}

describe('an acknowledgement', () => {
  it('makes a warning of a known failure, hides nothing, and expires', async () => {
    await register('ack-a', { operations: ['full'], tags: { team: 'erp' } })
    const failed = await start('ack-a')
    expect([failed.json.outcome, await verdictOf('ack-a')]).toEqual(['failed', 'blocked'])

    const created = await acknowledge('ack-a')
    expect([created.status, created.headers['location']]).toEqual([
      201,
      `/v1/instances/ack-a/acknowledgements/${created.json.id}`,
    ])
    expect(created.json).toEqual({
      ...request,
      id: expect.stringMatching(/^ack_[0-9a-f]{16}$/),
      acknowledgedAt: today.toISOString(),
    })

    vi.setSystemTime(inDays(1))
    const accepted = PrecheckView.parse((await start('ack-a')).json)
    expect([accepted.outcome, await verdictOf('ack-a')]).toEqual(['warning', 'blocked'])
    const { reason, author, expiresAt } = request
    expect(itemOf(accepted, itemIds.online)).toMatchObject({
      status: 'warning',
      findings: [
        {
          level: 'warning',
          text: expect.stringContaining('Archive'),
          acknowledgement: { id: created.json.id, reason, author, expiresAt, level: 'failed' },
        },
      ],
    })
    expect(accepted.comparison).toMatchObject({ new: [], resolved: [], previousOutcome: 'failed' })
    expect(accepted.comparison?.still.find(({ checkItem }) => checkItem === itemIds.online)).toMatchObject({
      since: failed.json.startedAt,
      acknowledged: true,
      newlyAcknowledged: true,
    })

    vi.setSystemTime(inDays(7))
    const expired = PrecheckView.parse((await start('ack-a')).json)
    expect([expired.outcome, itemOf(expired, itemIds.online)?.status]).toEqual(['failed', 'failed'])
    expect(expired.comparison).toMatchObject({ new: [], previousOutcome: 'warning' })
    expect(expired.comparison?.still.find(({ checkItem }) => checkItem === itemIds.online)).toMatchObject({
      since: failed.json.startedAt,
      noLongerAcknowledged: true,
    })
  })

  it('leaves the outcome failed while something else fails', async () => {
    await register('ack-b', { operations: ['full', 'log'] })
    await acknowledge('ack-b')
    const { json } = await start('ack-b')
    expect([
      json.outcome,
      itemOf(json, itemIds.online)?.status,
      itemOf(json, itemIds.logged)?.status,
    ]).toEqual(['failed', 'warning', 'failed'])
    await acknowledge('ack-b', { checkItem: itemIds.logged, database: undefined })
    expect((await start('ack-b')).json.outcome).toBe('warning')
  })

  it('can be withdrawn, and the finding counts again', async () => {
    await register('ack-c', { operations: ['full'] })
    const { headers } = await acknowledge('ack-c')
    expect((await start('ack-c')).json.outcome).toBe('warning')
    const address = headers['location'] ?? ''
    expect((await api.call('DELETE', address)).status).toBe(204)
    expect((await start('ack-c')).json.outcome).toBe('failed')
    const again = await api.call('DELETE', address)
    expect([again.status, again.json.code]).toEqual([404, 'ACKNOWLEDGEMENT_NOT_FOUND'])
  })

  it('stays when the definition of its instance is replaced or changed in part', async () => {
    await register('ack-d', { operations: ['full'] })
    const { json } = await acknowledge('ack-d')
    await register('ack-d', { operations: ['full'], description: 'said anew' })
    await api.call('PATCH', '/v1/instances/ack-d', { body: { tags: { tier: '1' } } })
    expect((await api.call('GET', pathOf('ack-d'))).json.items).toEqual([json])
    expect((await start('ack-d')).json.outcome).toBe('warning')
  })

  it('is listed while it is in force, and is gone with the first change after that', async () => {
    await register('ack-e')
    const first = await acknowledge('ack-e', { expiresAt: inDays(1).toISOString() })
    const second = await acknowledge('ack-e', { database: 'Sales' })
    const listed = async () => (await api.call('GET', pathOf('ack-e'))).json.items
    expect(await listed()).toEqual([first.json, second.json])
    vi.setSystemTime(inDays(2))
    expect(await listed()).toEqual([second.json])
    const third = await acknowledge('ack-e', { database: 'Old' })
    const { acknowledgements } = (await api.call('GET', '/v1/instances/ack-e')).json
    expect(acknowledgements).toEqual([second.json, third.json])
  })
})

describe('the acknowledgements of the fleet', () => {
  const path = '/v1/acknowledgements'

  it('are those of every instance that has any in force, page by page', async () => {
    for (const id of ['fleet-a', 'fleet-b', 'fleet-c', 'fleet-d']) await register(id)
    await acknowledge('fleet-b', { expiresAt: inDays(1).toISOString() })
    const own = [await acknowledge('fleet-a'), await acknowledge('fleet-a', { database: 'Sales' })]
    const other = await acknowledge('fleet-d')
    vi.setSystemTime(inDays(2))
    const after = Buffer.from('fleet').toString('base64url')
    const first = await api.call('GET', path, { query: { limit: '1', after } })
    expect(first.json.items).toEqual([
      { instanceId: 'fleet-a', acknowledgements: own.map(({ json }) => json) },
    ])
    const query = { limit: '1', after: first.json.next ?? '' }
    const second = await api.call('GET', path, { query, token: api.tokens.read })
    expect(second.json).toEqual({
      items: [{ instanceId: 'fleet-d', acknowledgements: [other.json] }],
      next: null,
    })
  })

  it('are not sent again to who has them', async () => {
    const { headers } = await api.call('GET', path)
    const again = await api.call('GET', path, { headers: { 'If-None-Match': headers['etag'] ?? '' } })
    expect([again.status, again.text]).toEqual([304, ''])
  })
})

describe('the database of an acknowledgement', () => {
  it('has to be one of the last result, once there is one', async () => {
    await register('ack-g')
    expect((await acknowledge('ack-g', { database: 'Expected' })).status).toBe(201)
    await start('ack-g')
    const { status, json } = await acknowledge('ack-g', { database: 'archive' })
    expect([status, json.code, json.detail]).toEqual([
      404,
      'DATABASE_NOT_FOUND',
      expect.stringMatching(/has no database "archive".*as the engine spells them.*start a precheck first/),
    ])
    expect((await acknowledge('ack-g', { database: 'Sales' })).status).toBe(201)
  })

  it('may be any where the last result knows none', async () => {
    await register('ack-h')
    databases = { problem: { code: 'LOGIN_FAILED', params: {} } }
    await start('ack-h')
    databases = answered
    expect((await acknowledge('ack-h')).status).toBe(201)
  })
})

describe('the API refuses', () => {
  beforeAll(() => register('ack-f'))

  it.each([
    [
      'a check item of another engine',
      { checkItem: itemIds.ofOracle },
      /INSTANCE_OPEN is not a check item of sqlserver.*DATABASES_ONLINE/,
    ],
    ['an expiry that is now', { expiresAt: today.toISOString() }, /is not in the future/],
    ['an expiry of the past', { expiresAt: inDays(-1).toISOString() }, /is not in the future/],
    [
      'an expiry in more than 366 days',
      { expiresAt: new Date(inDays(366).getTime() + 1).toISOString() },
      /must be at most 366 days ahead/,
    ],
  ])('%s', async (_, changes, detail) => {
    const { status, json } = await acknowledge('ack-f', changes)
    expect([status, json.code, json.detail]).toEqual([
      422,
      'ACKNOWLEDGEMENT_INVALID',
      expect.stringMatching(detail),
    ])
  })

  it('no expiry in exactly 366 days', async () => {
    expect((await acknowledge('ack-f', { expiresAt: inDays(366).toISOString() })).status).toBe(201)
  })

  it.each([
    ['no reason', { reason: '' }, 'reason'],
    ['no author', { author: undefined }, 'author'],
    ['no expiry', { expiresAt: undefined }, 'expiresAt'],
    ['an expiry without a zone', { expiresAt: '2026-12-01T00:00:00' }, 'expiresAt'],
    ['a field that does not exist', { forever: true }, 'forever'],
  ])('%s, and says which field', async (_, changes, field) => {
    const { status, json } = await acknowledge('ack-f', changes)
    expect([status, json.errors?.map((error) => error.field)]).toEqual([422, [field]])
  })

  it.each([
    ['POST', pathOf('nobody'), request],
    ['GET', pathOf('nobody'), undefined],
    ['DELETE', `${pathOf('nobody')}/ack_${'0'.repeat(16)}`, undefined],
  ])('%s for an instance that never was', async (method, path, body) => {
    const { status, json } = await api.call(method, path, { body })
    expect([status, json.code]).toEqual([404, 'INSTANCE_NOT_FOUND'])
  })
})
