import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readServerlessFile } from '../../../infra/deploy/s-yaml/s-yaml.ts'
import { functionNames, policyNames, policyText } from '../../../infra/deploy/policies/policy-text.ts'
import { queueSchemas } from '../../../infra/deploy/plan/queues.ts'
import { tableSchemas } from '../../../shared/adapters/tablestore/tables.ts'
import { Policy, isAllowed, readPolicy } from '../../support/ram-policy.ts'

const place = {
  account: '1234567890123456',
  region: 'cn-shanghai',
  instance: 'Backup-Precheck',
  key: 'key-1',
}
const policies = functionNames.map((name) => [name, readPolicy(name, place)] as const)
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
  it('are those of the roles in s.yaml, and one for who deploys', () => {
    for (const [name, { props }] of functions)
      expect(props.role).toBe(`acs:ram::${place.account}:role/precheck-${name}`)
    expect([...functions.map(([name]) => name), 'deployer'].toSorted()).toEqual(policyNames.toSorted())
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
    const source = sourceOf('shared/adapters')
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

  it('let no function create or remove tables and queues', () => {
    const changing = statementsOf.filter(({ Action: own }) =>
      own.some((action) => /(Create|Update|Delete|Set)(Table|Queue|Instance|Role|Policy)/.test(action)),
    )
    expect(changing).toEqual([])
  })

  it.each(policyNames)('are short enough for RAM: %s', (name) => {
    expect(JSON.stringify(JSON.parse(policyText(name, place))).length).toBeLessThanOrEqual(6144)
  })

  it.each(policyNames)('allow nothing in KMS where there is none: %s', (name) => {
    const text = policyText(name, { ...place, key: null })
    expect(text).not.toMatch(/kms|[{]\w+[}]/)
    expect(Policy.safeParse(JSON.parse(text)).success).toBe(true)
  })

  it('hold secrets of webhooks off from who logs in to databases, whatever else allows them', () => {
    const generous = Policy.parse({
      Version: '1',
      Statement: [
        ...readPolicy('run-check', place).Statement,
        { Effect: 'Allow', Action: ['kms:*'], Resource: ['acs:kms:*:*:secret/*'] },
      ],
    })
    const secret = (name: string): string => `acs:kms:${place.region}:${place.account}:secret/${name}`
    expect(isAllowed(generous, 'kms:GetSecretValue', secret('orders'))).toBe(true)
    expect(isAllowed(generous, 'kms:GetSecretValue', secret('precheck-webhook-robot'))).toBe(false)
    expect(isAllowed(generous, 'kms:GetSecretValue', secret('backup-precheck-webhook-key'))).toBe(false)
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

  it('let who deploys touch roles, policies and queues of this service alone', () => {
    const policy = readPolicy('deployer', place)
    const role = (name: string): string => `acs:ram:*:${place.account}:role/${name}`
    expect(isAllowed(policy, 'mns:CreateQueue', queueArn('precheck-checks'))).toBe(true)
    expect(isAllowed(policy, 'mns:CreateQueue', queueArn('payroll'))).toBe(false)
    expect(isAllowed(policy, 'ram:CreateRole', role('precheck-api'))).toBe(true)
    for (const action of ['ram:CreateRole', 'ram:AttachPolicyToRole', 'ram:PassRole', 'ram:DeleteRole'])
      expect(isAllowed(policy, action, role('payroll'))).toBe(false)
    expect(isAllowed(policy, 'kms:GetSecretValue', `acs:kms:cn-shanghai:${place.account}:secret/a`)).toBe(
      false,
    )
    const table = `acs:ots:${place.region}:${place.account}:instance/payroll/table/t`
    expect(isAllowed(policy, 'ots:DeleteTable', table)).toBe(false)
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
