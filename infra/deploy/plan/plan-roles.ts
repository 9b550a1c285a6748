import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { type PolicyPlace, functionNames, policyText, trustText } from '../policies/policy-text.ts'
import type { Change } from './change.ts'
import { type Control, type Operation, ask } from './control.ts'
import { DeployFailed } from './failure.ts'

type Query = Readonly<Record<string, string>>

const operation = (action: string, name: string, query: Query): Operation => ({
  product: 'ram',
  action,
  of: name,
  query,
  settledBy: /^EntityNotExist\b|^EntityAlreadyExists\b/,
})

const JsonText = z.string().transform((text, { issues }): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    issues.push({ code: 'custom', input: text, message: 'is not valid JSON' })
    return z.NEVER
  }
})

const Role = z.object({ Role: z.object({ AssumeRolePolicyDocument: JsonText }) })
const Policy = z.object({ DefaultPolicyVersion: z.object({ PolicyDocument: JsonText }) })
const Attached = z.object({
  Policies: z.object({ Policy: z.array(z.object({ PolicyName: z.string(), PolicyType: z.string() })) }),
})

/** RAM takes 6,144 bytes at most, without white space that says nothing. */
const folded = (text: string): string => JSON.stringify(JSON.parse(text))

const isAttached = async (control: Control, name: string): Promise<boolean> => {
  const answer = await ask(control, operation('ListPoliciesForRole', name, { RoleName: name }), Attached)
  return (answer?.Policies.Policy ?? []).some(
    ({ PolicyName, PolicyType }) => PolicyName === name && PolicyType === 'Custom',
  )
}

const changing = (
  control: Control,
  title: string,
  done: Operation,
  details: readonly string[] = [],
): Change => ({
  title,
  details,
  apply: async () => void (await ask(control, done, z.unknown())),
})

const planRole = async (control: Control, name: string): Promise<readonly Change[]> => {
  const trust = folded(trustText())
  const known = await ask(control, operation('GetRole', name, { RoleName: name }), Role)
  if (known === null) {
    const query = { RoleName: name, AssumeRolePolicyDocument: trust, Description: 'Backup Precheck' }
    return [
      changing(control, `create role ${name}`, operation('CreateRole', name, query), [
        'for: Function Compute',
      ]),
    ]
  }
  if (isDeepStrictEqual(known.Role.AssumeRolePolicyDocument, JSON.parse(trust))) return []
  throw new DeployFailed(
    `The role ${name} exists, and others than Function Compute may act as it.\n` +
      'Remove it, or give it the trust policy infra/deploy/policies/trust-function-compute.json.',
  )
}

const planPolicy = async (control: Control, name: string, document: string): Promise<readonly Change[]> => {
  const query = { PolicyName: name, PolicyType: 'Custom' }
  const known = await ask(control, operation('GetPolicy', name, query), Policy)
  if (known === null) {
    const created = { PolicyName: name, PolicyDocument: document, Description: 'Backup Precheck' }
    return [changing(control, `create policy ${name}`, operation('CreatePolicy', name, created))]
  }
  if (isDeepStrictEqual(known.DefaultPolicyVersion.PolicyDocument, JSON.parse(document))) return []
  const version = {
    PolicyName: name,
    PolicyDocument: document,
    SetAsDefault: 'true',
    // A policy has five versions at most.
    RotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
  }
  return [changing(control, `change policy ${name}`, operation('CreatePolicyVersion', name, version))]
}

const roleNames = functionNames.map((name) => ({ name, role: `precheck-${name}` }))

/** Both have the same name. */
const bond = (role: string): Query => ({ RoleName: role, PolicyName: role, PolicyType: 'Custom' })

/** Changes that the roles of the functions and their policies need. Only reads. Throws `DeployFailed`. */
export const planRoles = async (control: Control, place: PolicyPlace): Promise<readonly Change[]> => {
  const changes: Change[] = []
  for (const { name, role } of roleNames) {
    const creation = await planRole(control, role)
    changes.push(...creation, ...(await planPolicy(control, role, folded(policyText(name, place)))))
    if (creation.length > 0 || !(await isAttached(control, role))) {
      const attach = operation('AttachPolicyToRole', role, bond(role))
      changes.push(changing(control, `attach policy ${role} to its role`, attach))
    }
  }
  return changes
}

/** What removes the roles and policies that there are. Only reads. Throws `DeployFailed`. */
export const planRoleRemoval = async (control: Control): Promise<readonly Change[]> => {
  const changes: Change[] = []
  for (const { role } of roleNames) {
    if (await isAttached(control, role))
      changes.push(
        changing(
          control,
          `detach policy ${role} from its role`,
          operation('DetachPolicyFromRole', role, bond(role)),
        ),
      )
    const query = { PolicyName: role, PolicyType: 'Custom' }
    if ((await ask(control, operation('GetPolicy', role, query), Policy)) !== null) {
      const deletion = { PolicyName: role, CascadingDelete: 'true' }
      changes.push(changing(control, `remove policy ${role}`, operation('DeletePolicy', role, deletion)))
    }
    const named = { RoleName: role }
    if ((await ask(control, operation('GetRole', role, named), Role)) !== null)
      changes.push(changing(control, `remove role ${role}`, operation('DeleteRole', role, named)))
  }
  return changes
}
