import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApi, startApi } from '../../support/api.ts'
import { probesGiving } from '../../support/probes.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi(probesGiving(() => ({ answer: {} })))
})
afterAll(() => api.close())

const put = (name: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  api.call('PUT', `/v1/policies/${name}`, { body, headers })
const strict = { appliesTo: { databases: 'Sales*' }, thresholds: { fullBackupMaxAgeHours: 12 } }

const register = (id: string, changes: object = {}) =>
  api.call('PUT', `/v1/instances/${id}`, {
    body: {
      engine: 'sqlserver',
      region: 'cn-hangzhou',
      connection: {
        host: 'db.example',
        credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' },
      },
      ...changes,
    },
  })

describe('policies', () => {
  it('are written, read, listed, replaced and removed', async () => {
    const written = await put('strict', strict)
    expect([written.status, written.headers['location'], written.headers['etag']]).toEqual([
      201,
      '/v1/policies/strict',
      '"1"',
    ])
    const replaced = await put('strict', { thresholds: { fullBackupMaxAgeHours: 24 } }, { 'if-match': '"1"' })
    expect([replaced.status, replaced.json.revision]).toEqual([200, 2])
    expect((await put('strict', strict, { 'if-match': '"1"' })).status).toBe(412)
    const read = await api.call('GET', '/v1/policies/strict')
    expect(read.json.definition.thresholds).toEqual({ fullBackupMaxAgeHours: 24 })
    const { json } = await api.call('GET', '/v1/policies')
    expect(json.items.map(({ name }) => name)).toEqual(['strict'])
    expect((await api.call('DELETE', '/v1/policies/strict')).status).toBe(204)
    for (const method of ['GET', 'DELETE']) {
      const { status, json: problem } = await api.call(method, '/v1/policies/strict')
      expect([status, problem.code]).toEqual([404, 'POLICY_NOT_FOUND'])
    }
  })

  it('tell what they have to be', async () => {
    const { status, json } = await put('strict', { thresholds: { fullBackupMaxAgeHours: 'a day' } })
    expect([status, json.errors[0].field]).toEqual([422, 'thresholds.fullBackupMaxAgeHours'])
  })

  it('are 100 at most', async () => {
    for (let index = 0; index < 100; index += 1) expect((await put(`p${index}`, strict)).status).toBe(201)
    const { status, json } = await put('one-more', strict)
    expect([status, json.code]).toEqual([409, 'POLICIES_TOO_MANY'])
    expect((await put('p7', strict)).status).toBe(200)
    for (let index = 0; index < 100; index += 1) await api.call('DELETE', `/v1/policies/p${index}`)
  })

  it('show what holds for an instance and a database of it, and who says so', async () => {
    await register('db-1')
    await put('strict', strict)
    const thresholdOf = async (query: Readonly<Record<string, string>>) =>
      (await api.call('GET', '/v1/instances/db-1/policy', { query })).json.thresholds['fullBackupMaxAgeHours']
    expect(await thresholdOf({})).toEqual({ value: 168, from: null })
    expect(await thresholdOf({ database: 'sales2' })).toEqual({ value: 12, from: 'strict' })
    expect((await api.call('GET', '/v1/instances/nobody/policy')).status).toBe(404)
  })
})

describe('the check items of a registration', () => {
  it('are the standard set of a new one, and stay as they are where another says nothing', async () => {
    expect((await register('new')).json.definition.checks).toEqual({ set: 'standard' })
    await register('new', { checks: { set: 'essential' } })
    expect((await register('new')).json.definition.checks).toEqual({ set: 'essential' })
  })

  it.each([
    [{ checks: { exclude: ['NO_SUCH_ITEM'] } }, /^NO_SUCH_ITEM: not a check item of sqlserver/],
    [{ checks: { include: ['ARCHIVELOG'] } }, /^ARCHIVELOG: not a check item of sqlserver/],
    [{ checks: { exclude: ['SQL_SERVER_DB_NOT_ONLINE'] } }, /essential check item cannot be excluded/],
    [
      { databases: [{ name: 'old*', exclude: ['SERVICE_CONNECTIVITY'] }] },
      /essential check item cannot be excluded/,
    ],
  ])('are refused: %j', async (changes, detail) => {
    const { status, json } = await register('odd', changes)
    expect([status, json.code]).toEqual([422, 'CHECK_ITEM_NOT_APPLICABLE'])
    expect(json.detail).toMatch(detail)
  })
})
