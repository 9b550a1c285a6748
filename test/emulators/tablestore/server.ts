import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { ServiceError } from './errors.ts'
import type { RequestHandler } from './faults.ts'
import { type PlainRow, plainRows } from './inspection.ts'
import { limits } from './limits.ts'
import { messages } from './messages.ts'
import { type Service, type ServiceOptions, tablestoreService } from './service.ts'
import { type AccessKey, signAnswer } from './signature.ts'
import type { Usage } from './usage.ts'

/** An instance of Tablestore on this machine, as its SDK sees it over HTTP. */
export interface TablestoreEmulator {
  readonly endpoint: string
  readonly port: number
  usage(): Usage
  resetUsage(): void
  /** Injects faults; returns how to take them away again. */
  onRequest(handler: RequestHandler): () => void
  /** All tables with the rows that can be read now. */
  tables(): Readonly<Record<string, readonly PlainRow[]>>
  close(): Promise<void>
}

const tooLarge = new ServiceError(413, 'OTSRequestBodyTooLarge', 'The size of POST data is too large.')
const notPost = new ServiceError(405, 'OTSMethodNotAllowed', 'Only POST method for requests is supported.')

/** The body, or undefined when it is larger than the service takes. What is too much is read and forgotten. */
const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const bytes of request as AsyncIterable<Buffer>) {
    size += bytes.length
    if (size <= limits.requestBody) chunks.push(bytes)
  }
  return size <= limits.requestBody ? Buffer.concat(chunks) : undefined
}

const send = (
  response: ServerResponse,
  path: string,
  status: number,
  body: Uint8Array,
  key: AccessKey | undefined,
): void => {
  response.writeHead(status, {
    ...signAnswer(path, body, randomUUID(), key),
    'content-length': body.length,
  })
  response.end(body)
}

const refuse = (
  response: ServerResponse,
  path: string,
  { status, code, message }: ServiceError,
  key: AccessKey | undefined,
): void => send(response, path, status, messages.Error.encode({ code, message }).finish(), key)

const serve = async (service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const path = request.url ?? '/'
  const body = await readBody(request)
  if (request.method !== 'POST') return refuse(response, path, notPost, undefined)
  if (!body) return refuse(response, path, tooLarge, undefined)
  const outcome = await service.handle({ path, headers: request.headers, body })
  if (outcome.kind === 'drop') return void request.socket.destroy()
  if (outcome.kind === 'refusal') return refuse(response, path, outcome.error, outcome.key)
  send(response, path, 200, outcome.body, outcome.key)
}

/** Starts an emulator on 127.0.0.1; port 0 takes a free one. */
export const startTablestore = async (
  options: ServiceOptions,
  { port = 0 }: { readonly port?: number } = {},
): Promise<TablestoreEmulator> => {
  const service = tablestoreService(options)
  // Connections are kept: a busy client may come back to one after any time.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    // A request that the emulator itself stumbles over is cut, so that no test takes it for an answer of the service.
    serve(service, request, response).catch((error: unknown) => {
      if (!request.socket.destroyed) process.emitWarning(`The emulator failed: ${String(error)}`)
      request.socket.destroy()
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const listening = typeof address === 'object' && address ? address.port : 0
  return {
    endpoint: `http://127.0.0.1:${listening}`,
    port: listening,
    usage: () => service.usage.usage(),
    resetUsage: () => service.usage.reset(),
    onRequest: (handler) => service.faults.onRequest(handler),
    tables: () => plainRows(service.tables, service.now()),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
