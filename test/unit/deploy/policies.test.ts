import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readServerlessFile } from '../../../infra/deploy/s-yaml/s-yaml.ts'
import { policyNames, policyText } from '../../../infra/deploy/policies/policy-text.ts'
import { queueSchemas } from '../../../infra/deploy/provision/queues.ts'
import { tableSchemas } from '../../../shared/adapters/tablestore/tables.ts'
import { Policy, isAllowed, readPolicy } from '../../support/ram-policy.ts'

const place = {
  account: '1234567890123456',
  region: 'cn-shanghai',
  instance: 'Backup-Precheck',
  key: 'key-1',
}
const policies = policyNames.map((name) => [name, readPolicy(name, place)] as const)
const folder = 'infra/deploy/policies'

const statementsOf = policies.flatMap(([name, { Statement }]) =>
  Statement.map((statement) => ({ name, ...statement })),
)
const resources = statementsOf.flatMap(({ name, Resource: own }) =>
  own.map((resource) => ({ name, resource })),
)

/** The text of every TypeScript file below a folder. */
const sourceOf = (root: string): string =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n')

const environment = {
  ALIBABA_CLOUD_ACCOUNT_ID: place.account,
  ALIBABA_CLOUD_REGION_ID: place.region,
  VPC_ID: 'vpc-1',
  VSWITCH_ID: 'vsw-1',
  SECURITY_GROUP_ID: 'sg-1',
  NOTIFY_SECURITY_GROUP_ID: 'sg-2',
}

const functions = Object.entries(readServerlessFile(readFileSync('s.yaml', 'utf8'), environment).resources)

describe('the policies', () => {
  it('are those of the roles in s.yaml, and one for who provisions', () => {
    for (const [name, { props }] of functions)
      expect(props.role).toBe(`acs:ram::${place.account}:role/precheck-${name}`)
    expect([...functions.map(([name]) => name), 'provision'].toSorted()).toEqual(policyNames.toSorted())
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
    expect(files.toSorted()).toEqual(
      [...policyNames.map((name) => `${name}.json`), 'trust-function-compute.json'].toSorted(),
    )
  })

  it.each(policyNames)('hold no place that is left open: %s', (name) => {
    expect(policyText(name, place)).not.toMatch(/[{]\w+[}]/)
  })

  it('are for one account, and its regions where they are known', () => {
    for (const { resource } of resources) {
      const [, product, region, account] = resource.split(':')
      expect(account).toBe(place.account)
      // Instances of databases may be in other regions than the functions.
      expect(region).toBe(product === 'ecs' ? '*' : place.region)
    }
  })

  /** What a service does in the name of who asks it: KMS decrypts a secret with the key of the user. */
  const inOurName = ['kms:Decrypt']

  it('name every action, each one that the code uses', () => {
    const source = sourceOf('shared/adapters') + sourceOf('infra/deploy/provision')
    const actions = [...new Set(statementsOf.flatMap(({ Action: own }) => own))]
    const unused = actions.filter((action) => {
      const [, operation] = action.split(':')
      return !new RegExp(`['.]${operation}['(]`, 'i').test(source)
    })
    expect(unused).toEqual(inOurName)
  })

  it('widen no resource beyond our own names', () => {
    const wide = resources.filter(({ resource }) => {
      const [, product, , , path = ''] = resource.split(':')
      return product !== 'ecs' && path.includes('*') && !/\/precheck-(webhook-)?\*$/.test(path)
    })
    expect(wide).toEqual([])
  })

  it('let commands run on those instances of ECS alone that are marked for it', () => {
    const instance = `acs:ecs:cn-beijing:${place.account}:instance/i-1`
    const policy = readPolicy('run-check', place)
    expect(isAllowed(policy, 'ecs:RunCommand', instance)).toBe(false)
    expect(isAllowed(policy, 'ecs:RunCommand', instance, { 'backup-precheck': 'no' })).toBe(false)
    expect(isAllowed(policy, 'ecs:RunCommand', instance, { 'backup-precheck': 'allow' })).toBe(true)
    const others = statementsOf.filter(({ name }) => name !== 'run-check')
    expect(others.flatMap(({ Action: own }) => own).filter((action) => action.startsWith('ecs:'))).toEqual([])
  })

  it('show run-check no table, and no password to collect and schedule', () => {
    const products = (name: (typeof policyNames)[number]): string[] => [
      ...new Set(
        resources.filter((entry) => entry.name === name).map(({ resource }) => resource.split(':')[1]!),
      ),
    ]
    expect(products('run-check').toSorted()).toEqual(['ecs', 'kms', 'mns'])
    expect(products('collect').toSorted()).toEqual(['mns', 'ots'])
    expect(products('schedule').toSorted()).toEqual(['mns', 'ots'])
    expect(products('notify').toSorted()).toEqual(['kms', 'mns', 'ots'])
  })

  it('let nobody create or remove tables and queues, but who provisions', () => {
    const changing = statementsOf.filter(({ Action: own }) =>
      own.some((action) => /(Create|Update|Delete|Set)(Table|Queue)/.test(action)),
    )
    expect(new Set(changing.map(({ name }) => name))).toEqual(new Set(['provision']))
    expect(changing.flatMap(({ Action: own }) => own).filter((action) => action.includes('Delete'))).toEqual(
      [],
    )
  })

  const tableArn = (table: string): string =>
    `acs:ots:${place.region}:${place.account}:instance/backup-precheck/table/${table}`
  const queueArn = (queue: string): string => `acs:mns:${place.region}:${place.account}:/queues/${queue}`

  it('name tables and queues that there are', () => {
    const tables = tableSchemas.map(({ name }) => tableArn(name))
    const queues = queueSchemas.flatMap(({ name }) => [queueArn(name), `${queueArn(name)}/messages`])
    const named = resources
      .map(({ resource }) => resource)
      .filter((resource) => /^acs:(ots|mns):/.test(resource) && !resource.includes('*'))
    expect(named.filter((resource) => !tables.includes(resource) && !queues.includes(resource))).toEqual([])
  })

  it('let every table and queue be provisioned', () => {
    const policy = readPolicy('provision', place)
    for (const { name } of tableSchemas) {
      for (const action of ['ots:DescribeTable', 'ots:CreateTable', 'ots:UpdateTable'])
        expect(isAllowed(policy, action, tableArn(name))).toBe(true)
    }
    for (const { name } of queueSchemas) {
      for (const action of ['mns:GetQueueAttributes', 'mns:CreateQueue', 'mns:SetQueueAttributes'])
        expect(isAllowed(policy, action, queueArn(name))).toBe(true)
    }
    expect(isAllowed(policy, 'mns:CreateQueue', queueArn('payroll'))).toBe(false)
  })
})

