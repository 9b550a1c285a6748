import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checksFor } from '../../shared/checks/catalogue.ts'
import { demoPassword } from '../demo/scenes.ts'
import type { Disturbance } from '../emulators/fc/queue-trigger.ts'
import { runShell } from '../emulators/openapi/shell.ts'
import { type CloudService, startCloudInHaste } from '../support/cloud-service.ts'
import { ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

const running = 'i-bp1linux0000000001'
const stopped = 'i-bp1linux0000000002'

let standIns: StandIns
let service: CloudService
beforeAll(async () => {
  standIns = await startStandIns()
  service = await startCloudInHaste({
    password: demoPassword,
    ecsInstances: {
      [running]: { platform: 'Linux', run: runShell },
      [stopped]: { platform: 'Linux', running: false, run: runShell },
    },
  })
})
afterAll(async () => {
  await service.close()
  await standIns.close()
})

const twice: Disturbance = (push) => async (bodies) => {
  await Promise.all([push(bodies), push(bodies)])
}

/** Checks an Oracle whose OSS endpoint is reached and whose control endpoint is not: nothing listens at port 1. */
const precheck = async (id: string, changes: object): Promise<readonly unknown[][]> => {
  const definition = standIns.definitionOf('oracle', service.passwordReference)
  const endpoints = { ...definition.endpoints, service: ['https://127.0.0.1:1/'] }
  const body = { ...definition, endpoints, ...changes }
  expect((await ask(service, 'PUT', `/v1/instances/${id}`, { body })).status).toBe(201)
  const headers = { prefer: 'wait=60' }
  const { json } = await ask(service, 'POST', `/v1/instances/${id}/prechecks`, { headers })
  expect(json.state).toBe('completed')
  return json.items.map(({ checkItem, status, vantage, reason, findings }) => [
    checkItem,
    status,
    vantage,
    ...(reason ? [reason.code] : []),
    ...findings.map(({ message }) => message.code),
  ])
}

describe('the items of the network and of the host', () => {
  it('look from the ECS instance where one is registered, by one command each and one for all of the host', async () => {
    service.disturb(twice)
    const host = { ecsInstanceId: running, platform: 'linux', volumes: ['/tmp', "/no/such 'folder'$(id)"] }
    const items = await precheck('asked', { host })
    expect(items).toEqual(
      expect.arrayContaining([
        ['OSS_INTERNAL_ENDPOINT_CONNECTIVITY', 'passed', 'instance'],
        ['SERVICE_CONNECTIVITY', 'failed', 'instance', 'TCP_REFUSED'],
        ['ORACLE_INSTANCE_STATUS', 'passed', 'checker'],
        ['HOST_DISK_SPACE', 'error', 'instance', 'VOLUME_UNKNOWN'],
        ['BACKUP_CLIENT', 'error', 'instance', 'CLIENT_NOT_FOUND'],
        ['CLOCK_SKEW', 'passed', 'instance'],
      ]),
    )
    const ofNetwork = checksFor('oracle').filter(({ question }) => question.probe === 'https').length
    const ofHost = 1
    expect(service.openApi.commands).toHaveLength(ofNetwork + ofHost)
    service.disturb((push) => push)
  })

  it('are undetermined when the instance takes no command', async () => {
    const items = await precheck('stopped', { host: { ecsInstanceId: stopped, platform: 'linux' } })
    expect(items).toEqual(
      expect.arrayContaining([
        ['OSS_INTERNAL_ENDPOINT_CONNECTIVITY', 'error', 'instance', 'ECS_INSTANCE_NOT_RUNNING'],
        ['SERVICE_CONNECTIVITY', 'error', 'instance', 'ECS_INSTANCE_NOT_RUNNING'],
        ['HOST_DISK_SPACE', 'error', 'instance', 'ECS_INSTANCE_NOT_RUNNING'],
        ['CLOCK_SKEW', 'error', 'instance', 'ECS_INSTANCE_NOT_RUNNING'],
      ]),
    )
  })

  it('look from the checker where no ECS instance is registered', async () => {
    const items = await precheck('elsewhere', {})
    expect(items).toEqual(
      expect.arrayContaining([
        ['OSS_INTERNAL_ENDPOINT_CONNECTIVITY', 'passed', 'checker'],
        ['SERVICE_CONNECTIVITY', 'failed', 'checker', 'TCP_REFUSED'],
        ['HOST_DISK_SPACE', 'skipped', 'checker', 'NOT_APPLICABLE'],
        ['BACKUP_CLIENT', 'skipped', 'checker', 'NOT_APPLICABLE'],
        ['CLOCK_SKEW', 'skipped', 'checker', 'NOT_APPLICABLE'],
      ]),
    )
  })
})
