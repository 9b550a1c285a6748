import type OpenApi from '@alicloud/openapi-core'
import type { Credentials, CredentialsSource } from './credentials.ts'
import { LimitReached, withinLimit } from './limit.ts'
import { type RetryPolicy, withRetries } from './retry.ts'

/** Where an operation of an OpenAPI in ROA style is: it has a path of its own, and takes a body in JSON. */
export interface OpenApiPath {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly pathname: string
  readonly body?: Readonly<Record<string, unknown>>
  /** It says nothing when it is done. */
  readonly isSilent?: true
}

/** One operation of an OpenAPI: in RPC style, or with a `path` in ROA style. */
export interface OpenApiCall {
  readonly action: string
  /** Version of the product's API, a date. */
  readonly version: string
  readonly query: Readonly<Record<string, string>>
  readonly path?: OpenApiPath
}

/** Why a call has no answer. `code` is the service's or the system's; messages are left out, for they may quote what was sent. */
export interface OpenApiFault {
  readonly kind:
    | 'refused'
    | 'throttled'
    /** The service failed (HTTP 5xx). */
    | 'unavailable'
    /** It could not be connected, or hung up. */
    | 'unreachable'
    | 'timed-out'
    /** The answer is not valid JSON. */
    | 'unreadable'
    | 'no-credentials'
  readonly code: string
  readonly requestId?: string
}

/** What came of a call; `answer` is the JSON of the body, still to be checked. */
export type OpenApiOutcome = { readonly answer: unknown } | { readonly fault: OpenApiFault }

/** Where and as whom operations are called. */
export interface OpenApiSettings {
  /** For example `https://kms-vpc.cn-hangzhou.aliyuncs.com`. */
  readonly endpoint: string
  readonly credentials: CredentialsSource
  /** Of one attempt, ms. */
  readonly timeoutMs: number
  readonly retry: RetryPolicy
  /** What another attempt may fix: what the product's manual says to try again. */
  readonly isTransient: (fault: OpenApiFault) => boolean
}

class CallFailed extends Error {
  readonly fault: OpenApiFault

  constructor(fault: OpenApiFault) {
    super(fault.code)
    this.fault = fault
  }
}

const textAt = (fault: object, name: string): string | undefined => {
  const value: unknown = Reflect.get(fault, name)
  return typeof value === 'string' && value !== '' && value !== 'undefined' ? value : undefined
}

const kindOfError: Readonly<Record<string, OpenApiFault['kind']>> = {
  ThrottlingError: 'throttled',
  ClientError: 'refused',
  ServerError: 'unavailable',
}

const toFault = (thrown: unknown): OpenApiFault => {
  if (thrown instanceof CallFailed) return thrown.fault
  if (!(thrown instanceof Error)) return { kind: 'unreadable', code: 'unknown' }
  const code = textAt(thrown, 'code')
  const kind = kindOfError[thrown.name]
  if (kind !== undefined) {
    const requestId = textAt(thrown, 'requestId')
    return { kind, code: code ?? thrown.name, ...(requestId !== undefined && { requestId }) }
  }
  if (thrown instanceof LimitReached || thrown.name.startsWith('RequestTimeout'))
    return { kind: 'timed-out', code: 'ETIMEDOUT' }
  return code === undefined ? { kind: 'unreadable', code: thrown.name } : { kind: 'unreachable', code }
}

const obtain = async (source: CredentialsSource): Promise<Credentials> => {
  try {
    return await source()
  } catch {
    throw new CallFailed({ kind: 'no-credentials', code: 'no-credentials' })
  }
}

const connect = async (
  { endpoint, credentials, timeoutMs }: OpenApiSettings,
  { default: Client, $OpenApiUtil: { Config } }: typeof OpenApi,
): Promise<OpenApi.default> => {
  const { protocol, host } = new URL(endpoint)
  const { accessKeyId, accessKeySecret, securityToken } = await obtain(credentials)
  const settings = {
    endpoint: host,
    protocol: protocol.replace(':', ''),
    accessKeyId,
    accessKeySecret,
    readTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    ...(securityToken !== undefined && { securityToken }),
  }
  return new Client(new Config(settings))
}

/** The client takes any object for its options, but its type names a class of a package of its own. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const noOptions = {} as Parameters<OpenApi.default['callApi']>[2]

/** Half a megabyte of code that a start of a function must not pay for. */
const load = async (): Promise<typeof OpenApi> => {
  const loaded = await import('@alicloud/openapi-core')
  const cls: unknown = loaded.default
  // Node and esbuild give all of the CommonJS module as `default`; tsx and vitest, which follow its `__esModule`, the
  // class.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return typeof cls === 'function' ? (loaded as unknown as typeof OpenApi) : loaded.default
}

const styleOf = ({ path }: OpenApiCall) =>
  path === undefined
    ? { style: 'RPC', method: 'POST', pathname: '/', reqBodyType: 'formData', bodyType: 'json' }
    : {
        style: 'ROA',
        method: path.method,
        pathname: path.pathname,
        reqBodyType: 'json',
        bodyType: path.isSilent ? 'none' : 'json',
      }

const attemptCall = async (settings: OpenApiSettings, call: OpenApiCall): Promise<unknown> => {
  const core = await load()
  const client = await connect(settings, core)
  const { action, version, query, path } = call
  const params = new core.$OpenApiUtil.Params({
    action,
    version,
    authType: 'AK',
    protocol: 'HTTPS',
    ...styleOf(call),
  })
  const body = path?.body
  const request = new core.$OpenApiUtil.OpenApiRequest({ query: { ...query }, ...(body && { body }) })
  const answered: unknown = await client.callApi(params, request, noOptions)
  return typeof answered === 'object' && answered !== null && 'body' in answered ? answered.body : undefined
}

/** Calls an operation, again where that may help. Never rejects. */
export const callOpenApi = async (settings: OpenApiSettings, call: OpenApiCall): Promise<OpenApiOutcome> => {
  const isTransient = (thrown: unknown): boolean => settings.isTransient(toFault(thrown))
  // The client's own limit is lost on a connection that is used again: the timer of the call before is never cleared,
  // and clears that of the call after.
  const limited = () => withinLimit(settings.timeoutMs, attemptCall(settings, call))
  try {
    return { answer: await withRetries(settings.retry, isTransient, limited) }
  } catch (thrown) {
    return { fault: toFault(thrown) }
  }
}
