import middy, { type MiddlewareObj } from '@middy/core'
import type { Log } from '../ports/log.ts'
import { StoreFault } from '../ports/store-fault.ts'
import type { FcContext } from './fc-event.ts'
import {
  type HttpRequest,
  type HttpResponse,
  type HttpStruct,
  localeOf,
  readHttpEvent,
  toHttpStruct,
} from './http.ts'
import { HttpProblem, problemResponse } from './problem-document.ts'

/**
 * A function behind an HTTP trigger. Function Compute hands in the bytes of an event, the host the request itself,
 * whose body it has not read yet. Always resolves with an answer.
 */
export type HttpFunction = (event: Uint8Array | HttpRequest, context: FcContext) => Promise<HttpStruct>

/** What serves a request. */
export interface Endpoint {
  /** Template of its path, for the log. */
  readonly route: string
  readonly serve: () => Promise<HttpResponse>
}

/** A request on its way through the chain. */
interface Exchange {
  /** What the function was called with. */
  readonly delivered: Uint8Array | HttpRequest
  /** Reading of the monotonic clock, ms. */
  readonly beganAt: number
  /** Empty until it has been read. */
  readonly request: HttpRequest
  /** Null until it has been found. */
  readonly endpoint: Endpoint | null
}

type HttpMiddleware = MiddlewareObj<Exchange, HttpStruct>

const unread: HttpRequest = {
  method: '',
  path: '',
  query: {},
  headers: {},
  readBody: async () => ({ unread: 'cut-off' }),
  address: '',
  requestId: '',
}

/**
 * One line for every request: at `info` what changes something or is refused, at `debug` what is only read, such as
 * polls and health checks. Of the address it has the template alone, since paths and queries are what the caller wrote.
 */
const requestLog = (log: Log): HttpMiddleware => {
  const write = ({ event, context, response }: middy.Request<Exchange, HttpStruct>): void => {
    const { request, endpoint, beganAt } = event
    const status = response?.statusCode ?? 0
    const isRead = ['GET', 'HEAD'].includes(request.method) && status < 400
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
    detail: {
      en: `Internal error. Search the log of the service for the request id ${requestId}.`,
      zh: `内部错误。请在服务日志中查找请求 ID ${requestId}。`,
    },
  })
}

/** In so many seconds an operator may have removed what keeps the store from being written. */
const storeRetrySeconds = 30

/** The problem that the caller is told of. What is wrong with the store is logged once, as the health of the service. */
const problemOf = (log: Log, error: Error | null, requestId: string): HttpProblem => {
  if (error instanceof HttpProblem) return error
  if (!(error instanceof StoreFault)) return unexpected(log, error, requestId)
  const { code, message } = error
  const detail = {
    en: `${message} Nothing was stored: send the request again later.`,
    zh: `${message} 没有保存任何内容：请稍后重新发送请求。`,
  }
  return new HttpProblem({ code, detail }, { 'retry-after': String(storeRetrySeconds) })
}

/** Answers problems and faults with problem documents. */
const problemDocuments = (log: Log): HttpMiddleware => ({
  onError: (exchange) => {
    const { error, context, event } = exchange
    const problem = problemOf(log, error, context.requestId)
    const answer = problemResponse(problem, context.requestId, localeOf(event.request))
    exchange.response = toHttpStruct(answer, context.requestId)
  },
})

const readRequest: HttpMiddleware = {
  before: (exchange) => {
    const { delivered } = exchange.event
    const request = delivered instanceof Uint8Array ? readHttpEvent(delivered) : delivered
    exchange.event = {
      ...exchange.event,
      request: { ...request, requestId: exchange.context.requestId },
    }
  },
}

const findEndpoint = (find: (request: HttpRequest) => Endpoint): HttpMiddleware => ({
  before: (exchange) => {
    exchange.event = { ...exchange.event, endpoint: find(exchange.event.request) }
  },
})

/** The chain of the API: event → request → endpoint → answer. `find` throws `HttpProblem` where there is none. */
export const httpFunction = (log: Log, find: (request: HttpRequest) => Endpoint): HttpFunction => {
  // The last one named is the first to hear of an error: the line is written once the problem document is there.
  const chain = middy<Exchange, HttpStruct>()
    .use(requestLog(log))
    .use(problemDocuments(log))
    .use(readRequest)
    .use(findEndpoint(find))
    .handler(async ({ endpoint }, { requestId }) => {
      if (endpoint === null) throw new Error('The chain found no endpoint')
      return toHttpStruct(await endpoint.serve(), requestId)
    })
  return (event, context) =>
    chain({ delivered: event, beganAt: performance.now(), request: unread, endpoint: null }, context)
}
