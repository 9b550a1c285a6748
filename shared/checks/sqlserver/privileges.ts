import * as z from 'zod'
import { oneRow, rows } from '../framework/answer.ts'
import type { PrivilegeAudit } from '../framework/privilege-audit.ts'
import { quoteName, quoteString } from './quote.ts'

const Permission = z.int().nullable()

const Facts = z.object({
  server: oneRow({
    view_any_database: Permission,
    view_server_state: Permission,
    view_server_performance_state: Permission,
  }),
  logShipping: rows({ seen: z.int() }).nullable(),
})

/** Statements that grant a privilege to a login; one on a table of msdb needs a user of the login there first. */
export const grantsOf = (privilege: string, login: string): readonly string[] => {
  const name = quoteName(login)
  if (!privilege.startsWith('SELECT ON msdb.')) return [`USE [master]; GRANT ${privilege} TO ${name};`]
  return [
    `USE [msdb]; IF USER_ID(${quoteString(login)}) IS NULL CREATE USER ${name} FOR LOGIN ${name};`,
    `USE [msdb]; GRANT SELECT ON dbo.log_shipping_secondary_databases TO ${name};`,
  ]
}

/**
 * What the login of a SQL Server instance lacks ("HAS_PERMS_BY_NAME" in the Transact-SQL reference: 1 has, 0 lacks, NULL
 * no such permission). Since SQL Server 2022 the views of availability groups also take VIEW SERVER PERFORMANCE STATE;
 * VIEW SERVER STATE is granted nevertheless, because it covers the listeners of mirroring too, on every version.
 */
export const sqlServerPrivilegeAudit: PrivilegeAudit = {
  engine: 'sqlserver',
  queries: {
    server: {
      sql: `SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE') AS view_any_database,
  HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') AS view_server_state,
  HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE') AS view_server_performance_state`,
    },
    logShipping: {
      sql: 'SELECT COUNT(*) AS seen FROM msdb.dbo.log_shipping_secondary_databases',
      optional: true,
    },
  },
  audit: (answer, wanted, username) => {
    const parsed = Facts.safeParse(answer)
    if (!parsed.success) return { misshapen: z.prettifyError(parsed.error) }
    const { server, logShipping } = parsed.data
    const held: Readonly<Record<string, boolean>> = {
      'VIEW ANY DATABASE': server.view_any_database === 1,
      'VIEW SERVER STATE': server.view_server_state === 1 || server.view_server_performance_state === 1,
      'SELECT ON msdb.dbo.log_shipping_secondary_databases': logShipping !== null,
    }
    const missing = wanted.filter((privilege) => held[privilege] !== true)
    return { missing: missing.map((privilege) => ({ privilege, grants: grantsOf(privilege, username) })) }
  },
}
