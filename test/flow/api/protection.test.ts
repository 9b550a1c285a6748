import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApi, startApi } from '../../support/api.ts'
import { historyOfSales, sqlServerFacts } from '../../support/facts/sqlserver.ts'
import { probesGiving } from '../../support/probes.ts'

/** How old the backups of `Sales` are on each server, in minutes. */
const ages: Record<string, number | null> = {
  'fine.example': 15,
  'late.example': 2000,
  'later.example': 3000,
}

let api: TestApi
beforeAll(async () => {
  api = await startApi(
    probesGiving(({ connection: { host } }) => {
      const age = ages[host] ?? null
      const backupHistory = historyOfSales({
        last_full_minutes: age,
        last_incremental_minutes: null,
        last_log_minutes: age,
      })
      return { answer: sqlServerFacts({ backupHistory }) }
    }),
  )
})
afterAll(() => api.close())

const precheck = async (id: string, host: string, changes: object = {}) => {
  await api.call('PUT', `/v1/instances/${id}`, {
    body: {
      engine: 'sqlserver',
      region: 'cn-hangzhou',
      connection: { host, credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' } },
      ...changes,
    },
  })
  const { json } = await api.call('POST', `/v1/instances/${id}/prechecks`, { headers: { prefer: 'wait=30' } })
  expect(json.state).toBe('completed')
  return json
}

const fleet = async (query: Readonly<Record<string, string>> = {}) => {
  const { json } = await api.call('GET', '/v1/protection', { query, token: api.tokens.read })
  return { ids: json.items.map(({ instanceId }) => instanceId), next: json.next, items: json.items }
}

describe('what would be lost', () => {
  it('is told of the databases of an instance, as of the precheck', async () => {
    expect((await api.call('GET', '/v1/instances/late/protection')).json.code).toBe('INSTANCE_NOT_FOUND')
    const ended = await precheck('late', 'late.example')
    const { json } = await api.call('GET', '/v1/instances/late/protection', { token: api.tokens.read })
    expect(json).toMatchObject({
      instanceId: 'late',
      precheckId: ended.id,
      state: 'at-risk',
      maxAgeHours: 25,
    })
    expect(json.databases[0]).toMatchObject({
      database: 'Sales',
      state: 'at-risk',
      exposureMinutes: 2000,
      objectiveMinutes: 1500,
      full: { bytes: 6_000_000, device: 'disk', by: 'backup' },
    })
    const { asOf, databases } = json as unknown as { asOf: string; databases: { full: { at: string } }[] }
    const age = Date.parse(asOf) - Date.parse(databases[0]!.full.at)
    expect(Math.floor(age / 60_000)).toBe(2000)
  })

  it('is listed of the fleet, worst first, with filters and in pages', async () => {
    await precheck('fine', 'fine.example', { tags: { team: 'orders' } })
    await precheck('later', 'later.example', { region: 'cn-beijing' })
    await precheck('nobody-knows', 'none.example')
    expect((await fleet()).ids).toEqual(['later', 'late', 'nobody-knows', 'fine'])
    expect((await fleet({ tag: 'team:orders' })).ids).toEqual(['fine'])
    expect((await fleet({ region: 'cn-beijing' })).ids).toEqual(['later'])
    expect((await fleet({ engine: 'oracle' })).ids).toEqual([])
    const first = await fleet({ limit: '3' })
    expect(first.ids).toEqual(['later', 'late', 'nobody-knows'])
    const rest = await fleet({ limit: '3', after: first.next })
    expect([rest.ids, rest.next]).toEqual([['fine'], null])
  })

  it('is in the report of a precheck', async () => {
    const { json } = await api.call('GET', '/v1/instances/fine/prechecks/last')
    expect(json).toMatchObject({ protection: { state: 'protected', worst: { exposureMinutes: 240 } } })
  })

  it('is another one after another precheck, and under another policy', async () => {
    ages['late.example'] = 1000
    await precheck('late', 'late.example')
    expect((await fleet()).ids).toEqual(['later', 'nobody-knows', 'late', 'fine'])
    await api.call('PUT', '/v1/policies/strict', { body: { thresholds: { exposureMaxMinutes: 60 } } })
    await precheck('late', 'late.example')
    expect((await fleet()).ids).toEqual(['later', 'late', 'nobody-knows', 'fine'])
  })

  it('is unknown once the precheck is too old, and never what it would be by now', async () => {
    api.setNow(() => new Date(Date.now() + 26 * 3_600_000))
    expect((await fleet()).items.map(({ state }) => state)).toEqual(
      Array.from({ length: 4 }, () => 'unknown'),
    )
    const { json } = await api.call('GET', '/v1/instances/fine/protection')
    expect(json.state).toBe('unknown')
    expect(json.databases[0]).toMatchObject({ state: 'unknown', exposureMinutes: null })
    api.setNow(() => new Date())
  })

  it('is not listed of an instance that was removed', async () => {
    await api.call('DELETE', '/v1/instances/later')
    expect((await fleet()).ids).not.toContain('later')
  })

  it('is unknown where no check item looks', async () => {
    await precheck('essential', 'fine.example', { checks: { set: 'essential' } })
    const { json } = await api.call('GET', '/v1/instances/essential/protection')
    expect(json).toMatchObject({ state: 'unknown', databases: [] })
    expect((await fleet()).ids).not.toContain('essential')
  })
})
