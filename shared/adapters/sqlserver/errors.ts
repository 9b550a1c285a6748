import type { Problem } from '../../checks/problem.ts'

/** How far a probe had come when something happened. */
export type Stage = 'connecting' | 'logging-in' | 'asking'

/** What an error is told apart by, read off the driver's many shapes once. */
export interface Seen {
  readonly stage: Stage
  /** Numbers of the server's error messages, in order. The driver's own errors do not carry them. */
  readonly numbers: readonly number[]
  /** `code` of the innermost cause: of the system, of OpenSSL or of the driver. */
  readonly code: string
  readonly detail: string
}

/** Where the probe went; fills the texts. */
export interface Where {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly limitMs: number
}

/**
 * What each number of a refused login means ("Database Engine events and errors", SQL Server manual). The most telling
 * number wins: 4060 is followed by 18456.
 */
const loginNumbers: ReadonlyMap<number, string> = new Map([
  [4060, 'SQLSERVER_DATABASE_UNAVAILABLE'],
  [4064, 'SQLSERVER_DATABASE_UNAVAILABLE'],
  [18461, 'SQLSERVER_SINGLE_USER'],
  [17142, 'SQLSERVER_PAUSED'],
  [18401, 'SQLSERVER_UPGRADING'],
  [18452, 'SQLSERVER_WINDOWS_LOGIN_ONLY'],
  [18470, 'ACCOUNT_DISABLED'],
  [18486, 'ACCOUNT_LOCKED'],
  [18487, 'PASSWORD_EXPIRED'],
  [18488, 'PASSWORD_EXPIRED'],
  [18456, 'LOGIN_FAILED'],
])

/** Numbers of statements that the login may not run, or that this version of the server does not know. */
const refusedStatements: ReadonlySet<number> = new Set([207, 208, 229, 230, 262, 297, 300, 371, 916])

/** What the system's codes mean; any code of OpenSSL that is not listed is a failure of TLS. */
const socketCodes: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'CONNECTION_REFUSED'],
  ['ENOTFOUND', 'HOST_UNKNOWN'],
  ['EAI_AGAIN', 'HOST_UNKNOWN'],
  ['ETIMEDOUT', 'CONNECTION_TIMED_OUT'],
  ['EHOSTUNREACH', 'NETWORK_UNREACHABLE'],
  ['ENETUNREACH', 'NETWORK_UNREACHABLE'],
  ['ECONNRESET', 'CONNECTION_LOST'],
  ['EPIPE', 'CONNECTION_LOST'],
  ['EENCRYPT', 'TLS_REQUIRED'],
])

/** Codes with which OpenSSL refuses a certificate or its name. */
const certificateCode =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|INVALID_CA)$/

/** True for an optional statement's refusal, after which its part of the answer is null. */
export const isRefusedStatement = (number: number | undefined): boolean =>
  number !== undefined && refusedStatements.has(number)

const ofSocket = ({ code, stage }: Seen, { host, port, limitMs }: Where): Problem => {
  if (certificateCode.test(code))
    return { code: 'TLS_CERTIFICATE_UNTRUSTED', params: { host, port, cause: code } }
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code))
    return { code: 'TLS_FAILED', params: { host, port, cause: code } }
  const known = socketCodes.get(code) ?? 'CONNECTION_LOST'
  const isInterrupted = known === 'CONNECTION_LOST' && stage === 'logging-in'
  return { code: isInterrupted ? 'LOGIN_INTERRUPTED' : known, params: { host, port, afterMs: limitMs } }
}

const ofStatement = ({ numbers, detail }: Seen, { user }: Where): Problem => {
  const [number = 0] = numbers
  return refusedStatements.has(number)
    ? { code: 'PRIVILEGE_MISSING', params: { user, detail } }
    : { code: 'QUERY_FAILED', params: { number, detail } }
}

/** Says what an error means. */
export const problemOf = (seen: Seen, where: Where): Problem => {
  const { numbers, stage, detail } = seen
  if (stage === 'asking' && numbers.length > 0) return ofStatement(seen, where)
  const telling = [...loginNumbers.keys()].find((number) => numbers.includes(number))
  if (telling !== undefined) {
    return {
      code: loginNumbers.get(telling) ?? '',
      params: { user: where.user, number: telling, detail: `error ${telling}` },
    }
  }
  const [number] = numbers
  if (number !== undefined) return { code: 'SQLSERVER_LOGIN_REFUSED', params: { number, detail } }
  return ofSocket(seen, where)
}

/** Says what it means that the limit was reached. */
export const problemOfLimit = (stage: Stage, { host, port, limitMs }: Where): Problem => {
  const code = {
    connecting: 'CONNECTION_TIMED_OUT',
    'logging-in': 'SERVER_SILENT',
    asking: 'QUERY_TIMED_OUT',
  }[stage]
  return { code, params: { host, port, afterMs: limitMs } }
}