describe('the evaluator of policies', () => {
  const allow = {
    Effect: 'Allow' as const,
    Action: ['mns:Send*'],
    Resource: ['acs:mns:*:1:/queues/a?/messages'],
  }
  const policy = (...statements: object[]) => Policy.parse({ Version: '1', Statement: statements })
  const queue = 'acs:mns:cn-hangzhou:1:/queues/ab/messages'

  it('lets * be anything and ? one character, actions in any case', () => {
    expect(isAllowed(policy(allow), 'mns:SendMessage', queue)).toBe(true)
    expect(isAllowed(policy(allow), 'MNS:sendmessage', queue)).toBe(true)
    expect(isAllowed(policy(allow), 'mns:SendMessage', queue.replace('ab', 'abc'))).toBe(false)
    expect(isAllowed(policy(allow), 'mns:SendMessage', queue.toUpperCase())).toBe(false)
    expect(isAllowed(policy(allow), 'mns:ReceiveMessage', queue)).toBe(false)
  })

  it('takes a dot for a dot', () => {
    const dotted = policy({ ...allow, Resource: ['acs:kms:r:1:secret/a.b'] })
    expect(isAllowed(dotted, 'mns:Send', 'acs:kms:r:1:secret/axb')).toBe(false)
  })

  it('denies what any statement denies, and what none allows', () => {
    const deny = { Effect: 'Deny', Action: ['mns:SendMessage'], Resource: ['acs:mns:*:*:/queues/ab/*'] }
    expect(isAllowed(policy(allow, deny), 'mns:SendMessage', queue)).toBe(false)
    expect(isAllowed(policy(allow, deny), 'mns:SendMessage', queue.replace('ab', 'ac'))).toBe(true)
    expect(isAllowed(policy(deny), 'mns:SendMessage', queue.replace('ab', 'ac'))).toBe(false)
  })

  it.each([
    [{ Condition: { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8'] } } }],
    [{ Condition: { StringEquals: { 'acs:UserName': ['x'] } } }],
    [{ NotAction: ['mns:*'] }],
    [{ Resource: ['*'] }],
    [{ Action: ['*'] }],
    [{ Effect: 'allow' }],
  ])('refuses to read what it does not understand: %o', (part) => {
    expect(Policy.safeParse({ Version: '1', Statement: [{ ...allow, ...part }] }).success).toBe(false)
  })
})
