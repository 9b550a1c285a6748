import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import TableStore from 'tablestore'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exitCodes } from '../../infra/deploy/deploy/command.ts'
import { queueSchemas } from '../../infra/deploy/plan/queues.ts'
import { readPolicyDocument, rightsIn } from '../../infra/deploy/rights/policy-document.ts'
import { callOpenApi } from '../../shared/adapters/alibaba-cloud/openapi.ts'
import { defaultRetryPolicy } from '../../shared/adapters/alibaba-cloud/retry.ts'
import { tableSchemas } from '../../shared/adapters/tablestore/tables.ts'
import {
  type CommandRun,
  type EmptyAccount,
  startEmptyAccount,
  wholePolicy,
} from '../support/empty-account.ts'
import { killDuring } from '../support/processes.ts'
import { runsAll, someOf, stride } from '../support/property-runs.ts'

let cloud: EmptyAccount
afterEach(() => cloud.close())

/** Titles of the changes that a run made, without their numbers. */
const made = ({ lines }: CommandRun): readonly string[] =>
  lines.filter((line) => line.startsWith('[')).map((line) => line.replace(/^\[.+?\] /, ''))

const nothing = {
  instances: [],
  tables: [],
  secrets: [],
  groups: [],
  roles: [],
  policies: [],
  functions: [],
  tokens: 0,
}
/** Of a deployment into an empty account: its tables, and everything else. */
const changes = tableSchemas.length + 28

const roles = ['api', 'run-check', 'collect', 'schedule', 'notify'].map((name) => `precheck-${name}`)
const everything = {
  instances: ['precheck'],
  tables: tableSchemas.map(({ name }) => name).toSorted(),
  secrets: ['backup-precheck-webhook-key'],
  groups: [
    ['precheck', 0],
    ['precheck-notify', 4],
  ],
  roles: roles.map((name) => [name, 1]),
  policies: roles,
  functions: roles.toSorted(),
  tokens: 1,
}

describe('deploying into an empty account', () => {
  beforeEach(async () => {
    cloud = await startEmptyAccount({ runs: true })
  })

  it('comes from nothing to the first precheck in one go, and has nothing to change then', async () => {
    const first = await cloud.deploy()
    expect(first).toMatchObject({ exitCode: exitCodes.done })
    expect(cloud.state()).toEqual(everything)
    expect(first.lines).toEqual(
      expect.arrayContaining([
        'health: pass',
        // Nothing listens there in the tests, which the functions found out: messages went all the way.
        'self-test: OSS_INTERNAL_ENDPOINT_CONNECTIVITY failed',
        'self-test: SERVICE_CONNECTIVITY failed',
        `URL: ${cloud.compute()?.url}`,
        `Token: in the file ${cloud.tokenFile}, where this command issued it`,
        expect.stringMatching(/^Costs of a month: USD 14\.40 for 6 queues/),
      ]),
    )
    expect(statSync(cloud.tokenFile).mode & 0o777).toBe(0o600)
    expect(first.lines.join('\n')).not.toContain(readFileSync(cloud.tokenFile, 'utf8').trim())
    // The instance of the self-test is gone.
    expect(cloud.tablestore.tables()['instances']).toEqual([])

    const again = await cloud.deploy()
    expect(again.lines).toContain('Nothing to change.')
    expect(again.exitCode).toBe(exitCodes.done)
  })
})

