import type { Problem } from '../../checks/framework/problem.ts'
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
  readonly privilege: OracleConnection['privilege']
  readonly limitMs: number
}

/**
 * What every code means: those of the server and its listener ("Database Error Messages", Oracle manual), then those of
 * the driver ("Errors in node-oracledb", its manual).
 */
const meanings: ReadonlyMap<string, string> = new Map([
  ['ORA-01017', 'LOGIN_FAILED'],
  ['ORA-28000', 'ACCOUNT_LOCKED'],
  ['ORA-28001', 'PASSWORD_EXPIRED'],
  ['ORA-00942', 'PRIVILEGE_MISSING'],
  ['ORA-01031', 'PRIVILEGE_MISSING'],
  ['ORA-01045', 'PRIVILEGE_MISSING'],
  ['ORA-01033', 'ORACLE_INSTANCE_NOT_OPEN'],
  ['ORA-01034', 'ORACLE_INSTANCE_NOT_STARTED'],
  ['ORA-27101', 'ORACLE_INSTANCE_NOT_STARTED'],
  ['ORA-01507', 'ORACLE_INSTANCE_NOT_MOUNTED'],
  ['ORA-01035', 'ORACLE_INSTANCE_RESTRICTED'],
  ['ORA-12526', 'ORACLE_INSTANCE_RESTRICTED'],
  ['ORA-12528', 'ORACLE_INSTANCE_BLOCKED'],
  ['ORA-01014', 'ORACLE_SHUTTING_DOWN'],
  ['ORA-01089', 'ORACLE_SHUTTING_DOWN'],
  ['ORA-01090', 'ORACLE_SHUTTING_DOWN'],
  ['ORA-01092', 'ORACLE_SHUTTING_DOWN'],
  ['ORA-12527', 'ORACLE_SHUTTING_DOWN'],
  ['ORA-12505', 'ORACLE_SID_UNKNOWN'],
  ['ORA-12514', 'ORACLE_SERVICE_UNKNOWN'],
  ['ORA-00018', 'ORACLE_NO_HANDLER'],
  ['ORA-00020', 'ORACLE_NO_HANDLER'],
  ['ORA-12516', 'ORACLE_NO_HANDLER'],
  ['ORA-12519', 'ORACLE_NO_HANDLER'],
  ['ORA-12520', 'ORACLE_NO_HANDLER'],
  ['ORA-00028', 'ORACLE_SESSION_KILLED'],
  ['ORA-01012', 'ORACLE_SESSION_KILLED'],
  ['ORA-02396', 'ORACLE_SESSION_KILLED'],
  ['ORA-03113', 'ORACLE_SESSION_KILLED'],
  ['ORA-03114', 'ORACLE_SESSION_KILLED'],
  ['ORA-03135', 'ORACLE_SESSION_KILLED'],
  ['NJS-116', 'ORACLE_VERIFIER_UNSUPPORTED'],
  ['NJS-138', 'ORACLE_SERVER_TOO_OLD'],
  ['NJS-505', 'TLS_FAILED'],
  ['NJS-511', 'ORACLE_LISTENER_REFUSED'],
  ['NJS-518', 'ORACLE_SERVICE_UNKNOWN'],
  ['NJS-519', 'ORACLE_SID_UNKNOWN'],
  ['NJS-530', 'HOST_UNKNOWN'],
])

/** What the system said when no connection came about. */
const systemCodes: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'CONNECTION_REFUSED'],
  ['ETIMEDOUT', 'CONNECTION_TIMED_OUT'],
  ['EHOSTUNREACH', 'NETWORK_UNREACHABLE'],
  ['ENETUNREACH', 'NETWORK_UNREACHABLE'],
])

/** Refusals of a statement: no right to it, a column that this version has not, a view that needs a mounted database. */
const refusedStatements: readonly string[] = ['ORA-00904', 'ORA-00942', 'ORA-01031', 'ORA-01507']

/** True for a refusal of an optional statement, after which its part of the answer is null. */
export const isRefusedStatement = (fault: unknown): boolean =>
  refusedStatements.includes(readFault(fault).serverCode)

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
      if (stage === 'asking') return 'CONNECTION_LOST'
      return cause.startsWith('Invalid packet') ? 'NOT_A_DATABASE' : 'LOGIN_INTERRUPTED'
    case 'NJS-503':
      return systemCodes.get(/\bE[A-Z]+\b/.exec(cause)?.[0] ?? '') ?? 'CONNECTION_LOST'
    // OpenSSL refused the certificate or its name, or met no TLS at all.
    case 'NJS-506':
      return /certificate|issuer|verify/i.test(cause) ? 'TLS_CERTIFICATE_UNTRUSTED' : 'TLS_FAILED'
    default:
      return driverCode.startsWith('ERR_OSSL') ? 'TLS_FAILED' : undefined
  }
}

const codeOf = (fault: Fault, { stage, privilege }: Where): string => {
  const { serverCode, driverCode } = fault
  const isAdministrator = privilege !== 'normal'
  if (stage !== 'asking' && isAdministrator && serverCode === 'ORA-01031')
    return 'ORACLE_ADMIN_PRIVILEGE_REFUSED'
  const known = meanings.get(serverCode) ?? meanings.get(driverCode)
  if (known !== undefined) return known
  if (serverCode !== '') return 'QUERY_FAILED'
  // Whoever sends what the driver cannot read before a login is not an Oracle server.
  return codeOfDriver(fault, stage) ?? (stage === 'logging-in' ? 'NOT_A_DATABASE' : 'QUERY_FAILED')
}

/** Says what an error of the driver means. */
export const problemOf = (thrown: unknown, where: Where): Problem => {
  const fault = readFault(thrown)
  const { host, port, service, user, privilege, limitMs } = where
  const code = codeOf(fault, where)
  const number = fault.serverCode === '' ? fault.driverCode : fault.serverCode
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
      afterMs: limitMs,
    },
  }
}

/** Says what it means that the limit of the probe was reached. */
export const problemOfLimit = ({ stage, host, port, limitMs }: Where): Problem => ({
  code: limitCodes[stage],
  params: { host, port, afterMs: limitMs },
})
