import middy from '@middy/core'
import { invokeChain } from './chain.ts'
import type { FcContext } from './fc-event.ts'
import { type HttpRequest, type HttpResponse, type HttpStruct, readHttpEvent, toHttpStruct } from './http.ts'
import type { Log } from '../ports/log.ts'
import { HttpProblem, problemResponse } from './problem-document.ts'

/** A function behind an HTTP trigger. Always resolves with an answer. */
export type HttpFunction = (event: Uint8Array, context: FcContext) => Promise<HttpStruct>

/** A fault is logged under the request's id; the caller learns the id and nothing else. */
const unexpected = (log: Log, cause: Error | null, requestId: string): HttpProblem => {
  log.error('api.failed', {
    requestId,
    name: cause?.name ?? '',
    message: cause?.message ?? '',
    stack: cause?.stack ?? '',
  })
  return new HttpProblem(
    'UNEXPECTED',
    `The service failed. Its log has the reason under the request id ${requestId}.`,
  )
}

/** The chain of the API: event → request → answer; problems and faults become problem documents. */
export const httpFunction = (
  log: Log,
  answer: (request: HttpRequest) => Promise<HttpResponse>,
): HttpFunction => {
  const chain = middy<Uint8Array, HttpStruct, Error, never>()
    .onError((request) => {
      const { requestId }: FcContext = request.context
      const { error } = request
      const problem = error instanceof HttpProblem ? error : unexpected(log, error, requestId)
      request.response = toHttpStruct(problemResponse(problem, requestId), requestId)
    })
    .handler(async (event, context: FcContext) => {
      const request = readHttpEvent(event)
      const response = await answer({ ...request, requestId: context.requestId })
      return toHttpStruct(response, context.requestId)
    })
  return (event, context) => invokeChain(chain, event, context)
}
