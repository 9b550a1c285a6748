import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Surroundings, runCommandLine } from '../../../infra/cli/commands/command-line.ts'
import type { RequestLimits } from '../../../infra/cli/service/client.ts'

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

/** What a command line left behind. */
interface Ended {
  readonly code: number
  readonly output: string
  readonly errors: string
}

/** What is around a command line beside a service. */
type Around = Partial<Pick<Surroundings, 'environment' | 'columns' | 'ask' | 'signal'>> & {
  readonly input?: string
}

/** Runs a command line against the service at `url`. */
export const precheckAt = async (
  url: string,
  args: readonly string[],
  limits?: RequestLimits,
  around: Around = {},
): Promise<Ended> => {
  let output = ''
  let errors = ''
  const code = await runCommandLine(args, {
    environment: {
      PRECHECK_URL: url,
      PRECHECK_TOKEN: 'secret-token',
      // The profiles of who runs the tests are none of theirs.
      XDG_CONFIG_HOME: join(tmpdir(), 'precheck-without-profiles'),
      ...around.environment,
    },
    columns: around.columns ?? null,
    readInput: async () => around.input ?? '',
    write: (text) => (output += text),
    writeError: (text) => (errors += text),
    ...(limits && { limits }),
    ...(around.ask && { ask: around.ask }),
    ...(around.signal && { signal: around.signal }),
  })
  return { code, output, errors }
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
