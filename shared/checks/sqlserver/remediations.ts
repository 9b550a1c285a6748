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

/** For RESTORING and STANDBY of what is no secondary. Recovery ends the restore sequence for good. */
export const recover = (name: string): Remediation => ({
  steps: [
    byHand('Make sure that no more backups are to be restored into it: after the next step none can be.'),
    {
      language: 'tsql',
      command: `RESTORE DATABASE ${quoteName(name)} WITH RECOVERY;`,
      risk: 'data-loss',
    },
  ],
  verify: verifyState(name),
})

/** For RECOVERY_PENDING: the data is usually whole, and a file is not to be had. */
export const mendFile = (name: string): Remediation => ({
  steps: [
    readErrorLog(name),
    byHand('Put the missing file back or mend its permissions.'),
    ...setOnline(name).steps,
  ],
  verify: verifyState(name),
})

/** For SUSPECT and EMERGENCY. Never a repair that drops data: damage is mended by a restore. */
export const restoreDamaged = (name: string): Remediation => ({
  steps: [
    readErrorLog(name),
    {
      language: 'manual',
      command:
        'Mend the cause that the error log names; restore the database from its last good backup if it is damaged.',
      risk: 'downtime',
    },
  ],
  verify: verifyState(name),
})

/** For what is or may be a broken secondary: nothing is to be altered here, its contents come from the primary. */
export const seedAgain = (name: string): Remediation => ({
  steps: [
    readErrorLog(name),
    byHand(
      'Mend the cause that the error log names; if it is a secondary and stays broken, set it up again from its primary.',
    ),
  ],
  verify: verifyState(name),
})

/** For SINGLE_USER. */
export const setMultiUser = (name: string): Remediation => ({
  steps: [tsql(`ALTER DATABASE ${quoteName(name)} SET MULTI_USER;`)],
  verify: verifyState(name),
})

const lookAtGroup = byHand('Look at the availability group: its replica on this server shows no role.')

/** For a replica that is RESOLVING: it waits for the cluster, and nothing in the database mends that. */
export const bringGroupBack = (name: string): Remediation => ({
  steps: [
    tsql(
      'SELECT g.name, s.primary_replica, s.synchronization_health_desc FROM sys.dm_hadr_availability_group_states AS s JOIN sys.availability_groups AS g ON g.group_id = s.group_id;',
    ),
    byHand(
      'Bring the cluster back to quorum and the primary replica online. If that replica is lost, fail the group over on a synchronized secondary.',
    ),
  ],
  verify: {
    language: 'tsql',
    query: `SELECT r.role_desc FROM sys.dm_hadr_availability_replica_states AS r JOIN sys.databases AS d ON d.replica_id = r.replica_id WHERE d.name = ${quoteString(name)};`,
  },
})

/** For a database that the registration requires and that is not there. */
export const restoreOrForget = (name: string): Remediation => ({
  steps: [
    byHand('Restore or attach the database, or take its name out of requiredDatabases of the registration.'),
  ],
  verify: verifyState(name),
})

const lookAsSysadmin = (name: string): RemediationStep[] => [
  byHand(
    'Only a sysadmin sees whether a database is a mirror: run the next query as one, or give the registration such a login.',
  ),
  tsql(
    `SELECT mirroring_role_desc FROM sys.database_mirroring WHERE database_id = DB_ID(${quoteString(name)});`,
  ),
]

/** What the login needs to see the role of the database, as far as it lacks it. */
export const settleRole = (row: DatabaseRow, facts: DatabaseFacts, { target }: CheckContext): Remediation => {
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
