import * as z from 'zod'
import { oneRow, rows } from '../answer.ts'
import type { MissingPrivilege, PrivilegeAudit } from '../privilege-audit.ts'
import { quoteName, quoteString } from './quote.ts'

const Facts = z.object({
  server: oneRow({ view_any_database: z.int().nullable(), view_server_state: z.int().nullable() }),
  logShipping: rows({ seen: z.int() }).nullable(),
})

const grant = (privilege: string, login: string): MissingPrivilege => {
  const name = quoteName(login)
  if (!privilege.startsWith('SELECT ON msdb.')) {
    return { privilege, grants: [`USE [master]; GRANT ${privilege} TO ${name};`] }
  }
  return {
    privilege,
    grants: [
      `USE [msdb]; IF USER_ID(${quoteString(login)}) IS NULL CREATE USER ${name} FOR LOGIN ${name};`,
      `USE [msdb]; GRANT SELECT ON dbo.log_shipping_secondary_databases TO ${name};`,
    ],
  }
}

/** What the login of a SQL Server instance lacks ("HAS_PERMS_BY_NAME" in the Transact-SQL reference: 1 has, 0 lacks, NULL no such permission). */
export const sqlServerPrivilegeAudit: PrivilegeAudit = {
  engine: 'sqlserver',
  queries: {
    server: {
      sql: `SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE') AS view_any_database,
  HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') AS view_server_state`,
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
      'VIEW SERVER STATE': server.view_server_state === 1,
      'SELECT ON msdb.dbo.log_shipping_secondary_databases': logShipping !== null,
    }
    const missing = wanted.filter((privilege) => held[privilege] !== true)
    return { missing: missing.map((privilege) => grant(privilege, username)) }
  },
}
