/**
 * The errors of the services and of the network, built as each SDK throws them; `test/unit/doubles/faults.test.ts`
 * holds them against what the SDKs throw when a server on the loopback answers so. Every call makes a new error.
 */

const requestId = '00000000-0000-0000-0000-000000000001'

/** Status and text: the error list of Tablestore's developer reference. */
const otsErrors = {
  OTSAuthFailed: [403, 'The AccessKeyID does not exist.'],
  OTSConditionCheckFail: [403, 'Condition check failed.'],
  OTSInternalServerError: [500, 'Internal server error.'],
  OTSNoPermissionAccess: [403, 'You have no permission to access the requested resource.'],
  OTSNotEnoughCapacityUnit: [403, 'Remaining capacity unit is not enough.'],
  OTSObjectAlreadyExist: [409, 'Requested table already exists.'],
  OTSObjectNotExist: [404, 'Requested table does not exist.'],
  OTSParameterInvalid: [400, 'The parameter is invalid.'],
  OTSPartitionUnavailable: [503, 'The partition is not available.'],
  OTSQuotaExhausted: [403, 'Too frequent table operations.'],
  OTSRowOperationConflict: [409, 'Data is being modified by the other request.'],
  OTSServerBusy: [503, 'Server is busy.'],
  OTSServerUnavailable: [503, 'Server is not available.'],
  OTSTableNotReady: [404, 'The table is not ready.'],
  OTSTimeout: [503, 'Operation timeout.'],
  OTSTooFrequentReservedThroughputAdjustment: [403, 'Capacity unit adjustment is too frequent.'],
} as const

export type OtsCode = keyof typeof otsErrors

/** The service's words for a code. */
export const otsText = (code: OtsCode): string => otsErrors[code][1]

/** A length as a protobuf varint. */
const varint = (value: number): readonly number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]

const textField = (number: number, text: string): readonly number[] => {
  const bytes = Buffer.from(text)
  return [(number << 3) | 2, ...varint(bytes.length), ...bytes]
}

/** `message Error { required string code = 1; optional string message = 2; }` */
const otsErrorBody = (code: string, text: string): Buffer =>
  Buffer.from([...textField(1, code), ...textField(2, text)])

/** As `TableStore.util.error` leaves an error: the name is hidden, the message is not. */
const asTablestoreThrows = (error: Error, name: string | number, details: object): Error => {
  Object.assign(error, details, { time: new Date(), retryable: false })
  Object.defineProperty(error, 'name', { value: name, writable: true, enumerable: false })
  Object.defineProperty(error, 'message', { enumerable: true })
  return error
}

/**
 * A refusal by Tablestore. The SDK does not read it: `name` and `code` are the HTTP status, and the service's code
 * stands in the message among the raw bytes of a protobuf message (a text of 128 bytes or more begins with bytes that
 * are no UTF-8).
 */
export const otsError = (code: OtsCode, text: string = otsText(code)): Error => {
  const [status] = otsErrors[code]
  const error = new Error(`${otsErrorBody(code, text).toString()} requestId:${requestId}`)
  return asTablestoreThrows(error, status, { code: status, headers: { 'x-ots-requestid': requestId } })
}

/** An answer without a body that a proxy gave in the name of Tablestore. */
export const otsHttpError = (status: 500 | 502 | 503 | 504): Error =>
  asTablestoreThrows(new Error(' requestId:'), status, { code: status, headers: {} })

/** An expired token. No document says with which words; the code is the one for every refused credential. */
export const otsExpiredToken = (): Error => otsError('OTSAuthFailed', 'The security token has expired.')

/** How Node reports a connection that broke or did not come about. `ECONNRESET` is that of a server which hung up. */
const networkErrors = {
  EAI_AGAIN: { message: 'getaddrinfo EAI_AGAIN service.invalid', errno: -3001, syscall: 'getaddrinfo' },
  ECONNREFUSED: { message: 'connect ECONNREFUSED 127.0.0.1:1', errno: -111, syscall: 'connect' },
  ECONNRESET: { message: 'socket hang up' },
  ENOTFOUND: { message: 'getaddrinfo ENOTFOUND service.invalid', errno: -3008, syscall: 'getaddrinfo' },
  EPIPE: { message: 'write EPIPE', errno: -32, syscall: 'write' },
  ETIMEDOUT: { message: 'connect ETIMEDOUT 192.0.2.1:443', errno: -110, syscall: 'connect' },
} as const

export type NetworkCode = keyof typeof networkErrors

const nodeError = (code: NetworkCode): Error => {
  const { message, ...details } = networkErrors[code]
  return Object.assign(new Error(message), { code, ...details })
}

/** A broken connection as the SDKs of MNS and Function Compute pass it on: Node's own error, with the request behind its message. */
export const networkError = (code: NetworkCode): Error => {
  const error = nodeError(code)
  error.message += 'POST http://service.invalid/ failed.'
  return error
}

/** A broken connection as the SDK of Tablestore reports it: Node's code is overwritten, only its message and `errno` tell the cause. */
export const otsNetworkError = (code: NetworkCode): Error =>
  asTablestoreThrows(nodeError(code), 'NetworkingError', {
    code: 'NetworkingError',
    region: undefined,
    hostname: 'service.invalid',
  })

/** No answer within `httpOptions.timeout`. */
export const otsClientTimeout = (ms: number): Error =>
  asTablestoreThrows(new Error(`Connection timed out after ${ms}ms`), 'TimeoutError', {
    code: 'NetworkingError',
    region: undefined,
    hostname: 'service.invalid',
  })

