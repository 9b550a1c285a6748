import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHandler } from '../../../functions/api/handler.ts'
import type { FleetView } from '../../../functions/api/views/fleet-view.ts'
import { hostHealth } from '../../../infra/host/health.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { httpEvent } from '../../support/http-event.ts'
import { silent } from '../../support/log.ts'
import { probesGiving } from '../../support/probes.ts'
import { databasesAnswer, reachedAnswer } from '../../support/small-catalogue.ts'

/** Whether the database of `changing` is broken. */
let isBroken = false
/** Keeps a precheck running. */
let isHeld = false
let letGo: () => void

let api: TestApi
beforeAll(async () => {
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  api = await startApi(
    probesGiving(
      async ({ connection }) => {
        if (isHeld) await held
        const isFailing = isBroken && connection.host.startsWith('changing')
        return databasesAnswer(['Sales', { logged: !isFailing }])
      },
      async () => reachedAnswer,
    ),
  )
})
afterAll(() => api.close())

const register = (id: string, changes: Readonly<Record<string, unknown>> = {}) =>
  api.call('PUT', `/v1/instances/${id}`, {
    body: {
      engine: 'sqlserver',
      region: 'cn-hangzhou',
      connection: {
        host: `${id}.example`,
        credential: { username: 'u', password: 'env:PRECHECK_SECRET_DB' },
      },
      ...changes,
    },
  })

const precheck = async (id: string): Promise<string> => {
  const { json } = await api.call('POST', `/v1/instances/${id}/prechecks`, { headers: { prefer: 'wait=30' } })
  expect(json.state).toBe('completed')
  return json.completedAt
}

const fleet = async (query: Readonly<Record<string, string>> = {}): Promise<FleetView> => {
  const { json } = await api.call('GET', '/v1/fleet', { query, token: api.tokens.read })
  return json as unknown as FleetView
}

const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1000)

describe('the fleet', () => {
  it('is empty at first', async () => {
    expect(await fleet()).toMatchObject({ ids: [], outcomes: '', next: null })
  })

  it('tells of each instance how it stands, and what changed', async () => {
    await register('steady', { tags: { team: 'orders', tier: 'gold' } })
    await register('changing', { tags: { team: 'orders' }, region: 'cn-beijing' })
    await register('never', { enabled: false })
    const steadyAt = await precheck('steady')
    await precheck('changing')
    isBroken = true
    const changingAt = await precheck('changing')
    expect(await fleet()).toEqual({
      ids: ['changing', 'never', 'steady'],
      engines: { names: ['sqlserver'], of: [0, 0, 0] },
      regions: { names: ['cn-beijing', 'cn-hangzhou'], of: [0, 1, 1] },
      tags: { names: ['team:orders', 'tier:gold'], of: [[0], [], [0, 1]] },
      outcomes: 'f-p',
      previous: 'p--',
      completedAt: [secondsOf(changingAt), 0, secondsOf(steadyAt)],
      new: [1, 0, 0],
      resolved: [0, 0, 0],
      running: [],
      disabled: [1],
      next: null,
    })
    isBroken = false
    await precheck('changing')
    expect(await fleet()).toMatchObject({ outcomes: 'p-p', previous: 'f--', resolved: [1, 0, 0] })
  })

  it('tells which prechecks run, and has another ETag then', async () => {
    const before = await api.call('GET', '/v1/fleet')
    isHeld = true
    const { json } = await api.call('POST', '/v1/instances/never/prechecks')
    const running = await api.call('GET', '/v1/fleet')
    expect(running.json).toMatchObject({ running: [{ at: 1, precheckId: json.id }], outcomes: 'p-p' })
    expect(running.headers['etag']).not.toBe(before.headers['etag'])
    isHeld = false
    letGo()
    await expect.poll(async () => (await fleet()).running).toEqual([])
    expect((await fleet()).outcomes).toBe('ppp')
  })

  it('is not sent again to who has it', async () => {
    const { headers } = await api.call('GET', '/v1/fleet')
    const etag = headers['etag'] ?? ''
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/)
    const again = await api.call('GET', '/v1/fleet', { headers: { 'If-None-Match': etag } })
    expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', etag])
    const other = await api.call('GET', '/v1/fleet', { headers: { 'If-None-Match': 'W/"other"' } })
    expect(other.status).toBe(200)
  })

  it('leaves out who was removed', async () => {
    await register('removed')
    await precheck('removed')
    await api.call('DELETE', '/v1/instances/removed')
    expect((await fleet()).ids).toEqual(['changing', 'never', 'steady'])
  })

  it('comes in pages for who asks for them', async () => {
    const first = await fleet({ limit: '2' })
    expect([first.ids, first.outcomes]).toEqual([['changing', 'never'], 'pp'])
    const second = await fleet({ limit: '2', after: first.next! })
    expect([second.ids, second.outcomes, second.next]).toEqual([['steady'], 'p', null])
  })

  it('cannot be seen without a token', async () => {
    expect((await api.call('GET', '/v1/fleet', { token: null })).status).toBe(401)
  })
})

