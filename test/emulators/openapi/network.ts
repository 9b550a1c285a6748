import { type Parameters, oneOf, required } from './parameters.ts'
import { Refusal } from './refusal.ts'
import type { Product } from './server.ts'

/** A rule of a security group, as it is set. */
type Rule = Readonly<Record<string, string>>

/** A security group. */
export interface SecurityGroup {
  readonly id: string
  readonly name: string
  readonly vpcId: string
  readonly egress: Rule[]
}

/** VPCs and security groups of an account. */
export interface Network {
  readonly products: readonly Product[]
  readonly groups: () => readonly SecurityGroup[]
}

const rulesIn = (parameters: Parameters): readonly Rule[] => {
  const rules: Record<string, string>[] = []
  for (const [name, value] of Object.entries(parameters)) {
    const [, position, field] = /^Permissions\.(\d+)\.(\w+)$/.exec(name) ?? []
    if (position === undefined || field === undefined) continue
    rules[Number(position) - 1] = { ...rules[Number(position) - 1], [field]: value }
  }
  for (const rule of rules) {
    oneOf('Policy', required(rule, 'Policy').toLowerCase(), ['accept', 'drop'])
    required(rule, 'IpProtocol')
    required(rule, 'DestCidrIp')
    if (required(rule, 'PortRange') !== '-1/-1')
      throw new Refusal(400, 'InvalidPortRange.Malformed', 'PortRange')
    const priority = Number(rule['Priority'])
    if (!(priority >= 1 && priority <= 100))
      throw new Refusal(400, 'InvalidPriority.ValueNotSupported', 'Priority')
  }
  return rules
}

/** Starts with one VPC, in it one vSwitch, and no security group. */
export const startNetwork = (
  accountId: string,
  region: string,
  { vpcId, vSwitchId }: { readonly vpcId: string; readonly vSwitchId: string },
): Network => {
  const groups = new Map<string, SecurityGroup>()
  const byToken = new Map<string, string>()

  const groupOf = ({ SecurityGroupId: id = '' }: Parameters): SecurityGroup => {
    const group = groups.get(id)
    if (!group) throw new Refusal(404, 'InvalidSecurityGroupId.NotFound', 'There is no such group.')
    return group
  }

  const create = (parameters: Parameters): object => {
    if (required(parameters, 'VpcId') !== vpcId)
      throw new Refusal(404, 'InvalidVpcId.NotFound', 'There is no such VPC.')
    const token = parameters['ClientToken'] ?? ''
    const id = byToken.get(token) ?? `sg-bp${String(groups.size + 1).padStart(18, '0')}`
    if (token !== '') byToken.set(token, id)
    if (!groups.has(id))
      groups.set(id, { id, name: required(parameters, 'SecurityGroupName'), vpcId, egress: [] })
    return { SecurityGroupId: id }
  }

  const securityGroups: Product = {
    name: 'ecs',
    version: '2014-05-26',
    operations: {
      DescribeSecurityGroups: ({ VpcId, SecurityGroupName }) => ({
        SecurityGroups: {
          SecurityGroup: [...groups.values()]
            .filter((group) => group.vpcId === VpcId && group.name === SecurityGroupName)
            .map(({ id, name }) => ({ SecurityGroupId: id, SecurityGroupName: name, VpcId })),
        },
      }),
      DescribeSecurityGroupAttribute: (parameters) => ({
        Permissions: {
          Permission: groupOf(parameters).egress.map((rule) => ({
            ...rule,
            Policy: 'Drop',
            Direction: 'egress',
          })),
        },
      }),
      CreateSecurityGroup: create,
      AuthorizeSecurityGroupEgress: (parameters) => {
        groupOf(parameters).egress.push(...rulesIn(parameters))
        return {}
      },
      DeleteSecurityGroup: (parameters) => {
        const { id } = groupOf(parameters)
        groups.delete(id)
        for (const [token, of] of byToken) if (of === id) byToken.delete(token)
        return {}
      },
    },
    resources: ({ SecurityGroupId = '*', VpcId }, action) => [
      `acs:ecs:${region}:${accountId}:securitygroup/${SecurityGroupId}`,
      ...(action === 'CreateSecurityGroup' ? [`acs:vpc:${region}:${accountId}:vpc/${VpcId}`] : []),
    ],
  }

  const switches: Product = {
    name: 'vpc',
    version: '2016-04-28',
    operations: {
      DescribeVSwitches: ({ VpcId, VSwitchId }) => ({
        TotalCount: VpcId === vpcId && VSwitchId === vSwitchId ? 1 : 0,
      }),
    },
    resources: ({ VSwitchId }) => [`acs:vpc:${region}:${accountId}:vswitch/${VSwitchId}`],
  }

  return { products: [securityGroups, switches], groups: () => [...groups.values()] }
}
