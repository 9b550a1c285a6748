import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangesView } from '../../../functions/api/resources/changes.ts'
import type { SeriesView } from '../../../functions/api/resources/series.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { condition, sqlServerFacts, withSales } from '../../support/facts/sqlserver.ts'
import { probesGiving } from '../../support/probes.ts'

const dayMs = 24 * 60 * 60 * 1000
const firstNight = Date.parse('2026-11-01T02:00:00Z')
const kilobytesPerNight = 1_000_000

/** The log of `Sales` grows; its recovery model, and whether it is online, are those of the night. */
const nights = [
  { recovery_model_desc: 'SIMPLE' },
  { recovery_model_desc: 'SIMPLE', state_desc: 'OFFLINE' },
  ...Array.from({ length: 14 }, () => ({})),
] as const

let api: TestApi
let night = 0
beforeAll(async () => {
  api = await startApi(
    probesGiving(() => {
      const used = night * kilobytesPerNight
      return {
        answer: sqlServerFacts({
          databases: withSales(nights[night]),
          conditions: [
            condition({ database_id: 5, log_used_kb: used, log_limit_kb: 40 * kilobytesPerNight }),
          ],
        }),
      }
    }),
  )
})
afterAll(() => api.close())

const register = (id: string) =>
  api.call('PUT', `/v1/instances/${id}`, {
    body: {
      engine: 'sqlserver',
      region: 'cn-hangzhou',
      connection: {
        host: 'db.example',
        credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' },
      },
    },
  })

const precheck = async (id: string) => {
  const { json } = await api.call('POST', `/v1/instances/${id}/prechecks`, { headers: { prefer: 'wait=30' } })
  expect(json.state).toBe('completed')
  return json
}

const changes = (id: string, since: string) =>
  api.call('GET', `/v1/prechecks/${id}/changes`, { query: { since }, token: api.tokens.read })

const compared = async (id: string, since: string): Promise<ChangesView> =>
  (await changes(id, since)).json as unknown as ChangesView

const codesOf = (findings: readonly { readonly message: { readonly code: string } }[]) =>
  findings.map(({ message: { code } }) => code)

describe('the past of an instance', () => {
  const ids: string[] = []

  beforeAll(async () => {
    await register('sales')
    for (night = 0; night < nights.length; night += 1) {
      const at = firstNight + night * dayMs
      api.setNow(() => new Date(at))
      ids.push((await precheck('sales')).id)
    }
  })

  it('can be held against any earlier result, not the one before alone', async () => {
    const [simple = '', offline = '', healthy = ''] = ids
    const last = ids.at(-1) ?? ''
    const worse = await compared(offline, simple)
    expect([worse.previousPrecheckId, worse.previousOutcome]).toEqual([simple, 'failed'])
    expect(codesOf(worse.new)).toContain('OFFLINE')
    const better = await compared(last, simple)
    expect(codesOf(better.resolved)).toContain('RECOVERY_MODEL_SIMPLE')
    expect(await compared(last, healthy)).toMatchObject({ resolved: [], notCompared: [] })
  })

  it('is not held against what there is no result of, or that of another instance', async () => {
    await register('other')
    const other = await precheck('other')
    const nobody = `pc_${'0'.repeat(32)}`
    for (const [id = '', since = ''] of [
      [ids[0], nobody],
      [nobody, ids[0]],
      [ids[0], other.id],
    ])
      expect((await changes(id, since)).json.code).toBe('PRECHECK_NOT_FOUND')
  })

  it('has the numbers that were measured, and says when they reach their limits', async () => {
    const { json } = await api.call('GET', '/v1/instances/sales/series', { token: api.tokens.read })
    const [log] = (json as unknown as SeriesView).items
    expect(log).toMatchObject({ name: 'log-used-bytes', title: 'used log space', object: { name: 'Sales' } })
    const chinese = await api.call('GET', '/v1/instances/sales/series', { query: { locale: 'zh' } })
    expect((chinese.json as unknown as SeriesView).items[0]?.title).toBe('事务日志已用空间')
    expect(log?.points.length).toBe(nights.length)
    // It grows by a fortieth of its limit every night, exactly.
    expect(log?.arrival).toEqual({ minute: (firstNight + 40 * dayMs) / 60_000, hours: 0 })
  })

  it('is empty before the first precheck', async () => {
    const { json } = await api.call('GET', '/v1/instances/nobody/series')
    expect(json).toEqual({ instanceId: 'nobody', items: [] })
  })
})
