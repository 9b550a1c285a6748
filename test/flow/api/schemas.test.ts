import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApi, startApi } from '../../support/api.ts'
import { probesGiving } from '../../support/probes.ts'

let api: TestApi
let isInstance: ValidateFunction
let isFleet: ValidateFunction
beforeAll(async () => {
  api = await startApi(probesGiving(() => ({ answer: {} })))
  const ajv = new Ajv({ strict: false })
  addFormats.default(ajv)
  const schemaAt = async (path: string): Promise<ValidateFunction> => {
    const { status, headers, json } = await api.call('GET', path, { token: null })
    expect([status, headers['content-type']]).toEqual([200, 'application/schema+json; charset=utf-8'])
    return ajv.compile(json)
  }
  isInstance = await schemaAt('/schemas/instance.json')
  isFleet = await schemaAt('/schemas/fleet.json')
})
afterAll(() => api.close())

const connection = {
  host: 'db.example',
  credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' },
}
const instance = { engine: 'sqlserver', region: 'cn-hangzhou', connection }

describe('the schema of an instance, for everybody', () => {
  it.each([
    [instance, true],
    [{ ...instance, id: 'my-db' }, true],
    [{ ...instance, id: 'my db' }, false],
    [{ ...instance, engine: 'oracle', connection: { ...connection, serviceName: 'orcl' } }, true],
    [{ ...instance, region: 'nowhere' }, false],
    [{ ...instance, colour: 'red' }, false],
    [{ engine: 'sqlserver', region: 'cn-hangzhou' }, false],
  ])('judges %j: %s', (value, isRight) => {
    expect(isInstance(value)).toBe(isRight)
  })
})

it.each(['/schemas/instance.json', '/schemas/fleet.json'])('%s says what its fields are', async (path) => {
  const { json } = await api.call('GET', path, { token: null })
  const untold = new Set<string>()
  const look = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return
    if ('properties' in schema && typeof schema.properties === 'object' && schema.properties !== null)
      for (const [name, field] of Object.entries(schema.properties))
        if (!('description' in Object(field))) untold.add(name)
    for (const part of Object.values(schema)) look(part)
  }
  look(json)
  // Their names say it all.
  const plain = ['credential', 'connection', 'description', 'engine', 'host', 'port', 'tls', 'reason', 'from']
  const more = ['until', 'weekdays', 'platform', 'ecsInstanceId', 'enabled', 'tags', 'instances']
  expect([...untold].filter((name) => ![...plain, ...more].includes(name))).toEqual([])
})

describe('the schema of a fleet', () => {
  const windows = [{ reason: 'patch day', weekdays: ['sat'], at: '22:00', minutes: 240 }]
  const [{ reason: _, ...nameless }] = windows as [(typeof windows)[0]]
  it.each([
    [{ instances: { db: instance } }, true],
    [{ defaults: { region: 'cn-hangzhou' }, instances: { db: { connection: { host: 'a' } } } }, true],
    [{ instances: { 'a b': instance } }, false],
    [{ instances: { db: { ...instance, region: 'nowhere' } } }, false],
    [{ instances: { db: { ...instance, colour: 'red' } } }, false],
    [{ instances: { db: { connection: { colour: 'red' } } } }, false],
    [{ instances: { db: { maintenanceWindows: windows } } }, true],
    [{ instances: { db: { maintenanceWindows: [nameless] } } }, false],
    [{ policies: { strict: { thresholds: { historyMinHours: 1 } } } }, true],
    [{ policies: { strict: { thresholds: { historyMinHours: 'x' } } } }, false],
    [{ webhooks: [{ url: 'https://a.example/' }] }, true],
    [{ webhooks: [{}] }, false],
    [{ instance: {} }, false],
  ])('judges %j: %s', (value, isRight) => {
    expect(isFleet(value)).toBe(isRight)
  })
})
