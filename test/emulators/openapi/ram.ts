import type { Principal } from '../principal.ts'
import { type Parameters, required } from './parameters.ts'
import { Refusal } from './refusal.ts'
import type { Product } from './server.ts'

/** Texts of policies that a RAM user has, by their names. */
export interface RamUser {
  readonly policies: Readonly<Record<string, string>>
  /** Policies of the groups that it is in, by the names of the groups. */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

interface Role {
  readonly trust: string
  readonly attached: Set<string>
}

/** RAM and STS of an account. */
export interface Ram {
  readonly products: readonly Product[]
  /** Texts of the policies that a user or a role has; undefined: there is none of that name. */
  readonly policiesOf: (name: string) => readonly string[] | undefined
  readonly roles: () => readonly string[]
  readonly policies: () => readonly string[]
}

/** Bytes of a policy at most ("Limits", RAM manual). */
const longestPolicy = 6144

const listed = (policies: readonly string[]): object => ({
  Policies: {
    Policy: policies.map((name) => ({ PolicyName: name, PolicyType: 'Custom', DefaultVersion: 'v1' })),
  },
})

const missing = (what: string, name: string): Refusal =>
  new Refusal(404, `EntityNotExist.${what}`, `The ${what.toLowerCase()} does not exist: ${name}.`)

const taken = (what: string, name: string): Refusal =>
  new Refusal(409, `EntityAlreadyExists.${what}`, `The ${what.toLowerCase()} already exists: ${name}.`)

const readDocument = (parameters: Parameters): string => {
  const text = required(parameters, 'PolicyDocument')
  const tooLong = new Refusal(400, 'InvalidParameter.PolicyDocument.Length', 'The document is too long.')
  if (text.length > longestPolicy) throw tooLong
  JSON.parse(text)
  return text
}

/** An account with users, whom a name of a principal stands for, and at first without roles. */
export const startRam = (accountId: string, users: () => Readonly<Record<string, RamUser>>): Ram => {
  const roles = new Map<string, Role>()
  const policies = new Map<string, string>()

  const userOf = ({ UserName = '' }: Parameters): RamUser => {
    const user = users()[UserName]
    if (!user) throw missing('User', UserName)
    return user
  }
  const groupOf = (name: string): Readonly<Record<string, string>> => {
    const group = Object.values(users()).find(({ groups }) => groups?.[name])?.groups?.[name]
    if (!group) throw missing('Group', name)
    return group
  }
  const roleOf = ({ RoleName = '' }: Parameters): Role => {
    const role = roles.get(RoleName)
    if (!role) throw missing('Role', RoleName)
    return role
  }
  const everyText = (): Map<string, string> => {
    const given = Object.values(users()).flatMap(({ policies: own, groups = {} }) => [
      ...Object.entries(own),
      ...Object.values(groups).flatMap((group) => Object.entries(group)),
    ])
    return new Map([...given, ...policies])
  }
  const textOf = ({ PolicyName = '' }: Parameters): string => {
    const text = everyText().get(PolicyName)
    if (text === undefined) throw missing('Policy', PolicyName)
    return text
  }
  const attachments = (policy: string): boolean =>
    [...roles.values()].some(({ attached }) => attached.has(policy))

  const operations: Product['operations'] = {
    ListPoliciesForUser: (parameters) => listed(Object.keys(userOf(parameters).policies)),
    ListGroupsForUser: (parameters) => ({
      Groups: { Group: Object.keys(userOf(parameters).groups ?? {}).map((GroupName) => ({ GroupName })) },
    }),
    ListPoliciesForGroup: ({ GroupName = '' }) => listed(Object.keys(groupOf(GroupName))),
    ListPoliciesForRole: (parameters) => listed([...roleOf(parameters).attached]),
    GetPolicy: (parameters) => ({
      Policy: { PolicyName: parameters['PolicyName'], PolicyType: parameters['PolicyType'] },
      DefaultPolicyVersion: {
        VersionId: 'v1',
        IsDefaultVersion: true,
        PolicyDocument: textOf(parameters),
      },
    }),
    GetRole: (parameters) => ({
      Role: { RoleName: parameters['RoleName'], AssumeRolePolicyDocument: roleOf(parameters).trust },
    }),
    CreateRole: (parameters) => {
      const name = required(parameters, 'RoleName')
      if (roles.has(name)) throw taken('Role', name)
      roles.set(name, { trust: required(parameters, 'AssumeRolePolicyDocument'), attached: new Set() })
      return {}
    },
    DeleteRole: (parameters) => {
      if (roleOf(parameters).attached.size > 0)
        throw new Refusal(409, 'DeleteConflict.Role.Policy', 'The role has policies.')
      roles.delete(required(parameters, 'RoleName'))
      return {}
    },
    CreatePolicy: (parameters) => {
      const name = required(parameters, 'PolicyName')
      if (policies.has(name)) throw taken('Policy', name)
      policies.set(name, readDocument(parameters))
      return {}
    },
    CreatePolicyVersion: (parameters) => {
      textOf(parameters)
      if (parameters['SetAsDefault'] === 'true')
        policies.set(required(parameters, 'PolicyName'), readDocument(parameters))
      return {}
    },
    DeletePolicy: (parameters) => {
      textOf(parameters)
      const name = required(parameters, 'PolicyName')
      if (attachments(name)) throw new Refusal(409, 'DeleteConflict.Policy.Role', 'A role has the policy.')
      policies.delete(name)
      return {}
    },
    AttachPolicyToRole: (parameters) => {
      textOf(parameters)
      const name = required(parameters, 'PolicyName')
      const { attached } = roleOf(parameters)
      if (attached.has(name)) throw taken('Role.Policy', name)
      attached.add(name)
      return {}
    },
    DetachPolicyFromRole: (parameters) => {
      const name = required(parameters, 'PolicyName')
      if (!roleOf(parameters).attached.delete(name)) throw missing('Role.Policy', name)
      return {}
    },
  }

  const named = ({
    UserName,
    GroupName,
    RoleName,
    PolicyName,
    PolicyType,
  }: Parameters): readonly string[] => [
    ...(UserName ? [`acs:ram:*:${accountId}:user/${UserName}`] : []),
    ...(GroupName ? [`acs:ram:*:${accountId}:group/${GroupName}`] : []),
    ...(RoleName ? [`acs:ram:*:${accountId}:role/${RoleName}`] : []),
    ...(PolicyName
      ? [`acs:ram:*:${PolicyType === 'System' ? 'system' : accountId}:policy/${PolicyName}`]
      : []),
  ]

  const whoIs = (_: Parameters, { name }: Principal): object => ({
    IdentityType: 'RAMUser',
    AccountId: accountId,
    Arn: `acs:ram::${accountId}:user/${name}`,
  })

  return {
    products: [
      { name: 'ram', version: '2015-05-01', operations, resources: named, refusal: 'NoPermission' },
      {
        name: 'sts',
        version: '2015-04-01',
        operations: { GetCallerIdentity: whoIs },
        resources: () => [],
      },
    ],
    policiesOf: (name) => {
      const user = users()[name]
      if (user)
        return [
          ...Object.values(user.policies),
          ...Object.values(user.groups ?? {}).flatMap((group) => Object.values(group)),
        ]
      const role = roles.get(name)
      return role && [...role.attached].map((policy) => policies.get(policy) ?? '')
    },
    roles: () => [...roles.keys()],
    policies: () => [...policies.keys()],
  }
}
