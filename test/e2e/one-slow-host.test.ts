import { afterAll, beforeAll, expect, it } from 'vitest'
import { FleetView } from '../../functions/api/views/fleet-view.ts'
import { demoPassword } from '../demo/scenes.ts'
import { startEmbedded } from '../support/embedded-service.ts'
import { runsAll } from '../support/property-runs.ts'
import { type Service, ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

/** What the service has if nothing is set. */
const perHost = 4
const registrations = runsAll ? 60 : 16

let standIns: StandIns
let service: Service

beforeAll(async () => {
  standIns = await startStandIns()
  standIns.heal()
  service = await startEmbedded({ password: demoPassword })
})
afterAll(async () => {
  await service.close()
  await standIns.close()
})

it(`a sweep of ${registrations} registrations of one server runs ${perHost} of them at a time, and all end`, async () => {
  const definition = standIns.definitionOf('mysql', service.passwordReference)
  const body = { ...definition, checks: { set: 'essential' } }
  for (let index = 0; index < registrations; index += 1) {
    const { status, text } = await ask(service, 'PUT', `/v1/instances/db-${index}`, { body })
    expect([status, text]).toEqual([201, expect.any(String)])
  }
  const asked = await ask(service, 'POST', '/v1/sweeps', { body: {} })
  const look = async () => (await ask(service, 'GET', `/v1/sweeps/${asked.json.id}`)).json
  const runningNow = async (): Promise<number> =>
    FleetView.parse((await ask(service, 'GET', '/v1/fleet')).json).running.length
  let most = 0
  await expect
    .poll(async () => {
      await service.tick()
      most = Math.max(most, await runningNow())
      return (await look()).state
    })
    .toBe('completed')
  expect(most).toBeLessThanOrEqual(perHost)
  const json = await look()
  expect(json.counts).toMatchObject({ started: registrations, passed: registrations, waiting: 0, notRun: 0 })
  expect(standIns.mysql.seen.connections).toBe(registrations)
})
