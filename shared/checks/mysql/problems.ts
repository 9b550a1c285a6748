import type { ProblemDefinition } from '../problems/problem.ts'
import type { SharedNumbers } from '../problems/connection.ts'
import { loginProblems } from './problems/login.ts'
import { sessionProblems } from './problems/session.ts'

/**
 * Every way in which MySQL or MariaDB ends a login or a statement, with the error numbers that mean it ("Server Error
 * Message Reference", MySQL reference manual; "MariaDB Error Code Reference"). Above 1,900 each of the two has numbers
 * of its own. The driver names those of MariaDB as if they were of MySQL, so that only numbers count; codes are those
 * of the driver alone.
 */
export const mysqlProblems: Readonly<Record<string, ProblemDefinition>> = {
  ...loginProblems,
  ...sessionProblems,
}

/** Numbers and codes of the driver that mean what a server of every engine may say. */
export const mysqlNumbers: SharedNumbers = {
  LOGIN_FAILED: [1045],
  ACCOUNT_LOCKED: [3118, 4151],
  PASSWORD_EXPIRED: [1820, 1862],
  PRIVILEGE_MISSING: [1044, 1142, 1143, 1227, 1345, 1370, 1873],
  TLS_REQUIRED: [3159],
  TLS_NOT_OFFERED: ['HANDSHAKE_NO_SSL_SUPPORT'],
  QUERY_TIMED_OUT: [1969, 3024],
  CONNECTION_LOST: [1152, 1184, 2006, 2013, 'PROTOCOL_CONNECTION_LOST'],
  NOT_A_DATABASE: ['HANDSHAKE_UNKNOWN_ERROR', 'PROTOCOL_ERROR', 'PROTOCOL_UNEXPECTED_PACKET'],
}
