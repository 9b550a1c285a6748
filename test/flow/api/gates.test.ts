import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { GateView } from '../../../functions/api/views/gate-view.ts'
import type { ProbeOutcome } from '../../../shared/checks/judge.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { type Gate, gate } from '../../support/gate.ts'
import { probesGiving } from '../../support/probes.ts'
import { databasesAnswer, itemIds, reachedAnswer } from '../../support/small-catalogue.ts'

const broken = databasesAnswer(['Sales'], ['Old', { logged: false }], ['Gone', { online: false }])

let api: TestApi
let answer: ProbeOutcome
/** Holds database probes back until it is opened. */
let held: Gate
let instances = 0

beforeAll(async () => {
  const ask = async () => {
    await held.opened
    return answer
  }
  api = await startApi(probesGiving(ask, async () => reachedAnswer))
})
afterAll(() => api.close())
beforeEach(() => {
  answer = broken
  held = gate()
  held.open()
})

const register = async (tags: object = {}): Promise<string> => {
  instances += 1
  const id = `job-${instances}`
  const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }
  const connection = { host: 'db.example', credential }
  await api.call('PUT', `/v1/instances/${id}`, {
    body: { engine: 'sqlserver', region: 'cn-hangzhou', connection, tags },
  })
  return id
}

const asks = (instanceId: string, changes: object = {}, query: Readonly<Record<string, string>> = {}) =>
  api.call('POST', '/v1/gates', {
    token: api.tokens.run,
    query,
    body: { instanceId, operation: 'log', maxAgeSeconds: 3600, wait: 30, ...changes },
  })

const decided = async (...given: Parameters<typeof asks>): Promise<GateView> =>
  GateView.parse((await asks(...given)).json)

const historyOf = async (id: string): Promise<string[]> =>
  (await api.call('GET', `/v1/instances/${id}/prechecks`)).json.items.map((item) => item.id)

it('prechecks an instance of which nothing is known, and takes that result the next time', async () => {
  const id = await register()
  const first = await decided(id)
  expect(first).toMatchObject({ decision: 'deny', proceed: false, state: 'completed' })
  expect(first.databases.map(({ database, decision }) => [database, decision])).toEqual([
    ['Gone', 'deny'],
    ['Old', 'deny'],
    ['Sales', 'allow'],
  ])
  expect(first.databases[1]?.reasons).toEqual([
    {
      effect: 'blocks',
      checkItem: itemIds.logged,
      fingerprint: expect.any(String),
      text: 'Old keeps no log.',
    },
  ])
  const again = await decided(id, {}, { locale: 'zh' })
  expect([again.precheckId, again.databases[1]?.reasons[0]?.text]).toEqual([
    first.precheckId,
    'Old 未保留日志。',
  ])
  expect(await decided(id, { databases: ['Sales'] })).toMatchObject({ decision: 'allow', proceed: true })
  expect((await decided(id, { operation: 'full', databases: ['Old'] })).decision).toBe('allow')
  expect(await historyOf(id)).toEqual([first.precheckId])
})

it('prechecks again where the last result is too old', async () => {
  const id = await register()
  const first = await decided(id)
  answer = databasesAnswer(['Sales'])
  api.setNow(() => new Date(Date.now() + 3_601_000))
  const second = await decided(id)
  api.setNow(() => new Date())
  expect([second.decision, second.precheckId === first.precheckId]).toEqual(['allow', false])
})

it('shares one precheck among all that ask while it runs, and those that had not seen its end', async () => {
  const id = await register()
  held = gate()
  const asked = Array.from({ length: 8 }, () => decided(id, { maxAgeSeconds: 0 }))
  await expect.poll(async () => (await historyOf(id)).length).toBe(1)
  held.open()
  const answers = await Promise.all(asked)
  const [only] = await historyOf(id)
  expect(new Set(answers.map(({ precheckId }) => precheckId))).toEqual(new Set([only]))
  expect(new Set(answers.map(({ decision }) => decision))).toEqual(new Set(['deny']))
})

