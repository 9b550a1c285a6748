import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApi, type TestRequest, startApi } from '../../support/api.ts'
import { probesGiving } from '../../support/probes.ts'

const start = new Date('2026-11-21T02:00:00.000Z')
const hour = 3_600_000
const plainPage = { origin: 'http://precheck.lan:9000', host: 'precheck.lan:9000' }
const securePage = {
  origin: 'https://precheck.example',
  host: 'precheck.example',
  'sec-fetch-site': 'same-origin',
}

let api: TestApi
let now = start
beforeAll(async () => {
  api = await startApi(probesGiving(() => Promise.reject(new Error('no database is asked'))))
})
afterAll(() => api.close())
beforeEach(() => {
  now = start
  api.setNow(() => now)
})

const issue = async (body: object): Promise<{ id: string; token: string }> =>
  (await api.call('POST', '/v1/tokens', { body: { name: 'dba', scope: 'read', ...body } })).json

/** Signs in as a page does; the cookie as the browser sends it back. */
const signIn = async (token: string, headers: Readonly<Record<string, string>> = securePage) => {
  const answer = await api.call('POST', '/v1/session', { token, headers })
  expect(answer.status).toBe(201)
  const header = answer.headers['set-cookie'] ?? ''
  return { cookie: header.split(';')[0] ?? '', header, json: answer.json }
}

const as = (cookie: string, method: string, path: string, request: TestRequest = {}) =>
  api.call(method, path, {
    token: null,
    ...request,
    headers: { ...securePage, ...request.headers, cookie },
  })

