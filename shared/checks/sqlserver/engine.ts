import { type Privilege, defineEngine } from '../framework/define-engine.ts'
import { tsql } from './languages.ts'
import { sqlServerNumbers, sqlServerProblems } from './problems.ts'
import { quoteName, quoteString } from './quote.ts'
import { roleWords } from './role.ts'
import { serviceSteps } from './service-steps.ts'
import { sqlServerSteps } from './steps.ts'

const grantOnServer =
  (permission: string): Privilege['grants'] =>
  (login) => [`USE [master]; GRANT ${permission} TO ${quoteName(login)};`]

/** A right on a table of msdb needs a user of the login there first. */
const mayRead = (table: string): Privilege => ({
  probe: `SELECT COUNT(*) AS seen FROM msdb.dbo.${table}`,
  grants: (login) => {
    const name = quoteName(login)
    return [
      `USE [msdb]; IF USER_ID(${quoteString(login)}) IS NULL CREATE USER ${name} FOR LOGIN ${name};`,
      `USE [msdb]; GRANT SELECT ON dbo.${table} TO ${name};`,
    ]
  },
})

/**
 * SQL Server. Permissions of the server: "HAS_PERMS_BY_NAME" in the Transact-SQL reference (1 granted, 0 not
 * granted, NULL no such permission). Since SQL Server 2022 the views of availability groups also take VIEW SERVER
 * PERFORMANCE STATE; VIEW SERVER STATE is granted nevertheless, because it covers the listeners of mirroring too, on
 * every version.
 */
export const sqlserver = defineEngine({
  name: 'sqlserver',
  title: 'SQL Server',
  script: tsql,
  languages: [],
  privileges: {
    'VIEW ANY DATABASE': {
      probe: "SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE') AS held",
      grants: grantOnServer('VIEW ANY DATABASE'),
    },
    'VIEW SERVER STATE': {
      probe: `SELECT CASE WHEN 1 IN (HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE'),
  HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE')) THEN 1 ELSE 0 END AS held`,
      grants: grantOnServer('VIEW SERVER STATE'),
    },
    'SELECT ON msdb.dbo.log_shipping_secondary_databases': mayRead('log_shipping_secondary_databases'),
  },
  problems: sqlServerProblems,
  numbers: sqlServerNumbers,
  steps: { ...sqlServerSteps, ...serviceSteps },
  words: roleWords,
})
