import * as z from 'zod'

const oneOrMore = z.union([z.string().transform((text) => [text]), z.array(z.string())])

/** A policy of RAM as somebody wrote it ("Policy structure and syntax", RAM manual). */
const PolicyDocument = z.object({
  Statement: z.array(
    z.object({
      Effect: z.enum(['Allow', 'Deny']),
      Action: oneOrMore.optional(),
      NotAction: oneOrMore.optional(),
      Resource: oneOrMore.default([]),
      Condition: z.unknown().optional(),
    }),
  ),
})
export type PolicyDocument = z.output<typeof PolicyDocument>
type Statement = PolicyDocument['Statement'][number]

/** Reads the text of a policy; null where it is none. */
export const readPolicyDocument = (text: string): PolicyDocument | null => {
  try {
    return PolicyDocument.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** An action on a resource; both may hold `*`, and then stand for all that they match. */
export interface Right {
  readonly action: string
  readonly resource: string
}

/** Every right that a policy allows. */
export const rightsIn = ({ Statement: statements }: PolicyDocument): readonly Right[] =>
  statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action: actions = [], Resource: resources }) =>
      actions.flatMap((action) => resources.map((resource) => ({ action, resource }))),
    )

/** Whether a pattern, where `*` is any characters and `?` one, covers a text. One with a `*` is covered by `*` alone. */
const covers = (pattern: string, text: string): boolean => {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}

const names = ({ Action, NotAction }: Statement, action: string): boolean => {
  const isIn = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => covers(pattern.toLowerCase(), action.toLowerCase()))
  return Action !== undefined ? isIn(Action) : NotAction !== undefined && !isIn(NotAction)
}

const concerns = (statement: Statement, { action, resource }: Right): boolean =>
  names(statement, action) && statement.Resource.some((pattern) => covers(pattern, resource))

/**
 * Whether policies grant a right: one allows it, none denies it. What stands under a condition is taken as allowed, and
 * not as denied: only the request itself can tell.
 */
export const grants = (policies: readonly PolicyDocument[], right: Right): boolean => {
  const concerned = policies.flatMap(({ Statement }) => Statement).filter((each) => concerns(each, right))
  const isDenied = concerned.some(({ Effect, Condition }) => Effect === 'Deny' && Condition === undefined)
  return !isDenied && concerned.some(({ Effect }) => Effect === 'Allow')
}

/** A policy that allows rights, one statement for each list of resources. */
export const policyOf = (rights: readonly Right[]): object => {
  const actionsOn = new Map<string, string[]>()
  for (const { action, resource } of rights)
    actionsOn.set(resource, [...(actionsOn.get(resource) ?? []), action])
  const statements = [...actionsOn].map(([resource, actions]) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: [resource],
  }))
  return { Version: '1', Statement: statements }
}
