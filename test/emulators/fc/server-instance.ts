import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { type EventEmitter, once } from 'node:events'
import { Agent, type IncomingMessage, request as send } from 'node:http'
import { connect, createServer } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpRequest } from '../http-listener.ts'
import type { InvocationContext } from './context.ts'
import type { Fault, Instance, Outcome, Passed } from './instance.ts'
import type { CustomRuntimeTemplate } from './template.ts'

/** The code of a function in a custom runtime, and what its instances are started with. */
export interface ServerCode {
  /** Folder of the code, which the command runs in. */
  readonly folder: string
  readonly runtime: CustomRuntimeTemplate
  /** Program that stands in for the Node.js of each layer, by the name of the layer: `Nodejs24`. */
  readonly layers: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

/** How long the server may take to listen, ms (manual, "Principles"). */
const startLimitMs = 120_000

/** How often the port is tried meanwhile, ms. */
const lookAgainMs = 5

/** Ports that the system gives to nobody who asks for any: instances take one of their own each. */
const ports = { from: 15_000, to: 32_000 }

/** Whether something happens, and not an error. */
const happens = async (emitter: EventEmitter, event: string): Promise<boolean> => {
  try {
    await once(emitter, event)
    return true
  } catch {
    return false
  }
}

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer().listen(port, '0.0.0.0')
  const isListening = await happens(server, 'listening')
  server.close()
  return isListening
}

/** Counts on from a place by chance, so that other processes with instances are elsewhere. */
let lastPort = randomInt(ports.from, ports.to)

const freePort = async (): Promise<number> => {
  lastPort = lastPort + 1 < ports.to ? lastPort + 1 : ports.from
  const port = lastPort
  return (await isFree(port)) ? port : freePort()
}

/** `/opt/nodejs24/bin/node` is there if a layer of the function holds it. */
const programOf = ({ runtime, layers }: ServerCode): string => {
  const [program = ''] = runtime.command
  const folder = /^\/opt\/(\w+)\//.exec(program)?.[1] ?? ''
  const layer = runtime.layers
    .map((arn) => arn.split('/').at(-3) ?? '')
    .find((name) => name.toLowerCase() === folder)
  const found = layer === undefined ? undefined : layers[layer]
  if (found === undefined) throw new Error(`CAFileNotFound: ${program} is in no layer of this function`)
  return found
}

/** What comes to a function beside its request ("Context and log format", manual). */
const commonHeaders = (context: InvocationContext): Record<string, string> => ({
  'x-fc-request-id': context.requestId,
  'x-fc-access-key-id': context.credentials.accessKeyId,
  'x-fc-access-key-secret': context.credentials.accessKeySecret,
  'x-fc-security-token': context.credentials.securityToken,
  'x-fc-function-name': context.function.name,
  'x-fc-function-handler': context.function.handler,
  'x-fc-function-memory': String(context.function.memory),
  'x-fc-function-timeout': String(context.function.timeout),
  'x-fc-region': context.region,
  'x-fc-account-id': context.accountId,
  'x-fc-qualifier': context.service.qualifier,
})

/** Headers that are not passed on ("Web functions", manual). */
const isKept = (name: string): boolean =>
  !name.startsWith('x-fc-') &&
  !['connection', 'keep-alive', 'content-length', 'date', 'server'].includes(name)

const passedHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => isKept(name)))

const joined = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value = '']) => [name, String(value)]))

/** What a failed function says of itself, or the kind that the manual gives it. */
const faultOf = (body: Buffer): Fault => {
  try {
    const { errorType, errorMessage } = JSON.parse(body.toString()) as Record<string, string>
    return { errorType: errorType ?? 'Error', errorMessage: errorMessage ?? '' }
  } catch {
    return { errorType: 'HandledInvocationError', errorMessage: body.toString() }
  }
}

const crashed: Fault = {
  errorType: 'UnhandledInvocationError',
  errorMessage: 'Process exited unexpectedly before completing request',
}

