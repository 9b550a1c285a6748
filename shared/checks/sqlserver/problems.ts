import type { ProblemDefinition } from '../problems/problem.ts'
import type { SharedNumbers } from '../problems/connection.ts'
import { loginProblems } from './problems/login.ts'
import { sessionProblems } from './problems/session.ts'

/**
 * Every way in which SQL Server ends a login or a statement, with the error numbers that mean it ("Database Engine
 * events and errors",
 * `https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors`).
 */
export const sqlServerProblems: Readonly<Record<string, ProblemDefinition>> = {
  ...loginProblems,
  ...sessionProblems,
}

/** Numbers and codes of the driver that mean what a server of every engine may say. */
export const sqlServerNumbers: SharedNumbers = {
  LOGIN_FAILED: [18456],
  ACCOUNT_DISABLED: [18470],
  ACCOUNT_LOCKED: [18486],
  PASSWORD_EXPIRED: [18487, 18488],
  PRIVILEGE_MISSING: [229, 230, 262, 297, 300, 916, 15247],
  TLS_REQUIRED: [17835, 'EENCRYPT'],
  TLS_FAILED: [17194, 17827],
  CONNECTION_LOST: ['ECLOSE', 'EINVALIDSTATE'],
}
