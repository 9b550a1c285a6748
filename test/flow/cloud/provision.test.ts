import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import TableStore from 'tablestore'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exitCodes, provisionCommand } from '../../../infra/deploy/provision/command.ts'
import { queueSchemas } from '../../../infra/deploy/provision/queues.ts'
import { callOpenApi } from '../../../shared/adapters/alibaba-cloud/openapi.ts'
import { defaultRetryPolicy } from '../../../shared/adapters/alibaba-cloud/retry.ts'
import { tableSchemas } from '../../../shared/adapters/tablestore/tables.ts'
import { tablestoreClient } from '../../../shared/adapters/tablestore/tablestore-client.ts'
import { authenticate } from '../../../shared/flows/tokens.ts'
import { cloudStores } from '../../support/stores.ts'
import { isAllowed, readPolicy } from '../../support/ram-policy.ts'
import { type MnsEmulator, startMns } from '../../emulators/mns/server.ts'
import { type TablestoreEmulator, startTablestore } from '../../emulators/tablestore/server.ts'

/** Does by hand what may go wrong, and may do everything. */
const owner = { name: 'owner', accessKeyId: 'LTAIowner', accessKeySecret: 'secret-of-owner' }
/** May do what the policy for provisioning says. */
const operator = { name: 'operator', accessKeyId: 'LTAIoperator', accessKeySecret: 'secret-of-operator' }
const reader = { name: 'reader', accessKeyId: 'LTAIreader', accessKeySecret: 'secret-of-reader' }

const place = { account: '42', region: 'cn-hangzhou', instance: 'precheck', key: 'key-1' }
const policy = readPolicy('provision', place)

const isGranted = (name: string, action: string, resource: string): boolean => {
  if (name === owner.name) return true
  return name === operator.name
    ? isAllowed(policy, action, resource)
    : /:(Describe|Get)(Table|QueueAttributes)$/.test(action)
}

let tablestore: TablestoreEmulator
let mns: MnsEmulator

beforeEach(async () => {
  tablestore = await startTablestore({
    instanceName: place.instance,
    accessKeys: [owner, operator, reader].map(({ name, accessKeyId, accessKeySecret }) => ({
      id: accessKeyId,
      secret: accessKeySecret,
      principal: name,
    })),
    authorize: (name, operation, table) =>
      isGranted(name, `ots:${operation}`, `acs:ots:cn-hangzhou:42:instance/precheck/table/${table}`),
  })
  mns = await startMns({
    accountId: place.account,
    accessKeys: [owner, operator, reader],
    authorize: ({ name }, action, resource) => isGranted(name, action, resource),
  })
})
afterEach(async () => {
  await tablestore.close()
  await mns.close()
})

interface Run {
  readonly exitCode: number
  readonly lines: readonly string[]
}

const environmentOf = ({ accessKeyId, accessKeySecret } = operator) => ({
  ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
  ALIBABA_CLOUD_REGION_ID: 'cn-hangzhou',
  TABLESTORE_INSTANCE: 'precheck',
  TABLESTORE_ENDPOINT: tablestore.endpoint,
  MNS_OPEN_ENDPOINT: mns.endpoint,
})

const run = async (
  args: readonly string[] = [],
  environment: NodeJS.ProcessEnv = environmentOf(),
): Promise<Run> => {
  const lines: string[] = []
  const exitCode = await provisionCommand(args, environment, (line) => lines.push(line))
  return { exitCode, lines }
}

const things = tableSchemas.length + queueSchemas.length

const tablestoreSdk = () =>
  new TableStore.Client({
    accessKeyId: owner.accessKeyId,
    secretAccessKey: owner.accessKeySecret,
    endpoint: tablestore.endpoint,
    instancename: 'precheck',
    maxRetries: 0,
  })

const queues = async (action: string, query: Readonly<Record<string, string>>): Promise<unknown> => {
  const outcome = await callOpenApi(
    {
      endpoint: mns.endpoint,
      credentials: () => owner,
      timeoutMs: 60_000,
      retry: defaultRetryPolicy,
      isTransient: () => false,
    },
    { action, version: '2022-01-19', query },
  )
  if ('fault' in outcome) throw new Error(outcome.fault.code)
  return Reflect.get(outcome.answer as object, 'Data')
}

const isWrite = (operation: string): boolean => !/^(Describe|Get|List)/.test(operation)
const writes = (): readonly string[] => [
  ...Object.keys(tablestore.usage().operations).filter(isWrite),
  ...Object.keys(mns.usage()).filter(isWrite),
]

