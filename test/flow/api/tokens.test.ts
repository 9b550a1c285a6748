import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TokenView } from '../../../functions/api/views/token-view.ts'
import { issueToken } from '../../../shared/flows/tokens.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { probesGiving } from '../../support/probes.ts'

const start = new Date('2026-11-21T02:00:00.000Z')
const hour = 3_600_000
const day = 24 * hour

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

const later = (ms: number): void => {
  now = new Date(now.getTime() + ms)
}

const issue = async (body: object) => (await api.call('POST', '/v1/tokens', { body })).json
const statusWith = async (token: string) => (await api.call('GET', '/v1/instances', { token })).status
const listed = async (id: string): Promise<TokenView | undefined> => {
  const { json } = await api.call('GET', '/v1/tokens')
  return (json.items as unknown as readonly TokenView[]).find((token) => token.id === id)
}

describe('a token', () => {
  it('expires when it was asked to, and not before', async () => {
    const issued = await issue({ name: 'visitor', scope: 'read', expiresInDays: 7 })
    expect(issued).toMatchObject({ createdAt: start.toISOString(), expiresAt: '2026-11-28T02:00:00.000Z' })
    later(7 * day - 1)
    expect(await statusWith(issued.token)).toBe(200)
    later(1)
    expect(await statusWith(issued.token)).toBe(401)
  })

  it.each([0, 3651, 1.5, '7'])('does not expire after %j days', async (expiresInDays) => {
    const body = { name: 'visitor', scope: 'read', expiresInDays }
    const { status, json } = await api.call('POST', '/v1/tokens', { body })
    expect([status, json.errors.map(({ field }) => field)]).toEqual([422, ['expiresInDays']])
  })

  it('says when it was used last, to the hour', async () => {
    const { id, token } = await issue({ name: 'ci', scope: 'read' })
    expect(await listed(id)).toMatchObject({ lastUsedAt: null, expiresAt: null, rotatedAt: null })
    await statusWith(token)
    await expect.poll(async () => (await listed(id))?.lastUsedAt).toBe(start.toISOString())
    later(hour - 1)
    await statusWith(token)
    expect((await listed(id))?.lastUsedAt).toBe(start.toISOString())
    later(1)
    // A use is not written down while the one before it still is.
    const usedAgain = async () => {
      await statusWith(token)
      return (await listed(id))?.lastUsedAt
    }
    await expect.poll(usedAgain).toBe('2026-11-21T03:00:00.000Z')
  })

  it('is no use for who may not do what they ask', async () => {
    const { id, token } = await issue({ name: 'ci', scope: 'read' })
    await api.call('GET', '/v1/tokens', { token })
    expect((await listed(id))?.lastUsedAt).toBeNull()
  })

  it('is served at once where its use cannot be written down, and the log says so', async () => {
    const { token } = await issue({ name: 'ci', scope: 'read' })
    const put = vi.spyOn(api.runtime.tokens, 'put').mockReturnValue(new Promise(() => undefined))
    expect(await statusWith(token)).toBe(200)
    expect(await statusWith(token)).toBe(200)
    expect(put).toHaveBeenCalledTimes(1)
    const another = await issueToken({ put: async () => true }, { name: 'x', scope: 'read' }, now)
    vi.spyOn(api.runtime.tokens, 'get').mockResolvedValueOnce({ document: another.token, revision: 1 })
    put.mockRejectedValueOnce(new Error('disk full'))
    expect(await statusWith(another.bearer)).toBe(200)
    await expect.poll(() => api.lines.join('')).toContain('token.use-not-noted')
    vi.restoreAllMocks()
  })
})

describe('a token that is rotated', () => {
  it('has another secret, the same id, and the same time again', async () => {
    const { id, token } = await issue({ name: 'ci', scope: 'run', expiresInDays: 10 })
    later(4 * day)
    const { status, json } = await api.call('POST', `/v1/tokens/${id}/rotate`)
    expect(status).toBe(200)
    expect(json).toMatchObject({
      id,
      name: 'ci',
      scope: 'run',
      rotatedAt: '2026-11-25T02:00:00.000Z',
      expiresAt: '2026-12-05T02:00:00.000Z',
    })
    expect([await statusWith(token), await statusWith(json.token)]).toEqual([401, 200])
    later(1 * day)
    const again = await api.call('POST', `/v1/tokens/${id}/rotate`)
    expect(again.json).toMatchObject({ expiresAt: '2026-12-06T02:00:00.000Z' })
  })

  it('has to be one', async () => {
    const { status, json } = await api.call('POST', `/v1/tokens/${'0'.repeat(16)}/rotate`)
    expect([status, json.code]).toEqual([404, 'TOKEN_NOT_FOUND'])
  })
})

describe('the last token of scope admin', () => {
  const withAdmins = async (extra: number) => {
    const other = await startApi(probesGiving(() => Promise.reject(new Error('no database is asked'))))
    other.setNow(() => now)
    const admins = [idOf(other.tokens.admin)]
    for (let n = 0; n < extra; n += 1) {
      admins.push((await other.call('POST', '/v1/tokens', { body: { name: 'b', scope: 'admin' } })).json.id)
    }
    return { ...other, admins }
  }
  const idOf = (bearer: string): string => bearer.split('_')[1] ?? ''

  it('stays, whatever others there are', async () => {
    const { call, close, tokens, admins } = await withAdmins(0)
    const { status, json } = await call('DELETE', `/v1/tokens/${admins[0]}`)
    expect([status, json.code]).toEqual([409, 'LAST_ADMIN_TOKEN'])
    expect((await call('DELETE', `/v1/tokens/${idOf(tokens.run)}`)).status).toBe(204)
    expect((await call('GET', '/v1/tokens')).status).toBe(200)
    await close()
  })

  it('stays beside one that has expired', async () => {
    const { call, close, admins } = await withAdmins(0)
    const body = { name: 'b', scope: 'admin', expiresInDays: 1 }
    const brief = (await call('POST', '/v1/tokens', { body })).json.id
    later(day)
    expect((await call('DELETE', `/v1/tokens/${admins[0]}`)).json.code).toBe('LAST_ADMIN_TOKEN')
    expect((await call('DELETE', `/v1/tokens/${brief}`)).status).toBe(204)
    await close()
  })

  it('stays when two revoke each other at the same time', async () => {
    const { call, close, admins, runtime } = await withAdmins(1)
    const { list } = runtime.tokens
    // Both have looked before either has revoked.
    let looking = 0
    let bothLooked: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      bothLooked = resolve
    })
    vi.spyOn(runtime.tokens, 'list').mockImplementation(async (selection) => {
      const page = await list(selection)
      looking += 1
      if (looking === 2) bothLooked()
      if (looking <= 2) await gate
      return page
    })
    const answers = await Promise.all(admins.map((id) => call('DELETE', `/v1/tokens/${id}`)))
    expect(answers.map(({ status }) => status)).toContain(409)
    const left = (await list({ limit: 10 })).items.filter(({ document }) => document.scope === 'admin')
    expect(left.length).toBeGreaterThanOrEqual(1)
    await close()
  })
})
