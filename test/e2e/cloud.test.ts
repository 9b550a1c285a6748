import { expect, it } from 'vitest'
import { demoPassword } from '../demo/scenes.ts'
import { startCloudInHaste } from '../support/cloud-service.ts'
import { runsAll } from '../support/property-runs.ts'
import { ask } from '../support/service.ts'
import { startStandIns } from '../support/stand-ins.ts'
import { flowContract } from './flow.contract.ts'

flowContract('the cloud ports', startCloudInHaste, 'essential', true)

it.runIf(runsAll)('instances go on when the keys that they were started with have ended', async () => {
  const keyLifetimeMs = 300_000
  let leaptMs = 0
  const keyClock = () => Date.now() + leaptMs
  const standIns = await startStandIns()
  const service = await startCloudInHaste({ password: demoPassword, keyLifetimeMs, keyClock })
  const body = standIns.definitionOf('oracle', service.passwordReference)
  await ask(service, 'PUT', '/v1/instances/a', { body })
  const precheck = () => ask(service, 'POST', '/v1/instances/a/prechecks', { headers: { prefer: 'wait=60' } })
  const first = await precheck()
  leaptMs = keyLifetimeMs
  const second = await precheck()
  expect([first.json.outcome, second.json.outcome]).toEqual(['failed', 'failed'])
  expect(service.compute.functions['api']?.usage()).toMatchObject({ coldStarts: 1, invocations: 3 })
  await service.close()
  await standIns.close()
})