describe('provisioning an empty account', () => {
  it('creates every table and queue, says so, and has nothing left to do', async () => {
    const first = await run()
    expect(first.exitCode).toBe(exitCodes.done)
    expect(first.lines.filter((line) => line.startsWith('create '))).toEqual([
      ...tableSchemas.map(({ name }) => `create table ${name}`),
      ...queueSchemas.map(({ name }) => `create queue ${name}`),
    ])
    expect(first.lines.at(-1)).toBe(`${things} changes made.`)

    tablestore.resetUsage()
    mns.resetUsage()
    expect(await run()).toEqual({ exitCode: exitCodes.done, lines: ['Nothing to change.'] })
    expect(writes()).toEqual([])
  })

  it('gives tables their keys and time to live', async () => {
    await run()
    const sdk = tablestoreSdk()
    const { tableMeta, tableOptions, reservedThroughputDetails } = await sdk.describeTable({
      tableName: 'precheck_history',
    })
    expect(tableMeta.primaryKey.map(({ name }) => name)).toEqual(['instance_id', 'started_at', 'precheck_id'])
    expect(tableOptions).toMatchObject({ timeToLive: 180 * 86_400, maxVersions: 1, allowUpdate: true })
    expect(reservedThroughputDetails.capacityUnit).toMatchObject({ read: 0, write: 0 })
  })

  it('gives queues their attributes and dead-letter queues', async () => {
    await run()
    expect(await queues('GetQueueAttributes', { QueueName: 'precheck-results' })).toMatchObject({
      VisibilityTimeout: 90,
      PollingWaitSeconds: 30,
      MessageRetentionPeriod: 604_800,
      DlqPolicy: {
        Enabled: true,
        DeadLetterTargetQueue: 'precheck-results-dead',
        MaxReceiveCount: '1000',
      },
    })
  })

  it('changes nothing in a dry run', async () => {
    const { exitCode, lines } = await run(['--dry-run'])
    expect(exitCode).toBe(exitCodes.done)
    expect(lines).toContain('create queue precheck-checks')
    expect(lines).toContain('    primary key: instance_id')
    expect(lines.at(-1)).toBe(`${things} changes would be made; nothing was changed.`)
    expect(writes()).toEqual([])
  })
})

describe('provisioning what has drifted', () => {
  beforeEach(() => run())

  it('sets a table back, and leaves its rows alone', async () => {
    const sdk = tablestoreSdk()
    await sdk.updateTable({ tableName: 'instances', tableOptions: { timeToLive: 86_400, maxVersions: 1 } })
    const { lines } = await run()
    expect(lines).toEqual(['change table instances', '    timeToLive: 86400 -> -1', '1 change made.'])
    const { tableOptions } = await sdk.describeTable({ tableName: 'instances' })
    expect(tableOptions.timeToLive).toBe(-1)
  })

  it('sets a queue back, attribute by attribute', async () => {
    const name = 'precheck-checks'
    const off = { Enabled: false, DeadLetterTargetQueue: 'precheck-checks-dead', MaxReceiveCount: 5 }
    await queues('SetQueueAttributes', {
      QueueName: name,
      VisibilityTimeout: '30',
      EnableLogging: 'true',
      DlqPolicy: JSON.stringify(off),
    })
    const { lines } = await run()
    expect(lines).toEqual([
      `change queue ${name}`,
      '    VisibilityTimeout: 30 -> 90',
      '    DlqPolicy: not set -> {"Enabled":true,"DeadLetterTargetQueue":"precheck-checks-dead","MaxReceiveCount":5}',
      '1 change made.',
    ])
    expect(await queues('GetQueueAttributes', { QueueName: name })).toMatchObject({
      VisibilityTimeout: 90,
      LoggingEnabled: true,
      DlqPolicy: { Enabled: true },
    })
    expect((await run()).lines).toEqual(['Nothing to change.'])
  })

  it('makes what is missing again', async () => {
    await queues('DeleteQueue', { QueueName: 'precheck-notifications' })
    await tablestoreSdk().deleteTable({ tableName: 'tokens' })
    const { lines } = await run()
    expect(lines.filter((line) => line.startsWith('create '))).toEqual([
      'create table tokens',
      'create queue precheck-notifications',
    ])
  })

  it('refuses a table of another make, and changes nothing then', async () => {
    const sdk = tablestoreSdk()
    await sdk.deleteTable({ tableName: 'instances' })
    await sdk.deleteTable({ tableName: 'tokens' })
    await sdk.createTable({
      tableMeta: { tableName: 'instances', primaryKey: [{ name: 'id', type: 'STRING' }] },
      reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
      tableOptions: { timeToLive: -1, maxVersions: 1 },
    })
    const { exitCode, lines } = await run()
    expect(exitCode).toBe(exitCodes.failed)
    expect(lines.join('\n')).toMatch(/instances exists with another primary key: id instead of instance_id/)
    expect(Object.keys(tablestore.tables())).not.toContain('tokens')
  })
})

