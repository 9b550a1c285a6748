import { once } from 'node:events'
import {
  Agent,
  type IncomingMessage,
  type ServerResponse,
  createServer,
  request as httpRequest,
} from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * What the network does to a request: it loses the answer after the effect, holds the request back so that its effect
 * comes `lateMs` later, when its sender has given it up, or brings it twice and gives the second answer.
 */
export type Mishap = 'lost' | 'late' | 'twice'

/** A request on its way. */
export interface PassingRequest {
  readonly method: string
  readonly path: string
  readonly body: Buffer
}

/** A network between the functions and a service on loopback. */
export interface Relay {
  readonly url: string
  /** Resolves when no request is on its way any more, late ones included. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** Relays to `target`; `decide` is asked about every request. */
export const startRelay = async (
  target: string,
  lateMs: number,
  decide: (request: PassingRequest) => Mishap | undefined,
): Promise<Relay> => {
  const agent = new Agent({ keepAlive: true })
  const underWay = new Set<Promise<void>>()

  const forward = async (incoming: IncomingMessage, body: Buffer): Promise<Answer> => {
    const { method, url = '/', headers } = incoming
    const outgoing = httpRequest(new URL(url, target), { method, headers, agent })
    outgoing.end(body)
    const [answer]: IncomingMessage[] = await once(outgoing, 'response')
    if (!answer) throw new Error('no answer')
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) }
  }

  const pass = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(incoming)
    const { method = '', url: path = '/' } = incoming
    const mishap = decide({ method, path, body })
    if (mishap === 'late') await sleep(lateMs)
    if (mishap === 'twice') await forward(incoming, body)
    const answer = await forward(incoming, body)
    if (mishap === 'lost') response.destroy()
    else response.writeHead(answer.status, answer.headers).end(answer.body)
  }

  const server = createServer((incoming, response) => {
    const passing = pass(incoming, response)
      // The service hung up, or the sender did.
      .catch(() => void response.destroy())
      .finally(() => underWay.delete(passing))
    underWay.add(passing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    close: async () => {
      agent.destroy()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
