import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '../demo/scenes.ts'
import { type CloudOptions, type CloudService, startCloudInHaste } from '../support/cloud-service.ts'
import { fetchedNodes, layerNodes } from '../support/nodes.ts'
import { ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

/** The same bundles, whatever runs them: prechecks of both engines from the request to the result, and their end. */

let standIns: StandIns
beforeAll(async () => {
  standIns = await startStandIns()
})
afterAll(() => standIns.close())

const registered = async (service: CloudService, engine: 'oracle' | 'sqlserver'): Promise<string> => {
  const body = standIns.definitionOf(engine, service.passwordReference)
  expect((await ask(service, 'PUT', `/v1/instances/${engine}`, { body })).status).toBe(201)
  return `/v1/instances/${engine}/prechecks`
}

const outcomes = async (options: Omit<CloudOptions, 'password'>): Promise<readonly string[]> => {
  const service = await startCloudInHaste({ password: demoPassword, ...options })
  try {
    const headers = { prefer: 'wait=60' }
    const paths = await Promise.all(
      (['oracle', 'sqlserver'] as const).map((engine) => registered(service, engine)),
    )
    const ended = await Promise.all(paths.map((path) => ask(service, 'POST', path, { headers })))
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
    return ended.map(({ json }) => `${json.state} ${json.outcome}`)
  } finally {
    await service.close()
  }
}

const right = ['completed failed', 'completed failed']

it('prechecks are done on the built-in runtime', async () => {
  expect(await outcomes({ runtime: 'nodejs20' })).toEqual(right)
})

describe.each(layerNodes)('Node.js $version of a layer', ({ version, program }) => {
  const isThere = fetchedNodes.some((each) => each.version === version)
  it.runIf(isThere)('does prechecks', async () => {
    expect(await outcomes({ node: program })).toEqual(right)
  })
})

describe('an instance that is to go', () => {
  it('answers what it has begun, and the next request has another one', async () => {
    const lines: string[] = []
    const service = await startCloudInHaste({ password: demoPassword, write: (text) => lines.push(text) })
    const path = await registered(service, 'oracle')
    const waited = ask(service, 'POST', path, { headers: { prefer: 'wait=60' } })
    const { api } = service.compute.functions
    await expect.poll(() => lines.join('')).toContain('precheck.started')
    await api?.stop()
    expect((await waited).json.state).toBe('completed')
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
    expect(api?.usage()).toMatchObject({ coldStarts: 2 })
    await service.close()
  })
})
