import { type Declined, type Result, decline } from '../model/failure.ts'
import type { Policy, PolicyDefinition } from '../model/policy.ts'
import { listAll } from '../ports/documents.ts'
import { type Policies, maxPolicies } from '../ports/policies.ts'

interface Deps {
  readonly policies: Pick<Policies, 'get' | 'list' | 'put'>
  readonly now: () => Date
}

/** A policy under a name. `expectedRevision`: the revision that the caller saw last, if it says so. */
export interface PolicyChange {
  readonly name: string
  readonly definition: PolicyDefinition
  readonly expectedRevision?: number | undefined
}

export const unknownPolicy = (name: string): Declined<'POLICY_NOT_FOUND'> =>
  decline('POLICY_NOT_FOUND', { en: `No policy is called ${name}.`, zh: `没有名为 ${name} 的策略。` })

/** Writes a policy, or replaces the one of its name. `isNew` tells which. It holds for prechecks that start from then on. */
export const putPolicy = async (
  { policies, now }: Deps,
  { name, definition, expectedRevision }: PolicyChange,
): Promise<
  Result<{ readonly policy: Policy; readonly isNew: boolean }, 'POLICIES_TOO_MANY' | 'POLICY_CHANGED'>
> => {
  const stored = await policies.get(name)
  if (!stored && (await listAll(policies)).length >= maxPolicies) {
    return decline('POLICIES_TOO_MANY', {
      en: `There are already ${maxPolicies} policies, the maximum. Delete one that is not needed.`,
      zh: `已有 ${maxPolicies} 个策略，达到上限。请删除不需要的策略。`,
    })
  }
  const revision = stored?.revision ?? 0
  const policy: Policy = { name, definition, revision: revision + 1, updatedAt: now().toISOString() }
  const isExpected = expectedRevision === undefined || expectedRevision === revision
  if (isExpected && (await policies.put(name, policy, revision)))
    return { value: { policy, isNew: stored === null } }
  return decline('POLICY_CHANGED', {
    en: `${name} has changed in the meantime. Read it again and repeat the change.`,
    zh: `${name} 已被修改。请重新读取后再次修改。`,
  })
}
