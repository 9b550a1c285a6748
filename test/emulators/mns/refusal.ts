/**
 * HTTP status of each error code (manual of Simple Message Queue, "Error codes"). The manual names no code for an
 * expired security token; the last two are those of the neighbouring services.
 */
const statusOf = {
  AccessDenied: 403,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidAuthorizationHeader: 400,
  InvalidContentType: 400,
  InvalidDateHeader: 400,
  InvalidDegist: 400,
  InvalidQueryString: 400,
  InvalidQueueName: 400,
  InvalidRequestURL: 400,
  InvalidVersionHeader: 400,
  MalformedXML: 400,
  MessageNotExist: 404,
  MissingAuthorizationHeader: 400,
  MissingDateHeader: 400,
  MissingReceiptHandle: 400,
  MissingVersionHeader: 400,
  MissingVisibilityTimeout: 400,
  QpsLimitExceeded: 400,
  QueueAlreadyExist: 409,
  QueueNameLengthError: 400,
  QueueNotExist: 404,
  ReceiptHandleError: 400,
  SignatureDoesNotMatch: 403,
  TimeExpired: 408,
  InvalidSecurityToken: 403,
  SecurityTokenExpired: 403,
} as const satisfies Readonly<Record<string, number>>

/** An error code of the service. */
export type RefusalCode = keyof typeof statusOf

/** A request that the service refuses, answered with its code, its HTTP status and a sentence. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly status: number

  constructor(code: RefusalCode, detail: string = code) {
    super(detail)
    this.code = code
    this.status = statusOf[code]
  }
}
