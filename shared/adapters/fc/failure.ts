import type { InvocationFailure, InvocationFailureCode } from '../../ports/invoker.ts'
import { LimitReached } from '../alibaba-cloud/limit.ts'

/** Longer texts of the platform are cut, characters. */
const maxDetailLength = 500

/** The client puts status, request id and message of a refusal into one sentence, and nowhere else. */
const refusal = /failed with (?<status>\d{3})\. requestid: (?<requestId>[^,]*), message: (?<message>.*)\.$/s

const codeOfStatus: Readonly<Record<number, InvocationFailureCode>> = {
  400: 'INVALID_REQUEST',
  401: 'ACCESS_DENIED',
  403: 'ACCESS_DENIED',
  404: 'FUNCTION_NOT_FOUND',
  409: 'DUPLICATE',
  // A custom runtime that does not start: CAExited, CAFileNotFound, CAFilePermission.
  412: 'FUNCTION_FAILED',
  413: 'INVALID_REQUEST',
  429: 'THROTTLED',
}

/** Codes of the platform that say more than their status ("Error codes", Function Compute manual). */
const codeOfPlatformCode: Readonly<Record<string, InvocationFailureCode>> = {
  ConcurrentUpdateError: 'PLATFORM_FAILED',
  ResourceThrottled: 'THROTTLED',
  StatefulAsyncInvocationAlreadyExists: 'DUPLICATE',
}

const present = (text: string | undefined): text is string =>
  text !== undefined && text !== '' && text !== 'undefined'

/**
 * A refusal with an HTTP status. The platform writes `ErrorCode`, `errorCode` or `Code`; the client hands over the
 * first alone, so that the status decides where there is no code.
 */
const refused = (
  groups: Readonly<Record<string, string>>,
  platformCode: string | undefined,
): InvocationFailure => {
  const { status = '', requestId, message } = groups
  const code = codeOfPlatformCode[platformCode ?? ''] ?? codeOfStatus[Number(status)] ?? 'PLATFORM_FAILED'
  const said = [platformCode, message].filter(present).join(': ')
  return {
    code,
    detail: `HTTP ${status}${said === '' ? '' : `, ${said}`}`.slice(0, maxDetailLength),
    ...(present(requestId) && { requestId }),
  }
}

/** There are no keys to sign with. */
export class CredentialsUnavailable extends Error {}

/** What a rejection of the client means. */
export const toFailure = (fault: unknown): InvocationFailure => {
  if (!(fault instanceof Error)) return { code: 'UNEXPECTED_ANSWER', detail: 'unknown error' }
  if (fault instanceof CredentialsUnavailable)
    return { code: 'ACCESS_DENIED', detail: 'no usable credentials' }
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : undefined
  const groups = refusal.exec(fault.message)?.groups
  if (groups) return refused(groups, code)
  if (fault instanceof LimitReached || fault.name.startsWith('RequestTimeout'))
    return { code: 'TIMED_OUT', detail: 'no complete answer in time' }
  if (code !== undefined) return { code: 'UNREACHABLE', detail: code }
  return { code: 'UNEXPECTED_ANSWER', detail: `the answer cannot be read (${fault.name})` }
}

const messageOf = (data: unknown): string => {
  if (typeof data !== 'object' || data === null) return typeof data === 'string' ? data : ''
  return 'errorMessage' in data ? String(data.errorMessage) : JSON.stringify(data)
}

/** A failure of the function itself: HTTP 200 with the header `x-fc-error-type`. */
export const functionFailed = (errorType: string, data: unknown, requestId: string): InvocationFailure => ({
  code: 'FUNCTION_FAILED',
  detail: `${errorType}: ${messageOf(data)}`.slice(0, maxDetailLength),
  requestId,
})
