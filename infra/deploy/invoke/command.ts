import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { fcInvoker } from '../../../shared/runtime/operator.ts'
import type { InvocationFailure, InvocationFailureCode, Invoker } from '../../../shared/ports/invoker.ts'
import { type InvokeRequest, UsageWrong, readInvokeRequest, usage } from './arguments.ts'

/** What became of the command, as its exit code. */
const exitCodes = { done: 0, functionFailed: 1, notInvoked: 2, usage: 3 } as const

const advice: Readonly<Record<InvocationFailureCode, string>> = {
  INVALID_REQUEST: 'Check the name, and the size of the event: 32 MB at most, 128 KB with --async.',
  FUNCTION_NOT_FOUND:
    'Check name, region and account. A function of Function Compute 2.0 needs --mode fc2 and --service.',
  ACCESS_DENIED: 'Check the keys, and that their owner has fc:InvokeFunction on this function.',
  THROTTLED: 'Too many invocations at once. Wait, or increase the concurrency of the function.',
  DUPLICATE: 'This --task-id was accepted before. Use another one to run it again.',
  FUNCTION_FAILED: 'Look at the log of the function for the request id.',
  PLATFORM_FAILED: 'Function Compute failed. Try again. Whether the function ran is unknown.',
  TIMED_OUT: 'Use a longer --timeout or --async. Whether the function ran is unknown.',
  UNREACHABLE: 'Check the network and FC_ENDPOINT.',
  UNEXPECTED_ANSWER: 'Check that FC_ENDPOINT is an address of Function Compute.',
}

const readEvent = async (file: string | undefined): Promise<Uint8Array> => {
  if (file === undefined) return Buffer.from('{}')
  try {
    return await (file === '-' ? buffer(process.stdin) : readFile(file))
  } catch (cause) {
    throw new UsageWrong(`The event cannot be read: ${cause instanceof Error ? cause.message : file}`)
  }
}

/** Where the command writes: the answer of the function goes to `out`, all else to `note`. */
export interface Console {
  readonly out: (content: string | Uint8Array) => void
  readonly note: (line: string) => void
}

const reportFailure = ({ code, detail, requestId }: InvocationFailure, { note }: Console): number => {
  note(`${code}: ${detail}${requestId === undefined ? '' : ` (request ${requestId})`}`)
  note(advice[code])
  return code === 'FUNCTION_FAILED' ? exitCodes.functionFailed : exitCodes.notInvoked
}

const invoke = async (
  invoker: Invoker,
  { functionName, eventFile }: InvokeRequest,
  console: Console,
): Promise<number> => {
  const invocation = await invoker.invoke(functionName, await readEvent(eventFile))
  if ('failure' in invocation) return reportFailure(invocation.failure, console)
  const { answer, requestId } = invocation
  console.out('json' in answer ? `${JSON.stringify(answer.json, null, 2)}\n` : answer.bytes)
  console.note(`answered (request ${requestId})`)
  return exitCodes.done
}

const handOver = async (
  invoker: Invoker,
  { functionName, eventFile, taskId = `invoke-${randomUUID()}` }: InvokeRequest,
  console: Console,
): Promise<number> => {
  const acceptance = await invoker.invokeAsync(functionName, await readEvent(eventFile), taskId)
  if ('failure' in acceptance) return reportFailure(acceptance.failure, console)
  console.note(`accepted as task ${taskId} (request ${acceptance.requestId})`)
  return exitCodes.done
}

/** Carries the command out and gives its exit code. */
export const invokeCommand = async (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  console: Console,
): Promise<number> => {
  try {
    const request = readInvokeRequest(args, environment)
    if (request === 'help') {
      console.out(usage)
      return exitCodes.done
    }
    const invoker = fcInvoker(request.settings)
    return await (request.async ? handOver : invoke)(invoker, request, console)
  } catch (fault) {
    if (!(fault instanceof UsageWrong)) throw fault
    console.note(`${fault.message}\n\n${usage}`)
    return exitCodes.usage
  }
}
