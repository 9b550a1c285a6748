import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { RequestLimits } from '../../../infra/cli/service/client.ts'
import { type Around, type Ended, precheckAt } from '../../support/command-line.ts'

/** A request as the command line sent it. */
interface Received {
  readonly call: string
  readonly token: string | undefined
  readonly body: unknown
}

/** A server that answers as a test says, on loopback. */
interface ScriptedService {
  readonly url: string
  readonly received: Received[]
  readonly close: () => Promise<void>
}

/** Answers one request, or does something worse. */
export type Script = (call: string, response: ServerResponse) => void

/** Answers every request with this. */
export const answering =
  (status: number, body: unknown): Script =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

/** Answers each call, for example `GET /v1/prechecks/pc_1`, with its body; any other with a problem. */
export const answeringWith =
  (bodies: Readonly<Record<string, unknown>>): Script =>
  (call, response) => {
    const body = bodies[call]
    const absent = { code: 'PATH_NOT_FOUND', detail: `The test has no answer to ${call}.` }
    answering(body === undefined ? 404 : 200, body ?? absent)(call, response)
  }

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = await request.toArray()
  const text = Buffer.concat(chunks).toString()
  return text === '' ? undefined : JSON.parse(text)
}

const startScripted = async (script: Script): Promise<ScriptedService> => {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const call = `${request.method} ${request.url}`
      received.push({ call, token: request.headers.authorization, body: await readBody(request) })
      script(call, response)
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    received,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Runs a command line against a service that answers as a test says. */
export const precheckWith = async (
  script: Script,
  args: readonly string[],
  limits?: RequestLimits,
  around?: Around,
): Promise<Ended & Pick<ScriptedService, 'received' | 'url'>> => {
  const service = await startScripted(script)
  try {
    const ended = await precheckAt(service.url, args, limits, around)
    return { ...ended, received: service.received, url: service.url }
  } finally {
    await service.close()
  }
}
