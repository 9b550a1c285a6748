import { tableSchemas, tablestoreClient, tablestoreDocuments } from '../../../shared/runtime/operator.ts'
import { tokenKind } from '../../../shared/ports/tokens.ts'
import type { Change } from '../plan/change.ts'
import type { Control } from '../plan/control.ts'
import { planFirstToken } from '../plan/plan-first-token.ts'
import { planFunctionRemoval, planFunctions } from '../plan/plan-functions.ts'
import { planInstance, planInstanceRemoval } from '../plan/plan-instance.ts'
import { planQueueRemoval, planQueues } from '../plan/plan-queues.ts'
import { planRoleRemoval, planRoles } from '../plan/plan-roles.ts'
import { findGroups, planGroupRemoval, planGroups } from '../plan/plan-security-groups.ts'
import { canBeAsked, planTableRemoval, planTables } from '../plan/plan-tables.ts'
import { planWebhookKey } from '../plan/plan-webhook-key.ts'
import { queueSchemas } from '../plan/queues.ts'
import { type Keys, type Rest, type Wish, controlOf } from './arguments.ts'
import { runServerless } from './serverless-devs.ts'

/** A part of the service. What is refused in one part holds up no other, unless that one `needsAll`. */
export interface Part {
  readonly needsAll?: true
  /** Reads what there is. Throws `DeployFailed`. */
  readonly plan: () => Promise<readonly Change[]>
}

/** The service in one account. */
export interface DeployedService {
  readonly control: Control
  /** What makes it, in this order. */
  readonly parts: readonly Part[]
  /** What removes it; the tables too, if `data`. */
  readonly removal: (data: boolean) => readonly Part[]
}

const serverlessOf = (
  environment: NodeJS.ProcessEnv,
  groupsNow: () => ReturnType<typeof findGroups>,
  say: (line: string) => void,
) => {
  const withGroups = async (): Promise<NodeJS.ProcessEnv | null> => {
    const { checks, notify } = await groupsNow()
    if (checks === null || notify === null) return null
    return { ...environment, SECURITY_GROUP_ID: checks, NOTIFY_SECURITY_GROUP_ID: notify }
  }
  // Without groups there is something to remove at most, for which it does not matter what they are.
  const any = { SECURITY_GROUP_ID: 'sg-none', NOTIFY_SECURITY_GROUP_ID: 'sg-none' }
  return {
    environment: withGroups,
    run: async (args: readonly string[], variables: NodeJS.ProcessEnv = {}) =>
      runServerless(args, { ...((await withGroups()) ?? { ...environment, ...any }), ...variables }, say),
  }
}

const kmsOf = ({ KMS_INSTANCE_ID: instanceId, KMS_KEY_ID: keyId }: Rest) =>
  instanceId === undefined || keyId === undefined ? null : { instanceId, keyId }

/** Puts together what the service consists of. `environment` is that of the operator. */
export const serviceOf = (
  keys: Keys,
  rest: Rest,
  account: string,
  own: NodeJS.ProcessEnv,
  { tokenFile, canary, say }: Pick<Wish, 'tokenFile' | 'canary'> & { readonly say: (line: string) => void },
): DeployedService => {
  const { ALIBABA_CLOUD_REGION_ID: region, TABLESTORE_INSTANCE: instanceName } = keys
  const environment = { ...own, ALIBABA_CLOUD_ACCOUNT_ID: account, TABLESTORE_INSTANCE: instanceName }
  const control = controlOf(keys, environment, account)
  const endpoint = keys.TABLESTORE_ENDPOINT ?? `https://${instanceName}.${region}.ots.aliyuncs.com`
  const tables = { endpoint }
  const client = tablestoreClient({ endpoint, instanceName, credentials: control.credentials })
  const tokens = tablestoreDocuments(client)(tokenKind)
  const network = { region, vpcId: rest.VPC_ID }
  const given = { checks: rest.SECURITY_GROUP_ID, notify: rest.NOTIFY_SECURITY_GROUP_ID }
  const kms = kmsOf(rest)
  const serverless = serverlessOf(environment, () => findGroups(control, network, given), say)

  const instance = () => planInstance(control, instanceName, () => canBeAsked(client, tables))
  const policies = { account, region, instance: instanceName, key: kms?.keyId ?? null }

  return {
    control,
    parts: [
      {
        plan: async () => {
          const { isThere, changes } = await instance()
          return [...changes, ...(await planTables(client, tables, tableSchemas, isThere))]
        },
      },
      { plan: () => planQueues(control, queueSchemas) },
      { plan: () => planWebhookKey(control, kms) },
      { plan: () => planGroups(control, network, given) },
      { plan: () => planRoles(control, policies) },
      { needsAll: true, plan: () => planFunctions(control, { account, region }, serverless, canary) },
      {
        needsAll: true,
        plan: async () => planFirstToken(tokens, tables, tokenFile, (await instance()).isThere),
      },
    ],
    removal: (data) => [
      // First, so that nothing is started while what it needs is being removed.
      { plan: () => planFunctionRemoval(control, serverless) },
      { needsAll: true, plan: () => planQueueRemoval(control, queueSchemas) },
      { needsAll: true, plan: () => planRoleRemoval(control) },
      { needsAll: true, plan: () => planGroupRemoval(control, network, given) },
      {
        needsAll: true,
        plan: async () => {
          if (!data || !(await instance()).isThere) return []
          return [
            ...(await planTableRemoval(client, tables, tableSchemas)),
            ...(await planInstanceRemoval(control, instanceName)),
          ]
        },
      },
    ],
  }
}
