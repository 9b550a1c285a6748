import type { Effect } from '../../model/finding.ts'
import { type Operation, allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'

/** The gravest first: an operation is in one list of a finding at most. */
const gravities = ['blocks', 'obscures', 'degrades'] as const

type Found = Partial<Pick<Effect, (typeof gravities)[number]>> & { readonly remediation?: Remediation }

const effectOf = (found: readonly Found[]): Partial<Effect> => {
  const gravest = (operation: Operation) =>
    gravities.find((list) => found.some((each) => each[list]?.includes(operation)))
  const those = (list: keyof Effect) => allOperations.filter((operation) => gravest(operation) === list)
  return { blocks: those('blocks'), obscures: those('obscures'), degrades: those('degrades') }
}

const remediationOf = (found: readonly Found[]): { readonly remediation?: Remediation } => {
  const all = found.flatMap(({ remediation }) => remediation ?? [])
  const [first] = all
  if (!first) return {}
  const changes = Object.fromEntries(all.flatMap((each) => Object.entries(each.changes)))
  return { remediation: { ...first, steps: all.flatMap(({ steps }) => steps), changes } }
}

/** 0 is the worst; of an account with which nothing is found it is the last. */
const gravityOf = (found: Found | undefined): number => {
  const index = gravities.findIndex((list) => (found?.[list]?.length ?? 0) > 0)
  return index < 0 ? gravities.length : index
}

/**
 * What is found of the account with which the worst is found, with what the others do to operations beside that, and
 * how they are fixed: of several accounts of a name, a tool may become any.
 */
export const foundOfAny = <Draft extends Found>(
  findings: readonly (readonly Draft[])[],
): readonly Draft[] => {
  const worstFirst = findings.toSorted(([one], [other]) => gravityOf(one) - gravityOf(other))
  const [[first, ...rest] = [], ...others] = worstFirst
  if (!first) return []
  const found = [first, ...others.flat()]
  return [{ ...first, ...effectOf(found), ...remediationOf(found) }, ...rest]
}
