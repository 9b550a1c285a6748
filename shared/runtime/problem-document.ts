import type { Failure, FailureCode } from '../model/failure.ts'
import type { HttpResponse } from './http.ts'

/** Problems of the HTTP edge itself, beside the reasons for which use cases decline. */
export type EdgeCode =
  | 'BODY_INVALID'
  | 'BODY_TOO_DEEP'
  | 'BODY_TOO_LARGE'
  | 'CONTENT_TYPE_UNSUPPORTED'
  | 'FIELDS_INVALID'
  | 'HEADERS_TOO_LARGE'
  | 'METHOD_NOT_ALLOWED'
  | 'ORIGIN_REFUSED'
  | 'PATH_NOT_FOUND'
  | 'PRECONDITION_FAILED'
  | 'REQUESTS_TOO_MANY'
  | 'REQUEST_MALFORMED'
  | 'REQUEST_TIMEOUT'
  | 'SCOPE_MISSING'
  | 'STORE_FULL'
  | 'STORE_UNAVAILABLE'
  | 'TOKEN_INVALID'
  | 'UNEXPECTED'
  | 'WRONG_TOKENS_TOO_MANY'

export type ProblemCode = FailureCode | EdgeCode

/** Status and title of every problem; the title says what kind of problem it is and never changes. */
export const problemKinds: Readonly<
  Record<ProblemCode, { readonly status: number; readonly title: string }>
> = {
  ACKNOWLEDGEMENT_INVALID: { status: 422, title: 'The acknowledgement is not accepted' },
  ACKNOWLEDGEMENT_NOT_FOUND: { status: 404, title: 'No such acknowledgement' },
  BACKUP_REPORTED_OTHERWISE: { status: 409, title: 'The backup was reported otherwise before' },
  BODY_INVALID: { status: 400, title: 'The body is not valid JSON' },
  BODY_TOO_DEEP: { status: 400, title: 'The body is nested too deeply' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  CHECK_ITEM_NOT_FOUND: { status: 404, title: 'No such check item' },
  CHECK_ITEM_NOT_APPLICABLE: { status: 422, title: 'No such check item for this engine' },
  CONTENT_TYPE_UNSUPPORTED: { status: 415, title: 'The body must be JSON' },
  DATABASE_NOT_FOUND: { status: 404, title: 'No such database in the last result' },
  DELIVERY_NOT_FOUND: { status: 404, title: 'No such delivery' },
  DELIVERY_PENDING: { status: 409, title: 'The delivery is still pending' },
  FIELDS_INVALID: { status: 422, title: 'Some fields are not valid' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The idempotency key was used for another request' },
  NOT_VALIDATED: { status: 404, title: 'The instance has not been validated' },
  INSTANCE_CHANGED: { status: 409, title: 'The instance has changed in the meantime' },
  INSTANCE_NOT_FOUND: { status: 404, title: 'No such instance' },
  LAST_ADMIN_TOKEN: { status: 409, title: 'The last token of scope admin stays' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not allowed on this path' },
  NO_LAST_RESULT: { status: 404, title: 'The instance has no last result yet' },
  ORIGIN_REFUSED: { status: 403, title: 'The request comes from another page' },
  PATH_NOT_FOUND: { status: 404, title: 'No such path' },
  PRECHECK_NOT_FOUND: { status: 404, title: 'No such precheck' },
  PRECHECK_RUNNING: { status: 409, title: 'A precheck of the instance is running' },
  PRECONDITION_FAILED: { status: 412, title: 'The revision does not match If-Match' },
  REQUESTS_TOO_MANY: { status: 429, title: 'The token has made too many requests' },
  REQUEST_MALFORMED: { status: 400, title: 'The request is not valid HTTP' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request did not arrive in time' },
  SCOPE_MISSING: { status: 403, title: 'The token does not allow this' },
  SECRET_REFUSED: { status: 422, title: 'The reference of a secret is not allowed' },
  SESSION_NOT_FOUND: { status: 404, title: 'No session' },
  SESSION_NOT_RENEWED: { status: 409, title: 'A session is not opened by another one' },
  STORE_FULL: { status: 503, title: 'The store is full' },
  STORE_UNAVAILABLE: { status: 503, title: 'The store is unavailable' },
  SWEEP_NOT_FOUND: { status: 404, title: 'No such sweep' },
  TOKEN_INVALID: { status: 401, title: 'A valid token is required' },
  TOKEN_NOT_FOUND: { status: 404, title: 'No such token' },
  UNEXPECTED: { status: 500, title: 'The request could not be served' },
  POLICY_NOT_FOUND: { status: 404, title: 'No such policy' },
  POLICY_CHANGED: { status: 409, title: 'The policy has changed in the meantime' },
  POLICIES_TOO_MANY: { status: 409, title: 'The maximum number of policies is reached' },
  WEBHOOKS_TOO_MANY: { status: 409, title: 'The maximum number of webhooks is reached' },
  WEBHOOK_CHANGED: { status: 409, title: 'The webhook has changed in the meantime' },
  WEBHOOK_DISABLED: { status: 409, title: 'The webhook is disabled' },
  WEBHOOK_KEY_UNAVAILABLE: { status: 503, title: 'The key of the webhook secrets cannot be read' },
  WEBHOOK_NOT_FOUND: { status: 404, title: 'No such webhook' },
  WEBHOOK_NOT_SIGNED: {
    status: 422,
    title: 'Webhooks of this format are not signed with a secret of this service',
  },
  WEBHOOK_REFUSED: { status: 422, title: 'The address of the webhook is not allowed' },
  WRONG_TOKENS_TOO_MANY: { status: 429, title: 'Too many wrong tokens came from this address' },
}

/** Ends a request with a problem document. The only error that reaches the caller with its text. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly failure: Failure<ProblemCode>
  readonly headers: Readonly<Record<string, string>>

  constructor(failure: Failure<ProblemCode>, headers: Readonly<Record<string, string>> = {}) {
    super(failure.detail)
    this.failure = failure
    this.headers = headers
  }
}

/** Writes a problem as RFC 9457 asks. Its type is a name, not an address: `detail` says what to do. */
export const problemResponse = ({ failure, headers }: HttpProblem, requestId: string): HttpResponse => {
  const { code, detail, context, errors } = failure
  const { status, title } = problemKinds[code]
  const document = {
    type: `urn:backup-precheck:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status,
    detail,
    code,
    requestId,
    ...context,
    ...(errors && { errors }),
  }
  return {
    status,
    headers,
    content: { type: 'application/problem+json; charset=utf-8', text: JSON.stringify(document) },
  }
}