describe('deploying', () => {
  beforeEach(async () => {
    cloud = await startEmptyAccount()
  })

  it('tells all that it would do in a dry run, and does nothing', async () => {
    const { exitCode, lines } = await cloud.deploy(['--dry-run'])
    expect(exitCode).toBe(exitCodes.done)
    expect(lines).toEqual(
      expect.arrayContaining([
        'create Tablestore instance precheck',
        ...tableSchemas.map(({ name }) => `create table ${name}`),
        ...queueSchemas.map(({ name }) => `create queue ${name}`),
        'create security group precheck-notify',
        'create role precheck-api',
        'deploy functions and triggers',
        'issue the first token',
      ]),
    )
    expect(lines.at(-1)).toBe(`${changes} changes would be made; nothing was changed.`)
    expect(cloud.state()).toEqual(nothing)
    expect(cloud.serverless.runs).toEqual([])
  })

  it('gives Serverless Devs the keys and the groups that it made', async () => {
    await cloud.deploy()
    const { environment } = cloud.serverless.runs[0]!
    expect(environment).toMatchObject({
      SECURITY_GROUP_ID: 'sg-bp000000000000000001',
      NOTIFY_SECURITY_GROUP_ID: 'sg-bp000000000000000002',
      ALIBABA_CLOUD_ACCOUNT_ID: '1234567890',
      TABLESTORE_INSTANCE: 'precheck',
    })
    expect(cloud.serverless.runs[0]!.args.slice(-2)).toEqual(['-a', 'default_serverless_devs_key'])
    expect(JSON.parse(environment['default_serverless_devs_key']!)).toEqual({
      AccountID: '1234567890',
      AccessKeyID: 'LTAIdeployer',
      AccessKeySecret: 'secret-of-deployer',
    })
  })

  it('leaves groups of others alone, and needs no right for them', async () => {
    const policy = wholePolicy.replaceAll(/"ecs:\w*SecurityGroup\w*"/g, '"ecs:TagResources"')
    cloud.setUser({ policies: {}, groups: { deployers: { deployer: policy } } })
    const given = { SECURITY_GROUP_ID: 'sg-1', NOTIFY_SECURITY_GROUP_ID: 'sg-2' }
    const { exitCode } = await cloud.deploy([], { own: { ...cloud.environment, ...given } })
    expect(exitCode).toBe(exitCodes.done)
    expect(cloud.state()).toEqual({ ...everything, groups: [] })
    expect(cloud.serverless.runs[0]?.environment).toMatchObject(given)
  })

  it('does without a KMS instance, and then allows nothing in KMS', async () => {
    const { KMS_INSTANCE_ID: _, KMS_KEY_ID: __, ...own } = cloud.environment
    expect((await cloud.deploy([], { own })).exitCode).toBe(exitCodes.done)
    expect(cloud.state()).toEqual({ ...everything, secrets: [] })
    expect(cloud.ram.policiesOf('precheck-run-check')!.join()).not.toContain('kms:')
  })

  it.runIf(runsAll)('deploys functions again when the code or a setting has changed', async () => {
    const root = process.cwd()
    const folder = mkdtempSync(join(tmpdir(), 'precheck-checkout-'))
    cpSync('s.yaml', join(folder, 's.yaml'))
    cpSync('dist/functions', join(folder, 'dist/functions'), { recursive: true })
    process.chdir(folder)
    try {
      await cloud.deploy()
      appendFileSync('dist/functions/notify/index.mjs', '\n')
      expect(made(await cloud.deploy())).toEqual(['deploy functions and triggers'])
      writeFileSync('s.yaml', readFileSync('s.yaml', 'utf8').replace('logLevel: info', 'logLevel: debug'))
      expect(made(await cloud.deploy())).toEqual(['deploy functions and triggers'])
      expect(made(await cloud.deploy())).toEqual([])
    } finally {
      process.chdir(root)
      rmSync(folder, { recursive: true })
    }
  })
})

