import type { Problem } from '../../checks/framework/problem.ts'

/** How far a probe had come when something happened. */
export type Stage = 'locating' | 'connecting' | 'logging-in' | 'asking'

/** An error message of the server. The driver tells those of a login in events alone, its own errors do not carry them. */
export interface ServerMessage {
  readonly number: number
  readonly text: string
}

/** What distinguishes errors, read once from the many shapes of the driver. */
export interface Seen {
  readonly stage: Stage
  /** What the server said in the login, or to the statement that failed; in order. */
  readonly messages: readonly ServerMessage[]
  /** `code` of the innermost cause: of the system, of OpenSSL or of the driver. */
  readonly code: string
}

/** Where the probe went; fills the texts. */
export interface Where {
  readonly host: string
  readonly port: number
  readonly instanceName: string
  readonly user: string
  readonly limitMs: number
}

/**
 * What each number of a refused login means ("Database Engine events and errors", SQL Server manual), the most telling
 * first: 4060 is followed by 18456.
 */
const loginNumbers: readonly (readonly [number: number, code: string])[] = [
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
]

/** Numbers of statements that the login may not run: on an object, a column, in a database or on the server. */
const deniedStatements: ReadonlySet<number> = new Set([229, 230, 262, 297, 300, 916])

/** Numbers of columns and views that this version of the server does not have. */
const unknownNames: ReadonlySet<number> = new Set([207, 208])

/** What the codes of the system and of the driver mean. */
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

/** True for what an optional statement may be refused with: its part of the answer is null then. */
export const isRefusal = (messages: readonly ServerMessage[]): boolean =>
  messages.some(({ number }) => deniedStatements.has(number) || unknownNames.has(number))

const detailOf = ({ number, text }: ServerMessage): string => text || `error ${number}`

const ofSocket = ({ code, stage }: Seen, { host, port, limitMs }: Where): Problem => {
  if (certificateCode.test(code))
    return { code: 'TLS_CERTIFICATE_UNTRUSTED', params: { host, port, cause: code } }
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code))
    return { code: 'TLS_FAILED', params: { host, port, cause: code } }
  const known = socketCodes.get(code) ?? 'CONNECTION_LOST'
  const isInterrupted = known === 'CONNECTION_LOST' && stage === 'logging-in'
  return { code: isInterrupted ? 'LOGIN_INTERRUPTED' : known, params: { host, port, afterMs: limitMs } }
}

const ofStatement = (messages: readonly ServerMessage[], first: ServerMessage, { user }: Where): Problem => {
  const denied = messages.find(({ number }) => deniedStatements.has(number))
  return denied
    ? { code: 'PRIVILEGE_MISSING', params: { user, detail: detailOf(denied) } }
    : { code: 'QUERY_FAILED', params: { number: first.number, detail: detailOf(first) } }
}

const ofLogin = (messages: readonly ServerMessage[], first: ServerMessage, { user }: Where): Problem => {
  for (const [number, code] of loginNumbers) {
    const telling = messages.find((message) => message.number === number)
    if (telling) return { code, params: { user, number, detail: detailOf(telling) } }
  }
  return { code: 'SQLSERVER_LOGIN_REFUSED', params: { number: first.number, detail: detailOf(first) } }
}

/** Says what an error means. */
export const problemOf = (seen: Seen, where: Where): Problem => {
  const { messages, stage } = seen
  const [first] = messages
  if (!first) return ofSocket(seen, where)
  return stage === 'asking' ? ofStatement(messages, first, where) : ofLogin(messages, first, where)
}

/** Says what it means that a stage had no answer within the limit. */
export const problemOfSilence = (stage: Stage, { host, port, instanceName, limitMs }: Where): Problem => {
  if (stage === 'locating')
    return { code: 'SQLSERVER_NAMED_INSTANCE_UNKNOWN', params: { host, instanceName } }
  const code = {
    connecting: 'CONNECTION_TIMED_OUT',
    'logging-in': 'SERVER_SILENT',
    asking: 'QUERY_TIMED_OUT',
  }[stage]
  return { code, params: { host, port, afterMs: limitMs } }
}
