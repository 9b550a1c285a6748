import { randomUUID } from 'node:crypto'
import { type HttpAnswer, type HttpListener, type HttpRequest, listenHttp } from '../http-listener.ts'
import type { Authorize, Principal } from '../principal.ts'
import { type Refusal, authenticate } from './signature.ts'

/** One invocation that was let in. `service` is null in the API of 3.0. */
export interface FcCall {
  readonly service: string | null
  readonly functionName: string
  readonly qualifier: string | null
  readonly type: 'Sync' | 'Async'
  readonly taskId: string | null
  readonly event: Buffer
  readonly requestId: string
}

/** What a function does: it answers, or it fails as a function fails: with HTTP 200. */
export type FcAnswer =
  | { readonly body: Buffer | string; readonly contentType?: string }
  | { readonly errorType: string; readonly errorMessage: string }

/** A deployed function. A rejection is an `UnhandledInvocationError`. */
export type FcFunction = (call: FcCall) => FcAnswer | Promise<FcAnswer>

export interface FcInvokeOptions {
  readonly accountId: string
  readonly region: string
  readonly principals: readonly Principal[]
  /** By name; those of a service of 2.0 by `service/name`. */
  readonly functions: Readonly<Record<string, FcFunction>>
  readonly authorize?: Authorize
  /** Answers in place of the platform, before anything is looked at. */
  readonly intercept?: (request: HttpRequest) => HttpAnswer | undefined
  readonly now?: () => Date
}

/** A stand-in for the invocation API of Function Compute, in both versions. */
export interface FcInvoke extends HttpListener {
  /** Every invocation that was let in, in order. */
  readonly calls: readonly FcCall[]
  /** Resolves when all accepted asynchronous invocations have run. */
  readonly settled: () => Promise<void>
}

/** Largest event, bytes ("Limits", Function Compute manual). */
const limits = { Sync: 32 * 1024 * 1024, Async: 128 * 1024 } as const

const taskIdPattern = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/

interface Route {
  readonly version: '2016-08-15' | '2023-03-30'
  readonly service: string | null
  readonly functionName: string
  readonly qualifier: string | null
}

const routeOf = ({ method, url }: HttpRequest): Route | null => {
  if (method !== 'POST') return null
  const [, name] = /^\/2023-03-30\/functions\/([^/]+)\/invocations$/.exec(url.pathname) ?? []
  if (name !== undefined) {
    const qualifier = url.searchParams.get('qualifier')
    return { version: '2023-03-30', service: null, functionName: name, qualifier }
  }
  const old = /^\/2016-08-15\/services\/([^/.]+)(?:\.([^/]+))?\/functions\/([^/]+)\/invocations$/
  const [, service, qualifier = null, functionName] = old.exec(url.pathname) ?? []
  return service === undefined || functionName === undefined
    ? null
    : { version: '2016-08-15', service, functionName, qualifier }
}

/** 2.0 and 3.0 name the members of an error differently. */
const errorBody = (version: string, { code, message }: Refusal, requestId: string): string =>
  JSON.stringify(
    version === '2023-03-30'
      ? { Code: code, Message: message, RequestId: requestId }
      : { ErrorCode: code, ErrorMessage: message },
  )

const json = (status: number, body: string, headers: Readonly<Record<string, string>>): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body,
})

const run = async (target: FcFunction, call: FcCall): Promise<FcAnswer> => {
  try {
    return await target(call)
  } catch (fault) {
    return { errorType: 'UnhandledInvocationError', errorMessage: String(fault) }
  }
}

const answerOf = (answer: FcAnswer, requestId: string): HttpAnswer => {
  const headers = { 'x-fc-request-id': requestId }
  if ('body' in answer) {
    const { body, contentType = 'application/octet-stream' } = answer
    return { status: 200, headers: { ...headers, 'content-type': contentType }, body }
  }
  const { errorType, errorMessage } = answer
  return json(200, JSON.stringify({ errorMessage }), { ...headers, 'x-fc-error-type': errorType })
}

/** How RAM and the platform name a function. */
const addressOf = ({ service, functionName }: Pick<FcCall, 'service' | 'functionName'>): string =>
  service === null ? `functions/${functionName}` : `services/${service}/functions/${functionName}`

const refusal = (status: number, code: string, message: string): Refusal => ({ status, code, message })

/** Starts the stand-in on loopback. It refuses what the platform refuses: signature, names, sizes, task ids used before. */
export const startFcInvoke = async (options: FcInvokeOptions): Promise<FcInvoke> => {
  const calls: FcCall[] = []
  const running = new Set<Promise<unknown>>()
  const accepted = new Set<string>()

  const admit = (request: HttpRequest, call: FcCall): Refusal | FcFunction => {
    const principal = authenticate(request, options.principals, options.now?.() ?? new Date())
    if ('code' in principal) return principal
    if (request.headers['x-fc-account-id'] !== options.accountId) {
      return refusal(403, 'AccessDenied', 'the account is not that of the endpoint')
    }
    const resource = `acs:fc:${options.region}:${options.accountId}:${addressOf(call)}`
    if (options.authorize?.(principal, 'fc:InvokeFunction', resource) === false) {
      return refusal(403, 'AccessDenied', `${principal.name} may not invoke ${resource}`)
    }
    const { service, functionName, type, taskId } = call
    const target = options.functions[service === null ? functionName : `${service}/${functionName}`]
    if (!target) return refusal(404, 'FunctionNotFound', `function '${functionName}' does not exist`)
    if (call.event.length > limits[type]) {
      return refusal(
        400,
        'EntityTooLarge',
        `payload size exceeds maximum allowed size (${limits[type]} bytes)`,
      )
    }
    if (taskId !== null && !taskIdPattern.test(taskId)) {
      return refusal(400, 'InvalidArgument', 'the id of the asynchronous task is invalid')
    }
    return taskId !== null && accepted.has(`${addressOf(call)} ${taskId}`)
      ? refusal(409, 'StatefulAsyncInvocationAlreadyExists', `${taskId} was accepted before`)
      : target
  }

  const answer = async (request: HttpRequest): Promise<HttpAnswer> => {
    const intercepted = options.intercept?.(request)
    if (intercepted !== undefined) return intercepted
    const requestId = randomUUID()
    const headers = { 'x-fc-request-id': requestId }
    const route = routeOf(request)
    if (!route) {
      const unsupported = refusal(400, 'PathNotSupported', `'${request.target}' is not supported`)
      return json(400, errorBody('2016-08-15', unsupported, requestId), headers)
    }
    const { version, service, functionName, qualifier } = route
    const idHeader = version === '2023-03-30' ? 'x-fc-async-task-id' : 'x-fc-stateful-async-invocation-id'
    const type = request.headers['x-fc-invocation-type'] === 'Async' ? 'Async' : 'Sync'
    const taskId = request.headers[idHeader] ?? null
    const call: FcCall = { service, functionName, qualifier, type, taskId, event: request.body, requestId }
    const target = admit(request, call)
    if (typeof target !== 'function')
      return json(target.status, errorBody(version, target, requestId), headers)
    calls.push(call)
    if (type === 'Sync') return answerOf(await run(target, call), requestId)
    if (taskId !== null) accepted.add(`${addressOf(call)} ${taskId}`)
    const work = run(target, call).finally(() => running.delete(work))
    running.add(work)
    return { status: 202, headers, body: '' }
  }

  const listener = await listenHttp(answer)
  return { ...listener, calls, settled: async () => void (await Promise.all(running)) }
}
