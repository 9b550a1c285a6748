import * as z from 'zod'
import { type PolicyName, type PolicyPlace, policyText } from '../../infra/deploy/policies/policy-text.ts'

/**
 * Evaluates policies of Resource Access Management, as far as ours use it ("Policy structure and syntax", RAM manual).
 * What it does not know is refused when a policy is read, so that a condition is never passed over.
 */

const tagPrefix = 'acs:ResourceTag/'

const Statement = z.strictObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: z.array(z.string().regex(/^[a-z]+:[A-Za-z*]+$/)).min(1),
  Resource: z.array(z.string().startsWith('acs:')).min(1),
  Condition: z
    .strictObject({
      StringEquals: z.record(z.templateLiteral([tagPrefix, z.string()]), z.array(z.string()).min(1)),
    })
    .optional(),
})
export type Statement = z.infer<typeof Statement>

/** A policy of a user or a role. */
export const Policy = z.strictObject({ Version: z.literal('1'), Statement: z.array(Statement).min(1) })
export type Policy = z.infer<typeof Policy>

/** Tags of a resource, by key. */
type Tags = Readonly<Record<string, string>>

/** A policy of the product, for one account. Throws if it is none that this file understands. */
export const readPolicy = (name: PolicyName, place: PolicyPlace): Policy =>
  Policy.parse(JSON.parse(policyText(name, place)))

/** Whether a text is of a pattern where `*` stands for any characters and `?` for one. */
export const matches = (pattern: string, text: string, flags = ''): boolean => {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, `s${flags}`).test(text)
}

const holds = ({ Condition: condition }: Statement, tags: Tags): boolean =>
  Object.entries(condition?.StringEquals ?? {}).every(([key, values]) =>
    values.includes(tags[key.slice(tagPrefix.length)] ?? ''),
  )

const concerns = (statement: Statement, action: string, resource: string, tags: Tags): boolean =>
  // Actions are not case-sensitive; resources are.
  statement.Action.some((pattern) => matches(pattern, action, 'i')) &&
  statement.Resource.some((pattern) => matches(pattern, resource)) &&
  holds(statement, tags)

/** Whether a policy lets an action be done on a resource: something must allow it, and nothing deny it. */
export const isAllowed = (policy: Policy, action: string, resource: string, tags: Tags = {}): boolean => {
  const concerned = policy.Statement.filter((statement) => concerns(statement, action, resource, tags))
  return concerned.length > 0 && concerned.every(({ Effect }) => Effect === 'Allow')
}

/** Whether a role may do an action, `ots:PutRow` say, on a resource, `acs:ots:…`. Stand-ins take it as their `authorize`. */
export type AuthorizeRole = (role: string, action: string, resource: string) => boolean

/** What the policies of the functions let their roles, `precheck-…`, do. Nobody else may do anything. */
export const functionRoles = (
  place: PolicyPlace,
  tagsOf: (resource: string) => Tags = () => ({}),
): AuthorizeRole => {
  const functions = ['api', 'run-check', 'collect', 'schedule', 'notify'] as const
  const policies = new Map(functions.map((name) => [`precheck-${name}`, readPolicy(name, place)]))
  return (role, action, resource) => {
    const policy = policies.get(role)
    return policy !== undefined && isAllowed(policy, action, resource, tagsOf(resource))
  }
}