describe('the first token', () => {
  const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'precheck-provision-')), 'admin-token')

  it('is written to a file of its owner alone, and lets an operator in', async () => {
    const file = newFile()
    const { lines } = await run(['--first-token', file])
    expect(lines).toContain('issue the first token')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const bearer = readFileSync(file, 'utf8').trim()
    expect(lines.join('\n')).not.toContain(bearer)
    const client = tablestoreClient({
      endpoint: tablestore.endpoint,
      instanceName: 'precheck',
      credentials: () => owner,
    })
    expect(await authenticate(cloudStores(client).tokens, bearer, new Date())).toMatchObject({
      document: { scope: 'admin' },
    })
  })

  it('is issued once', async () => {
    await run(['--first-token', newFile()])
    const file = newFile()
    expect((await run(['--first-token', file])).lines).toEqual(['Nothing to change.'])
    expect(existsSync(file)).toBe(false)
  })

  it('is only told of in a dry run', async () => {
    const file = newFile()
    expect((await run(['--dry-run', '--first-token', file])).lines).toContain('issue the first token')
    expect(existsSync(file)).toBe(false)
  })

  it('is not issued when it cannot be written down', async () => {
    const file = newFile()
    writeFileSync(file, 'of somebody else')
    const { exitCode, lines } = await run(['--first-token', file])
    expect(exitCode).toBe(exitCodes.failed)
    expect(lines.at(-1)).toMatch(/EEXIST/)
    expect(readFileSync(file, 'utf8')).toBe('of somebody else')
    expect(tablestore.tables()['tokens']).toEqual([])
  })
})

describe('provisioning that cannot be done', () => {
  it('names the policy that is missing, and leaves nothing half done', async () => {
    const { exitCode, lines } = await run([], environmentOf(reader))
    expect(exitCode).toBe(exitCodes.failed)
    expect(lines.at(-1)).toMatch(
      /CreateTable of .+ OTSNoPermissionAccess\n.*infra\/deploy\/policies\/provision\.json/s,
    )
    expect(tablestore.tables()).toEqual({})
  })

  it('tells wrong keys from missing permission, and repeats no secret', async () => {
    const { lines } = await run([], environmentOf({ ...operator, accessKeySecret: 'guessed' }))
    expect(lines.at(-1)).toMatch(/OTSAuthFailed\n.*the keys are wrong/)
    expect(lines.join('\n')).not.toContain('guessed')
  })

  it('tells by the code of the queues what is wrong with the keys', async () => {
    mns.setAccessKeys([])
    const { lines } = await run()
    expect(lines.at(-1)).toMatch(/GetQueueAttributes of .+\nThe keys were not accepted/)
    expect(tablestore.tables()).toEqual({})
  })

  it('asks for the keys by the names of their variables', async () => {
    const { ALIBABA_CLOUD_ACCESS_KEY_SECRET: _, ...withoutSecret } = environmentOf()
    const { exitCode, lines } = await run([], withoutSecret)
    expect(exitCode).toBe(exitCodes.usage)
    expect(lines.join('\n')).toMatch(
      /^Missing or invalid environment variables: ALIBABA_CLOUD_ACCESS_KEY_SECRET\./,
    )
  })

  it('says that an instance or region is unknown when there is no such address', async () => {
    const environment = { ...environmentOf(), TABLESTORE_ENDPOINT: 'https://precheck.cn-nowhere.invalid' }
    const { exitCode, lines } = await run([], environment)
    expect(exitCode).toBe(exitCodes.failed)
    expect(lines.join('\n')).toMatch(/Check ALIBABA_CLOUD_REGION_ID and TABLESTORE_INSTANCE/)
  })

  it('says so when the queues give no answer', async () => {
    await mns.close()
    const { exitCode, lines } = await run()
    expect(exitCode).toBe(exitCodes.failed)
    expect(lines.join('\n')).toMatch(/ECONNREFUSED\nThere was no answer/)
    expect(tablestore.tables()).toEqual({})
    mns = await startMns({ accountId: '42', accessKeys: [operator] })
  })

  it.each([[['--force']], [['now']]])('refuses the arguments %o', async (args) => {
    expect((await run(args)).exitCode).toBe(exitCodes.usage)
  })

  it('explains itself', async () => {
    const { exitCode, lines } = await run(['--help'])
    expect(exitCode).toBe(exitCodes.done)
    expect(lines.join('\n')).toContain('--dry-run')
  })
})
