import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Change } from './change.ts'
import { type Control, type Operation, ask } from './control.ts'

/** Where the groups are. */
export interface NetworkPlace {
  readonly region: string
  readonly vpcId: string
}

/** What a group lets out. A new one lets everything out. */
interface GroupSchema {
  readonly name: 'precheck' | 'precheck-notify'
  /** Networks that are out of reach, CIDRs. */
  readonly dropped: readonly string[]
}

/** Webhook addresses are entered by users: private networks and the metadata of the platform are out of their reach. */
const schemas = {
  checks: { name: 'precheck', dropped: [] },
  notify: {
    name: 'precheck-notify',
    dropped: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.100.100.200/32'],
  },
} as const satisfies Record<string, GroupSchema>

/** The groups, by whom they are for: ids of those that somebody gave or that were found; null: there is none. */
export type Groups = Readonly<Record<keyof typeof schemas, string | null>>

/** Groups that stand in the environment belong to somebody else, and are left alone. */
export type GivenGroups = Readonly<Record<keyof typeof schemas, string | undefined>>

const Found = z.object({
  SecurityGroups: z.object({
    SecurityGroup: z.array(z.object({ SecurityGroupId: z.string(), SecurityGroupName: z.string() })),
  }),
})

const Rules = z.object({
  Permissions: z.object({
    Permission: z.array(
      z.object({ Policy: z.string(), IpProtocol: z.string(), DestCidrIp: z.string().default('') }),
    ),
  }),
})

const operation = (
  { region }: NetworkPlace,
  action: string,
  name: string,
  query: Readonly<Record<string, string>>,
): Operation => ({
  product: 'ecs',
  action,
  of: `security group ${name}`,
  query: { RegionId: region, ...query },
})

const idOf = async (control: Control, place: NetworkPlace, name: string): Promise<string | null> => {
  const query = { VpcId: place.vpcId, SecurityGroupName: name }
  const answer = await ask(control, operation(place, 'DescribeSecurityGroups', name, query), Found)
  const groups = answer?.SecurityGroups.SecurityGroup ?? []
  return groups.find(({ SecurityGroupName }) => SecurityGroupName === name)?.SecurityGroupId ?? null
}

/** The groups of the functions as they are now. */
export const findGroups = async (
  control: Control,
  place: NetworkPlace,
  given: GivenGroups,
): Promise<Groups> => ({
  checks: given.checks ?? (await idOf(control, place, schemas.checks.name)),
  notify: given.notify ?? (await idOf(control, place, schemas.notify.name)),
})

const missingDrops = async (
  control: Control,
  place: NetworkPlace,
  { name, dropped }: GroupSchema,
  id: string,
): Promise<readonly string[]> => {
  if (dropped.length === 0) return []
  const query = { SecurityGroupId: id, Direction: 'egress' }
  const answer = await ask(control, operation(place, 'DescribeSecurityGroupAttribute', name, query), Rules)
  const present = (answer?.Permissions.Permission ?? [])
    .filter(({ Policy, IpProtocol }) => Policy.toLowerCase() === 'drop' && IpProtocol.toLowerCase() === 'all')
    .map(({ DestCidrIp }) => DestCidrIp)
  return dropped.filter((network) => !present.includes(network))
}

const dropping = (networks: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    networks.flatMap((network, index) => {
      // The first priority, so that no rule for the Internet comes before it.
      const rule = {
        Policy: 'drop',
        Priority: '1',
        IpProtocol: 'ALL',
        PortRange: '-1/-1',
        DestCidrIp: network,
      }
      return Object.entries(rule).map(([name, value]) => [`Permissions.${index + 1}.${name}`, value])
    }),
  )

const creation = (control: Control, place: NetworkPlace, { name }: GroupSchema): Change => {
  // The same group, however often the request is repeated.
  const ClientToken = createHash('sha256').update(`${place.vpcId}/${name}`).digest('hex')
  const query = { VpcId: place.vpcId, SecurityGroupName: name, Description: 'Backup Precheck', ClientToken }
  return {
    title: `create security group ${name}`,
    details: [`VPC: ${place.vpcId}`],
    apply: async () =>
      void (await ask(control, operation(place, 'CreateSecurityGroup', name, query), z.unknown())),
  }
}

const drops = (
  control: Control,
  place: NetworkPlace,
  { name }: GroupSchema,
  networks: readonly string[],
): Change => ({
  title: `let nothing out of security group ${name} to private networks`,
  details: networks.map((network) => `drop: ${network}`),
  apply: async () => {
    const id = await idOf(control, place, name)
    const query = { SecurityGroupId: id ?? '', ...dropping(networks) }
    await ask(control, operation(place, 'AuthorizeSecurityGroupEgress', name, query), z.unknown())
  },
})

const planGroup = async (
  control: Control,
  place: NetworkPlace,
  schema: GroupSchema,
): Promise<readonly Change[]> => {
  const id = await idOf(control, place, schema.name)
  const networks = id === null ? schema.dropped : await missingDrops(control, place, schema, id)
  return [
    ...(id === null ? [creation(control, place, schema)] : []),
    ...(networks.length === 0 ? [] : [drops(control, place, schema, networks)]),
  ]
}

/** Changes that those groups need which nobody gave. Only reads. Throws `DeployFailed`. */
export const planGroups = async (
  control: Control,
  place: NetworkPlace,
  given: GivenGroups,
): Promise<readonly Change[]> => [
  ...(given.checks === undefined ? await planGroup(control, place, schemas.checks) : []),
  ...(given.notify === undefined ? await planGroup(control, place, schemas.notify) : []),
]

/** What removes the groups that this command made. Only reads. Throws `DeployFailed`. */
export const planGroupRemoval = async (
  control: Control,
  place: NetworkPlace,
  given: GivenGroups,
): Promise<readonly Change[]> => {
  const found = await findGroups(control, place, given)
  const own = Object.entries(found).flatMap(([of, id]) =>
    id === null || Object.values(given).includes(id) ? [] : [{ of, id }],
  )
  return own.map(({ of, id }) => ({
    title: `remove security group ${id} (${of})`,
    details: [],
    apply: async () =>
      void (await ask(
        control,
        operation(place, 'DeleteSecurityGroup', id, { SecurityGroupId: id }),
        z.unknown(),
      )),
  }))
}
