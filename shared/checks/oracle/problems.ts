import type { ProblemDefinition } from '../problems/problem.ts'
import type { SharedNumbers } from '../problems/connection.ts'
import { instanceProblems } from './problems/instance.ts'
import { listenerProblems } from './problems/listener.ts'
import { loginProblems } from './problems/login.ts'
import { sessionProblems } from './problems/session.ts'

/**
 * Every way in which Oracle ends a connection, a login or a statement, with the error numbers that mean it: those of
 * the server and its listener at `https://docs.oracle.com/error-help/db/ora-12514/` (the number in lower case), those
 * of the driver in "Errors in node-oracledb" of its manual. Numbers that begin with DPI come from Oracle Client
 * libraries, which the driver does without.
 */
export const oracleProblems: Readonly<Record<string, ProblemDefinition>> = {
  ...listenerProblems,
  ...loginProblems,
  ...instanceProblems,
  ...sessionProblems,
}

/** Numbers that mean what a server of every engine may say. */
export const oracleNumbers: SharedNumbers = {
  HOST_UNKNOWN: ['NJS-530'],
  LOGIN_FAILED: ['ORA-01005', 'ORA-01017'],
  ACCOUNT_LOCKED: ['ORA-28000', 'ORA-28051'],
  ACCOUNT_DISABLED: ['ORA-28052', 'ORA-28053'],
  PASSWORD_EXPIRED: ['ORA-28001', 'ORA-28049', 'ORA-65162'],
  PRIVILEGE_MISSING: ['ORA-00942', 'ORA-01031', 'ORA-41900'],
  TLS_CERTIFICATE_UNTRUSTED: ['NJS-507', 'NJS-508'],
  TLS_FAILED: ['NJS-505'],
}
