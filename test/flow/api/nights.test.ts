import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dueStartId } from '../../../shared/model/due-start.ts'
import { type Sweep, type SweepEntry, sweepCountsOf } from '../../../shared/model/sweep.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { probesGiving } from '../../support/probes.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi(probesGiving(() => Promise.reject(new Error('no database is asked'))))
})
afterAll(() => api.close())

const counts = sweepCountsOf({ passed: 3, failed: 1 })

const put = async (id: string, changes: Partial<Sweep> = {}): Promise<void> => {
  const sweep: Sweep = {
    id,
    kind: id.length === 10 ? 'nightly' : 'requested',
    state: 'completed',
    filter: {},
    listing: null,
    startedAt: `${id.slice(0, 10)}T18:00:00.000Z`,
    completedAt: `${id.slice(0, 10)}T19:00:00.000Z`,
    counts,
    ...changes,
  }
  await api.runtime.sweeps.put(id, sweep, 0)
}

const putEntry = async (instanceId: string, status: SweepEntry['status']): Promise<void> => {
  const entry: SweepEntry = {
    sweepId: '2026-11-30',
    instanceId,
    precheckId: `pc_${'0'.repeat(32)}`,
    status,
    dueAt: '2026-11-30T18:00:00.000Z',
    startedAt: null,
    endedAt: null,
    notRun: null,
  }
  await api.runtime.sweepEntries.put(['2026-11-30', instanceId], entry, 0)
}

describe('the nights of a month', () => {
  it('are those of that month, newest first, without sweeps that were asked for', async () => {
    for (const id of ['2026-10-31', '2026-11-01', '2026-11-02T010203Z-0123abcd', '2026-11-29', '2026-12-01'])
      await put(id)
    await put('2026-11-30', { state: 'running', completedAt: null, counts: null })
    await putEntry('a', 'started')
    await putEntry('b', 'passed')
    const { json } = await api.call('GET', '/v1/nights/2026-11', { token: api.tokens.read })
    expect(json).toEqual({
      month: '2026-11',
      nights: [
        {
          id: '2026-11-30',
          state: 'running',
          startedAt: '2026-11-30T18:00:00.000Z',
          completedAt: null,
          counts: sweepCountsOf({ started: 1, passed: 1 }),
        },
        ...['2026-11-29', '2026-11-01'].map((id) => ({
          id,
          state: 'completed',
          startedAt: `${id}T18:00:00.000Z`,
          completedAt: `${id}T19:00:00.000Z`,
          counts,
        })),
      ],
    })
  })

  it('may be none', async () => {
    const { json } = await api.call('GET', '/v1/nights/2025-01')
    expect(json).toEqual({ month: '2025-01', nights: [] })
  })

  it.each(['2026-13', '2026-1', '2026-11-01', 'x'])('are not those of %s', async (month) => {
    expect((await api.call('GET', `/v1/nights/${month}`)).json.code).toBe('FIELDS_INVALID')
  })
})

describe('the plan', () => {
  const plan = async (query: Readonly<Record<string, string>> = {}) => {
    const { json } = await api.call('GET', '/v1/plan', { query, token: api.tokens.read })
    return json as unknown as { ids: string[]; dueAt: number[]; next: string | null }
  }
  const putStart = async (minute: number, instanceId: string): Promise<void> => {
    const start = { minute, instanceId }
    await api.runtime.dueStarts.put(dueStartId(start), start, 0)
  }
  const at = (time: string): number => Date.parse(time) / 1000

  it('tells when whose turn is in the next 24 hours', async () => {
    api.setNow(() => new Date('2026-11-21T12:00:00.000Z'))
    // On clocks that are ahead of UTC a night begins the day before.
    await putStart(-6 * 60, 'hangzhou')
    await putStart(3 * 60 + 30, 'london')
    await putStart(12 * 60, 'now')
    await putStart(30 * 60, 'far-behind')
    const { ids, dueAt, next } = await plan()
    expect([ids, next]).toEqual([['hangzhou', 'london', 'now', 'far-behind'], null])
    expect(dueAt).toEqual([
      at('2026-11-21T18:00:00Z'),
      at('2026-11-22T03:30:00Z'),
      at('2026-11-22T12:00:00Z'),
      at('2026-11-22T06:00:00Z'),
    ])
  })

  it('comes in pages for who asks for them', async () => {
    const first = await plan({ limit: '1' })
    expect(first.ids).toEqual(['hangzhou'])
    expect((await plan({ limit: '5', after: first.next! })).ids).toEqual(['london', 'now', 'far-behind'])
  })
})
