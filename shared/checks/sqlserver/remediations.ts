import type { Target } from '../../model/instance.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import type { CheckContext } from '../framework/define-check.ts'
import type { DatabaseFacts, DatabaseRow } from './databases.ts'
import { sqlserver } from './engine.ts'
import { quoteName, quoteString } from './quote.ts'
import { seesMirrors } from './role.ts'

const tsql = (command: string): RemediationStep => ({ language: 'tsql', command, risk: 'online' })
const byHand = (command: string): RemediationStep => ({ language: 'manual', command, risk: 'online' })

/** Gives the login of the registration a privilege. */
export const grant = (
  privilege: keyof typeof sqlserver.privileges,
  { definition }: Target,
): RemediationStep[] =>
  sqlserver.privileges[privilege].grants(definition.connection.credential.username).map(tsql)

const verifyState = (name: string): Remediation['verify'] => ({
  language: 'tsql',
  query: `SELECT name, state_desc, user_access_desc FROM sys.databases WHERE name = ${quoteString(name)};`,
})

const readErrorLog = (name: string): RemediationStep =>
  tsql(`EXEC sys.sp_readerrorlog 0, 1, ${quoteString(name)};`)

/** For OFFLINE: somebody took it offline on purpose or forgot it. */
export const setOnline = (name: string): Remediation => ({
  steps: [tsql(`ALTER DATABASE ${quoteName(name)} SET ONLINE;`)],
  verify: verifyState(name),
})

/** For RESTORING and STANDBY of a database that is not a secondary. Recovery ends the restore sequence for good. */
export const recover = (name: string): Remediation => ({
  steps: [
    byHand('Make sure that no further backups need to be restored: after the next step, none can be.'),
    {
      language: 'tsql',
      command: `RESTORE DATABASE ${quoteName(name)} WITH RECOVERY;`,
      risk: 'data-loss',
    },
  ],
  verify: verifyState(name),
})

/** For RECOVERY_PENDING: the data is usually intact, and a file cannot be opened. */
export const fixFile = (name: string): Remediation => ({
  steps: [
    readErrorLog(name),
    byHand('Restore the missing file or fix its permissions.'),
    ...setOnline(name).steps,
  ],
  verify: verifyState(name),
})

/** For SUSPECT and EMERGENCY. Never a repair that drops data: damage is fixed by a restore. */
export const restoreDamaged = (name: string): Remediation => ({
  steps: [
    readErrorLog(name),
    {
      language: 'manual',
      command:
        'Fix the cause that the error log names. If the database is damaged, restore it from its last good backup.',
      risk: 'downtime',
    },
  ],
  verify: verifyState(name),
})

/** For what is or may be a broken secondary: nothing must be changed here, its contents come from the primary. */
export const seedAgain = (name: string): Remediation => ({
  steps: [
    readErrorLog(name),
    byHand(
      'Fix the cause that the error log names. If the database is a secondary and does not recover, set it up again from its primary.',
    ),
  ],
  verify: verifyState(name),
})

/** For SINGLE_USER. */
export const setMultiUser = (name: string): Remediation => ({
  steps: [tsql(`ALTER DATABASE ${quoteName(name)} SET MULTI_USER;`)],
  verify: verifyState(name),
})

const lookAtGroup = byHand('Check the availability group: its replica on this server reports no role.')

/** For a replica that is RESOLVING: it waits for the cluster, and nothing in the database fixes that. */
export const bringGroupBack = (name: string): Remediation => ({
  steps: [
    tsql(
      'SELECT g.name, s.primary_replica, s.synchronization_health_desc FROM sys.dm_hadr_availability_group_states AS s JOIN sys.availability_groups AS g ON g.group_id = s.group_id;',
    ),
    byHand(
      'Restore the quorum of the cluster and bring the primary replica online. If that replica is lost, fail the group over to a synchronized secondary.',
    ),
  ],
  verify: {
    language: 'tsql',
    query: `SELECT r.role_desc FROM sys.dm_hadr_availability_replica_states AS r JOIN sys.databases AS d ON d.replica_id = r.replica_id WHERE d.name = ${quoteString(name)};`,
  },
})

/** For a required database that does not exist. */
export const restoreOrForget = (name: string): Remediation => ({
  steps: [
    byHand('Restore or attach the database, or remove its name from requiredDatabases in the registration.'),
  ],
  verify: verifyState(name),
})

const lookAsSysadmin = (name: string): RemediationStep[] => [
  byHand(
    'Only a sysadmin can see whether a database is a mirror: run the next query as sysadmin, or register the instance with such a login.',
  ),
  tsql(
    `SELECT mirroring_role_desc FROM sys.database_mirroring WHERE database_id = DB_ID(${quoteString(name)});`,
  ),
]

/** What the login does not have yet to see the role of the database. */
export const determineRole = (
  row: DatabaseRow,
  facts: DatabaseFacts,
  { target }: CheckContext,
): Remediation => {
  const ofGroup = () => (facts.replicas === null ? grant('VIEW SERVER STATE', target) : [lookAtGroup])
  const ofMirroring = () => {
    if (seesMirrors(facts)) return []
    return facts.mirroring === null ? grant('VIEW SERVER STATE', target) : lookAsSysadmin(row.name)
  }
  const ofLogShipping = () =>
    facts.logShipping === null ? grant('SELECT ON msdb.dbo.log_shipping_secondary_databases', target) : []
  return {
    steps: row.replica_id === null ? [...ofMirroring(), ...ofLogShipping()] : ofGroup(),
    verify: { language: 'tsql', query: "SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE');" },
  }
}
