import * as z from 'zod'
import { type PolicyPlace, policyText } from '../policies/policy-text.ts'
import { type Control, ask } from '../plan/control.ts'
import { RightMissing } from '../plan/failure.ts'
import { type Caller, callerOf, policiesOf } from '../rights/caller.ts'
import { type Right, grants, policyOf, readPolicyDocument, rightsIn } from '../rights/policy-document.ts'
import { type Keys, type Rest, type Surroundings, controlOf } from './arguments.ts'
import { installation, isInstalled } from './serverless-devs.ts'

/** What has to be there before anything is changed. */
export interface Prerequisites {
  /** All that is missing, a line each; empty: nothing is. */
  readonly missing: readonly string[]
  readonly missingRights: readonly Right[]
  readonly caller: Caller | null
}

const Switches = z.object({ TotalCount: z.coerce.number() })

const networkFault = async (
  control: Control,
  { VPC_ID, VSWITCH_ID }: Rest,
  region: string,
): Promise<string[]> => {
  const query = { RegionId: region, VpcId: VPC_ID, VSwitchId: VSWITCH_ID }
  const of = `vSwitch ${VSWITCH_ID}`
  const answer = await ask(control, { product: 'vpc', action: 'DescribeVSwitches', query, of }, Switches)
  return answer?.TotalCount ? [] : [`vSwitch ${VSWITCH_ID} in ${VPC_ID} in ${region}`]
}

/** Rights that are needed for nothing, where somebody else sees to it. */
const isNeeded =
  ({ SECURITY_GROUP_ID: checks, NOTIFY_SECURITY_GROUP_ID: notify }: Partial<Rest>) =>
  ({ action }: Right): boolean =>
    checks === undefined || notify === undefined || !/^ecs:.*SecurityGroup/.test(action)

/** Every right of the policy of who deploys, as far as this environment needs it. */
const neededRights = (place: PolicyPlace, rest: Partial<Rest>): readonly Right[] => {
  const document = readPolicyDocument(policyText('deployer', place))
  return (document ? rightsIn(document) : []).filter(isNeeded(rest))
}

const missingRights = async (
  control: Control,
  caller: Caller,
  needed: readonly Right[],
): Promise<readonly Right[]> => {
  try {
    const policies = await policiesOf(control, caller)
    return policies === null ? [] : needed.filter((right) => !grants(policies, right))
  } catch (fault) {
    if (!(fault instanceof RightMissing)) throw fault
    return needed.filter(({ action }) => action === fault.action)
  }
}

const missingNetwork = async (
  control: Control,
  rest: Rest | null,
  region: string,
): Promise<readonly string[]> => {
  if (rest === null) return []
  try {
    return await networkFault(control, rest, region)
  } catch (fault) {
    // The list of rights says it.
    if (fault instanceof RightMissing) return []
    throw fault
  }
}

const accountFault = ({ AccountId }: Caller, environment: NodeJS.ProcessEnv): readonly string[] => {
  const stated = environment['ALIBABA_CLOUD_ACCOUNT_ID']
  return stated === undefined || stated === AccountId
    ? []
    : [`keys of the account ${stated} (ALIBABA_CLOUD_ACCOUNT_ID): these are of ${AccountId}`]
}

const asked = async (
  keys: Keys,
  rest: Rest | null,
  environment: NodeJS.ProcessEnv,
): Promise<Omit<Prerequisites, 'caller'> & { readonly caller: Caller }> => {
  const control = controlOf(keys, environment, '')
  const region = keys.ALIBABA_CLOUD_REGION_ID
  const caller = await callerOf(control)
  const key = environment['KMS_KEY_ID'] ?? null
  const place = { account: caller.AccountId, region, instance: keys.TABLESTORE_INSTANCE, key }
  return {
    caller,
    missingRights: await missingRights(control, caller, neededRights(place, rest ?? {})),
    missing: [...accountFault(caller, environment), ...(await missingNetwork(control, rest, region))],
  }
}

/**
 * Looks for all that has to be there: variables, the command `s`, the network, and the rights of who owns the keys, as
 * its policies tell. Changes nothing. Throws `DeployFailed` where the keys are not accepted.
 */
export const lookForPrerequisites = async (
  { keys, rest, missing }: Surroundings,
  environment: NodeJS.ProcessEnv,
): Promise<Prerequisites> => {
  const answers = keys && (await asked(keys, rest, environment))
  return {
    missing: [
      ...missing.map((name) => `variable ${name}`),
      ...((await isInstalled(environment)) ? [] : [`command s: ${installation}`]),
      ...(answers?.missing ?? []),
    ],
    missingRights: answers?.missingRights ?? [],
    caller: answers?.caller ?? null,
  }
}

/** What is missing, and the policy that gives the rights. */
export const shownRights = (rights: readonly Right[], caller: string): readonly string[] =>
  rights.length === 0
    ? []
    : [
        ...rights.map(({ action, resource }) => `  right ${action} on ${resource}`),
        `Attach this policy to ${caller}; "npm run -s policy -- deployer" prints the whole one:`,
        JSON.stringify(policyOf(rights), null, 2),
      ]
