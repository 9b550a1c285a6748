/**
 * What the service answers when it refuses: an HTTP status and a code that clients act on. Codes, statuses and texts
 * are those of the product's table of error codes.
 */
export class ServiceError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export const parameterInvalid = (message: string): ServiceError =>
  new ServiceError(400, 'OTSParameterInvalid', message)

export const primaryKeyInvalid = (message: string): ServiceError =>
  new ServiceError(400, 'OTSInvalidPK', message)

export const authenticationFailed = (message: string): ServiceError =>
  new ServiceError(403, 'OTSAuthFailed', message)

export const permissionDenied = (): ServiceError =>
  new ServiceError(
    403,
    'OTSNoPermissionAccess',
    'You have no permission to access the requested resource, please contact the resource owner',
  )

export const conditionCheckFailed = (): ServiceError =>
  new ServiceError(403, 'OTSConditionCheckFail', 'Condition check failed.')

export const tableMissing = (): ServiceError =>
  new ServiceError(404, 'OTSObjectNotExist', 'Requested table does not exist.')

export const tableExists = (): ServiceError =>
  new ServiceError(409, 'OTSObjectAlreadyExist', 'Requested table already exists.')

export const quotaExhausted = (message: string): ServiceError =>
  new ServiceError(403, 'OTSQuotaExhausted', message)