it('says where to look while the precheck runs, and decides when it is asked again', async () => {
  const id = await register()
  held = gate()
  const early = await asks(id, { wait: 0 })
  expect([early.status, early.headers['location']]).toEqual([202, `/v1/prechecks/${early.json.precheckId}`])
  expect(early.json).toMatchObject({ decision: 'inconclusive', proceed: false, state: 'running' })
  held.open()
  const { state, precheckId } = await decided(id)
  expect([state, precheckId]).toEqual(['completed', early.json.precheckId])
})

it('does not take a part of a precheck for the whole', async () => {
  const id = await register()
  held = gate()
  const part = await api.call('POST', `/v1/instances/${id}/prechecks`, {
    body: { checkItems: [itemIds.online] },
  })
  const asked = decided(id)
  held.open()
  const { decision, precheckId } = await asked
  expect([decision, await historyOf(id)]).toEqual(['deny', [precheckId, part.json.id]])
})

it('looks again for a database that the last result does not know, and says so where there is none', async () => {
  const id = await register()
  const first = await decided(id)
  answer = databasesAnswer(['Sales'], ['New'])
  const second = await decided(id, { databases: ['New'] })
  expect([second.decision, second.precheckId === first.precheckId]).toEqual(['allow', false])
  const unknown = await asks(id, { databases: ['New', 'Nobody'] })
  expect([unknown.status, unknown.json.code, unknown.json.detail]).toEqual([
    404,
    'DATABASE_NOT_FOUND',
    expect.stringContaining('no database Nobody.'),
  ])
})

it('lets through what nobody knows only where the policy says so, and what is broken never', async () => {
  const id = await register({ team: 'lenient' })
  answer = { problem: { code: 'LOGIN_FAILED', params: {} } }
  const strict = await decided(id)
  expect(strict).toMatchObject({ decision: 'inconclusive', proceed: false })
  expect(strict.reasons.map(({ effect, checkItem }) => [effect, checkItem])).toEqual([
    ['undetermined', itemIds.online],
    ['undetermined', itemIds.logged],
  ])
  expect(strict.reasons[0]?.text).toMatch(/^Not determined: All databases are online\. /)
  await api.call('PUT', '/v1/policies/lenient', {
    body: { appliesTo: { tags: { team: 'lenient' } }, gate: { inconclusive: 'allow' } },
  })
  expect(await decided(id)).toMatchObject({ decision: 'inconclusive', proceed: true })
  answer = broken
  expect(await decided(id, { maxAgeSeconds: 0 })).toMatchObject({ decision: 'deny', proceed: false })
  const { json } = await api.call('GET', `/v1/instances/${id}/policy`)
  expect(json).toMatchObject({ gate: { warnings: 'allow', inconclusive: 'allow' } })
})

it('judges databases by their names where there are very many, and all of them only where none is blocked', async () => {
  const names = Array.from({ length: 260 }, (_, index) => [`D${String(index).padStart(3, '0')}`] as const)
  const id = await register()
  answer = databasesAnswer(...names)
  const healthy = await decided(id)
  expect([healthy.decision, healthy.total, healthy.databases.length]).toEqual(['allow', 260, 100])
  answer = databasesAnswer(...names, ['Old', { logged: false }])
  const all = await decided(id, { maxAgeSeconds: 0 })
  expect([all.decision, all.proceed]).toEqual(['inconclusive', false])
  expect(await decided(id, { databases: ['D259', 'D000'] })).not.toHaveProperty('total')
  const old = await decided(id, { databases: ['D259', 'Old'] })
  expect(old.databases.map(({ database, decision }) => [database, decision])).toEqual([
    ['Old', 'deny'],
    ['D259', 'allow'],
  ])
})

it('is for tokens that may start prechecks, of instances that there are', async () => {
  const body = { instanceId: 'nobody', operation: 'log', maxAgeSeconds: 60 }
  const refused = await api.call('POST', '/v1/gates', { token: api.tokens.read, body })
  expect([refused.status, refused.json.code]).toEqual([403, 'SCOPE_MISSING'])
  const unknown = await asks('nobody')
  expect([unknown.status, unknown.json.code]).toEqual([404, 'INSTANCE_NOT_FOUND'])
})
