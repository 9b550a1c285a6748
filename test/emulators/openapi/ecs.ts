import { randomUUID } from 'node:crypto'
import { type Parameters, list, numberIn, oneOf, required } from './parameters.ts'
import { Refusal } from './refusal.ts'

/** A command as it reaches the instance. */
export interface Command {
  readonly type: 'RunShellScript' | 'RunPowerShellScript' | 'RunBatScript'
  readonly content: string
  readonly timeoutSeconds: number
}

/** How a command ended: with an exit code, or with a status and an error code of the manual. */
export type CommandEnd =
  | { readonly exitCode: number; readonly output: string }
  | { readonly status: string; readonly errorCode: string; readonly output?: string }

/** Runs a command; until it resolves, the command is `Running`. */
export type CommandRun = (command: Command) => Promise<CommandEnd>

/** An ECS instance with, or without, the agent of Cloud Assistant. */
export interface EcsInstance {
  readonly platform: 'Linux' | 'Windows'
  readonly running?: boolean
  readonly agent?: 'running' | 'missing'
  readonly run: CommandRun
}

interface Invocation {
  readonly invokeId: string
  readonly commandId: string
  readonly instanceId: string
  end: CommandEnd | null
}

/** Longest content after Base64, and longest output kept, bytes (RunCommand, DescribeInvocationResults). */
const maxContent = 24 * 1024
const maxOutput = 24 * 1024

const platformOfType = {
  RunShellScript: 'Linux',
  RunPowerShellScript: 'Windows',
  RunBatScript: 'Windows',
} as const
const types = ['RunShellScript', 'RunPowerShellScript', 'RunBatScript'] as const

const readCommand = (parameters: Parameters): Command => {
  const type = types.find((candidate) => candidate === required(parameters, 'Type'))
  if (!type) throw new Refusal(400, 'InvalidParameter.Type', 'The parameter Type is not valid.')
  const raw = required(parameters, 'CommandContent')
  const base64 = parameters['ContentEncoding']?.toLowerCase() === 'base64'
  const content = base64 ? Buffer.from(raw, 'base64').toString() : raw
  if (Buffer.from(content).toString('base64').length > maxContent) {
    throw new Refusal(400, 'CommandContentTooLong', 'The content is longer than 24 KB.')
  }
  if (base64 && Buffer.from(content).toString('base64') !== raw) {
    throw new Refusal(400, 'InvalidCommandText', 'The content is not Base64.')
  }
  return { type, content, timeoutSeconds: numberIn(parameters, 'Timeout', 60, 10, 86_400) }
}

/** Why a command never reaches an instance. */
const undeliverable = (instance: EcsInstance, { type }: Command): CommandEnd | null => {
  if (instance.running === false) return { status: 'Aborted', errorCode: 'InstanceNotRunning' }
  if (instance.agent === 'missing') return { status: 'Aborted', errorCode: 'ClientNotRunning' }
  if (platformOfType[type] !== instance.platform)
    return { status: 'Invalid', errorCode: 'CommandNotApplicable' }
  return null
}

const resultOf = ({ invokeId, commandId, instanceId, end }: Invocation, base64: boolean) => {
  const known = {
    InvokeId: invokeId,
    CommandId: commandId,
    InstanceId: instanceId,
    Repeats: 1,
    Username: 'root',
  }
  if (!end)
    return { ...known, InvocationStatus: 'Running', InvokeRecordStatus: 'Running', Output: '', Dropped: 0 }
  const whole = Buffer.from(end.output ?? '')
  const kept = whole.subarray(0, maxOutput)
  const output = { Output: kept.toString(base64 ? 'base64' : 'utf8'), Dropped: whole.length - kept.length }
  if ('status' in end) {
    const { status, errorCode } = end
    return {
      ...known,
      ...output,
      InvocationStatus: status,
      InvokeRecordStatus: 'Failed',
      ErrorCode: errorCode,
      ErrorInfo: errorCode,
    }
  }
  return end.exitCode === 0
    ? { ...known, ...output, InvocationStatus: 'Success', InvokeRecordStatus: 'Finished', ExitCode: 0 }
    : {
        ...known,
        ...output,
        InvocationStatus: 'Failed',
        InvokeRecordStatus: 'Failed',
        ExitCode: end.exitCode,
        ErrorCode: 'ExitCodeNonzero',
        ErrorInfo: 'The command execution exit code is not zero.',
      }
}

