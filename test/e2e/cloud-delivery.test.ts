import { type Server, createServer } from 'node:net'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { schemaVersion } from '../../shared/model/schema-version.ts'
import { checksFor } from '../../shared/checks/catalogue.ts'
import { mnsClient } from '../../shared/adapters/mns/mns-client.ts'
import { demoPassword } from '../demo/scenes.ts'
import { eventBridgeRole } from '../emulators/fc/platform.ts'
import { type CloudService, startCloudInHaste } from '../support/cloud-service.ts'
import { runsAll, someOf, stride } from '../support/property-runs.ts'
import { type Answer, ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

/** Check items of one instance never wait for those of another, whatever happens to them on their way. */

let standIns: StandIns
let service: CloudService
let silent: Server
let silentPort: number
beforeAll(async () => {
  standIns = await startStandIns()
  service = await startCloudInHaste({ password: demoPassword })
  silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  silentPort = typeof address === 'object' && address ? address.port : 0
})
afterEach(() => service.disturb((push) => push))
afterAll(async () => {
  silent.close()
  await service.close()
  await standIns.close()
})

let registered = 0

/** Registers an Oracle; one that is hung takes connections and says nothing. */
const register = async (state: 'healthy' | 'hung'): Promise<string> => {
  registered += 1
  const id = `delivery-${registered}`
  const definition = standIns.definitionOf('oracle', service.passwordReference)
  const port = state === 'hung' ? { port: silentPort } : {}
  const body = {
    ...definition,
    connection: { ...definition.connection, ...port },
    checks: { set: 'essential' },
  }
  expect((await ask(service, 'PUT', `/v1/instances/${id}`, { body })).status).toBe(201)
  return id
}
const start = async (id: string): Promise<string> =>
  (await ask(service, 'POST', `/v1/instances/${id}/prechecks`)).json.id
const read = async (precheckId: string): Promise<Answer['json']> =>
  (await ask(service, 'GET', `/v1/prechecks/${precheckId}`)).json
const stateOf = async (precheckId: string): Promise<string> => (await read(precheckId)).state

const several = <Value>(count: number, make: () => Promise<Value>): Promise<Value[]> =>
  Promise.all(Array.from({ length: count }, make))

const expectRight = async (precheckIds: readonly string[]): Promise<void> => {
  for (const id of precheckIds) {
    await expect.poll(() => stateOf(id)).toBe('completed')
    expect((await read(id)).outcome).toBe('failed')
  }
}

describe('the queue of check items', () => {
  const crowds = [
    [1, 16 / stride(4)],
    [2, 10],
  ] as const
  it.each(someOf(crowds, 1))(
    'lets %i hung databases hold up none of %i healthy ones',
    async (hung, healthy) => {
      const hungIds = await several(hung, () => register('hung'))
      const healthyIds = await several(healthy, () => register('healthy'))
      const held = await Promise.all(hungIds.map(start))
      const others = await Promise.all(healthyIds.map(start))
      await expectRight(others)
      expect(await Promise.all(held.map(stateOf))).toEqual(held.map(() => 'running'))
      // Nobody waits for them any longer.
      await service.compute.functions['run-check']?.kill()
    },
  )

  it('works all off, however few instances the platform gives', async () => {
    await service.close()
    service = await startCloudInHaste({ password: demoPassword, concurrency: 2 })
    const ids = await several(4, () => register('healthy'))
    await expectRight(await Promise.all(ids.map(start)))
  })

  it('loses nothing where the platform refuses invocations, more often than it retries those that failed', async () => {
    const ids = await several(4, () => register('healthy'))
    for (const name of ['run-check', 'collect']) service.compute.functions[name]?.throttle(25)
    await expectRight(await Promise.all(ids.map(start)))
  })

  it.runIf(runsAll)('goes on where instances are replaced in the middle, as by a deployment', async () => {
    const ids = await several(4, () => register('healthy'))
    const started = await Promise.all(ids.map(start))
    await service.compute.functions['run-check']?.kill()
    await service.compute.functions['collect']?.kill()
    await expectRight(started)
  })
})

it('an item whose invocation failed for good ends as an error, long before the deadline', async () => {
  const precheckId = await start(await register('hung'))
  const attempts = () => service.compute.functions['run-check']?.usage().invocations ?? 0
  const errors = async () =>
    (await read(precheckId)).items.filter(({ reason }) => reason?.code === 'CHECKER_FAILED').length
  const killed = setInterval(() => void service.compute.functions['run-check']?.kill(), 500)
  const asking = checksFor('oracle').filter(
    ({ question, set }) => question.probe === 'oracle' && set === 'essential',
  )
  await expect.poll(errors).toBeGreaterThanOrEqual(asking.length)
  clearInterval(killed)
  await expect.poll(() => stateOf(precheckId)).toBe('completed')
  const ended = await read(precheckId)
  expect(ended.outcome).toBe('inconclusive')
  expect(attempts()).toBeGreaterThan(2)
  expect(Date.parse(ended.completedAt)).toBeLessThan(Date.parse(ended.deadlineAt))
})

describe('a message that nobody can read', () => {
  const body = '{"kind":"of another shape"}'
  const deadLetters = (queue: string) =>
    service.mns.bodies(`${queue}-dead`).map((each) => Buffer.from(each, 'base64').toString())

  it.each(someOf(['precheck-checks', 'precheck-results'], 1))(
    'in %s holds up nothing, and is kept',
    async (queue) => {
      const client = mnsClient({
        accountId: '1234567890',
        region: 'cn-hangzhou',
        endpoint: service.mns.endpoint,
        credentials: () => service.sts.assume(eventBridgeRole),
      })
      await client.sendMessage(queue, Buffer.from(body).toString('base64'), 0)
      await expectRight([await start(await register('healthy'))])
      const kept = queue === 'precheck-checks' ? 'precheck-results' : queue
      await expect.poll(() => deadLetters(kept).join()).toContain('of another shape')
    },
  )
})

describe('while old and new functions run side by side', () => {
  const queued = (queue: string) =>
    service.mns.bodies(queue).map((each) => Buffer.from(each, 'base64').toString())

  it.each(someOf(['precheck-checks', 'precheck-results', 'precheck-notifications'], 1))(
    'a message of the new ones in %s comes back until one of them takes it',
    async (queue) => {
      const later = JSON.stringify({ schema: schemaVersion + 1, shape: `of a later release, in ${queue}` })
      const client = mnsClient({
        accountId: '1234567890',
        region: 'cn-hangzhou',
        endpoint: service.mns.endpoint,
        credentials: () => service.sts.assume(eventBridgeRole),
      })
      const taken = () => service.compute.queueTriggers[queue]?.usage().events ?? 0
      const before = taken()
      await client.sendMessage(queue, Buffer.from(later).toString('base64'), 0)
      await expect.poll(taken).toBeGreaterThan(before)
      await expectRight([await start(await register('healthy'))])
      // It is handed over, and lies in the queue again, for later.
      await expect.poll(() => queued(queue)).toContain(later)
      expect(queued(`${queue}-dead`)).not.toContain(later)
    },
  )
})