describe('deploying what has drifted', () => {
  beforeEach(async () => {
    cloud = await startEmptyAccount()
    await cloud.deploy()
  })

  const tablestore = () =>
    new TableStore.Client({
      accessKeyId: 'LTAIdeployer',
      secretAccessKey: 'secret-of-deployer',
      endpoint: cloud.tablestore.endpoint,
      instancename: 'precheck',
      maxRetries: 0,
    })

  const call = async (
    endpoint: string | undefined,
    version: string,
    action: string,
    query: Readonly<Record<string, string>>,
  ): Promise<unknown> => {
    const credentials = { accessKeyId: 'LTAIdeployer', accessKeySecret: 'secret-of-deployer' }
    const settings = {
      endpoint: endpoint ?? '',
      credentials: () => credentials,
      timeoutMs: 60_000,
      retry: defaultRetryPolicy,
      isTransient: () => false,
    }
    const outcome = await callOpenApi(settings, { action, version, query })
    if ('fault' in outcome) throw new Error(outcome.fault.code)
    return outcome.answer
  }
  const queues = (action: string, query: Readonly<Record<string, string>>) =>
    call(cloud.environment['MNS_OPEN_ENDPOINT'], '2022-01-19', action, query)
  const ram = (action: string, query: Readonly<Record<string, string>>) =>
    call(cloud.environment['OPENAPI_ENDPOINT'], '2015-05-01', action, query)

  it('gives tables their keys and time to live, and queues their attributes', async () => {
    const described = await tablestore().describeTable({ tableName: 'precheck_history' })
    expect(described.tableMeta.primaryKey.map(({ name }) => name)).toEqual([
      'instance_id',
      'started_at',
      'precheck_id',
    ])
    expect(described.tableOptions).toMatchObject({ timeToLive: 180 * 86_400, maxVersions: 1 })
    expect(described.reservedThroughputDetails.capacityUnit).toMatchObject({ read: 0, write: 0 })
    expect(await queues('GetQueueAttributes', { QueueName: 'precheck-results' })).toMatchObject({
      Data: {
        VisibilityTimeout: 90,
        PollingWaitSeconds: 30,
        MessageRetentionPeriod: 604_800,
        DlqPolicy: { Enabled: true, DeadLetterTargetQueue: 'precheck-results-dead', MaxReceiveCount: '1000' },
      },
    })
  })

  it('sets a table back, and leaves its rows alone', async () => {
    const sdk = tablestore()
    await sdk.updateTable({ tableName: 'tokens', tableOptions: { timeToLive: 86_400, maxVersions: 1 } })
    const run = await cloud.deploy()
    expect(made(run)).toEqual(['change table tokens'])
    expect(run.lines).toContain('    timeToLive: 86400 -> -1')
    expect((await sdk.describeTable({ tableName: 'tokens' })).tableOptions.timeToLive).toBe(-1)
    expect(cloud.state().tokens).toBe(1)
  })

  it.runIf(runsAll)('sets a queue back, attribute by attribute', async () => {
    const off = { Enabled: false, DeadLetterTargetQueue: 'precheck-checks-dead', MaxReceiveCount: 5 }
    await queues('SetQueueAttributes', {
      QueueName: 'precheck-checks',
      VisibilityTimeout: '30',
      EnableLogging: 'true',
      DlqPolicy: JSON.stringify(off),
    })
    const run = await cloud.deploy()
    expect(made(run)).toEqual(['change queue precheck-checks'])
    expect(run.lines).toEqual(
      expect.arrayContaining([
        '    VisibilityTimeout: 30 -> 90',
        '    DlqPolicy: not set -> {"Enabled":true,"DeadLetterTargetQueue":"precheck-checks-dead","MaxReceiveCount":5}',
      ]),
    )
    expect(await queues('GetQueueAttributes', { QueueName: 'precheck-checks' })).toMatchObject({
      Data: { VisibilityTimeout: 90, LoggingEnabled: true, DlqPolicy: { Enabled: true } },
    })
  })

  it('sets a policy back, and attaches it', async () => {
    const role = 'precheck-collect'
    const all = { Version: '1', Statement: [{ Effect: 'Allow', Action: ['ots:*'], Resource: ['acs:ots:*'] }] }
    const changed = { PolicyName: role, PolicyDocument: JSON.stringify(all), SetAsDefault: 'true' }
    const before = cloud.ram.policiesOf(role)
    await ram('CreatePolicyVersion', changed)
    await ram('DetachPolicyFromRole', { PolicyName: role, PolicyType: 'Custom', RoleName: role })
    expect(made(await cloud.deploy())).toEqual([
      'change policy precheck-collect',
      'attach policy precheck-collect to its role',
    ])
    expect(cloud.ram.policiesOf(role)).toEqual(before)
  })

  it('makes what is missing again, but never another key of the webhook secrets', async () => {
    const key = cloud.secrets['backup-precheck-webhook-key']
    await queues('DeleteQueue', { QueueName: 'precheck-notifications' })
    await tablestore().deleteTable({ tableName: 'sweeps' })
    expect(made(await cloud.deploy())).toEqual(['create table sweeps', 'create queue precheck-notifications'])
    expect(cloud.secrets['backup-precheck-webhook-key']).toBe(key)
  })

  it('refuses a table of another make, and changes nothing then', async () => {
    const sdk = tablestore()
    await sdk.deleteTable({ tableName: 'instances' })
    await sdk.deleteTable({ tableName: 'sweeps' })
    await sdk.createTable({
      tableMeta: { tableName: 'instances', primaryKey: [{ name: 'id', type: 'STRING' }] },
      reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
      tableOptions: { timeToLive: -1, maxVersions: 1 },
    })
    const { exitCode, lines } = await cloud.deploy()
    expect(exitCode).toBe(exitCodes.failed)
    expect(lines.join('\n')).toMatch(/instances exists with another primary key: id instead of instance_id/)
    expect(cloud.state().tables).not.toContain('sweeps')
  })

  it.runIf(runsAll)('refuses a role that others may act as', async () => {
    const role = 'precheck-notify'
    const named = { RoleName: role }
    await ram('DetachPolicyFromRole', { ...named, PolicyName: role, PolicyType: 'Custom' })
    await ram('DeleteRole', named)
    const Principal = { RAM: ['acs:ram::999:root'] }
    const trust = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] }
    await ram('CreateRole', { ...named, AssumeRolePolicyDocument: JSON.stringify(trust) })
    const { exitCode, lines } = await cloud.deploy()
    expect(exitCode).toBe(exitCodes.failed)
    expect(lines.join('\n')).toMatch(/role precheck-notify exists, and others than Function Compute/)
  })

  it.runIf(runsAll)('issues another first token where nobody could', async () => {
    writeFileSync(cloud.tokenFile, 'bp_of_a_run_that_was_cut')
    await tablestore().deleteTable({ tableName: 'tokens' })
    expect(made(await cloud.deploy())).toEqual(['create table tokens', 'issue the first token'])
    expect(readFileSync(cloud.tokenFile, 'utf8')).toMatch(/^bp_[0-9a-f]{16}_/)
  })

  it('issues none that it cannot write down', async () => {
    writeFileSync(cloud.tokenFile, 'of somebody else')
    await tablestore().deleteTable({ tableName: 'tokens' })
    const { exitCode, lines } = await cloud.deploy()
    expect(exitCode).toBe(exitCodes.failed)
    expect(lines.at(-1)).toMatch(/something else is in it/)
    expect(readFileSync(cloud.tokenFile, 'utf8')).toBe('of somebody else')
    expect(cloud.state().tokens).toBe(0)
  })
})

