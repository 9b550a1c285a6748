import type { Problem } from '../../checks/problems/problem.ts'
import { errorTable } from '../../checks/error-table.ts'
import { sqlserver } from '../../checks/sqlserver/engine.ts'
import { tlsProblemOf } from '../tls-problem.ts'

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

/** Where the probe goes. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly instanceName: string
  readonly user: string
}

/** Where the probe was when something happened; fills the texts. */
export interface Where extends Address {
  /** How long what is under way has taken. */
  readonly afterMs: number
}

const table = errorTable(sqlserver)

/** The last word of a refused login, whatever the reason; a number before it says more, 4060 for example. */
const loginFailed = 18_456

const ofSocket = ({ code, stage }: Seen, { host, port, afterMs }: Where): Problem => {
  const ofTls = tlsProblemOf(code)
  if (ofTls !== undefined) return { code: ofTls, params: { host, port, cause: code } }
  const known = table.codeOf(code) ?? 'CONNECTION_LOST'
  const isInterrupted = known === 'CONNECTION_LOST' && stage === 'logging-in'
  return { code: isInterrupted ? 'LOGIN_INTERRUPTED' : known, params: { host, port, afterMs } }
}

/** The message that says most: one that is known, and any before the one that ends every refused login. */
const tellingOf = (messages: readonly ServerMessage[], first: ServerMessage): ServerMessage => {
  const others = messages.filter(({ number }) => number !== loginFailed)
  return others.find(({ number }) => table.codeOf(number) !== undefined) ?? others[0] ?? first
}

/** A login of Windows has the name of its domain before it. */
const codeOfNumber = (number: number, user: string): string | undefined => {
  const code = table.codeOf(number)
  return code === 'LOGIN_FAILED' && user.includes('\\') ? 'SQLSERVER_WINDOWS_LOGIN_GIVEN' : code
}

/** Says what an error means. */
export const problemOf = (seen: Seen, where: Where): Problem => {
  const { messages, stage } = seen
  const [first] = messages
  if (!first) return ofSocket(seen, where)
  const { host, port, user } = where
  const { number, text } = tellingOf(messages, first)
  const generic = stage === 'asking' ? 'QUERY_FAILED' : 'SQLSERVER_LOGIN_REFUSED'
  const detail = text || `error ${number}`
  return {
    code: codeOfNumber(number, user) ?? generic,
    params: { host, port, user, number, detail, cause: detail },
  }
}

/** True for a problem of one statement, after which its part of the answer is null if it is optional. */
export const isOfStatement = ({ code }: Problem): boolean => table.isOfStatement(code)

/** Says what it means that a stage had no answer within the limit. */
export const problemOfSilence = (stage: Stage, { host, port, instanceName, afterMs }: Where): Problem => {
  if (stage === 'locating')
    return { code: 'SQLSERVER_NAMED_INSTANCE_UNKNOWN', params: { host, instanceName } }
  const code = {
    connecting: 'CONNECTION_TIMED_OUT',
    'logging-in': 'SERVER_SILENT',
    asking: 'QUERY_TIMED_OUT',
  }[stage]
  return { code, params: { host, port, afterMs } }
}
