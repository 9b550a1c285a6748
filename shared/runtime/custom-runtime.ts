import { randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse, createServer as makeServer } from 'node:http'
import { pathToFileURL } from 'node:url'
import type { FcContext } from './fc-event.ts'
import { type HttpStruct, wireBody } from './http.ts'

/**
 * The HTTP server that a custom runtime of Function Compute 3.0 asks of a function ("Web functions", "Context and log
 * format" and "Function instance lifecycle hooks", its manual): an event comes as POST /invoke, a request of an HTTP
 * trigger as it was sent, and the hooks of an instance as POST /initialize and GET /pre-stop. Several requests may be
 * under way at once.
 */

/** What a function does with events, and with requests where it has an HTTP trigger. */
export interface ServedFunction {
  readonly invoke: (event: Uint8Array, context: FcContext) => Promise<unknown>
  readonly request?: (request: IncomingMessage, context: FcContext) => Promise<HttpStruct>
}

/** Port where the platform does not name one, which is its own default too. */
const defaultPort = 9000

/** Largest event, bytes: a batch of 16 messages of 64 KB as JSON within JSON, twice encoded. */
export const maxEventBytes = 4 * 1024 * 1024

/** Largest headers, bytes: 8 KB of the caller at most, and those of the platform with their keys. */
const maxHeaderSize = 32 * 1024

/** What the platform is told of an invocation that failed; it knows 200 and 404. */
const failed = 404

interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

const header = ({ headers }: IncomingMessage, name: string): string => {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

/** The keys of the role come with every request, and those in the environment are as old as the instance. */
const contextOf = (request: IncomingMessage): FcContext => ({
  requestId: header(request, 'x-fc-request-id') || randomUUID(),
  credentials: {
    accessKeyId: header(request, 'x-fc-access-key-id'),
    accessKeySecret: header(request, 'x-fc-access-key-secret'),
    securityToken: header(request, 'x-fc-security-token'),
  },
})

/** Reads the event to its end; null where it is larger than it may be. */
const readEvent = async (request: IncomingMessage): Promise<Buffer | null> => {
  let chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const piece: unknown = chunk
    if (!Buffer.isBuffer(piece)) continue
    bytes += piece.length
    chunks = bytes > maxEventBytes ? [] : [...chunks, piece]
  }
  return bytes > maxEventBytes ? null : Buffer.concat(chunks)
}

const failure = (errorType: string, errorMessage: string): Reply => ({
  status: failed,
  headers: { 'content-type': 'application/json', 'x-fc-status': String(failed) },
  body: JSON.stringify({ errorType, errorMessage }),
})

const answerEvent = async (
  invoke: ServedFunction['invoke'],
  request: IncomingMessage,
  context: FcContext,
): Promise<Reply> => {
  const event = await readEvent(request)
  if (event === null) return failure('EventTooLarge', `An event has ${maxEventBytes} bytes at most.`)
  try {
    const value = await invoke(event, context)
    const body = value === undefined ? '' : JSON.stringify(value)
    return { status: 200, headers: { 'x-fc-status': '200' }, body }
  } catch (fault) {
    return fault instanceof Error ? failure(fault.name, fault.message) : failure('Error', String(fault))
  }
}

const replyOf = ({ statusCode, headers, ...given }: HttpStruct): Reply => ({
  status: statusCode,
  headers,
  body: wireBody(given),
})

/** `/http-invoke` is what the platform says of a request from outside, whose path may be any. */
const isOfHttpTrigger = (request: IncomingMessage): boolean =>
  header(request, 'x-fc-control-path') === '/http-invoke'

/** Runs what has begun to its end when the instance is to go. */
const workUnderWay = () => {
  const underWay = new Set<Promise<unknown>>()
  return {
    add: async (work: Promise<unknown>): Promise<void> => {
      underWay.add(work)
      await work.finally(() => underWay.delete(work))
    },
    ended: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}

/** The server of a function, by `createServer` of `node:http`; `stop` refuses what is new and resolves when the rest is done. */
export const customRuntime = (
  { invoke, request: serve }: ServedFunction,
  createServer: typeof makeServer,
  write: (line: string) => void,
): { readonly server: Server; readonly stop: () => Promise<void> } => {
  const work = workUnderWay()
  let isStopping = false

  const reply = async (request: IncomingMessage): Promise<Reply> => {
    const context = contextOf(request)
    if (isOfHttpTrigger(request)) {
      return serve
        ? replyOf(await serve(request, context))
        : failure('NoHttpTrigger', 'It takes events alone.')
    }
    const asked = `${request.method} ${request.url}`
    // An instance may come back after this hook, so that it goes on taking requests.
    if (asked === 'GET /pre-stop') return work.ended().then(() => ({ status: 200, body: '' }))
    if (asked === 'POST /initialize') return { status: 200, body: '' }
    if (asked !== 'POST /invoke') return failure('PathUnknown', asked)
    write(`FC Invoke Start RequestId: ${context.requestId}\n`)
    const answer = await answerEvent(invoke, request, context)
    write(`FC Invoke End RequestId: ${context.requestId}\n`)
    return answer
  }

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const { status, headers, body } = await reply(request)
      response.shouldKeepAlive &&= !isStopping
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
    } catch {
      // The platform broke the request off: nobody waits for an answer.
      response.destroy()
    }
  }

  const server = createServer(
    // The platform keeps its connections, and has limits of time of its own.
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, maxHeaderSize, requireHostHeader: false },
    (request, response) => {
      const responded = respond(request, response)
      void (request.url === '/pre-stop' && !isOfHttpTrigger(request) ? responded : work.add(responded))
    },
  )
  return {
    server,
    stop: async () => {
      isStopping = true
      const closed = new Promise<unknown>((resolve) => server.close(resolve))
      await work.ended()
      await closed
    },
  }
}

/** Whether a module is what Node.js was started with: the built-in runtime imports it. */
const isMain = (moduleUrl: string): boolean => {
  const started = process.argv[1]
  return started !== undefined && pathToFileURL(realpathSync(started)).href === moduleUrl
}

/**
 * Serves a function if its module was started as a program, as custom runtimes do, until the platform ends the process
 * (SIGTERM). `moduleUrl`: `import.meta.url` of the module.
 */
export const serveIfMain = async (moduleUrl: string, served: ServedFunction): Promise<void> => {
  if (!isMain(moduleUrl)) return
  // The built-in runtime has no use for it.
  const { createServer } = await import('node:http')
  const { server, stop } = customRuntime(served, createServer, (line) => process.stdout.write(line))
  process.once('SIGTERM', () => void stop().then(() => process.exit()))
  server.listen(Number(process.env['FC_CUSTOM_LISTEN_PORT'] ?? defaultPort), '0.0.0.0')
}