/** Starts an instance: a process that runs the command of the template and listens to its port. */
export const startServerInstance = (code: ServerCode, write: (text: string) => void): Instance => {
  const { runtime, timeoutMs } = code
  // As many connections as requests; each is used again.
  const agent = new Agent({ keepAlive: true })
  let isAlive = true
  let child: ChildProcess | undefined

  const run = async (): Promise<number> => {
    const port = await freePort()
    if (!isAlive) throw new Error('It was ended before it had begun')
    const started = spawn(programOf(code), runtime.command.slice(1), {
      cwd: code.folder,
      env: { ...code.environment, FC_CUSTOM_LISTEN_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    started.stdout.on('data', (chunk: Buffer) => write(chunk.toString()))
    started.stderr.on('data', (chunk: Buffer) => write(chunk.toString()))
    started.on('exit', () => {
      isAlive = false
      agent.destroy()
    })
    return port
  }

  const listens = async (port: number): Promise<boolean> => {
    const socket = connect(port, '127.0.0.1')
    const isThere = await happens(socket, 'connect')
    socket.destroy()
    return isThere
  }

  const start = async (): Promise<number> => {
    const port = await run()
    const giveUpAt = performance.now() + startLimitMs
    while (!(await listens(port))) {
      if (!isAlive) throw new Error('CAExited: the command ended before it listened')
      if (performance.now() > giveUpAt) throw new Error('FunctionNotStarted')
      await sleep(lookAgainMs)
    }
    return port
  }
  const listening = start()
  listening.catch(() => {
    isAlive = false
  })

  const call = async (
    path: string,
    method: string,
    headers: Record<string, string>,
    body: Buffer | null,
  ): Promise<Passed> => {
    const port = await listening
    const request = send({ host: '127.0.0.1', port, path, method, headers, agent })
    request.end(body)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    return { status: response.statusCode ?? 0, headers: joined(response), body: await buffer(response) }
  }

  const kill = async (): Promise<void> => {
    isAlive = false
    agent.destroy()
    await listening.catch(() => undefined)
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  /** Within the time limit of the function, or as a failure of it. */
  const inTime = async <Value>(work: Promise<Value>): Promise<Value | Fault> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Fault>((resolve) => {
      timer = setTimeout(() => {
        const errorMessage = `Function timed out after ${timeoutMs / 1000} seconds`
        resolve({ errorType: 'FunctionTimeoutError', errorMessage })
        void kill()
      }, timeoutMs)
    })
    try {
      return await Promise.race([work, late])
    } catch (fault) {
      // A connection that breaks is that of a process that ends.
      void kill()
      const why = fault instanceof Error ? fault.message : ''
      return why.startsWith('CA') ? { ...crashed, errorMessage: why } : crashed
    } finally {
      clearTimeout(timer)
    }
  }

  const invoke = async (event: Buffer, context: InvocationContext): Promise<Outcome> => {
    const headers = {
      ...commonHeaders(context),
      'x-fc-control-path': '/invoke',
      'content-type': 'application/octet-stream',
      'content-length': String(event.length),
    }
    const { status, headers: answered, body } = await call('/invoke', 'POST', headers, event)
    const hasFailed = status >= 300 || (answered['x-fc-status'] ?? '200') !== '200'
    return hasFailed ? faultOf(body) : { answer: body }
  }

  const pass = async (
    { method, target, headers, body }: HttpRequest,
    context: InvocationContext,
  ): Promise<Passed> => {
    const sent = {
      ...passedHeaders(headers),
      ...(body.length > 0 && { 'content-length': String(body.length) }),
      ...commonHeaders(context),
      'x-fc-control-path': '/http-invoke',
      'x-fc-client-ip': '127.0.0.1',
    }
    const passed = await call(target, method, sent, body)
    return { ...passed, headers: passedHeaders(passed.headers) }
  }

  const stop = async (): Promise<void> => {
    if (runtime.hasPreStop && isAlive) {
      await call('/pre-stop', 'GET', { 'x-fc-control-path': '/pre-stop' }, null).catch(() => undefined)
    }
    isAlive = false
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  }

  return {
    invoke: (event, context) => inTime(invoke(event, context)),
    pass: (request, context) => inTime(pass(request, context)),
    kill,
    stop,
    isAlive: () => isAlive,
  }
}
