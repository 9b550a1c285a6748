import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { HttpRequest } from '../http-listener.ts'
import type { InvocationContext } from './context.ts'

/** The code of a function, and what its instances are started with. */
export interface FunctionCode {
  /** Path of the file that holds the handler. */
  readonly program: string
  /** Name that the handler is exported under. */
  readonly exportName: string
  /** All that the instance finds in its environment. */
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

/** What an invocation failed with. */
export interface Fault {
  readonly errorType: string
  readonly errorMessage: string
}

/** What came of an invocation: the bytes that the handler returned, or what it failed with. */
export type Outcome = { readonly answer: Buffer } | Fault

/** What a function answered to a request that was passed on to it. */
export interface Passed {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** An instance of a function. */
export interface Instance {
  readonly invoke: (event: Buffer, context: InvocationContext) => Promise<Outcome>
  /** Passes on a request of an HTTP trigger; null where that becomes an event. */
  readonly pass: ((request: HttpRequest, context: InvocationContext) => Promise<Passed | Fault>) | null
  /** Ends it as the platform does when it is no longer needed: what is under way is done first, where the runtime knows how. */
  readonly stop: () => Promise<void>
  /** Ends it at once, in the middle of whatever it does. */
  readonly kill: () => Promise<void>
  readonly isAlive: () => boolean
}

/** What handlers post; bytes lose their class on the way between threads. */
type Posted = { readonly answer: Uint8Array } | Fault

const program = new URL('instance.mjs', import.meta.url)

/**
 * Starts an instance of the built-in runtime: a thread with modules and environment of its own, which serves one
 * invocation at a time. What it writes to its output goes to `write`.
 */
export const startInstance = (code: FunctionCode, write: (text: string) => void): Instance => {
  const worker = new Worker(program, {
    workerData: { program: pathToFileURL(code.program).href, exportName: code.exportName },
    env: { ...code.environment },
    stdout: true,
    stderr: true,
  })
  worker.stdout.on('data', (chunk: Buffer) => write(chunk.toString()))
  worker.stderr.on('data', (chunk: Buffer) => write(chunk.toString()))
  let isAlive = true
  let fault: Error | undefined
  worker.on('error', (error) => {
    fault = error
  })
  const exited = new Promise<Outcome>((resolve) => {
    worker.on('exit', () => {
      isAlive = false
      const errorMessage = fault?.message ?? 'Process exited unexpectedly before completing request'
      resolve({ errorType: 'UnhandledInvocationError', errorMessage })
    })
  })

  const answerTo = async (event: Buffer, context: InvocationContext): Promise<Outcome> => {
    const posted = new Promise<Posted>((resolve) => worker.once('message', resolve))
    worker.postMessage({ event, context }, [])
    const outcome = await Promise.race([posted, exited])
    return 'answer' in outcome ? { answer: Buffer.from(outcome.answer) } : outcome
  }

  const kill = async (): Promise<void> => {
    await worker.terminate()
  }

  return {
    pass: null,
    stop: kill,
    kill,
    isAlive: () => isAlive,
    invoke: async (event, context) => {
      const { timeoutMs } = code
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<Outcome>((resolve) => {
        timer = setTimeout(() => {
          const errorMessage = `Function timed out after ${timeoutMs / 1000} seconds`
          resolve({ errorType: 'FunctionTimeoutError', errorMessage })
          void kill()
        }, timeoutMs)
      })
      const outcome = await Promise.race([answerTo(event, context), late])
      clearTimeout(timer)
      return outcome
    },
  }
}
