import type { Problem } from '../../checks/problem.ts'
import type { OracleConnection } from '../../model/instance.ts'

/** How far a probe had come when something happened. */
export type Stage = 'connecting' | 'logging-in' | 'asking'

/** What an error is told apart by: the driver's own code, the server's code where there is one, and the text for logs. */
export interface Seen {
  readonly stage: Stage
  readonly driverCode: string
  readonly serverCode: string
  readonly detail: string
}

/**
 * The server's code stands in `code`, in the second line ("Cause: ORA-12528") or anywhere in the text of NJS-500, where the
 * driver hides it. The link to Oracle's help page at the end is cut off.
 */
export const read = (stage: Stage, fault: unknown): Seen => {
  const message = fault instanceof Error ? fault.message : String(fault)
  const driverCode = fault instanceof Error && 'code' in fault ? String(fault.code) : ''
  return {
    stage,
    driverCode,
    serverCode: /ORA-\d{5}/.exec(`${driverCode} ${message}`)?.[0] ?? '',
    detail: (message.split(/\n(?:Help|Cause):/)[0] ?? '').trim(),
  }
}

/** Codes of the server, of its listener included ("Database Error Messages", Oracle manual). */
const serverCodes: ReadonlyMap<string, string> = new Map([
  ['ORA-01017', 'LOGIN_FAILED'],
  ['ORA-28000', 'ACCOUNT_LOCKED'],
  ['ORA-28001', 'PASSWORD_EXPIRED'],
  ['ORA-28002', 'PASSWORD_EXPIRED'],
  ['ORA-01033', 'ORACLE_INSTANCE_NOT_OPEN'],
  ['ORA-01034', 'ORACLE_INSTANCE_NOT_STARTED'],
  ['ORA-27101', 'ORACLE_INSTANCE_NOT_STARTED'],
  ['ORA-01507', 'ORACLE_INSTANCE_NOT_MOUNTED'],
  ['ORA-01035', 'ORACLE_INSTANCE_RESTRICTED'],
  ['ORA-12526', 'ORACLE_INSTANCE_RESTRICTED'],
  ['ORA-12528', 'ORACLE_INSTANCE_BLOCKED'],
  ['ORA-12527', 'ORACLE_SHUTTING_DOWN'],
  ['ORA-01089', 'ORACLE_SHUTTING_DOWN'],
  ['ORA-01090', 'ORACLE_SHUTTING_DOWN'],
  ['ORA-01092', 'ORACLE_SHUTTING_DOWN'],
  ['ORA-12514', 'ORACLE_SERVICE_UNKNOWN'],
  ['ORA-12505', 'ORACLE_SID_UNKNOWN'],
  ['ORA-12516', 'ORACLE_NO_HANDLER'],
  ['ORA-12519', 'ORACLE_NO_HANDLER'],
  ['ORA-12520', 'ORACLE_NO_HANDLER'],
  ['ORA-00028', 'ORACLE_SESSION_KILLED'],
  ['ORA-01012', 'ORACLE_SESSION_KILLED'],
  ['ORA-02396', 'ORACLE_SESSION_KILLED'],
  ['ORA-03113', 'ORACLE_SESSION_KILLED'],
  ['ORA-03135', 'ORACLE_SESSION_KILLED'],
])

/** Codes of the driver that say something of their own (node-oracledb, lib/errors). */
const driverCodes: ReadonlyMap<string, string> = new Map([
  ['NJS-116', 'ORACLE_VERIFIER_UNSUPPORTED'],
  ['NJS-138', 'ORACLE_SERVER_TOO_OLD'],
  ['NJS-505', 'TLS_FAILED'],
  ['NJS-507', 'TLS_CERTIFICATE_UNTRUSTED'],
  ['NJS-508', 'TLS_CERTIFICATE_UNTRUSTED'],
  ['NJS-511', 'ORACLE_LISTENER_REFUSED'],
  ['NJS-518', 'ORACLE_SERVICE_UNKNOWN'],
  ['NJS-519', 'ORACLE_SID_UNKNOWN'],
  ['NJS-530', 'HOST_UNKNOWN'],
])

/** Codes of statements that the user may not run, or that this version of the server does not know. */
const refusedStatements: ReadonlySet<string> = new Set([
  'ORA-00904',
  'ORA-00942',
  'ORA-01031',
  'ORA-01507',
  'ORA-02030',
])

/** True for an optional statement's refusal, after which its part of the answer is null. */
export const isRefusedStatement = ({ serverCode }: Seen): boolean => refusedStatements.has(serverCode)

/** What the system said when no connection came about: NJS-503 quotes it. */
const ofConnection = (message: string): string => {
  if (/ECONNREFUSED/.test(message)) return 'CONNECTION_REFUSED'
  if (/ENOTFOUND|EAI_AGAIN/.test(message)) return 'HOST_UNKNOWN'
  if (/EHOSTUNREACH|ENETUNREACH/.test(message)) return 'NETWORK_UNREACHABLE'
  return /ETIMEDOUT/.test(message) ? 'CONNECTION_TIMED_OUT' : 'CONNECTION_LOST'
}

/** NJS-506 quotes OpenSSL: an untrusted certificate, or no TLS at all. */
const ofTls = (message: string): string =>
  /certificate|self.signed|issuer|verify/i.test(message) ? 'TLS_CERTIFICATE_UNTRUSTED' : 'TLS_FAILED'

const codeOf = (seen: Seen, message: string, { privilege }: OracleConnection): string => {
  const { stage, driverCode, serverCode } = seen
  const isAdministrative = privilege !== 'normal'
  if (stage !== 'asking' && isAdministrative && serverCode === 'ORA-01031')
    return 'ORACLE_ADMIN_PRIVILEGE_REFUSED'
  const ofServer = serverCodes.get(serverCode)
  if (ofServer !== undefined) return ofServer
  if (stage === 'asking' && refusedStatements.has(serverCode)) return 'PRIVILEGE_MISSING'
  if (stage === 'asking' && serverCode !== '') return 'QUERY_FAILED'
  const ofDriver = driverCodes.get(driverCode)
  if (ofDriver !== undefined) return ofDriver
  if (driverCode === 'NJS-506') return ofTls(message)
  if (driverCode === 'NJS-503') return ofConnection(message)
  // Packets that are none: the driver gives up with NJS-500 before a login began.
  if (stage === 'asking') return 'CONNECTION_LOST'
  return /packet/i.test(message) ? 'NOT_A_DATABASE' : 'LOGIN_INTERRUPTED'
}

/** Says what an error means. */
export const problemOf = (seen: Seen, fault: unknown, connection: OracleConnection): Problem => {
  const message = fault instanceof Error ? fault.message : ''
  const { host, port, serviceName, sid, credential, privilege } = connection
  const code = seen.serverCode === '' ? seen.driverCode : seen.serverCode
  return {
    code: codeOf(seen, message, connection),
    params: {
      host,
      port,
      service: serviceName ?? sid ?? '',
      user: credential.username,
      privilege,
      code,
      number: code,
      cause: code,
      detail: seen.detail,
      afterMs: 0,
    },
  }
}

/** Says what it means that the limit was reached. */
export const problemOfLimit = (stage: Stage, { host, port }: OracleConnection, limitMs: number): Problem => {
  const code = {
    connecting: 'CONNECTION_TIMED_OUT',
    'logging-in': 'SERVER_SILENT',
    asking: 'QUERY_TIMED_OUT',
  }[stage]
  return { code, params: { host, port, afterMs: limitMs } }
}