describe('a fleet of 10,000', () => {
  /** 10,000 registrations of which no table has to be filled. */
  const large = (tagOf: (index: number) => string) => {
    const members = Array.from({ length: 10_000 }, (_, index) => ({
      id: `instance-${String(index).padStart(5, '0')}`,
      engine: index % 3 === 0 ? ('oracle' as const) : ('sqlserver' as const),
      region: `cn-region-${index % 20}`,
      tags: { team: tagOf(index), tier: 'gold' },
      enabled: true,
    }))
    const last = {
      precheckId: `pc_${'0'.repeat(32)}`,
      outcome: 'failed' as const,
      previousOutcome: 'passed' as const,
      completedAt: '2026-11-21T02:00:00.000Z',
      new: 2,
      resolved: 1,
    }
    const instances = {
      ...api.runtime.instances,
      listHeads: async () => ({ items: members, next: null }),
    }
    const standings = async () => ({
      items: members.map(({ id }) => ({ instanceId: id, runningId: null, last })),
      next: null,
    })
    const deps = {
      ...api.runtime,
      instances,
      results: { ...api.runtime.results, standings },
      health: hostHealth(api.runtime, { silentMs: () => 0, suspects: () => 0 }, 1000),
      sleep: async () => undefined,
    }
    const handler = createHandler(deps, silent)
    return (headers: Readonly<Record<string, string>> = {}) =>
      handler(
        httpEvent({
          method: 'GET',
          path: '/v1/fleet',
          query: {},
          headers: { authorization: `Bearer ${api.tokens.read}`, ...headers },
          body: Buffer.from(''),
          requestId: 'r',
        }),
        { requestId: 'r' },
      )
  }

  it('is one answer of half a megabyte, compressed to a tenth where the caller takes that', async () => {
    const get = large((index) => `team-${index % 100}`)
    const plain = await get()
    expect(Buffer.byteLength(plain.body)).toBeLessThan(620_000)
    expect(JSON.parse(plain.body)).toMatchObject({ next: null })
    const packed = await get({ 'accept-encoding': 'gzip, br' })
    expect(packed).toMatchObject({ isBase64Encoded: true, headers: { 'content-encoding': 'gzip' } })
    const bytes = Buffer.from(packed.body, 'base64')
    expect(bytes.length).toBeLessThan(62_000)
    expect(gunzipSync(bytes).toString()).toBe(plain.body)
    expect(packed.headers['etag']).toBe(plain.headers['etag'])
  })

  it('is cut where tags would make it too large, and goes on from there', async () => {
    const get = large((index) => `${index}`.padStart(1000, 'x'))
    const { body } = await get()
    const { ids, next } = JSON.parse(body) as FleetView
    expect(Buffer.byteLength(body)).toBeLessThan(5 * 1024 * 1024)
    expect(ids.length).toBeGreaterThan(3000)
    expect(Buffer.from(next!, 'base64url').toString()).toBe(ids.at(-1))
  })
})