/** ECS 2014-05-26: the operations of Cloud Assistant. */
export const ecs = (region: string, instances: Readonly<Record<string, EcsInstance>>) => {
  const invocations: Invocation[] = []
  const commands: Command[] = []
  const tokens = new Map<string, { readonly asked: string; readonly answer: object }>()

  const instanceOf = (id: string): EcsInstance => {
    const instance = instances[id]
    if (!instance)
      throw new Refusal(404, 'InvalidInstance.NotFound', 'The specified instance does not exist.')
    return instance
  }

  const start = (command: Command, instanceId: string, invokeId: string, commandId: string): void => {
    const instance = instanceOf(instanceId)
    const invocation: Invocation = { invokeId, commandId, instanceId, end: undeliverable(instance, command) }
    invocations.push(invocation)
    if (invocation.end) return
    commands.push(command)
    void instance.run(command).then((end) => (invocation.end = end))
  }

  const runCommand = (parameters: Parameters) => {
    const command = readCommand(parameters)
    const ids = list(parameters, 'InstanceId')
    if (ids.length === 0) throw new Refusal(400, 'MissingParameter.InstanceId', 'InstanceId.1 must be given.')
    for (const id of ids) instanceOf(id)
    const token = parameters['ClientToken']
    const asked = JSON.stringify([command, ids])
    const before = token === undefined ? undefined : tokens.get(token)
    if (before?.asked === asked) return before.answer
    if (before)
      throw new Refusal(400, 'IdempotentParameterMismatch', 'The token was used for another request.')
    const answer = { InvokeId: `t-${randomUUID()}`, CommandId: `c-${randomUUID()}` }
    for (const id of ids) start(command, id, answer.InvokeId, answer.CommandId)
    if (token !== undefined) tokens.set(token, { asked, answer })
    return answer
  }

  const describeInvocationResults = (parameters: Parameters) => {
    const base64 = (parameters['ContentEncoding'] ?? 'Base64') === 'Base64'
    const found = invocations.filter(
      ({ invokeId, instanceId }) =>
        invokeId === required(parameters, 'InvokeId') &&
        (parameters['InstanceId'] === undefined || parameters['InstanceId'] === instanceId),
    )
    const InvocationResult = found.map((invocation) => resultOf(invocation, base64))
    return { Invocation: { TotalCount: found.length, InvocationResults: { InvocationResult } } }
  }

  const describeCloudAssistantStatus = (parameters: Parameters) => ({
    InstanceCloudAssistantStatusSet: {
      InstanceCloudAssistantStatus: list(parameters, 'InstanceId').flatMap((id) => {
        const instance = instances[id]
        if (!instance) return []
        const present = instance.running !== false && instance.agent !== 'missing'
        return [{ InstanceId: id, OSType: instance.platform, CloudAssistantStatus: String(present) }]
      }),
    },
  })

  const inRegion =
    (operation: (parameters: Parameters) => object) =>
    (parameters: Parameters): object => {
      oneOf('RegionId', required(parameters, 'RegionId'), [region])
      return operation(parameters)
    }

  return {
    /** Every command that reached an instance, in order. */
    commands,
    operations: {
      RunCommand: inRegion(runCommand),
      DescribeInvocationResults: inRegion(describeInvocationResults),
      DescribeCloudAssistantStatus: inRegion(describeCloudAssistantStatus),
    },
  }
}