describe('a session', () => {
  it('is a cookie that scripts cannot read and other sites cannot send', async () => {
    const { header, json } = await signIn(api.tokens.read)
    expect(header).toMatch(
      /^__Host-precheck=bs_[0-9a-f]{16}_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200; Secure$/,
    )
    expect(json).toEqual({ name: 'read', scope: 'read', expiresAt: '2026-11-21T14:00:00.000Z' })
  })

  it('is a cookie that browsers take over plain http, where they drop secure ones', async () => {
    const { header, cookie } = await signIn(api.tokens.read, plainPage)
    expect(header).toMatch(/^precheck=bs_[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/)
    const { status, json } = await api.call('GET', '/v1/session', { token: null, headers: { cookie } })
    expect([status, json]).toMatchObject([200, { name: 'read', scope: 'read' }])
  })

  it('may do what its token may, and nothing else', async () => {
    const { cookie } = await signIn(api.tokens.read)
    expect((await as(cookie, 'GET', '/v1/instances')).status).toBe(200)
    expect((await as(cookie, 'GET', '/v1/tokens')).json.code).toBe('SCOPE_MISSING')
    const admin = await signIn(api.tokens.admin)
    expect((await as(admin.cookie, 'GET', '/v1/tokens')).status).toBe(200)
  })

  it('is found among other cookies, and is none in a bearer', async () => {
    const { cookie } = await signIn(api.tokens.read)
    expect((await as(`a=b; ${cookie}; theme=dark`, 'GET', '/v1/session')).status).toBe(200)
    const value = cookie.split('=')[1] ?? ''
    expect((await api.call('GET', '/v1/session', { token: value })).status).toBe(401)
  })

  it.each(['precheck=', 'precheck=bs_x', `precheck=bs_${'0'.repeat(16)}_${'A'.repeat(43)}`, 'other=1'])(
    'is none: %s',
    async (cookie) => {
      expect((await as(cookie, 'GET', '/v1/session')).json.code).toBe('TOKEN_INVALID')
    },
  )

  it('is over after 12 hours', async () => {
    const { cookie } = await signIn(api.tokens.read)
    now = new Date(start.getTime() + 12 * hour - 1)
    expect((await as(cookie, 'GET', '/v1/session')).status).toBe(200)
    now = new Date(start.getTime() + 12 * hour)
    expect((await as(cookie, 'GET', '/v1/session')).status).toBe(401)
  })

  it('is over with its token at the latest', async () => {
    const { token } = await issue({ expiresInDays: 1 })
    now = new Date(start.getTime() + 23 * hour)
    const { cookie, header, json } = await signIn(token)
    expect(header).toContain('Max-Age=3600;')
    expect(json).toMatchObject({ expiresAt: '2026-11-22T02:00:00.000Z' })
    now = new Date(start.getTime() + 24 * hour)
    expect((await as(cookie, 'GET', '/v1/session')).status).toBe(401)
  })

  it('is over when somebody signs out, and only that one', async () => {
    const [one, other] = [await signIn(api.tokens.read), await signIn(api.tokens.read)]
    const out = await as(one.cookie, 'DELETE', '/v1/session')
    expect(out.status).toBe(204)
    expect(out.headers['set-cookie']).toBe(
      '__Host-precheck=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure',
    )
    expect((await as(one.cookie, 'GET', '/v1/session')).status).toBe(401)
    expect((await as(other.cookie, 'GET', '/v1/session')).status).toBe(200)
  })

  it.each([
    ['revoked', (id: string) => api.call('DELETE', `/v1/tokens/${id}`)],
    ['rotated', (id: string) => api.call('POST', `/v1/tokens/${id}/rotate`)],
  ])('is over when its token is %s', async (_, change) => {
    const { id, token } = await issue({})
    const { cookie } = await signIn(token)
    expect((await as(cookie, 'GET', '/v1/session')).status).toBe(200)
    await change(id)
    expect((await as(cookie, 'GET', '/v1/session')).status).toBe(401)
  })

  it('is stored as a hash beside its token, and shown to nobody', async () => {
    const { id, token } = await issue({})
    const { cookie } = await signIn(token)
    const secret = cookie.slice(-43)
    const stored = await api.runtime.tokens.get(id)
    expect(stored?.document.sessions).toHaveLength(1)
    expect(JSON.stringify(stored)).not.toContain(secret)
    const listed = await api.call('GET', '/v1/tokens')
    expect(listed.text).not.toContain(stored?.document.sessions?.[0]?.hash)
    await as(cookie, 'DELETE', '/v1/session')
    expect((await api.runtime.tokens.get(id))?.document).not.toHaveProperty('sessions')
  })

  it('makes room for another one: the oldest of sixteen ends', async () => {
    const { token } = await issue({})
    const first = await signIn(token)
    const second = await signIn(token)
    for (let more = 0; more < 15; more += 1) await signIn(token)
    expect((await as(first.cookie, 'GET', '/v1/session')).status).toBe(401)
    expect((await as(second.cookie, 'GET', '/v1/session')).status).toBe(200)
  })

  it('is not opened by another one, so that it ends', async () => {
    const { cookie } = await signIn(api.tokens.read)
    expect((await as(cookie, 'POST', '/v1/session')).json.code).toBe('SESSION_NOT_RENEWED')
  })

  it('is not what a bearer signs out of', async () => {
    expect((await api.call('DELETE', '/v1/session')).json.code).toBe('SESSION_NOT_FOUND')
  })
})

describe('a session in a browser that is on another page', () => {
  const unsafe = (cookie: string, headers: Readonly<Record<string, string>>) =>
    api.call('DELETE', '/v1/instances/none', { token: null, headers: { ...headers, cookie } })

  it.each([
    [
      'another site',
      { 'sec-fetch-site': 'cross-site', origin: 'https://precheck.example', host: 'precheck.example' },
    ],
    ['another port, whose cookies are the same', { ...securePage, 'sec-fetch-site': 'same-site' }],
    ['somebody who typed an address', { ...securePage, 'sec-fetch-site': 'none' }],
    ['another site over plain http', { origin: 'http://evil.lan', host: 'precheck.lan:9000' }],
    ['another port over plain http', { origin: 'http://precheck.lan:8080', host: 'precheck.lan:9000' }],
    ['a page without an origin', { origin: 'null', host: 'precheck.lan:9000' }],
    ['nobody knows where', { host: 'precheck.lan:9000' }],
  ])('changes nothing for %s', async (_, headers) => {
    const { cookie } = await signIn(api.tokens.admin)
    expect((await unsafe(cookie, headers)).json.code).toBe('ORIGIN_REFUSED')
  })

  it.each([
    ['https', securePage],
    ['plain http', plainPage],
  ])('changes something from the pages of the service over %s', async (_, headers) => {
    const { cookie } = await signIn(api.tokens.admin)
    expect((await unsafe(cookie, headers)).json.code).toBe('INSTANCE_NOT_FOUND')
  })

  it('counts for nothing beside a token', async () => {
    const { cookie } = await signIn(api.tokens.admin)
    const headers = { cookie, 'sec-fetch-site': 'cross-site' }
    const { json } = await api.call('DELETE', '/v1/instances/none', { token: api.tokens.read, headers })
    expect(json.code).toBe('SCOPE_MISSING')
  })
})

describe('wrong cookies', () => {
  it('are not looked at any more where an address sends too many', async () => {
    const send = () =>
      api.call('GET', '/v1/session', {
        token: null,
        address: '192.0.2.7',
        headers: { cookie: `precheck=bs_${'0'.repeat(16)}_${'A'.repeat(43)}` },
      })
    for (let attempt = 0; attempt < 20; attempt += 1) expect((await send()).status).toBe(401)
    expect((await send()).json.code).toBe('WRONG_TOKENS_TOO_MANY')
  })
})
