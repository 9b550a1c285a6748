import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '../demo/scenes.ts'
import { answersOf } from '../emulators/sqlserver/catalogue-answers.ts'
import { startEmbedded } from '../support/embedded-service.ts'
import { database, systemDatabases } from '../support/facts/sqlserver.ts'
import { type Service, ask } from '../support/service.ts'
import { stride } from '../support/property-runs.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

const simple = 'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE'

/** As many as a SQL Server can have, those of the system included, or a part of them. */
const count = Math.ceil(32_767 / stride(8))

const tenants = Array.from({ length: count - systemDatabases.length }, (_, index) =>
  database(index + 5, `Tenant_${index}`, { recovery_model_desc: 'SIMPLE', user_access_desc: 'SINGLE_USER' }),
)

let standIns: StandIns
let service: Service

beforeAll(async () => {
  standIns = await startStandIns()
  const answer = answersOf({ databases: [...systemDatabases, ...tenants] })
  standIns.sqlServer.setScenario({ login: () => 'accept', answer })
  service = await startEmbedded({ password: demoPassword })
})
afterAll(async () => {
  await service.close()
  await standIns.close()
})

describe(`a SQL Server with ${count} databases, all of them with findings`, () => {
  it('is prechecked whole on one machine, and shown in parts', async () => {
    const body = standIns.definitionOf('sqlserver', service.passwordReference)
    const { host, port, credential } = body.connection
    const connection = { host, port, credential, tls: { mode: 'off' } }
    const checks = { set: 'standard' }
    await ask(service, 'PUT', '/v1/instances/large', { body: { ...body, connection, checks } })
    const { json: started } = await ask(service, 'POST', '/v1/instances/large/prechecks')
    const read = () => ask(service, 'GET', `/v1/prechecks/${started.id}`)
    await expect.poll(async () => (await read()).json.state).toBe('completed')

    const { json } = await read()
    expect(json.outcome).toBe('failed')
    const reasons = json.items.flatMap(({ reason }) => reason?.code ?? [])
    expect(reasons.filter((code) => code !== 'NOT_APPLICABLE')).toEqual([])
    const totals = Object.fromEntries(json.items.map((item) => [item.checkItem, item.totals?.findings]))
    expect(totals).toMatchObject({ [simple]: count - 2, SQL_SERVER_DB_NOT_ONLINE: tenants.length })
    expect(json.readiness.total).toBe(count - 1)
    expect(json.readiness.instance.log).toMatchObject({ databases: { ready: 2, total: count - 2 } })

    const found = new Set<string>()
    const path = `/v1/prechecks/${started.id}/findings?limit=200&checkItem=${simple}&level=failed`
    for (let next: string | null = ''; next !== null;) {
      const answer = await ask(service, 'GET', next === '' ? path : `${path}&after=${next}`)
      for (const text of answer.json.items.map((item) => JSON.stringify(item))) found.add(text)
      next = answer.json.next
    }
    expect(found.size).toBe(tenants.length)
  })
})
