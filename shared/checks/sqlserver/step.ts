import { stepsFor } from '../framework/define-step.ts'

/** Permissions and fixed roles of SQL Server ("Permissions" of each statement, Transact-SQL reference). */
type Right =
  | 'sysadmin'
  | 'securityadmin'
  | 'dbcreator'
  | 'db_backupoperator'
  | 'CONTROL SERVER'
  | 'ALTER ANY DATABASE'
  | 'ALTER ANY CONNECTION'
  | 'ALTER ANY LOGIN'
  | 'VIEW SERVER STATE'
  | 'VIEW ANY DATABASE'
  | 'VIEW ANY DEFINITION'

/** Defines a step of SQL Server. */
export const step = stepsFor<Right>('sqlserver')

/** What the text and the command of most steps name. */
export type OfDatabase = Readonly<Record<'database', string>>
