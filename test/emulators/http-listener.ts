import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A request with its whole body. */
export interface HttpRequest {
  readonly method: string
  readonly url: URL
  /** Path and query as they were sent. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** An answer; `hang` never comes, `reset` closes the connection without one, `stall` stops in the middle of the body. */
export type HttpAnswer =
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body: Buffer | string
    }
  | 'hang'
  | 'reset'
  | 'stall'

/** A server on loopback. */
export interface HttpListener {
  readonly url: string
  close(): Promise<void>
}

const read = async (request: IncomingMessage): Promise<HttpRequest> => ({
  method: request.method ?? '',
  url: new URL(request.url ?? '/', 'http://127.0.0.1'),
  target: request.url ?? '/',
  headers: Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  ),
  body: await buffer(request),
})

const write = (response: ServerResponse, answer: HttpAnswer): void => {
  if (answer === 'hang') return
  if (answer === 'reset') return void response.socket?.destroy()
  if (answer === 'stall') return void response.writeHead(200, { 'content-length': '100' }).write('{')
  response.writeHead(answer.status, answer.headers).end(answer.body)
}

/** Longest request line and headers together, bytes: parameters of RPC-style calls stand in the query. */
const maxHeaderSize = 256 * 1024

/** Listens on 127.0.0.1; port 0 takes a free one. A fault of `answer` becomes status 500, and its text the body. */
export const listenHttp = async (
  answer: (request: HttpRequest) => Promise<HttpAnswer>,
  listeningPort = 0,
): Promise<HttpListener> => {
  const sockets = new Set<Socket>()
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      write(response, await answer(await read(request)))
    } catch (fault) {
      write(response, { status: 500, body: String(fault) })
    }
  }
  // Connections are kept: a busy client may come back to one after any time.
  const server = createServer(
    { maxHeaderSize, keepAliveTimeout: 0 },
    (request, response) => void respond(request, response),
  )
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  server.listen(listeningPort, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
