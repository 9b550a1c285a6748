import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { BackupRecordView } from '../../../functions/api/resources/backups.ts'
import type { ProbeOutcome } from '../../../shared/checks/judge.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { probesGiving } from '../../support/probes.ts'
import { databasesAnswer, itemIds, reachedAnswer } from '../../support/small-catalogue.ts'

const hour = 3_600_000

let api: TestApi
let answer: ProbeOutcome
let instances = 0

beforeAll(async () => {
  api = await startApi(
    probesGiving(
      async () => answer,
      async () => reachedAnswer,
    ),
  )
})
afterAll(() => api.close())
beforeEach(() => {
  answer = databasesAnswer(['Sales'], ['Old', { logged: false }])
})

const register = async (): Promise<string> => {
  instances += 1
  const id = `reported-${instances}`
  const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }
  const connection = { host: 'db.example', credential }
  await api.call('PUT', `/v1/instances/${id}`, {
    body: { engine: 'sqlserver', region: 'cn-hangzhou', connection },
  })
  return id
}

/** A precheck that ended; gives when. */
const precheck = async (id: string): Promise<number> => {
  const path = `/v1/instances/${id}/prechecks`
  const { json } = await api.call('POST', path, { headers: { prefer: 'wait=30' } })
  return Date.parse(json.completedAt)
}

const report = async (id: string, finishedAt: number, changes: object = {}) => {
  const body = {
    operation: 'log',
    status: 'failed',
    finishedAt: new Date(finishedAt).toISOString(),
    ...changes,
  }
  const { status, json } = await api.call('POST', `/v1/instances/${id}/backups`, {
    token: api.tokens.run,
    body,
  })
  return { status, json: json as unknown as Readonly<Record<string, unknown>> }
}

const recordOf = async (id: string): Promise<BackupRecordView> => {
  const { json } = await api.call('GET', `/v1/instances/${id}/backups`, { token: api.tokens.read })
  return BackupRecordView.parse(json)
}

const none = { predictedFailed: 0, predictedSucceeded: 0, missed: 0 }

it('compares a backup with the precheck before it, by check item', async () => {
  const id = await register()
  const ended = await precheck(id)
  const told = await report(id, ended + hour, { error: 'BACKUP LOG is not possible' })
  expect([told.status, told.json]).toEqual([
    201,
    expect.objectContaining({ accuracy: 'predictedFailed', predictedBy: [itemIds.logged] }),
  ])
  await report(id, ended + 2 * hour, { status: 'succeeded' })
  await report(id, ended + 3 * hour, { databases: ['Sales'] })
  await report(id, ended + 4 * hour, { operation: 'full', status: 'succeeded' })
  await report(id, ended + 5 * hour, { databases: ['Nobody'] })
  const record = await recordOf(id)
  expect(record.totals).toEqual({
    predictedFailed: 1,
    predictedSucceeded: 1,
    missed: 1,
    clear: 1,
    unjudged: 1,
  })
  expect(record.items).toEqual([
    { checkItem: itemIds.logged, predictedFailed: 1, predictedSucceeded: 1, missed: 1 },
    { checkItem: itemIds.online, ...none, missed: 1 },
    { checkItem: itemIds.reached, ...none, missed: 1 },
  ])
  expect(record.latest.map(({ accuracy }) => accuracy)).toEqual([
    'unjudged',
    'clear',
    'missed',
    'predictedSucceeded',
    'predictedFailed',
  ])
})

it('counts a backup once, whoever reports it and how often, and does not let it end otherwise', async () => {
  const id = await register()
  const ended = await precheck(id)
  const databases = ['Sales', 'Old']
  const told = await Promise.all([
    report(id, ended + 1, { databases }),
    report(id, ended + 1, { databases: databases.toReversed() }),
  ])
  expect(new Set(told.map(({ status }) => status))).toEqual(new Set([200, 201]))
  expect(told[0]?.json).toEqual(told[1]?.json)
  const otherwise = await report(id, ended + 1, { databases, status: 'succeeded' })
  expect([otherwise.status, otherwise.json['code']]).toEqual([409, 'BACKUP_REPORTED_OTHERWISE'])
  expect((await recordOf(id)).totals).toMatchObject({ predictedFailed: 1, predictedSucceeded: 0 })
})

it('predicts nothing by a precheck that came later, was long before, or could not tell', async () => {
  const id = await register()
  const first = await precheck(id)
  const accuracyAt = async (finishedAt: number) => (await report(id, finishedAt)).json['accuracy']
  expect(await accuracyAt(first - 1)).toBe('unjudged')
  expect(await accuracyAt(first + 25 * hour)).toBe('predictedFailed')
  expect(await accuracyAt(first + 25 * hour + 1)).toBe('unjudged')
  // One that is reported late is compared with what was known then.
  answer = databasesAnswer(['Sales'])
  await precheck(id)
  expect(await accuracyAt(first)).toBe('predictedFailed')
  answer = { problem: { code: 'LOGIN_FAILED', params: {} } }
  const blind = await precheck(id)
  expect(await accuracyAt(blind)).toBe('unjudged')
})

it('sums up for the fleet, and is gone with its instance', async () => {
  const fleetOf = async () =>
    (await api.call('GET', '/v1/backups')).json as unknown as { instances: number; since: string }
  const before = await fleetOf()
  const id = await register()
  expect(await recordOf(id)).toEqual({
    instanceId: id,
    since: null,
    totals: { ...none, clear: 0, unjudged: 0 },
    items: [],
    latest: [],
  })
  await report(id, Date.now())
  const after = await fleetOf()
  expect(after).toMatchObject({ instances: before.instances + 1, since: before.since })
  await api.call('DELETE', `/v1/instances/${id}`)
  expect((await fleetOf()).instances).toBe(before.instances)
  const gone = await api.call('GET', `/v1/instances/${id}/backups`)
  expect([gone.status, gone.json.code]).toEqual([404, 'INSTANCE_NOT_FOUND'])
  expect((await report(id, Date.now())).status).toBe(404)
})

it('says what a report has to be', async () => {
  const id = await register()
  const { status, json } = await report(id, Date.now(), { error: 'x'.repeat(1025) })
  expect([status, json['code']]).toEqual([422, 'FIELDS_INVALID'])
})
