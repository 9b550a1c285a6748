import type { Problem } from '../../checks/problems/problem.ts'
import type { EcsHost } from '../../ports/host-reach.ts'
import type { OpenApiFault } from '../alibaba-cloud/openapi.ts'

/** Error codes of a command ("Execution failure errors", Cloud Assistant manual), by the problem that they are. */
const codesOfCommands: Readonly<Record<string, readonly string[]>> = {
  ECS_INSTANCE_NOT_FOUND: ['InstanceNotExists', 'InstanceReleased', 'InstanceDeregistered'],
  ECS_INSTANCE_NOT_RUNNING: ['InstanceNotRunning', 'InstanceRestarted'],
  ECS_PLATFORM_WRONG: ['CommandNotApplicable'],
  CLOUD_ASSISTANT_OFFLINE: [
    'ClientNotRunning',
    'ClientNotOnline',
    'ClientNotResponse',
    'ClientNetworkBlocked',
    'ClientIsUpgrading',
    'ClientNeedUpgrade',
    'SecurityGroupRuleDenied',
    'DeliveryTimeout',
  ],
  COMMAND_TIMED_OUT: ['ExecutionTimeout'],
}

/** Error codes of the operations themselves ("Error codes", RunCommand and the common ones of ECS). */
const codesOfOperations: Readonly<Record<string, readonly string[]>> = {
  ECS_INSTANCE_NOT_FOUND: ['InvalidInstance.NotFound', 'InvalidInstanceId.NotFound'],
  ECS_INSTANCE_NOT_RUNNING: ['InvalidInstance.NotRunning', 'IncorrectInstanceStatus'],
}

const find = (table: Readonly<Record<string, readonly string[]>>, code: string): string | undefined =>
  Object.entries(table).find(([, codes]) => codes.includes(code))?.[0]

/** What every text may name. */
export const about = ({ ecsInstanceId, region, platform }: EcsHost) => ({ ecsInstanceId, region, platform })

/** Why a command did not run to its end on the instance. */
export const problemOfCommand = (host: EcsHost, errorCode: string): Problem => ({
  code: find(codesOfCommands, errorCode) ?? 'COMMAND_INTERRUPTED',
  params: { ...about(host), cause: errorCode },
})

/** Why an operation had no answer. */
export const problemOfFault = (host: EcsHost, { kind, code, requestId }: OpenApiFault): Problem => {
  const cause = requestId === undefined ? code : `${code}, request ${requestId}`
  const refused = kind === 'refused' || kind === 'no-credentials'
  const fallback = refused ? 'CLOUD_ASSISTANT_REFUSED' : 'CLOUD_ASSISTANT_UNAVAILABLE'
  return { code: find(codesOfOperations, code) ?? fallback, params: { ...about(host), cause } }
}
