import type { Target } from '../../model/instance.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { type DatabaseFacts, type DatabaseRow, stateOf, systemDatabases } from './databases.ts'
import { sqlserver } from './engine.ts'
import { tsql } from './languages.ts'
import { quoteString } from './quote.ts'
import { seesMirrors } from './role.ts'
import { sqlServerSteps as steps } from './steps.ts'

/** Gives the login of the registration a privilege. */
export const grant = (
  privilege: keyof typeof sqlserver.privileges,
  { definition }: Target,
): RemediationStep[] => {
  const login = definition.connection.credential.username
  return sqlserver.privileges[privilege]
    .grants(login)
    .map((statement) => steps.grant({ privilege, login, statement }))
}

const verifyState = (name: string): Remediation['verify'] => ({
  language: tsql.name,
  query: `SELECT name, state_desc, user_access_desc FROM sys.databases WHERE name = ${quoteString(name)};`,
})

/** For OFFLINE: somebody took it offline on purpose or forgot it. */
export const setOnline = (database: string): Remediation => ({
  steps: [steps.setOnline({ database })],
  verify: verifyState(database),
  changes: { state_desc: 'ONLINE' },
})

/** For RESTORING and STANDBY of a database that is not a secondary. */
export const recover = (database: string): Remediation => ({
  steps: [steps.confirmLastRestore({}), steps.recover({ database })],
  verify: verifyState(database),
  changes: { state_desc: 'ONLINE', is_in_standby: false },
})

/** For RECOVERY_PENDING: the data is usually intact, and a file cannot be opened. */
export const fixFile = (database: string): Remediation => ({
  steps: [steps.readErrorLog({ database }), steps.mendFile({}), steps.setOnline({ database })],
  verify: verifyState(database),
  changes: { state_desc: 'ONLINE' },
})

/** For SUSPECT and EMERGENCY. Never a repair that drops data: damage is fixed by a restore. */
export const restoreDamaged = (database: string): Remediation => ({
  steps: [steps.readErrorLog({ database }), steps.fixOrRestore({})],
  verify: verifyState(database),
  changes: { state_desc: 'ONLINE' },
})

/** For what is or may be a broken secondary: nothing must be changed here, its contents come from the primary. */
export const seedAgain = (database: string): Remediation => ({
  steps: [steps.readErrorLog({ database }), steps.fixOrSeedAgain({})],
  verify: verifyState(database),
  // Online is normal for one secondary, RESTORING for another.
  changes: {},
})

/** For SINGLE_USER. */
export const setMultiUser = (database: string): Remediation => ({
  steps: [steps.setMultiUser({ database })],
  verify: verifyState(database),
  changes: { user_access_desc: 'MULTI_USER' },
})

/** For a replica that is RESOLVING: it waits for the cluster, and nothing in the database fixes that. */
export const bringGroupBack = (name: string): Remediation => ({
  steps: [steps.showGroups({}), steps.restoreQuorum({})],
  verify: {
    language: tsql.name,
    query: `SELECT r.role_desc FROM sys.dm_hadr_availability_replica_states AS r JOIN sys.databases AS d ON d.replica_id = r.replica_id WHERE d.name = ${quoteString(name)};`,
  },
  // Whether this replica becomes the primary is for the cluster or its administrator to decide.
  changes: {},
})

/** For a required database that does not exist: somebody has to decide whether it should. */
export const restoreOrForget = (name: string): Remediation => ({
  steps: [steps.restoreOrForget({})],
  verify: verifyState(name),
  changes: {},
})

/** What the login does not have yet to see the role of the database. */
export const determineRole = (
  row: DatabaseRow,
  facts: DatabaseFacts,
  { target }: CheckContext,
): Remediation => {
  const ofGroup = () =>
    facts.replicas === null ? grant('VIEW SERVER STATE', target) : [steps.lookAtGroup({})]
  const ofMirroring = () => {
    if (seesMirrors(facts)) return []
    if (facts.mirroring === null) return grant('VIEW SERVER STATE', target)
    return [steps.lookAsSysadmin({}), steps.showMirroringRole({ database: row.name })]
  }
  const ofLogShipping = () => {
    if (facts.logShipping !== null) return []
    const msdb = facts.databases.find(({ database_id }) => database_id === systemDatabases.msdb)
    return msdb && stateOf(msdb) !== 'ONLINE'
      ? [steps.bringMsdbOnline({ state: stateOf(msdb) })]
      : grant('SELECT ON msdb.dbo.log_shipping_secondary_databases', target)
  }
  return {
    steps: row.replica_id === null ? [...ofMirroring(), ...ofLogShipping()] : ofGroup(),
    verify: { language: tsql.name, query: "SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE');" },
    changes: {},
  }
}
