import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '../../demo/scenes.ts'
import { runShell } from '../../emulators/openapi/shell.ts'
import { type CloudService, startCloud, tagsOfInstances } from '../../support/cloud-service.ts'
import { functionRoles, matches, readPolicy } from '../../support/ram-policy.ts'
import { type Answer, ask } from '../../support/service.ts'
import { type StandIns, startStandIns } from '../../support/stand-ins.ts'

/** The account of the stand-ins. */
const place = { account: '1234567890', region: 'cn-hangzhou', instance: 'precheck' }

/** The ECS instance of the database. */
const ecsInstanceId = 'i-bp1host00000000000001'

const deployed = ['api', 'run-check', 'collect'] as const

/** Every permission of a function: `role action resource`. */
const permissionsOf = (name: (typeof deployed)[number]): string[] =>
  readPolicy(name, place).Statement.flatMap(({ Action: actions, Resource: resources }) =>
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
    longestWindowMs: 20,
    ecsInstances: { [ecsInstanceId]: { platform: 'Linux', run: runShell } },
    authorize: (role, action, resource) => {
      const line = `${role} ${action} ${resource}`
      const isGranted = isAllowed(role, action, resource)
      if (isGranted) used.add(line)
      else refused.push(line)
      return isGranted
    },
  })
}, 30_000)
afterAll(async () => {
  await cloud.close()
  await standIns.close()
})

const call = (method: string, path: string, request?: Parameters<typeof ask>[3]): Promise<Answer> =>
  ask(cloud, method, path, request)

const register = async (id: string): Promise<void> => {
  const definition = standIns.definitionOf('oracle', cloud.passwordReference)
  const body = { ...definition, host: { ecsInstanceId, platform: 'linux' } }
  expect((await call('PUT', `/v1/instances/${id}`, { body })).status).toBe(201)
}

/** Everything that the REST API offers, so that what the roles may do is used. */
const useEverything = async (): Promise<void> => {
  await register('roles-1')
  await register('roles-2')
  expect((await call('GET', '/v1/instances')).json.items).toHaveLength(2)
  expect((await call('POST', '/v1/instances/roles-1/validate')).status).toBe(200)
  const headers = { prefer: 'wait=30', 'idempotency-key': 'night' }
  const ended = await call('POST', '/v1/instances/roles-1/prechecks', { headers })
  expect(ended.json.state).toBe('completed')
  expect((await call('POST', '/v1/instances/roles-1/prechecks', { headers })).json.id).toBe(ended.json.id)
  const body = { checkItems: ['ARCHIVELOG'] }
  await call('POST', '/v1/instances/roles-1/prechecks', { headers: { prefer: 'wait=30' }, body })
  expect((await call('GET', '/v1/instances/roles-1/prechecks/last')).json.id).toBe(ended.json.id)
  expect((await call('GET', '/v1/instances/roles-1/prechecks')).json.items).toHaveLength(2)
  expect((await call('DELETE', '/v1/instances/roles-2')).status).toBe(204)
  const issued = await call('POST', '/v1/tokens', { body: { name: 'team', scope: 'read' } })
  expect((await call('GET', '/v1/tokens')).json.items).toHaveLength(2)
  expect((await call('DELETE', `/v1/tokens/${issued.json.id}`)).status).toBe(204)
}

describe('the service under the policies of its roles', () => {
  it(
    'does everything, refused nothing, and needs every permission that it has',
    { timeout: 20_000 },
    async () => {
      await useEverything()
      expect(refused).toEqual([])

      /** Permissions for what no precheck above needed. */
      const exceptional = [
        // A deadline that came before its time is sent once more.
        /^precheck-collect mns:SendMessage .*precheck-results/,
        // Nothing sends notifications yet.
        /^precheck-collect mns:\w+ .*precheck-notifications/,
      ]
      const isUsed = (permission: string): boolean => [...used].some((line) => matches(permission, line))
      const idle = deployed
        .flatMap(permissionsOf)
        .filter(
          (permission) => !isUsed(permission) && !exceptional.some((pattern) => pattern.test(permission)),
        )
      expect(idle).toEqual([])
    },
  )

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
  })
})
