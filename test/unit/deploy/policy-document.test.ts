import { describe, expect, it } from 'vitest'
import {
  grants,
  policyOf,
  readPolicyDocument,
  rightsIn,
} from '../../../infra/deploy/rights/policy-document.ts'

const policy = (...statements: object[]) => {
  const read = readPolicyDocument(JSON.stringify({ Version: '1', Statement: statements }))
  expect(read).not.toBeNull()
  return read!
}
const right = { action: 'mns:CreateQueue', resource: 'acs:mns:cn-hangzhou:1:/queues/precheck-*' }
const allow = (part: object = {}) => ({
  Effect: 'Allow',
  Action: right.action,
  Resource: right.resource,
  ...part,
})
const deny = (part: object = {}) => ({ ...allow(part), Effect: 'Deny' })

describe('whether policies grant a right', () => {
  it.each([
    ['by its name', allow()],
    ['by a pattern', allow({ Action: ['mns:Create*'], Resource: ['acs:mns:*:*:/queues/*'] })],
    ['by everything', allow({ Action: '*', Resource: '*' })],
    ['whatever the case of the action', allow({ Action: 'MNS:createqueue' })],
    ['by what is left out', allow({ Action: undefined, NotAction: ['ram:*'] })],
    ['by one of several', allow({ Action: ['ots:*', 'mns:*'], Resource: ['acs:ots:*', 'acs:mns:*'] })],
    // Only the request itself can tell.
    ['under a condition', allow({ Condition: { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8'] } } })],
  ])('allows %s', (_, statement) => {
    expect(grants([policy(statement)], right)).toBe(true)
  })

  it.each<[string, ...object[]]>([
    ['an empty policy', allow({ Action: [] })],
    ['another action', allow({ Action: 'mns:DeleteQueue' })],
    ['the same action of another product', allow({ Action: 'ots:CreateQueue' })],
    ['a part of what is needed', allow({ Resource: 'acs:mns:cn-hangzhou:1:/queues/precheck-checks' })],
    ['another account', allow({ Resource: 'acs:mns:*:2:*' })],
    ['a dot for any character', allow({ Action: 'mns.CreateQueue' })],
    ['what is left out', allow({ Action: undefined, NotAction: ['mns:*'] })],
    ['a denial beside it', allow(), deny({ Action: 'mns:*', Resource: '*' })],
  ])('is not content with %s', (_, ...statements) => {
    expect(grants([policy(...statements)], right)).toBe(false)
  })

  it('looks at all policies together', () => {
    expect(grants([policy(), policy(allow())], right)).toBe(true)
    expect(grants([policy(allow()), policy(deny())], right)).toBe(false)
    expect(grants([policy(allow()), policy(deny({ Condition: { Bool: {} } }))], right)).toBe(true)
  })
})

describe('a policy that gives rights', () => {
  it('gives these, and has one statement for each resource', () => {
    const other = { action: 'mns:DeleteQueue', resource: right.resource }
    const third = { action: 'ots:GetRow', resource: 'acs:ots:*' }
    const document = readPolicyDocument(JSON.stringify(policyOf([right, third, other])))!
    expect(document.Statement).toHaveLength(2)
    expect(rightsIn(document)).toEqual([right, other, third])
  })
})

it.each(['', 'null', '[]', '{"Statement":"all"}'])('reads no policy in %o', (text) => {
  expect(readPolicyDocument(text)).toBeNull()
})
