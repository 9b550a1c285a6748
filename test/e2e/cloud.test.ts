import { expect, it } from 'vitest'
import type { PrecheckView } from '../../functions/api/views/precheck-view.ts'
import { demoPassword } from '../demo/scenes.ts'
import { startCloudInHaste } from '../support/cloud-service.ts'
import { ask } from '../support/service.ts'
import { startStandIns } from '../support/stand-ins.ts'
import { runShell } from '../emulators/openapi/shell.ts'
import { flowContract } from './flow.contract.ts'

type ItemView = PrecheckView['items'][number]

flowContract('the cloud ports', startCloudInHaste)

it('instances go on when the keys that they were started with have ended', { timeout: 20_000 }, async () => {
  const keyLifetimeMs = 2000
  const standIns = await startStandIns()
  const service = await startCloudInHaste({ password: demoPassword, keyLifetimeMs })
  const body = standIns.definitionOf('oracle', service.passwordReference)
  await ask(service, 'PUT', '/v1/instances/a', { body })
  const precheck = () => ask(service, 'POST', '/v1/instances/a/prechecks', { headers: { prefer: 'wait=10' } })
  const first = await precheck()
  await expect
    .poll(() => Date.now() - Date.parse(first.json.completedAt), { timeout: 5000 })
    .toBeGreaterThan(keyLifetimeMs)
  const second = await precheck()
  expect([first.json.outcome, second.json.outcome]).toEqual(['failed', 'failed'])
  expect(service.compute.functions['api']?.usage()).toMatchObject({ coldStarts: 1, invocations: 3 })
  await service.close()
  await standIns.close()
})

it(
  'the connectivity items look from the ECS instance itself, where one is registered',
  { timeout: 30_000 },
  async () => {
    const instances = ['i-bp1linux0000000001', 'i-bp1linux0000000002'] as const
    const [running, stopped] = instances
    const standIns = await startStandIns()
    const service = await startCloudInHaste({
      password: demoPassword,
      ecsInstances: {
        [running]: { platform: 'Linux', run: runShell },
        [stopped]: { platform: 'Linux', running: false, run: runShell },
      },
    })
    const definition = standIns.definitionOf('oracle', service.passwordReference)
    // Nothing listens at port 1.
    const endpoints = { ...definition.endpoints, service: ['https://127.0.0.1:1/'] }
    const precheck = async (id: string, changes: object) => {
      const body = { ...definition, endpoints, ...changes }
      expect((await ask(service, 'PUT', `/v1/instances/${id}`, { body })).status).toBe(201)
      const { json } = await ask(service, 'POST', `/v1/instances/${id}/prechecks`, {
        headers: { prefer: 'wait=20' },
      })
      return json.items.map(({ checkItem, status, vantage, findings }: ItemView) => [
        checkItem,
        status,
        vantage,
        ...findings.map(({ message }) => message.code),
      ])
    }
    const [asked, unreachable, unregistered] = await Promise.all([
      precheck('asked', { host: { ecsInstanceId: running, platform: 'linux' } }),
      precheck('unreachable', { host: { ecsInstanceId: stopped, platform: 'linux' } }),
      precheck('unregistered', {}),
    ])
    expect(asked.slice(0, 3)).toEqual([
      ['OSS_INTERNAL_ENDPOINT_CONNECTIVITY', 'passed', 'instance'],
      ['SERVICE_CONNECTIVITY', 'failed', 'instance', 'TCP_REFUSED'],
      ['ORACLE_INSTANCE_STATUS', 'passed', 'checker'],
    ])
    expect(unreachable.slice(0, 2)).toEqual([
      ['OSS_INTERNAL_ENDPOINT_CONNECTIVITY', 'error', 'instance'],
      ['SERVICE_CONNECTIVITY', 'error', 'instance'],
    ])
    expect(unregistered.slice(0, 2)).toEqual([
      ['OSS_INTERNAL_ENDPOINT_CONNECTIVITY', 'passed', 'checker'],
      ['SERVICE_CONNECTIVITY', 'failed', 'checker', 'TCP_REFUSED'],
    ])
    expect(service.openApi.commands).toHaveLength(2)
    await service.close()
    await standIns.close()
  },
)
