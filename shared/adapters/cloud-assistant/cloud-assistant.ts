import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Problem } from '../../checks/problems/problem.ts'
import type {
  CommandReading,
  CommandStart,
  EcsHost,
  HostAnswers,
  HostLook,
  HostQuestion,
  HostReach,
} from '../../ports/host-reach.ts'
import type { ProbeOutcome } from '../../checks/judge.ts'
import {
  type OpenApiFault,
  type OpenApiOutcome,
  type OpenApiSettings,
  callOpenApi,
} from '../alibaba-cloud/openapi.ts'
import { type HostScript, hostMarker } from './host-script.ts'
import { linuxHostScript } from './linux-host-script.ts'
import { linuxScript } from './linux-script.ts'
import { about, problemOfCommand, problemOfFault } from './problems.ts'
import { type Script, marker } from './script.ts'
import { windowsHostScript } from './windows-host-script.ts'
import { windowsScript } from './windows-script.ts'

/** Where and as whom ECS is asked; `{region}` in the endpoint stands for the region of the instance. */
export type CloudAssistantSettings = Omit<OpenApiSettings, 'isTransient' | 'endpoint'> & {
  readonly endpoint?: string
}

/** Endpoint of ECS in each region ("Endpoints", ECS developer reference). */
const ecsEndpoint = 'https://ecs.{region}.aliyuncs.com'

/** Longest content of a command after Base64, bytes (RunCommand). */
const maxContentBytes = 24 * 1024

/** Beside the time of the endpoints: to start a shell and to write the answer, ms. */
const startMs = 10_000

/** What the manual says to try again (common error codes of ECS; RunCommand: `InternalError.Dispatch`). Repeats are safe: `ClientToken`. */
const transientCodes = ['ServiceUnavailable', 'InternalError', 'InternalError.Dispatch']

const isTransient = ({ kind, code }: OpenApiFault): boolean =>
  kind === 'throttled' || kind === 'unreachable' || transientCodes.includes(code)

const scripts: Readonly<Record<EcsHost['platform'], Script>> = { linux: linuxScript, windows: windowsScript }
const hostScripts: Readonly<Record<EcsHost['platform'], HostScript>> = {
  linux: linuxHostScript,
  windows: windowsHostScript,
}

const Started = z.object({ InvokeId: z.string().min(1) })

const Result = z.object({
  InvocationStatus: z.string(),
  ExitCode: z.number().optional(),
  Output: z.string().default(''),
  Dropped: z.number().default(0),
  ErrorCode: z.string().default(''),
})
type Result = Readonly<z.infer<typeof Result>>

const Results = z.object({
  Invocation: z.object({ InvocationResults: z.object({ InvocationResult: z.array(Result) }) }),
})

/** Not over yet; `Scheduled` is of timed commands, but means the same. */
const openStatuses = ['Pending', 'Scheduled', 'Running', 'Stopping']

/** The token that makes repeats of a request one request: up to 64 ASCII characters. */
const tokenOf = (dedupeId: string): string => createHash('sha256').update(dedupeId).digest('hex')

const unreadable = (host: EcsHost, detail: string): { readonly problem: Problem } => ({
  problem: { code: 'COMMAND_ANSWER_UNREADABLE', params: { ...about(host), detail } },
})

/** The last line of what a failed command wrote, for the eye. */
const lastLine = (output: string): string => output.trimEnd().split('\n').at(-1)?.trim().slice(0, 200) ?? ''

/** What the whole output of a command that ended well says. */
type ReadOutput<Answer> = (output: string) => Answer | { readonly problem: Problem }

const readReaches =
  ({ host, urls }: HostQuestion): ReadOutput<ProbeOutcome> =>
  (output) => {
    const reading = scripts[host.platform].read(output, urls)
    if (reading === null) return unreadable(host, 'it does not have one line for each endpoint')
    return 'code' in reading ? { problem: { code: reading.code, params: about(host) } } : { answer: reading }
  }

/** A part that has no answer, or whose problem names no host yet. */
const explained = (host: EcsHost, outcome: ProbeOutcome | undefined): ProbeOutcome => {
  if (outcome && 'answer' in outcome) return outcome
  const { code, params } = outcome?.problem ?? {
    code: 'HOST_PART_UNANSWERED',
    params: { cause: 'no line of it can be read' },
  }
  return { problem: { code, params: { ...about(host), ...params } } }
}