describe('a deployment that is cut', () => {
  beforeEach(async () => {
    cloud = await startEmptyAccount()
  })

  class Cut extends Error {}

  /** Changes between two cuts. */
  const step = stride(12)

  /** Makes so many changes, and ends right after them; how many there were to make. */
  const deploySome = async (): Promise<number> => {
    let total = 0
    const print = (line: string): void => {
      const [, number, of] = /^\[ *(\d+)\/(\d+)\]/.exec(line) ?? []
      if (of !== undefined) total = Number(of)
      if (Number(number) === step + 1) throw new Cut()
    }
    await cloud.deploy([], { print }).catch((fault: unknown) => {
      if (!(fault instanceof Cut)) throw fault
    })
    return total
  }

  it('goes on where it was, wherever that is', async () => {
    for (let left = changes; left > 0; left -= step) expect(await deploySome()).toBe(left)
    expect(cloud.state()).toEqual(everything)
    expect((await cloud.deploy()).lines).toContain('Nothing to change.')
  })

  it('goes on after it was killed', async () => {
    const args = ['deploy', '--token', cloud.tokenFile]
    await killDuring('infra/deploy/deploy/main.ts', args, cloud.environment, /^\[20\//m)
    const run = await cloud.deploy()
    expect(run.exitCode).toBe(exitCodes.done)
    expect(made(run).length).toBeLessThan(changes - 17)
    expect(cloud.state()).toEqual(everything)
  })

  it('deploys the functions again that Serverless Devs did not finish', async () => {
    cloud.failServerless('api')
    const failed = await cloud.deploy()
    expect(failed.exitCode).toBe(exitCodes.failed)
    expect(failed.lines.at(-1)).toMatch(/"s api deploy -y" ended with 101/)
    expect(cloud.state()).toMatchObject({ functions: everything.functions, tokens: 0 })
    cloud.failServerless(undefined)
    expect(made(await cloud.deploy())).toEqual(['deploy functions and triggers', 'issue the first token'])
  })

  it.runIf(runsAll)('replaces a first token that was written down and not stored', async () => {
    const stop = cloud.tablestore.onRequest(({ operation }) =>
      operation === 'PutRow'
        ? { when: 'before', outcome: { status: 403, code: 'OTSQuotaExhausted' } }
        : undefined,
    )
    expect((await cloud.deploy()).exitCode).toBe(exitCodes.failed)
    stop()
    const lost = readFileSync(cloud.tokenFile, 'utf8')
    expect(made(await cloud.deploy())).toEqual(['issue the first token'])
    expect(readFileSync(cloud.tokenFile, 'utf8')).not.toBe(lost)
    expect(cloud.state()).toEqual(everything)
  })
})

const rights = rightsIn(readPolicyDocument(wholePolicy)!)

/** The whole policy without one action, or without it on one resource. */
const policyWithout = (action: string, resource?: string): string => {
  const left = rights.filter(
    (right) => right.action !== action || (resource ?? right.resource) !== right.resource,
  )
  const Statement = left.map((right) => ({
    Effect: 'Allow',
    Action: [right.action],
    Resource: [right.resource],
  }))
  return JSON.stringify({ Version: '1', Statement })
}

const listed = ({ lines }: CommandRun): readonly string[] =>
  lines.filter((line) => line.startsWith('  right ')).map((line) => line.slice('  right '.length))

describe('the rights of who deploys', () => {
  beforeEach(async () => {
    cloud = await startEmptyAccount()
  })

  it('are told by name when one is missing, each in turn, before anything is changed', async () => {
    for (const { action, resource } of rights) {
      // Without it the other policies cannot be read.
      if (action === 'ram:GetPolicy' && resource.includes(':system:')) continue
      cloud.setUser({ policies: { deployer: policyWithout(action, resource) } })
      const run = await cloud.deploy()
      expect(run.exitCode).toBe(exitCodes.failed)
      const isOfReading = action === 'ram:GetPolicy'
      const named = listed(run).filter((line) => !isOfReading || !line.includes(':system:'))
      expect(named).toEqual([`${action} on ${resource}`])
      expect(cloud.state()).toEqual(nothing)
    }
  })

  it('are told all at once, with the policy that gives them', async () => {
    cloud.setUser({
      policies: {
        reading: policyWithout('mns:CreateQueue').replaceAll('"ots:CreateTable"', '"ots:ListTable"'),
      },
    })
    const run = await cloud.deploy()
    expect(listed(run).map((line) => line.split(' ')[0])).toEqual(['ots:CreateTable', 'mns:CreateQueue'])
    expect(run.lines[0]).toBe('2 things missing; nothing was changed:')
    const given = run.lines.at(-1)!
    cloud.setUser({ policies: { reading: policyWithout('mns:CreateQueue'), given } })
    expect((await cloud.deploy()).exitCode).toBe(exitCodes.done)
  })

  it('are missing where a policy denies them', async () => {
    const deny = { Effect: 'Deny', Action: ['mns:Create*'], Resource: ['acs:mns:*:*:*'] }
    const denying = JSON.stringify({ Version: '1', Statement: [deny] })
    cloud.setUser({ policies: { deployer: wholePolicy }, groups: { staff: { denying } } })
    expect(listed(await cloud.deploy())).toEqual([
      'mns:CreateQueue on acs:mns:cn-hangzhou:1234567890:/queues/precheck-*',
    ])
  })

  it('are told by the first refusal of each part where policies do not tell, and a second run finishes', async () => {
    await cloud.deploy()
    const all = [...new Set(cloud.requests)].filter((request) =>
      /^deployer (ots|mns|ram|ecs|kms|fc):/.test(request),
    )
    const asked = all.map((request) => request.slice('deployer '.length))
    // Of reading the policies of the caller: what they say does not matter here. Of Serverless Devs: it says so itself.
    const others = /^ram:(GetPolicy|List\w+)$|^fc:|^kms:Decrypt$|^vpc:/
    const own = asked.filter((action) => !others.test(action))
    expect(own.length).toBeGreaterThan(15)
    for (const action of someOf(own, 3)) {
      await cloud.close()
      cloud = await startEmptyAccount()
      cloud.setUser({ policies: { deployer: policyWithout(action) } })
      const run = await cloud.deploy(['--try'])
      expect([action, run.exitCode]).toEqual([action, exitCodes.failed])
      const last = run.lines.slice(run.lines.findLastIndex((line) => line.endsWith('missing:')))
      expect(listed({ ...run, lines: last })).toEqual([action])
      cloud.setUser({ policies: { deployer: wholePolicy } })
      expect((await cloud.deploy()).exitCode).toBe(exitCodes.done)
      expect(cloud.state()).toEqual(everything)
    }
  })

  it('are found together in one run with --try, one of each part', async () => {
    const without = policyWithout('mns:CreateQueue').replaceAll('"ram:CreateRole"', '"ram:GetRole"')
    cloud.setUser({ policies: { deployer: without } })
    const run = await cloud.deploy(['--try'])
    expect(run.lines.slice(run.lines.indexOf('2 rights missing:') + 1, -1)).toEqual([
      '  right mns:CreateQueue',
      '  right ram:CreateRole',
    ])
    expect(cloud.state()).toMatchObject({ tables: everything.tables, roles: [], functions: [], tokens: 0 })
  })
})

describe('a deployment that cannot begin', () => {
  beforeEach(async () => {
    cloud = await startEmptyAccount()
  })

  it('lists everything that is missing at once', async () => {
    cloud.setUser({ policies: { deployer: policyWithout('mns:CreateQueue') } })
    const { VPC_ID: _, KMS_INSTANCE_ID: __, ...environment } = cloud.environment
    const own = { ...environment, PATH: '/nowhere', ALIBABA_CLOUD_ACCOUNT_ID: '99' }
    const { exitCode, lines } = await cloud.deploy([], { own })
    expect(exitCode).toBe(exitCodes.failed)
    expect(lines.slice(0, 6)).toEqual([
      '5 things missing; nothing was changed:',
      '  variable VPC_ID',
      '  variable KMS_INSTANCE_ID',
      '  command s: npm install -g @serverless-devs/s@3',
      '  keys of the account 99 (ALIBABA_CLOUD_ACCOUNT_ID): these are of 1234567890',
      '  right mns:CreateQueue on acs:mns:cn-hangzhou:1234567890:/queues/precheck-*',
    ])
  })

  it('says that the vSwitch is not in the VPC', async () => {
    const { lines } = await cloud.deploy([], { own: { ...cloud.environment, VSWITCH_ID: 'vsw-other' } })
    expect(lines).toContain('  vSwitch vsw-other in vpc-bp1precheck in cn-hangzhou')
  })

  it('asks for the keys by the names of their variables', async () => {
    const { ALIBABA_CLOUD_ACCESS_KEY_SECRET: _, ...own } = cloud.environment
    expect((await cloud.deploy([], { own })).lines).toContain('  variable ALIBABA_CLOUD_ACCESS_KEY_SECRET')
  })

  it('tells wrong keys from a missing right, and repeats no secret', async () => {
    const own = { ...cloud.environment, ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'guessed' }
    const { exitCode, lines } = await cloud.deploy([], { own })
    expect(exitCode).toBe(exitCodes.failed)
    expect(lines.join('\n')).toMatch(/GetCallerIdentity of these keys .+\nThe keys were not accepted/)
    expect(lines.join('\n')).not.toContain('guessed')
  })

  it('says so when an address does not exist or does not answer, and changes nothing', async () => {
    const nowhere = { ...cloud.environment, MNS_OPEN_ENDPOINT: 'http://127.0.0.1:1' }
    const { exitCode, lines } = await cloud.deploy([], { own: nowhere })
    expect(exitCode).toBe(exitCodes.failed)
    expect(lines.join('\n')).toMatch(/ECONNREFUSED\nThere was no answer/)
    expect(cloud.state()).toEqual(nothing)
  })

  it.each([[['--force']], [['now']]])('refuses the arguments %o', async (args) => {
    expect((await cloud.deploy(args)).exitCode).toBe(exitCodes.usage)
  })

  it('explains itself', async () => {
    const { exitCode, lines } = await cloud.deploy(['--help'])
    expect(exitCode).toBe(exitCodes.done)
    expect(lines.join('\n')).toContain('--dry-run')
  })
})

describe('destroying', () => {
  beforeEach(async () => {
    cloud = await startEmptyAccount()
    await cloud.deploy()
  })

  const { instances, tables, secrets, tokens } = everything
  const data = { instances, tables, secrets, tokens }

  it('asks first, and takes no for an answer', async () => {
    const { exitCode, lines } = await cloud.destroy([], 'y')
    expect([exitCode, lines]).toEqual([exitCodes.failed, ['Nothing was changed.']])
    expect(cloud.state()).toEqual(everything)
  })

  it('keeps the data, with which the next deployment goes on', async () => {
    const { exitCode, lines } = await cloud.destroy()
    expect([exitCode, lines.at(-1)]).toEqual([exitCodes.done, '24 changes made.'])
    expect(cloud.state()).toEqual({ ...nothing, ...data })
    expect((await cloud.destroy(['--yes'])).lines).toEqual(['Nothing to change.'])
    expect((await cloud.deploy()).exitCode).toBe(exitCodes.done)
    expect(cloud.state()).toEqual(everything)
  })

  it('removes the data where it is told to, and only tells of it in a dry run', async () => {
    expect((await cloud.destroy(['--dry-run', '--data'])).lines.at(-1)).toBe(
      `${changes - 3} changes would be made; nothing was changed.`,
    )
    expect(cloud.state()).toEqual(everything)
    expect((await cloud.destroy(['--yes', '--data'])).exitCode).toBe(exitCodes.done)
    // A key in KMS has a recovery period, and is removed by hand.
    expect(cloud.state()).toEqual({ ...nothing, secrets })
  })

  it.runIf(runsAll)('finishes in a second run what a missing right has left', async () => {
    const removing = ['mns:DeleteQueue', 'ram:DeleteRole', 'ram:DetachPolicyFromRole', 'ram:DeletePolicy']
    const all = [...removing, 'ecs:DeleteSecurityGroup', 'ots:DeleteTable', 'ots:DeleteInstance']
    for (const action of someOf(all, 3)) {
      cloud.setUser({ policies: { deployer: policyWithout(action) } })
      const run = await cloud.destroy(['--yes', '--data', '--try'])
      expect([action, run.exitCode, run.lines.at(-2)]).toEqual([
        action,
        exitCodes.failed,
        `  right ${action}`,
      ])
      cloud.setUser({ policies: { deployer: wholePolicy } })
      expect((await cloud.destroy(['--yes', '--data'])).exitCode).toBe(exitCodes.done)
      expect(cloud.state()).toEqual({ ...nothing, secrets })
      await cloud.deploy()
    }
  })
})