/** No answer in time, as the SDKs of MNS and Function Compute report it. It has no code. */
export const requestTimeout = (ms: number): Error =>
  Object.assign(new Error(), {
    name: 'RequestTimeoutError',
    message: `ReadTimeout(${ms}). POST http://service.invalid/ failed.`,
  })

/** Status and text: the error list of Simple Message Queue's developer reference. */
const mnsErrors = {
  AccessDenied: [403, 'The OwnerId that your Access Key Id associated to is forbidden for this operation.'],
  InternalError: [500, 'Internal error.'],
  InvalidAccessKeyId: [403, 'The AccessKey Id you provided is not exist.'],
  InvalidArgument: [400, 'The value of the element is not valid.'],
  MessageNotExist: [404, 'Message not exist.'],
  QueueAlreadyExist: [409, 'The queue you want to create is already exist.'],
  QueueNotExist: [404, 'The queue name you provided is not exist.'],
  ReceiptHandleError: [400, 'The receipt handle you provide is not valid.'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided.',
  ],
} as const

export type MnsCode = keyof typeof mnsErrors

/** The service's words for a code. */
export const mnsText = (code: MnsCode): string => mnsErrors[code][1]

/** A refusal by MNS: the code stands in the name alone, `MNSQueueNotExistError`. */
export const mnsError = (code: MnsCode, text: string = mnsText(code)): Error => {
  const [status] = mnsErrors[code]
  const error = new Error(
    `POST http://service.invalid/queues/q/messages failed with ${status}. ` +
      `requestid: ${requestId}, hostid: http://service.invalid, message: ${text}`,
  )
  error.name = `MNS${code}Error`
  return error
}

/** An expired token. No document gives it a code of its own: the temporary key is simply no longer known. */
export const mnsExpiredToken = (): Error => mnsError('InvalidAccessKeyId')

/** Status and text: the error list of Function Compute's API reference. */
const fcErrors = {
  AccessDenied: [403, 'the caller is not authorized to perform the action'],
  FunctionNotFound: [404, "function 'run-check' does not exist in service 'precheck'"],
  InternalServerError: [500, 'an internal error has occurred'],
  InvalidAccessKeyID: [403, "invalid access key ID 'STS.x'"],
  InvalidArgument: [400, 'an argument is invalid'],
  ResourceExhausted: [429, 'the concurrency limit of the account is reached'],
  ServiceNotFound: [404, "service 'precheck' does not exist"],
  SignatureNotMatch: [403, 'The request signature we calculated does not match the signature you provided.'],
} as const

export type FcCode = keyof typeof fcErrors

const fcFailure = (
  name: string,
  code: string | undefined,
  status: number,
  text: string | undefined,
): Error => {
  const error = new Error(
    `POST /services/s/functions/f/invocations failed with ${status}. requestid: ${requestId}, message: ${text}.`,
  )
  error.name = name
  return Object.assign(error, { code })
}

/** A refusal by the 2016-08-15 API: name `FCFunctionNotFoundError`, code `FunctionNotFound`. */
export const fcError = (code: FcCode, text: string = fcErrors[code][1]): Error =>
  fcFailure(`FC${code}Error`, code, fcErrors[code][0], text)

/** A refusal whose body has `Code` and `Message` in place of `ErrorCode`, as FC 3.0 has: of it the SDK keeps the status alone. */
export const fcUnreadError = (status: number): Error =>
  fcFailure('FCundefinedError', undefined, status, undefined)

/** An expired token. No document gives it a code of its own. */
export const fcExpiredToken = (): Error => fcError('InvalidAccessKeyID')

/** The codes that `rejects` takes for a client. */
export type FaultCode<Client> =
  | NetworkCode
  | (Client extends { getRow: unknown }
      ? OtsCode
      : Client extends { sendMessage: unknown }
        ? MnsCode
        : Client extends { invokeFunction: unknown }
          ? FcCode
          : never)

/** Whose client this is, told by a method that the others do not have. */
export const sdkOf = (client: object): 'tablestore' | 'mns' | 'fc2' | 'other' => {
  if ('getRow' in client) return 'tablestore'
  if ('sendMessage' in client) return 'mns'
  return 'invokeFunction' in client ? 'fc2' : 'other'
}

const has = <Errors extends object>(errors: Errors, code: string): code is keyof Errors & string =>
  Object.hasOwn(errors, code)

/** The error with which the SDK of this client reports a code of its service or of the network. */
export const faultOf = (client: object, code: string): Error => {
  const sdk = sdkOf(client)
  if (has(networkErrors, code)) return sdk === 'tablestore' ? otsNetworkError(code) : networkError(code)
  if (sdk === 'tablestore' && has(otsErrors, code)) return otsError(code)
  if (sdk === 'mns' && has(mnsErrors, code)) return mnsError(code)
  if (sdk === 'fc2' && has(fcErrors, code)) return fcError(code)
  throw new Error(`No fault of this client has the code ${code}: give an Error, or add it to faults.ts`)
}

/**
 * A fake whose effect happens and whose answer is lost: it runs the effect, then breaks the connection as the client's
 * SDK would report it.
 */
export const doneThenLost = <Client extends object, Args extends unknown[]>(
  effect: (this: Client, ...args: Args) => unknown,
) =>
  async function lost(this: Client, ...args: Args): Promise<never> {
    await effect.apply(this, args)
    throw faultOf(this, 'ECONNRESET')
  }
