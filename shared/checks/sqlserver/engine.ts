import { type Privilege, defineEngine } from '../framework/define-engine.ts'
import { tsql } from './languages.ts'
import { sqlServerNumbers, sqlServerProblems } from './problems.ts'
import { quoteName, quoteString } from './quote.ts'
import { roleWords } from './roles.ts'

const grantOnServer =
  (permission: string): Privilege['grants'] =>
  (login) => [`USE [master]; GRANT ${permission} TO ${quoteName(login)};`]

/** A right on a table of msdb, which may have any number of rows, needs a user of the login there first. */
const mayRead = (table: string): Privilege => ({
  probe: `SELECT TOP (1) 1 AS seen FROM msdb.dbo.${table}`,
  grants: (login) => {
    const name = quoteName(login)
    return [
      `USE [msdb]; IF USER_ID(${quoteString(login)}) IS NULL CREATE USER ${name} FOR LOGIN ${name};`,
      `USE [msdb]; GRANT SELECT ON dbo.${table} TO ${name};`,
    ]
  },
})

const ofServer = (permission: string): Privilege => ({
  probe: `SELECT HAS_PERMS_BY_NAME(NULL, NULL, '${permission}') AS held`,
  grants: grantOnServer(permission),
})

/**
 * What the views of the server ask for: VIEW SERVER STATE, or since SQL Server 2022 the half of it that a view belongs
 * to ("System dynamic management views"). Older servers do not know the halves, so that the whole is granted.
 */
const serverState = (half: 'VIEW SERVER PERFORMANCE STATE' | 'VIEW SERVER SECURITY STATE'): Privilege => ({
  probe: `SELECT CASE WHEN 1 IN (HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE'),
  HAS_PERMS_BY_NAME(NULL, NULL, '${half}')) THEN 1 ELSE 0 END AS held`,
  grants: grantOnServer('VIEW SERVER STATE'),
})

/**
 * SQL Server. Permissions of the server: "HAS_PERMS_BY_NAME" in the Transact-SQL reference (1 granted, 0 not
 * granted, NULL no such permission). VIEW SERVER STATE is for the views of availability groups and of what runs,
 * VIEW SERVER SECURITY STATE for those of services and of encryption. VIEW ANY DEFINITION is for the files of
 * databases, the kinds of availability groups and the endpoint of mirroring.
 */
export const sqlserver = defineEngine({
  name: 'sqlserver',
  title: 'SQL Server',
  script: tsql,
  languages: [],
  privileges: {
    'VIEW ANY DATABASE': ofServer('VIEW ANY DATABASE'),
    'VIEW ANY DEFINITION': ofServer('VIEW ANY DEFINITION'),
    'VIEW SERVER STATE': serverState('VIEW SERVER PERFORMANCE STATE'),
    'VIEW SERVER SECURITY STATE': serverState('VIEW SERVER SECURITY STATE'),
    'SELECT ON msdb.dbo.log_shipping_primary_databases': mayRead('log_shipping_primary_databases'),
    'SELECT ON msdb.dbo.log_shipping_secondary_databases': mayRead('log_shipping_secondary_databases'),
    'SELECT ON msdb.dbo.backupset': mayRead('backupset'),
    'SELECT ON msdb.dbo.suspect_pages': mayRead('suspect_pages'),
    'SELECT ON msdb.dbo.backupmediafamily': mayRead('backupmediafamily'),
  },
  problems: sqlServerProblems,
  numbers: sqlServerNumbers,
  words: roleWords,
})
