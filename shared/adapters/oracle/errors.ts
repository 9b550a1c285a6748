import { oracle } from '../../checks/oracle/engine.ts'
import { errorTable } from '../../checks/error-table.ts'
import type { Problem } from '../../checks/problems/problem.ts'
import type { OracleConnection } from '../../model/connections/oracle.ts'
import { type Fault, readFault } from './fault.ts'

/** How far a probe had come when something happened. */
export type Stage = 'connecting' | 'logging-in' | 'asking'

/** Where the probe was and what it wanted there; fills the texts. */
export interface Where {
  readonly stage: Stage
  readonly host: string
  readonly port: number
  /** Service name or SID. */
  readonly service: string
  readonly user: string
  /** Never shown: a text that repeats it is left out. */
  readonly password: string
  readonly privilege: OracleConnection['privilege']
  /** How long what is under way has taken. */
  readonly afterMs: number
}

const table = errorTable(oracle)

/** What these numbers say of a login with an administrative privilege, which a password file decides. */
const ofAdministrators: ReadonlyMap<string, string> = new Map([
  ['ORA-01017', 'ORACLE_ADMIN_LOGIN_FAILED'],
  ['ORA-01031', 'ORACLE_ADMIN_PRIVILEGE_REFUSED'],
])

/** Numbers that only say where the one that follows arose: in a statement of the server itself, on another instance. */
const frames: readonly string[] = ['ORA-00604', 'ORA-12801']

const limitCodes: Readonly<Record<Stage, string>> = {
  connecting: 'CONNECTION_TIMED_OUT',
  'logging-in': 'SERVER_SILENT',
  asking: 'QUERY_TIMED_OUT',
}

/** An error of the driver that says where it was noticed; what it means depends on how far the probe had come. */
const codeOfDriver = ({ driverCode, cause }: Fault, stage: Stage): string | undefined => {
  switch (driverCode) {
    // The time limits of the driver, which lie within that of the probe.
    case 'NJS-123':
    case 'NJS-510':
      return limitCodes[stage]
    // The end of the connection; bytes that are not a packet end it too.
    case 'NJS-500':
    case 'NJS-501':
    case 'NJS-521':
      if (stage === 'asking') return 'CONNECTION_LOST'
      return cause.startsWith('Invalid packet') ? 'NOT_A_DATABASE' : 'LOGIN_INTERRUPTED'
    case 'NJS-503':
      return table.codeOf(/\bE[A-Z]+\b/.exec(cause)?.[0] ?? '') ?? 'CONNECTION_LOST'
    // OpenSSL refused the certificate or its name, or met no TLS at all.
    case 'NJS-506':
      if (/wrong version number|packet length too long/.test(cause)) return 'TLS_NOT_SPOKEN'
      if (cause.includes('disconnected before secure TLS connection')) return 'LOGIN_INTERRUPTED'
      if (/has expired|not yet valid/.test(cause)) return 'TLS_CERTIFICATE_EXPIRED'
      return /certificate|issuer|verify/i.test(cause) ? 'TLS_CERTIFICATE_UNTRUSTED' : 'TLS_FAILED'
    default:
      return driverCode.startsWith('ERR_OSSL') ? 'TLS_FAILED' : undefined
  }
}

/** The number that says most: the first that is known, where a frame only counts if nothing else is. */
const tellingNumber = (codes: readonly string[]): string | undefined => {
  const known = codes.filter((code) => table.codeOf(code) !== undefined)
  const [outermost] = known
  const inner = known.find((code) => !frames.includes(code))
  // A statement of the server itself that was refused says nothing about the one of ours.
  const isOfAnother = outermost === 'ORA-00604' && table.isOfStatement(table.codeOf(inner ?? '') ?? '')
  return (isOfAnother ? outermost : inner) ?? outermost ?? codes[0]
}

const codeOfServer = (number: string, { stage, privilege }: Where): string => {
  const ofAdministrator =
    stage === 'asking' || privilege === 'normal' ? undefined : ofAdministrators.get(number)
  const generic = stage === 'asking' ? 'QUERY_FAILED' : 'ORACLE_LOGIN_REFUSED'
  return ofAdministrator ?? table.codeOf(number) ?? generic
}

const codeOf = (fault: Fault, number: string | undefined, where: Where): string => {
  const { driverCode } = fault
  const ofServer = number === undefined ? undefined : codeOfServer(number, where)
  // A listener that refuses with a number that nobody knows has refused all the same.
  if (ofServer === 'ORACLE_LOGIN_REFUSED') return table.codeOf(driverCode) ?? ofServer
  if (ofServer !== undefined) return ofServer
  const ofDriver = codeOfDriver(fault, where.stage) ?? table.codeOf(driverCode)
  const isUnreadable = ofDriver === undefined || ofDriver === 'ORACLE_ANSWER_UNREADABLE'
  // Whoever sends what the driver cannot read before a login is not an Oracle server.
  if (isUnreadable && where.stage === 'logging-in') return 'NOT_A_DATABASE'
  return ofDriver ?? 'QUERY_FAILED'
}

/** Says what an error of the driver means. */
export const problemOf = (thrown: unknown, where: Where): Problem => {
  const { host, port, service, user, privilege, afterMs, password } = where
  const fault = readFault(thrown, password)
  const telling = tellingNumber(fault.serverCodes)
  const code = codeOf(fault, telling, where)
  const number = telling ?? fault.driverCode
  const detail = code === 'PRIVILEGE_MISSING' ? `${number} ${fault.detail}` : fault.detail
  return {
    code,
    params: {
      host,
      port,
      service,
      user,
      privilege,
      code: number,
      number,
      cause: fault.cause,
      detail,
      afterMs,
    },
  }
}

/** True for a problem of one statement, after which its part of the answer is null if it is optional. */
export const isOfStatement = ({ code }: Problem): boolean => table.isOfStatement(code)

/** Says what it means that the limit of the probe was reached. */
export const problemOfLimit = ({ stage, host, port, afterMs }: Where): Problem => ({
  code: limitCodes[stage],
  params: { host, port, afterMs },
})
