import { LimitReached } from '../alibaba-cloud/limit.ts'

/** What the service said of a request that it refused. */
interface ServiceAnswer {
  readonly code: string
  readonly requestId?: string | undefined
}

/**
 * A request to Tablestore that failed. `code` is the service's error code (`OTS…`), the code of a connection error
 * (`NetworkingError` where the server hung up), `RequestTimeout`, `HTTP 503` for an answer of something in between, or
 * `AnswerUnusable` for one that cannot be read. The text of the service is left out, for it may quote what was sent.
 */
export class TablestoreError extends Error {
  override readonly name = 'TablestoreError'
  readonly code: string

  constructor({ code, requestId }: ServiceAnswer, operation: string, options?: ErrorOptions) {
    super(`${operation} failed: ${code}${requestId === undefined ? '' : ` (request ${requestId})`}`, options)
    this.code = code
  }
}

/**
 * What another attempt may fix: throttling, partitions that move, rows that others write, and faults of the service
 * (manual, "Error codes", the ones marked for retry), and connections that failed. Whether the request had its effect
 * is unknown.
 */
const transientCodes: readonly string[] = [
  'OTSServerBusy',
  'OTSServerUnavailable',
  'OTSPartitionUnavailable',
  'OTSTimeout',
  'OTSRequestTimeout',
  'OTSInternalServerError',
  'OTSRowOperationConflict',
  'OTSNotEnoughCapacityUnit',
  'OTSTableNotReady',
  'OTSOperationThrottled',
  'RequestTimeout',
  'AnswerUnusable',
  'NetworkingError',
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'HTTP 500',
  'HTTP 502',
  'HTTP 503',
  'HTTP 504',
]

const hasCode = (codes: readonly string[], fault: unknown): boolean =>
  fault instanceof TablestoreError && codes.includes(fault.code)

export const isTransient = (fault: unknown): boolean => hasCode(transientCodes, fault)

/** The credentials were not taken, which newer ones may fix. An expired token has no code of its own. */
export const isCredentialRefusal = (fault: unknown): boolean => hasCode(['OTSAuthFailed'], fault)

/** What was to be written is refused for what it is: the same request will always be. */
export const isRefusalOfContent = (fault: unknown): boolean =>
  hasCode(['OTSParameterInvalid', 'OTSInvalidPK', 'OTSOutOfColumnCountLimit', 'OTSOutOfRowSizeLimit'], fault)

/** The row was not as the request expected it; nothing was written. */
export const isConditionFailure = (fault: unknown): boolean => hasCode(['OTSConditionCheckFail'], fault)

/**
 * The SDK leaves the body of a refusal in the message, as text: a protobuf message whose first field is the code. Its
 * tag is a line feed, its length one character, since no code is as long as 128.
 */
const codeInBody = (message: string): string | undefined => {
  if (!message.startsWith('\n')) return undefined
  const code = message.slice(2, 2 + (message.codePointAt(1) ?? 0))
  return /^OTS[A-Za-z]+$/.test(code) ? code : undefined
}

/** The SDK overwrites the code of a connection error; its message still begins with it: `connect ECONNREFUSED …`. */
const systemCodeOf = (message: string): string | undefined =>
  /^\w+ (?<code>E[A-Z_]+)\b/.exec(message)?.groups?.['code']

const requestIdOf = (fault: Error): string | undefined =>
  /requestId:(?<id>[\w-]+)$/.exec(fault.message)?.groups?.['id']

const codeOf = (fault: unknown): string => {
  if (fault instanceof LimitReached) return 'RequestTimeout'
  if (!(fault instanceof Error)) return 'AnswerUnusable'
  const stated = codeInBody(fault.message)
  if (stated !== undefined) return stated
  if (fault.name === 'TimeoutError') return 'RequestTimeout'
  const code: unknown = Reflect.get(fault, 'code')
  if (code === 'NetworkingError') return systemCodeOf(fault.message) ?? code
  if (typeof code === 'number') return `HTTP ${code}`
  // Of an answer that it cannot read the SDK throws whatever it stumbled over.
  return typeof code === 'string' ? code : 'AnswerUnusable'
}

/** What the SDK threw, as a typed error. */
export const tablestoreErrorOf = (fault: unknown, operation: string): TablestoreError => {
  if (fault instanceof TablestoreError) return fault
  const requestId = fault instanceof Error ? requestIdOf(fault) : undefined
  return new TablestoreError({ code: codeOf(fault), requestId }, operation, { cause: fault })
}
