import * as z from 'zod'
import { AddressName } from './address-name.ts'
import type { EffectivePolicy } from './effective-policy.ts'
import { Engine } from './engine.ts'
import { fieldMessage } from './field-message.ts'
import { GateRule, defaultGateRule } from './gate.ts'
import { type InstanceDefinition, Tags } from './instance.ts'
import { defaultThresholds } from './default-thresholds.ts'
import { NamePattern, fits } from './name-pattern.ts'
import { Thresholds } from './thresholds.ts'

/** Name of a policy, chosen by its owner; stands in addresses as it is. */
export const PolicyName = AddressName

/** The instances and databases that a policy is for; what is left out is no condition. */
const Selector = z.strictObject({
  engine: Engine.optional(),
  tags: Tags.optional().describe('An instance has to have all of them.'),
  databases: NamePattern.optional().describe(
    'Names of databases; * and ? stand for other characters. Left out: the instance and all its databases.',
  ),
})

/** What its owner says of a policy. */
export const PolicyDefinition = z
  .strictObject({
    description: z.string().max(256).optional(),
    appliesTo: Selector.default({}).describe('The instances and databases that it is for. Left out: all.'),
    thresholds: Thresholds.partial().default({}).describe('What check items judge by.'),
    gate: GateRule.partial().optional().describe('What the gate in front of a backup does.'),
  })
  .refine(({ thresholds, gate = {} }) => Object.keys({ ...thresholds, ...gate }).length > 0, {
    message: fieldMessage({
      en: 'must say at least one threshold, or something of the gate',
      zh: '须至少包含一个阈值或一项闸门规则',
    }),
    path: ['thresholds'],
  })
export type PolicyDefinition = Readonly<z.infer<typeof PolicyDefinition>>

/** A policy. `revision` counts its changes from 1. */
export const Policy = z.strictObject({
  name: PolicyName,
  definition: PolicyDefinition,
  revision: z.int().positive(),
  updatedAt: z.iso.datetime(),
})
export type Policy = Readonly<z.infer<typeof Policy>>

const isFor = ({ engine, tags = {} }: PolicyDefinition['appliesTo'], instance: InstanceDefinition): boolean =>
  (engine === undefined || engine === instance.engine) &&
  Object.entries(tags).every(([key, value]) => instance.tags[key] === value)

/** How closely a policy looks: names of databases by the characters that they hold, then tags, then the engine. */
const closenessOf = ({
  engine,
  tags = {},
  databases = '',
}: PolicyDefinition['appliesTo']): readonly number[] => [
  databases.replaceAll(/[*?]/g, '').length,
  Object.keys(tags).length,
  engine === undefined ? 0 : 1,
]

const byCloseness = (one: Policy, other: Policy): number => {
  const [left, right] = [one, other].map(({ definition }) => closenessOf(definition.appliesTo))
  const difference = left?.map((value, index) => value - (right?.[index] ?? 0)).find((each) => each !== 0)
  return difference ?? (one.name < other.name ? 1 : -1)
}

/** The policies for an instance: those that look more closely later. Of two that do so alike, the first by name is last. */
const policiesFor = (policies: readonly Policy[], instance: InstanceDefinition): readonly Policy[] =>
  policies.filter(({ definition }) => isFor(definition.appliesTo, instance)).toSorted(byCloseness)

const ofDatabases = ({ definition }: Policy): boolean => definition.appliesTo.databases !== undefined

/** What the policies say of an instance, to be sent with its check items. */
export const effectiveFor = (policies: readonly Policy[], instance: InstanceDefinition): EffectivePolicy => {
  const own = policiesFor(policies, instance)
  const ofInstance = own.filter((policy) => !ofDatabases(policy))
  return {
    all: ofInstance.reduce<EffectivePolicy['all']>(
      (known, { definition }) => Object.assign({}, known, definition.thresholds),
      {},
    ),
    databases: own.filter(ofDatabases).map(({ definition: { appliesTo, thresholds } }) => ({
      name: appliesTo.databases ?? '*',
      thresholds,
    })),
  }
}

/** The policies for a database, or for the instance itself where the name is left out. */
const policiesAt = (
  policies: readonly Policy[],
  instance: InstanceDefinition,
  database: string | undefined,
): readonly Policy[] =>
  policiesFor(policies, instance).filter(
    ({ definition: { appliesTo } }) =>
      appliesTo.databases === undefined || (database !== undefined && fits(appliesTo.databases, database)),
  )

/** What the policies say of the gate for a database, or for the instance where the name is left out. */
export const gateRuleFor = (
  policies: readonly Policy[],
  instance: InstanceDefinition,
  database?: string,
): GateRule =>
  policiesAt(policies, instance, database).reduce<GateRule>(
    (known, { definition }) => Object.assign({}, known, definition.gate),
    defaultGateRule,
  )

/** A threshold that holds, and the policy that says so; null: the default does. */
export const ExplainedThreshold = z.strictObject({
  value: z.number(),
  from: PolicyName.nullable(),
})
export type ExplainedThreshold = Readonly<z.infer<typeof ExplainedThreshold>>

/** The thresholds of an instance, or of a database of it, each with the policy that it comes from. */
export const explainedFor = (
  policies: readonly Policy[],
  instance: InstanceDefinition,
  database?: string,
): Readonly<Record<string, ExplainedThreshold>> => {
  const own = policiesAt(policies, instance, database)
  return Object.fromEntries(
    Thresholds.keyof().options.map((name) => {
      const policy = own.findLast(({ definition }) => definition.thresholds[name] !== undefined)
      const value = policy?.definition.thresholds[name] ?? defaultThresholds[name]
      return [name, { value, from: policy?.name ?? null }]
    }),
  )
}
