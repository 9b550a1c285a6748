import { describe, expect, it } from 'vitest'
import { SecretReference } from '../../../shared/model/connections/credential.ts'
import { InstanceDefinition, InstanceId, plannedOperations } from '../../../shared/model/instance.ts'
import { fill } from '../../../shared/model/message.ts'
import { CheckMessage } from '../../../shared/model/queue-messages.ts'
import { allows } from '../../../shared/model/token.ts'
import { definitionOf } from '../../support/context.ts'

const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }
const oracle = {
  engine: 'oracle',
  region: 'cn-hangzhou',
  connection: { host: 'db1', serviceName: 'orcl', credential },
}
const sqlserver = { engine: 'sqlserver', region: 'cn-hangzhou', connection: { host: 'db1', credential } }

describe('an instance definition', () => {
  it('has sensible defaults', () => {
    expect(InstanceDefinition.parse(sqlserver)).toMatchObject({
      profile: 'cloud-backup',
      enabled: true,
      tags: {},
      connection: { tls: { mode: 'required', trustServerCertificate: false } },
    })
    expect(InstanceDefinition.parse(oracle)).toMatchObject({
      connection: { port: 1521, privilege: 'normal', tls: { mode: 'off' } },
    })
  })

  it('may name the ECS instance of the database', () => {
    const host = { ecsInstanceId: 'i-bp67acfmxazb4pabcdef', platform: 'windows' }
    expect(InstanceDefinition.parse({ ...sqlserver, host }).host).toEqual(host)
  })

  it.each([
    [
      'an ECS instance id that breaks out',
      { ...oracle, host: { ecsInstanceId: 'i-bp67acfmxazb4p/../x', platform: 'linux' } },
      'host.ecsInstanceId',
    ],
    [
      'an ECS instance of no known platform',
      { ...oracle, host: { ecsInstanceId: 'i-bp67acfmxazb4pabcdef' } },
      'host.platform',
    ],
    [
      'a password in clear',
      { ...oracle, connection: { ...oracle.connection, credential: { ...credential, password: 'tiger' } } },
      'connection.credential.password',
    ],
    [
      'neither service name nor SID',
      { ...oracle, connection: { host: 'db1', credential } },
      'connection.serviceName',
    ],
    [
      'both service name and SID',
      { ...oracle, connection: { ...oracle.connection, sid: 'ORCL' } },
      'connection.serviceName',
    ],
    [
      'a service name that breaks out',
      { ...oracle, connection: { ...oracle.connection, serviceName: 'x)(HOST=evil' } },
      'connection.serviceName',
    ],
    [
      'an empty service name',
      { ...oracle, connection: { ...oracle.connection, serviceName: '' } },
      'connection.serviceName',
    ],
    [
      'a host that breaks out',
      { ...oracle, connection: { ...oracle.connection, host: 'a)(PORT=1' } },
      'connection.host',
    ],
    [
      'port and instance name',
      { ...sqlserver, connection: { ...sqlserver.connection, port: 1433, instanceName: 'SQL1' } },
      'connection.instanceName',
    ],
    [
      'a port out of range',
      { ...sqlserver, connection: { ...sqlserver.connection, port: 70_000 } },
      'connection.port',
    ],
    [
      'a certificate that is none',
      { ...sqlserver, connection: { ...sqlserver.connection, tls: { ca: 'hello' } } },
      'connection.tls.ca',
    ],
    [
      'a certificate with nothing in it',
      {
        ...sqlserver,
        connection: {
          ...sqlserver.connection,
          tls: { ca: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----' },
        },
      },
      'connection.tls.ca',
    ],
    ['a field that does not exist', { ...sqlserver, colour: 'red' }, ''],
    ['an unknown engine', { ...sqlserver, engine: 'no-such-engine' }, 'engine'],
    ['no region', { engine: 'sqlserver', connection: sqlserver.connection }, 'region'],
    ['a region that is none', { ...sqlserver, region: 'Hangzhou' }, 'region'],
    ['plain http', { ...sqlserver, endpoints: { oss: 'http://oss.example/' } }, 'endpoints.oss'],
    ['an unknown operation', { ...sqlserver, operations: ['differential'] }, 'operations.0'],
    ['no operation', { ...sqlserver, operations: [] }, 'operations'],
  ])('refuses %s and says where', (_, definition, field) => {
    const issues = InstanceDefinition.safeParse(definition).error?.issues ?? []
    expect(issues.map(({ path }) => path.join('.'))).toContain(field)
  })

  it('plans the operations that it names, else all', () => {
    expect(plannedOperations(definitionOf('oracle'))).toEqual(['full', 'incremental', 'log', 'restore'])
    expect(plannedOperations(definitionOf('oracle', { operations: ['full'] }))).toEqual(['full'])
  })
})

it.each([
  ['env:PRECHECK_SECRET_DB', true],
  ['file:/run/secrets/db', true],
  ['kms:precheck/db1@prod', true],
  ['file:run/secrets/db', false],
  ['kms:', false],
  ['kms:a b', false],
  ['kms:a:b', false],
  [`kms:${'a'.repeat(65)}`, false],
  ['vault:db', false],
])('takes %j for a reference to a secret: %s', (reference, valid) => {
  expect(SecretReference.safeParse(reference).success).toBe(valid)
})

it.each(['../etc', 'a/b', '', '-a', 'a'.repeat(65)])('refuses %j as an instance id', (id) => {
  expect(InstanceId.safeParse(id).success).toBe(false)
})

it('leaves a placeholder without a parameter visible', () => {
  expect(fill({ en: '{a} and {b}', zh: '' }, { a: 1 }, 'en')).toBe('1 and {b}')
})

it('carries a whole target in the message of a check item', () => {
  const message = {
    precheckId: `pc_${'0'.repeat(32)}`,
    checkItem: 'ARCHIVELOG',
    siblings: ['ARCHIVELOG'],
    target: { instanceId: 'db1', definition: definitionOf('oracle') },
    limitMs: 1000,
    deadlineAt: '2026-11-21T02:01:00.000Z',
  }
  expect(CheckMessage.parse(JSON.parse(JSON.stringify(message)))).toEqual(message)
})

it.each([
  ['read', 'read', true],
  ['read', 'run', false],
  ['run', 'read', true],
  ['run', 'admin', false],
  ['admin', 'run', true],
] as const)('a token of scope %s doing what needs %s: %s', (held, needed, allowed) => {
  expect(allows(held, needed)).toBe(allowed)
})
