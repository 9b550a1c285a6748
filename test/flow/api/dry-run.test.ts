import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApi, startApi } from '../../support/api.ts'
import { probesGiving } from '../../support/probes.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi(probesGiving(() => ({ answer: {} })))
})
afterAll(() => api.close())

const registration = {
  engine: 'sqlserver',
  region: 'cn-hangzhou',
  connection: {
    host: 'db.example',
    credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' },
  },
}

/** What can be tried: how, with what, what is wrong with that, and where it would be listed. */
const requests = [
  ['PUT', '/v1/instances/db', registration, { ...registration, region: 'nowhere' }, '/v1/instances'],
  ['PUT', '/v1/policies/strict', { thresholds: { historyMinHours: 1 } }, { thresholds: {} }, '/v1/policies'],
  ['POST', '/v1/webhooks', { url: 'https://a.example/' }, { url: 'http://127.0.0.1/' }, '/v1/webhooks'],
] as const

describe.each(requests)('a dry run of %s %s', (method, path, right, wrong, list) => {
  const query = { dryRun: 'true' }

  it('answers as ever, and writes nothing', async () => {
    const before = (await api.runtime.scheduleChanges.list({ limit: 10 })).items
    const tried = await api.call(method, path, { query, body: right })
    expect([tried.status, tried.json.revision]).toEqual([201, 1])
    expect((await api.call('GET', list)).json.items).toEqual([])
    expect((await api.runtime.scheduleChanges.list({ limit: 10 })).items).toEqual(before)
  })

  it('declines what would be declined', async () => {
    const tried = await api.call(method, path, { query, body: wrong })
    const done = await api.call(method, path, { body: wrong })
    expect(tried.status).toBe(422)
    expect({ ...tried.json, requestId: '' }).toEqual({ ...done.json, requestId: '' })
  })

  it('is no dry run that is spelt otherwise', async () => {
    const { status, json } = await api.call(method, path, { query: { dryrun: 'true' }, body: right })
    expect([status, json.errors[0].field]).toEqual([422, 'dryrun'])
    expect((await api.call('GET', list)).json.items).toEqual([])
  })

  it('needs the right to do it', async () => {
    expect((await api.call(method, path, { query, body: right, token: api.tokens.run })).status).toBe(403)
  })
})

describe('a dry run', () => {
  it('tells by the revision what would be replaced', async () => {
    await api.call('PUT', '/v1/instances/known', { body: registration })
    const query = { dryRun: 'true' }
    const changed = { ...registration, region: 'cn-beijing' }
    const tried = await api.call('PUT', '/v1/instances/known', { query, body: changed })
    expect([tried.status, tried.json.revision]).toEqual([200, 2])
    const { json } = await api.call('GET', '/v1/instances/known')
    expect([json.revision, json.definition.region]).toEqual([1, 'cn-hangzhou'])
  })
})
