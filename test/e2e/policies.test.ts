import Sdk from '@alicloud/mns'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '../demo/scenes.ts'
import { runShell } from '../emulators/openapi/shell.ts'
import { secretsKey } from '../emulators/openapi/server.ts'
import { type CloudService, owner, startCloud, tagsOfInstances } from '../support/cloud-service.ts'
import { startReceiver } from '../support/receiver.ts'
import { functionRoles, matches, readPolicy } from '../support/ram-policy.ts'
import { type Answer, ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

/** The account of the stand-ins. */
const place = { account: '1234567890', region: 'cn-hangzhou', instance: 'precheck', key: secretsKey }

/** The ECS instance of the database. */
const ecsInstanceId = 'i-bp1host00000000000001'

const deployed = ['api', 'run-check', 'collect', 'schedule', 'notify'] as const

/** Every permission of a function: `role action resource`. */
const permissionsOf = (name: (typeof deployed)[number]): string[] =>
  readPolicy(name, place)
    .Statement.filter(({ Effect: effect }) => effect === 'Allow')
    .flatMap(({ Action: actions, Resource: resources }) =>
      actions.flatMap((action) => resources.map((resource) => `precheck-${name} ${action} ${resource}`)),
    )

const used = new Set<string>()
const refused: string[] = []
let cloud: CloudService
let standIns: StandIns

beforeAll(async () => {
  const isAllowed = functionRoles(place, tagsOfInstances)
  standIns = await startStandIns()
  cloud = await startCloud({
    password: demoPassword,
    maxWindowMs: 20,
    ecsInstances: { [ecsInstanceId]: { platform: 'Linux', run: runShell } },
    authorize: (role, action, resource) => {
      const line = `${role} ${action} ${resource}`
      const isGranted = isAllowed(role, action, resource)
      if (isGranted) used.add(line)
      else refused.push(line)
      return isGranted
    },
  })
})
afterAll(async () => {
  await cloud.close()
  await standIns.close()
})

const call = (method: string, path: string, request?: Parameters<typeof ask>[3]): Promise<Answer> =>
  ask(cloud, method, path, request)

const register = async (id: string, schedule: object = {}): Promise<void> => {
  const definition = standIns.definitionOf('oracle', cloud.passwordReference)
  const body = { ...definition, schedule, host: { ecsInstanceId, platform: 'linux' } }
  expect((await call('PUT', `/v1/instances/${id}`, { body })).status).toBe(201)
}

const minute = 60_000

/** A sweep that was asked for, and a receiver that hears of it, one that does not answer well, and one that is gone. */
const sweepAndTell = async (): Promise<void> => {
  const receiver = await startReceiver()
  receiver.reply((_, { path }) => ({ status: path === '/gone' ? 410 : 200 }))
  const listen = async (path: string, definition = {}): Promise<string> => {
    const body = {
      url: receiver.url + path,
      events: ['precheck.completed', 'sweep.completed'],
      ...definition,
    }
    const created = await call('POST', '/v1/webhooks', { body: { only: 'always', ...body } })
    expect([created.status, created.text]).toEqual([201, expect.any(String)])
    return created.json.id
  }
  const told = await listen('/told')
  await listen('/gone')
  const removed = await listen('/removed')
  const robot = { format: 'dingtalk', token: cloud.robotReference, events: ['precheck.failed'] }
  const robotId = await listen('/robot?access_token={token}', robot)
  expect((await call('PATCH', `/v1/webhooks/${told}`, { body: { description: 'on call' } })).status).toBe(200)
  expect((await call('POST', `/v1/webhooks/${told}/secret`, { body: {} })).status).toBe(200)
  expect((await call('DELETE', `/v1/webhooks/${removed}`)).status).toBe(204)

  await cloud.setClock(new Date(Date.now() - 10 * minute))
  const sweep = await call('POST', '/v1/sweeps', { body: {} })
  const sweepPath = `/v1/sweeps/${sweep.json.id}`
  const completed = async (): Promise<string> => {
    await cloud.tick()
    return (await call('GET', sweepPath)).json.state
  }
  await expect.poll(completed).toBe('completed')
  expect((await call('GET', '/v1/sweeps')).json.items.length).toBeGreaterThan(0)
  const ended = await call('GET', `${sweepPath}?status=passed,warning,failed,inconclusive`)
  expect(ended.json.entries.items).toHaveLength(1)

  const deliveries = `/v1/webhooks/${told}/deliveries`
  const delivered = async (): Promise<string[]> =>
    (await call('GET', `${deliveries}?state=delivered`)).json.items.map(
      ({ eventId }: { eventId: string }) => eventId,
    )
  await expect.poll(delivered).toHaveLength(2)
  const [eventId = ''] = await delivered()
  expect((await call('GET', `${deliveries}/${eventId}`)).status).toBe(200)
  expect((await call('POST', `${deliveries}/${eventId}/redeliver`)).status).toBe(202)
  expect((await call('POST', `/v1/webhooks/${told}/test`)).status).toBe(202)
  expect((await call('POST', `/v1/webhooks/${robotId}/test`)).status).toBe(202)
  const paths = (): Set<string | undefined> =>
    new Set(receiver.received.map(({ path }) => path.split('?')[0]))
  await expect.poll(paths).toEqual(new Set(['/told', '/gone', '/robot']))
  await receiver.close()
}

/** A night of one instance, and a receiver that hears of it in one message. */
const liveThroughNight = async (): Promise<void> => {
  const receiver = await startReceiver()
  const body = { url: `${receiver.url}/night`, events: ['night.digest'], filter: { engine: 'oracle' } }
  expect((await call('POST', '/v1/webhooks', { body })).status).toBe(201)
  const at = new Date(Date.now() - 5 * minute)
    .toISOString()
    .slice('yyyy-mm-ddT'.length, 'yyyy-mm-ddThh:mm'.length)
  await register('night-1', { at, timeZone: 'UTC', window: 1 })
  const told = async (): Promise<number> => {
    // Rounds look once in a minute whether a night is over, and again after the clock was set.
    await cloud.setClock(new Date(Date.now() - 10 * minute))
    await cloud.tick()
    return receiver.received.length
  }
  await expect.poll(told).toBe(1)
  await receiver.close()
}

/** A policy is written, read and removed. */
const keepPolicy = async (): Promise<void> => {
  const path = '/v1/policies/strict'
  const body = { thresholds: { fullBackupMaxAgeHours: 24 } }
  expect((await call('PUT', path, { body })).status).toBe(201)
  expect((await call('GET', '/v1/policies')).json.items).toHaveLength(1)
  expect((await call('DELETE', path)).status).toBe(204)
}

/** Two letters that each queue gave up are seen and sent again. */
const redrive = async (): Promise<void> => {
  const sdk = new Sdk(place.account, { ...owner, endpoint: cloud.mns.endpoint })
  const letters = {
    results: { kind: 'deadline', precheckId: `pc_${'0'.repeat(32)}` },
    notifications: {
      webhookId: `wh_${'0'.repeat(16)}`,
      source: { kind: 'sweep', sweepId: '2026-11-20' },
      attempts: 0,
    },
    // Last: run-check fails at it, and that becomes a dead letter of the results.
    checks: { kind: 'unknown' },
  }
  for (const [queue, letter] of Object.entries(letters)) {
    const body = { MessageBody: Buffer.from(JSON.stringify(letter)).toString('base64') }
    await sdk.batchSendMessage(`precheck-${queue}-dead`, [body, body])
    expect((await call('GET', `/v1/dead-letters?queue=${queue}`)).json.items).toHaveLength(2)
    const redriven = await call('POST', '/v1/dead-letters/redrive', { body: { queue } })
    expect(redriven.text).toBe('{"redriven":2,"unreadable":0,"more":false}')
  }
}

/** Everything that the REST API offers, so that what the roles may do is used. */
const useEverything = async (): Promise<void> => {
  await register('roles-1')
  await register('roles-2')
  expect((await call('GET', '/v1/instances')).json.items).toHaveLength(2)
  expect((await call('POST', '/v1/instances/roles-1/validate')).status).toBe(200)
  const headers = { prefer: 'wait=60', 'idempotency-key': 'night' }
  const ended = await call('POST', '/v1/instances/roles-1/prechecks', { headers })
  expect(ended.json.state).toBe('completed')
  expect((await call('POST', '/v1/instances/roles-1/prechecks', { headers })).json.id).toBe(ended.json.id)
  const body = { checkItems: ['ARCHIVELOG'] }
  await call('POST', '/v1/instances/roles-1/prechecks', { headers: { prefer: 'wait=60' }, body })
  expect((await call('GET', '/v1/instances/roles-1/prechecks/last')).json.id).toBe(ended.json.id)
  expect((await call('GET', '/v1/instances/roles-1/prechecks')).json.items).toHaveLength(2)
  const report = {
    operation: 'full',
    status: 'failed',
    error: 'ORA-19809',
    finishedAt: new Date().toISOString(),
  }
  expect((await call('POST', '/v1/instances/roles-1/backups', { body: report })).status).toBe(201)
  expect((await call('GET', '/v1/instances/roles-1/backups')).status).toBe(200)
  expect((await call('GET', '/v1/backups')).status).toBe(200)
  expect((await call('GET', '/v1/protection')).status).toBe(200)
  expect((await call('GET', '/v1/instances/roles-1/series')).status).toBe(200)
  expect((await call('GET', '/v1/fleet')).json.ids).toHaveLength(2)
  expect((await call('GET', '/v1/plan')).status).toBe(200)
  expect((await call('DELETE', '/v1/instances/roles-2')).status).toBe(204)
  const issued = await call('POST', '/v1/tokens', { body: { name: 'team', scope: 'read' } })
  expect((await call('GET', '/v1/tokens')).json.items).toHaveLength(2)
  expect((await call('DELETE', `/v1/tokens/${issued.json.id}`)).status).toBe(204)
  await sweepAndTell()
  expect((await call('GET', '/metrics')).text).toContain('backup_precheck_queue_messages')
  await liveThroughNight()
  await keepPolicy()
  await redrive()
}

describe('the service under the policies of its roles', () => {
  it('does everything, refused nothing, and needs every permission that it has', async () => {
    await useEverything()
    expect(refused).toEqual([])

    /** Permissions for what no precheck above needed. */
    const exceptional = [
      // A deadline that came before its time is sent once more.
      /^precheck-collect mns:SendMessage .*precheck-results/,
      // A result was too large for one message.
      /^precheck-collect ots:(GetRow|GetRange|PutRow) .*result_parts/,
      // A result was too large for one document.
      /^precheck-collect ots:(GetRow|PutRow) .*precheck_pages/,
      /^precheck-(api|notify) ots:GetRow .*precheck_pages/,
      // Replicas of availability groups have histories that count together.
      /^precheck-collect ots:(GetRow|GetRange|PutRow) .*replica_history/,
      // Results that came together are sent together.
      /^precheck-run-check mns:BatchSendMessage .*precheck-results/,
      // One message goes alone, several go together.
      /^precheck-collect mns:(Batch)?SendMessage .*precheck-results-dead/,
      /^precheck-(collect|schedule) mns:SendMessage .*precheck-notifications/,
      // Once a day, starts that nobody has any more are forgotten.
      /^precheck-schedule ots:DeleteRow .*due_starts/,
      // The clock was set back: nights that have not come are forgotten.
      /^precheck-schedule ots:DeleteRow .*sweep/,
      // Another precheck of the instance was running, or one that has ended was still named.
      /^precheck-schedule ots:GetRow .*latest_prechecks/,
      // The answer of a write was lost.
      /^precheck-schedule ots:GetRow .*sweep_entries/,
      // What a receiver did not take comes back.
      /^precheck-notify mns:SendMessage .*precheck-notifications/,
      // The key of the webhook secrets is replaced.
      /^precheck-(api|notify) kms:GetSecretValue .*webhook-key-2$/,
    ]
    const isUsed = (permission: string): boolean => [...used].some((line) => matches(permission, line))
    const idle = deployed
      .flatMap(permissionsOf)
      .filter((permission) => !isUsed(permission) && !exceptional.some((pattern) => pattern.test(permission)))
    expect(idle).toEqual([])
  })

  it('is refused what lies beyond', () => {
    const isAllowed = functionRoles(place)
    const host = `acs:ecs:${place.region}:${place.account}:instance/i-untagged`
    expect(isAllowed('precheck-run-check', 'ecs:RunCommand', host)).toBe(false)
    const table = `acs:ots:${place.region}:${place.account}:instance/precheck/table/tokens`
    expect(isAllowed('precheck-api', 'ots:GetRow', table)).toBe(true)
    expect(isAllowed('precheck-collect', 'ots:GetRow', table)).toBe(false)
    expect(isAllowed('precheck-run-check', 'ots:GetRow', table)).toBe(false)
    expect(isAllowed('precheck-api', 'ots:DeleteTable', table)).toBe(false)
    expect(isAllowed('somebody', 'ots:GetRow', table)).toBe(false)
    const secret = (name: string): string => `acs:kms:${place.region}:${place.account}:secret/${name}`
    const mayRead = (role: string, name: string) => isAllowed(role, 'kms:GetSecretValue', secret(name))
    expect(mayRead('precheck-run-check', 'precheck-orders')).toBe(true)
    expect(mayRead('precheck-run-check', 'precheck-webhook-robot')).toBe(false)
    expect(mayRead('precheck-run-check', 'backup-precheck-webhook-key')).toBe(false)
    expect(mayRead('precheck-run-check', 'backup-precheck-webhook-key-2')).toBe(false)
    expect(mayRead('precheck-notify', 'backup-precheck-webhook-key-2')).toBe(true)
    expect(mayRead('precheck-notify', 'precheck-webhook-robot')).toBe(true)
    expect(mayRead('precheck-notify', 'precheck-orders')).toBe(false)
    const key = (id: string): string => `acs:kms:${place.region}:${place.account}:key/${id}`
    expect(isAllowed('precheck-run-check', 'kms:Decrypt', key(secretsKey))).toBe(true)
    expect(isAllowed('precheck-run-check', 'kms:Decrypt', key('key-of-others'))).toBe(false)
    expect(isAllowed('precheck-collect', 'kms:Decrypt', key(secretsKey))).toBe(false)
  })
})
