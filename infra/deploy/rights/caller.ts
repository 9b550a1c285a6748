import * as z from 'zod'
import { type Control, type Operation, ask } from '../plan/control.ts'
import { type PolicyDocument, readPolicyDocument } from './policy-document.ts'

/** Whose keys these are ("GetCallerIdentity", STS). */
const Identity = z.object({ AccountId: z.string(), Arn: z.string(), IdentityType: z.string() })
export type Caller = z.infer<typeof Identity>

/** Asks whose keys these are, which takes no right. Throws `DeployFailed`. */
export const callerOf = async (control: Control): Promise<Caller> => {
  const question = { product: 'sts', action: 'GetCallerIdentity', of: 'these keys' } as const
  // Nothing settles it, so that there is an answer.
  return Identity.parse(await ask(control, question, Identity))
}

const operation = (action: string, of: string, query: Operation['query']): Operation => ({
  product: 'ram',
  action,
  of,
  ...(query && { query }),
})

const Policies = z.object({
  Policies: z.object({ Policy: z.array(z.object({ PolicyName: z.string(), PolicyType: z.string() })) }),
})
const Groups = z.object({ Groups: z.object({ Group: z.array(z.object({ GroupName: z.string() })) }) })
const Version = z.object({ DefaultPolicyVersion: z.object({ PolicyDocument: z.string() }) })

type Reference = z.infer<typeof Policies>['Policies']['Policy'][number]

const attachedTo = async (
  control: Control,
  kind: 'User' | 'Group' | 'Role',
  name: string,
): Promise<readonly Reference[]> => {
  const query = { [`${kind}Name`]: name }
  const answer = await ask(control, operation(`ListPoliciesFor${kind}`, name, query), Policies)
  return answer?.Policies.Policy ?? []
}

const ofUser = async (control: Control, name: string): Promise<readonly Reference[]> => {
  const own = await attachedTo(control, 'User', name)
  const answer = await ask(control, operation('ListGroupsForUser', name, { UserName: name }), Groups)
  const groups = answer?.Groups.Group ?? []
  const shared: Reference[] = []
  for (const { GroupName } of groups) shared.push(...(await attachedTo(control, 'Group', GroupName)))
  return [...own, ...shared]
}

/** `acs:ram::42:user/deployer` or `acs:ram::42:assumed-role/deployer/session`. */
const arnPattern = /:(?<kind>user|assumed-role)\/(?<name>[^/]+)/

/**
 * The policies of a caller, with those of the groups of a user; null for the account itself, which may do everything.
 * Policies for one resource group, for a session and of a resource directory are not among them. Throws `DeployFailed`.
 */
export const policiesOf = async (
  control: Control,
  { Arn }: Caller,
): Promise<readonly PolicyDocument[] | null> => {
  const { kind, name } = arnPattern.exec(Arn)?.groups ?? {}
  if (kind === undefined || name === undefined) return null
  const references = kind === 'user' ? await ofUser(control, name) : await attachedTo(control, 'Role', name)
  const documents: PolicyDocument[] = []
  for (const { PolicyName, PolicyType } of references) {
    const answer = await ask(control, operation('GetPolicy', PolicyName, { PolicyName, PolicyType }), Version)
    const document = readPolicyDocument(answer?.DefaultPolicyVersion.PolicyDocument ?? '')
    if (document !== null) documents.push(document)
  }
  return documents
}