const readAnswers =
  ({ host, asks }: HostLook): ReadOutput<HostAnswers> =>
  (output) => {
    const outcomes = hostScripts[host.platform].read(output, asks)
    return { answerTo: (part) => explained(host, outcomes[part]) }
  }

const judgeResult = <Answer>(
  host: EcsHost,
  result: Result,
  readOutput: ReadOutput<Answer>,
): CommandReading<Answer> => {
  const { InvocationStatus: status, ErrorCode: errorCode, ExitCode: exitCode, Dropped: dropped } = result
  if (openStatuses.includes(status)) return { pending: true }
  const output = Buffer.from(result.Output, 'base64').toString()
  if (status === 'Success' && dropped > 0) {
    return { problem: { code: 'COMMAND_OUTPUT_CUT', params: { ...about(host), dropped } } }
  }
  if (status === 'Success') return readOutput(output)
  if (status === 'Timeout') return { problem: problemOfCommand(host, 'ExecutionTimeout') }
  if (status === 'Failed' && exitCode !== undefined && exitCode !== 0) {
    return {
      problem: { code: 'COMMAND_FAILED', params: { ...about(host), exitCode, detail: lastLine(output) } },
    }
  }
  return { problem: problemOfCommand(host, errorCode || status) }
}

/**
 * Asks on the instance with Cloud Assistant (RunCommand, DescribeInvocationResults; ECS 2014-05-26). It answers from
 * where backups start, whatever network this service is in.
 */
export const cloudAssistant = (settings: CloudAssistantSettings): HostReach => {
  const call = (
    host: EcsHost,
    action: string,
    query: Readonly<Record<string, string>>,
  ): Promise<OpenApiOutcome> => {
    const endpoint = (settings.endpoint ?? ecsEndpoint).replaceAll('{region}', host.region)
    return callOpenApi(
      { ...settings, endpoint, isTransient },
      { action, version: '2014-05-26', query: { RegionId: host.region, ...query } },
    )
  }

  const start = async (
    { host, limitMs }: HostQuestion | HostLook,
    { type, name, text }: { readonly type: Script['type']; readonly name: string; readonly text: string },
    dedupeId: string,
  ): Promise<CommandStart> => {
    const content = Buffer.from(text).toString('base64')
    if (content.length > maxContentBytes) {
      const params = { ...about(host), bytes: content.length, limit: maxContentBytes }
      return { problem: { code: 'COMMAND_TOO_LONG', params } }
    }
    const outcome = await call(host, 'RunCommand', {
      Type: type,
      Name: name,
      CommandContent: content,
      ContentEncoding: 'Base64',
      'InstanceId.1': host.ecsInstanceId,
      Timeout: String(Math.ceil((limitMs + startMs) / 1000)),
      TerminationMode: 'ProcessTree',
      ClientToken: tokenOf(dedupeId),
    })
    if ('fault' in outcome) return { problem: problemOfFault(host, outcome.fault) }
    const started = Started.safeParse(outcome.answer)
    return started.success
      ? { invocationId: started.data.InvokeId }
      : unreadable(host, 'RunCommand returned no InvokeId')
  }

  const readResult = async <Answer>(
    host: EcsHost,
    invocationId: string,
    readOutput: ReadOutput<Answer>,
  ): Promise<CommandReading<Answer>> => {
    const outcome = await call(host, 'DescribeInvocationResults', {
      InvokeId: invocationId,
      InstanceId: host.ecsInstanceId,
      ContentEncoding: 'Base64',
    })
    if ('fault' in outcome) return { problem: problemOfFault(host, outcome.fault) }
    const results = Results.safeParse(outcome.answer)
    if (!results.success) return unreadable(host, 'DescribeInvocationResults returned no list')
    const [result] = results.data.Invocation.InvocationResults.InvocationResult
    // Nothing is listed for a moment after the command was taken.
    return result ? judgeResult(host, result, readOutput) : { pending: true }
  }

  return {
    startReach: (question, dedupeId) => {
      const { host, limitMs, ...endpoints } = question
      const { type, write } = scripts[host.platform]
      return start(question, { type, name: marker, text: write(endpoints, limitMs) }, dedupeId)
    },
    readReach: (question, invocationId) => readResult(question.host, invocationId, readReaches(question)),
    startLook: (look, dedupeId) => {
      const { type, write } = hostScripts[look.host.platform]
      return start(look, { type, name: hostMarker, text: write(look) }, dedupeId)
    },
    readLook: (look, invocationId) => readResult(look.host, invocationId, readAnswers(look)),
  }
}
