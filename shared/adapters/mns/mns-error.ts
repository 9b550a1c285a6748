/**
 * A request to the queue service that failed. `code` is the service's error code, the code of a connection error,
 * `RequestTimeout`, or `AnswerUnusable` for an answer that is none of the service's.
 */
export class MnsError extends Error {
  override readonly name = 'MnsError'
  readonly code: string

  constructor(code: string, action: string, options?: ErrorOptions) {
    super(`${action} failed: ${code}`, options)
    this.code = code
  }
}

/**
 * What another attempt may fix: throttling and faults of the service (manual of Simple Message Queue, "Error codes"), a
 * signature that was too long on its way, and connections that failed. Whether a request had its effect is not known
 * then.
 */
const transientCodes: readonly string[] = [
  'QpsLimitExceeded',
  'InternalError',
  'InternalServerError',
  'ServiceUnavailable',
  'TimeExpired',
  'RequestTimeout',
  'AnswerUnusable',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]

/** Credentials that the service does not take, which newer ones may fix. */
const credentialCodes: readonly string[] = [
  'InvalidAccessKeyId',
  'InvalidSecurityToken',
  'SecurityTokenExpired',
]

/** Receipts that are good no longer: the message was deleted, or delivered again. */
const goneCodes: readonly string[] = ['MessageNotExist', 'ReceiptHandleError']

const hasCode = (codes: readonly string[], fault: unknown): boolean =>
  fault instanceof MnsError && codes.includes(fault.code)

export const isTransient = (fault: unknown): boolean => hasCode(transientCodes, fault)
export const isCredentialRefusal = (fault: unknown): boolean => hasCode(credentialCodes, fault)
export const isGone = (fault: unknown): boolean => hasCode(goneCodes, fault)

const codeOf = (fault: unknown): string => {
  if (!(fault instanceof Error)) return 'AnswerUnusable'
  const stated = /^MNS(?<code>\w+)Error$/.exec(fault.name)?.groups?.['code']
  if (stated) return stated
  if (fault.name.startsWith('RequestTimeout')) return 'RequestTimeout'
  // The SDK reads answers that are not XML of the service unchecked, and fails with an error of its own.
  return 'code' in fault ? String(fault.code) : 'AnswerUnusable'
}

/** What the SDK threw, as a typed error. */
export const mnsErrorOf = (fault: unknown, action: string): MnsError =>
  fault instanceof MnsError ? fault : new MnsError(codeOf(fault), action, { cause: fault })
