import * as z from 'zod'
import { rows } from '../framework/answer.ts'
import type { Query } from '../framework/question.ts'
import { wordOrNull } from './facts.ts'

/**
 * The accounts in the password file, and that of the session: there are few of them, however many users there are. A
 * view of the dictionary, which needs an open database. `days_left`: days until the password expires by the clock of
 * the server; NULL if it does not. Source: "DBA_USERS", Oracle Database Reference.
 */
export const accountQuery: Query = {
  sql: `SELECT u.username, u.account_status, ROUND(u.expiry_date - SYSDATE, 2) AS days_left FROM dba_users u
  WHERE u.username IN (SELECT p.username FROM gv$pwfile_users p)
  OR u.username = SYS_CONTEXT('USERENV', 'SESSION_USER') ORDER BY u.username`,
  optional: true,
}

export const AccountRows = rows({
  username: z.string(),
  account_status: wordOrNull,
  days_left: z.number().nullable(),
}).nullable()
export type AccountRow = NonNullable<z.output<typeof AccountRows>>[number]
