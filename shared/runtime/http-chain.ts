import middy, { type MiddlewareObj } from '@middy/core'
import type { Log } from '../ports/log.ts'
import type { FcContext } from './fc-event.ts'
import { type HttpRequest, type HttpResponse, type HttpStruct, readHttpEvent, toHttpStruct } from './http.ts'
import { HttpProblem, problemResponse } from './problem-document.ts'

/** A function behind an HTTP trigger. Always resolves with an answer. */
export type HttpFunction = (event: Uint8Array, context: FcContext) => Promise<HttpStruct>

/** What serves a request. */
export interface Endpoint {
  /** Template of its path, for the log. */
  readonly route: string
  readonly serve: () => Promise<HttpResponse>
}

/** A request on its way through the chain. */
interface Exchange {
  /** The event of the trigger. */
  readonly delivered: Uint8Array
  /** Reading of the monotonic clock, ms. */
  readonly beganAt: number
  /** Empty until it has been read. */
  readonly request: HttpRequest
  /** Null until it has been found. */
  readonly endpoint: Endpoint | null
}

type HttpMiddleware = MiddlewareObj<Exchange, HttpStruct>

const unread: HttpRequest = { method: '', path: '', query: {}, headers: {}, body: '', requestId: '' }

/**
 * One line for every request: at `info` what changes something or is refused, at `debug` what is only read, such as
 * polls and health checks. Of the address it has the template alone, since paths and queries are what the caller wrote.
 */
const requestLog = (log: Log): HttpMiddleware => {
  const write = ({ event, context, response }: middy.Request<Exchange, HttpStruct>): void => {
    const { request, endpoint, beganAt } = event
    const status = response?.statusCode ?? 0
    const isRead = request.method === 'GET' && status < 400
    log[isRead ? 'debug' : 'info']('api.request', {
      requestId: context.requestId,
      method: request.method,
      route: endpoint?.route ?? '',
      status,
      ms: Math.round(performance.now() - beganAt),
    })
  }
  return { after: write, onError: write }
}

/** A fault is logged under the request's id; the caller learns the id and nothing else. */
const unexpected = (log: Log, cause: Error | null, requestId: string): HttpProblem => {
  log.error('api.failed', {
    requestId,
    name: cause?.name ?? '',
    message: cause?.message ?? '',
    stack: cause?.stack ?? '',
  })
  return new HttpProblem({
    code: 'UNEXPECTED',
    detail: `Internal error. Search the log of the service for the request id ${requestId}.`,
  })
}

/** Answers problems and faults with problem documents. */
const problemDocuments = (log: Log): HttpMiddleware => ({
  onError: (exchange) => {
    const { error, context } = exchange
    const problem = error instanceof HttpProblem ? error : unexpected(log, error, context.requestId)
    exchange.response = toHttpStruct(problemResponse(problem, context.requestId), context.requestId)
  },
})

const readRequest: HttpMiddleware = {
  before: (exchange) => {
    const request = { ...readHttpEvent(exchange.event.delivered), requestId: exchange.context.requestId }
    exchange.event = { ...exchange.event, request }
  },
}

const findEndpoint = (find: (request: HttpRequest) => Endpoint): HttpMiddleware => ({
  before: (exchange) => {
    exchange.event = { ...exchange.event, endpoint: find(exchange.event.request) }
  },
})

/** Largest body taken, bytes: an instance definition with two certificate bundles is a third of it. */
const maxBodyBytes = 256 * 1024

const limitBody: HttpMiddleware = {
  before: ({ event }) => {
    if (Buffer.byteLength(event.request.body) <= maxBodyBytes) return
    throw new HttpProblem({
      code: 'BODY_TOO_LARGE',
      detail: `The body may have at most ${maxBodyBytes} bytes.`,
    })
  },
}

/** The chain of the API: event → request → endpoint → answer. `find` throws `HttpProblem` where there is none. */
export const httpFunction = (log: Log, find: (request: HttpRequest) => Endpoint): HttpFunction => {
  // The last one named is the first to hear of an error: the line is written once the problem document is there.
  const chain = middy<Exchange, HttpStruct>()
    .use(requestLog(log))
    .use(problemDocuments(log))
    .use(readRequest)
    .use(findEndpoint(find))
    .use(limitBody)
    .handler(async ({ endpoint }, { requestId }) => {
      if (endpoint === null) throw new Error('The chain found no endpoint')
      return toHttpStruct(await endpoint.serve(), requestId)
    })
  return (event, context) =>
    chain({ delivered: event, beganAt: performance.now(), request: unread, endpoint: null }, context)
}
