import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Problem } from '../../checks/framework/problem.ts'
import type { EcsHost, HostQuestion, HostReach, ReachReading, ReachStart } from '../../ports/host-reach.ts'
import {
  type OpenApiFault,
  type OpenApiOutcome,
  type OpenApiSettings,
  callOpenApi,
} from '../alibaba-cloud/openapi.ts'
import { linuxScript } from './linux-script.ts'
import { about, problemOfCommand, problemOfFault } from './problems.ts'
import type { Script } from './script.ts'
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

const judgeSuccess = ({ host, urls }: HostQuestion, { Output, Dropped }: Result): ReachReading => {
  if (Dropped > 0)
    return { problem: { code: 'COMMAND_OUTPUT_CUT', params: { ...about(host), dropped: Dropped } } }
  const reading = scripts[host.platform].read(Buffer.from(Output, 'base64').toString(), urls)
  if (reading === null) return unreadable(host, 'it does not have one line for each endpoint')
  return 'code' in reading ? { problem: { code: reading.code, params: about(host) } } : { answer: reading }
}

const judgeResult = (question: HostQuestion, result: Result): ReachReading => {
  const { host } = question
  const { InvocationStatus: status, ErrorCode: errorCode, ExitCode: exitCode } = result
  if (openStatuses.includes(status)) return { pending: true }
  if (status === 'Success') return judgeSuccess(question, result)
  if (status === 'Timeout') return { problem: problemOfCommand(host, 'ExecutionTimeout') }
  if (status === 'Failed' && exitCode !== undefined && exitCode !== 0) {
    const detail = lastLine(Buffer.from(result.Output, 'base64').toString())
    return { problem: { code: 'COMMAND_FAILED', params: { ...about(host), exitCode, detail } } }
  }
  return { problem: problemOfCommand(host, errorCode || status) }
}

/**
 * Runs the HTTPS question on the instance with Cloud Assistant (RunCommand, DescribeInvocationResults; ECS 2014-05-26).
 * It answers from where backups start, whatever network this service is in.
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

  return {
    startReach: async ({ host, limitMs, ...endpoints }, dedupeId): Promise<ReachStart> => {
      const { type, write } = scripts[host.platform]
      const content = Buffer.from(write(endpoints, limitMs)).toString('base64')
      if (content.length > maxContentBytes) {
        const params = { ...about(host), bytes: content.length, limit: maxContentBytes }
        return { problem: { code: 'COMMAND_TOO_LONG', params } }
      }
      const outcome = await call(host, 'RunCommand', {
        Type: type,
        Name: 'backup-precheck-reach',
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
    },

    readReach: async (question, invocationId): Promise<ReachReading> => {
      const { host } = question
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
      return result ? judgeResult(question, result) : { pending: true }
    },
  }
}
