import { randomUUID } from 'node:crypto'
import { type IncomingMessage, STATUS_CODES, type Server, type ServerResponse, createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { type HttpStruct, toHttpStruct, wireBody } from '../../shared/runtime/http.ts'
import type { HttpFunction } from '../../shared/runtime/http-chain.ts'
import { HttpProblem, problemResponse } from '../../shared/runtime/problem-document.ts'
import { requestOf } from '../../shared/runtime/http-request.ts'

/** What connections and requests may take. */
export interface HttpLimits {
  readonly connections: number
  /** Until the headers are there, and until the whole request is there, ms. */
  readonly headersMs: number
  readonly requestMs: number
}

/**
 * Half of the 1024 descriptors that a process usually may open, since databases and receivers need theirs; a network
 * that takes longer for a body of 256 KB than 30 s is no use for the API either.
 */
const usualLimits: HttpLimits = { connections: 512, headersMs: 10_000, requestMs: 30_000 }

/** How much, and for how long (ms), is read of a request that has its answer: cut off at once, the caller might not see it. */
const rest = { bytes: 1024 * 1024, ms: 1000 }

const struct = (problem: HttpProblem, requestId: string): HttpStruct =>
  toHttpStruct(problemResponse(problem, requestId, 'en'), requestId)

/** Two of them, and a proxy may have gone by the other one. */
const hostRefusal = ({ headersDistinct, httpVersion }: IncomingMessage): HttpProblem | null => {
  const hosts = headersDistinct['host']?.length ?? 0
  if (hosts === 1 || (hosts === 0 && httpVersion === '1.0')) return null
  const detail = `A request has one Host header, and this one has ${hosts === 0 ? 'none' : hosts}.`
  return new HttpProblem({ code: 'REQUEST_MALFORMED', detail })
}

const lengthOf = (body: Buffer): Readonly<Record<string, string>> =>
  body.length === 0 ? {} : { 'content-length': String(body.length) }

const closing = { connection: 'close' }

/** Answers a request that is still coming in: the caller has the whole answer, then the connection ends. */
const answerEarly = (
  request: IncomingMessage,
  response: ServerResponse,
  { statusCode, headers, ...given }: HttpStruct,
): void => {
  const body = wireBody(given)
  response.writeHead(statusCode, { ...headers, ...lengthOf(body), ...closing })
  response.flushHeaders()
  response.write(body)
  const end = (): void => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(end, rest.ms)
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= rest.bytes) return
    request.pause()
    end()
  })
  request.once('close', end)
  request.resume()
}

const answer = (request: IncomingMessage, response: ServerResponse, given: HttpStruct): void => {
  if (!request.complete) return answerEarly(request, response, given)
  const { statusCode, headers } = given
  const body = wireBody(given)
  response.writeHead(statusCode, { ...headers, ...lengthOf(body) }).end(body)
}

const askApi = async (
  api: HttpFunction,
  request: IncomingMessage,
  response: ServerResponse | null,
): Promise<HttpStruct> => {
  const requestId = randomUUID()
  const refusal = hostRefusal(request)
  return refusal ? struct(refusal, requestId) : api(requestOf(request, response, requestId), { requestId })
}

/** An answer as it goes over the wire, where Node.js has no response to write it to. It is the last one. */
const raw = ({ statusCode, headers, ...given }: HttpStruct): Buffer => {
  const body = wireBody(given)
  const lines = Object.entries({ ...headers, ...lengthOf(body), ...closing }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const head = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? ''}\r\n${lines.join('')}\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

const sendRaw = (socket: Duplex, given: HttpStruct): void => {
  socket.end(raw(given), () => socket.destroy())
}

/** What is wrong with bytes that are no request, by the code of the parser. */
const unreadable = (code: string | undefined): HttpProblem => {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new HttpProblem({
      code: 'HEADERS_TOO_LARGE',
      detail: 'Send shorter headers and a shorter address.',
    })
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new HttpProblem({ code: 'REQUEST_TIMEOUT', detail: 'Send the whole request faster.' })
  }
  return new HttpProblem({
    code: 'REQUEST_MALFORMED',
    detail: `The request cannot be read (${code ?? 'unknown'}).`,
  })
}

/**
 * Stands in for the HTTP trigger: every request goes to the API, which reads its body once it has found the rest right.
 * Whatever can be parsed gets an answer, and what cannot gets one too as long as none has begun.
 */
export const httpServer = (api: HttpFunction, limits: HttpLimits = usualLimits): Server => {
  /** The response that each connection is at. */
  const responses = new WeakMap<Duplex, ServerResponse>()

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    responses.set(request.socket, response)
    void askApi(api, request, response).then((given) => answer(request, response, given))
  }

  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(limits.headersMs, 1000),
    // Node.js would answer without a problem document.
    requireHostHeader: false,
  })
  server.maxConnections = limits.connections
  server.on('request', serve)
  // The body is asked for once it is wanted; an expectation that is not known is not met, and no fault.
  server.on('checkContinue', serve)
  server.on('checkExpectation', serve)
  server.on('connect', (request, socket) => {
    socket.on('error', () => socket.destroy())
    void askApi(api, request, null).then((given) => sendRaw(socket, given))
  })
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
    const response = responses.get(socket)
    const hasBegun = response !== undefined && response.headersSent && !response.writableFinished
    if (!socket.writable || hasBegun) socket.destroy()
    else sendRaw(socket, struct(unreadable(code), randomUUID()))
  })
  return server
}
