import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http'

/** A call that a receiver got. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What a receiver answers; `hang`: nothing, until it is closed. */
export type Reply =
  | 'hang'
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }

/** A receiver of webhooks on loopback. */
export interface Receiver {
  /** `http://127.0.0.1:port` */
  readonly url: string
  readonly received: readonly Received[]
  /** How it answers from now on; `call` counts all calls from 1. */
  readonly reply: (reply: (call: number, received: Received) => Reply) => void
  readonly close: () => Promise<void>
}

const readAll = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** Starts a receiver, which accepts everything at first. */
export const startReceiver = async (): Promise<Receiver> => {
  const received: Received[] = []
  let reply: (call: number, got: Received) => Reply = () => ({ status: 204 })
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readAll(request as AsyncIterable<Buffer>)
    const call = { path: request.url ?? '', headers: request.headers, body }
    received.push(call)
    const answer = reply(received.length, call)
    if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end(answer.body)
  }
  const server = createServer((request, response) => {
    void serve(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    reply: (next) => {
      reply = next
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
