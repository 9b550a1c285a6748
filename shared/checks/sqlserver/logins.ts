import * as z from 'zod'
import { orUnknown, someRows } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'
import { namesUnder } from './collation.ts'
import { Bit, DatabaseFacts, databaseQueries } from './databases.ts'

/** More logins than that are not read: of one that is not among them nothing is known. */
const maxLogins = 500

/**
 * What the items ask that look at accounts: every login that the catalogue shows, with what is said of it alone. Who
 * may not see definitions sees few of them. Sources: "sys.server_principals", "sys.server_role_members",
 * "sys.server_permissions" (COSQ is CONNECT SQL, D a denial), "sys.sql_logins" and LOGINPROPERTY, SQL Server reference.
 */
export const loginQueries = {
  server: databaseQueries.server,
  logins: {
    sql: `SELECT TOP (${maxLogins}) p.name, p.type_desc, p.is_disabled,
  CASE WHEN p.principal_id = SUSER_ID() THEN 1 ELSE 0 END AS is_self,
  CASE WHEN s.member_principal_id IS NULL THEN 0 ELSE 1 END AS is_sysadmin,
  CASE WHEN d.grantee_principal_id IS NULL THEN 0 ELSE 1 END AS is_connect_denied,
  CONVERT(int, LOGINPROPERTY(l.name, 'IsLocked')) AS is_locked,
  CONVERT(int, LOGINPROPERTY(l.name, 'IsExpired')) AS is_expired,
  CONVERT(int, LOGINPROPERTY(l.name, 'IsMustChange')) AS is_password_to_change,
  l.is_expiration_checked, CONVERT(int, LOGINPROPERTY(l.name, 'DaysUntilExpiration')) AS password_days_left
FROM sys.server_principals AS p
LEFT JOIN sys.sql_logins AS l ON l.principal_id = p.principal_id
LEFT JOIN (sys.server_role_members AS s
  JOIN sys.server_principals AS r ON r.principal_id = s.role_principal_id AND r.name = 'sysadmin')
  ON s.member_principal_id = p.principal_id
LEFT JOIN sys.server_permissions AS d ON d.grantee_principal_id = p.principal_id AND d.type = 'COSQ' AND d.state = 'D'
WHERE p.type IN ('S', 'U', 'G', 'E', 'X') AND p.name NOT LIKE '##%'
ORDER BY is_self DESC, is_sysadmin DESC, p.principal_id`,
  },
} as const satisfies Queries

/** What these statements need. */
export const loginPrivileges = ['VIEW ANY DEFINITION'] as const

/** Shape of the whole answer. A login always sees itself. */
export const LoginFacts = z.object({
  server: DatabaseFacts.shape.server,
  logins: someRows({
    name: z.string(),
    type_desc: orUnknown(z.string()),
    is_disabled: orUnknown(Bit),
    is_self: orUnknown(Bit),
    /** Itself a member; one that is so by a group or another role shows 0. */
    is_sysadmin: orUnknown(Bit),
    is_connect_denied: orUnknown(Bit),
    is_locked: orUnknown(Bit),
    is_expired: orUnknown(Bit),
    is_password_to_change: orUnknown(Bit),
    is_expiration_checked: orUnknown(Bit),
    password_days_left: orUnknown(z.int()),
  }),
})
export type LoginFacts = z.output<typeof LoginFacts>
export type LoginRow = LoginFacts['logins'][number]

/** The login of that name, as the server compares names. */
export const findLogin = ({ server, logins }: LoginFacts, name: string): LoginRow | undefined => {
  const isSame = namesUnder(server.collation)
  return logins.find((login) => isSame(login.name, name))
}

/** Whether a login that is not among the rows is certainly none: an account of Windows may come in by its group. */
export const isNoLogin = ({ server, logins }: LoginFacts, name: string): boolean =>
  server.view_any_definition === true &&
  server.collation !== null &&
  logins.length < maxLogins &&
  !name.includes('\\')
