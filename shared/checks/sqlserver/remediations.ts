import type { Evidence } from '../../model/evidence.ts'
import type { Target } from '../../model/instance.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { type DatabaseFacts, type DatabaseRow, stateOf, systemDatabases } from './databases.ts'
import { sqlserver } from './engine.ts'
import { tsql } from './languages.ts'
import { quoteString } from './quote.ts'
import type { sessionProblems } from './problems/session.ts'
import { isNoMirror } from './role.ts'
import { roleSteps as ofRole } from './role-steps.ts'
import { type Role, roles } from './roles.ts'
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

/** A file for a backup of the database, in the directory that the server has for backups. */
export const backupFile = (database: string, suffix: string): string =>
  `${database.replaceAll(/[^\p{L}\p{N}_-]/gu, '_')}_${suffix}`

/** For OFFLINE: somebody took it offline on purpose or forgot it. */
export const setOnline = ({ name: database }: DatabaseRow): Remediation => ({
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

/** For RESTORING of what RESTORE does not touch: the primary of a group, the principal of a mirror. */
export const takeOut = (database: string): Remediation => ({
  steps: [steps.readErrorLog({ database }), ofRole.takeOut({})],
  verify: verifyState(database),
  // What became of the primary decides whether it is taken out at all.
  changes: {},
})

/** For RECOVERY_PENDING: the data is usually intact, and recovery could not begin. */
export const mendFile = ({ name: database }: DatabaseRow): Remediation => ({
  steps: [steps.readErrorLog({ database }), steps.mendFile({}), steps.setOnline({ database })],
  verify: verifyState(database),
  changes: { state_desc: 'ONLINE' },
})

/** The log of a SIMPLE database cannot be backed up. */
const tailOf = ({ name: database, recovery_model_desc }: DatabaseRow): RemediationStep[] =>
  recovery_model_desc === 'SIMPLE'
    ? []
    : [steps.backUpTail({ database, file: backupFile(database, 'tail.trn') })]

/** Restores over the database, which its role may forbid until it is taken out. */
const restoreOver = (role: Role): RemediationStep[] => [
  ...(roles[role].means.restore === 'limits' ? [ofRole.takeOut({})] : []),
  steps.restoreLastGood({}),
]

/** For SUSPECT. Never a repair that drops data: damage is fixed by a restore, and the tail of the log is saved before. */
export const restoreSuspect = (row: DatabaseRow, role: Role): Remediation => ({
  steps: [
    steps.readErrorLog({ database: row.name }),
    ...tailOf(row),
    steps.mendCause({}),
    steps.setOnline({ database: row.name }),
    ...restoreOver(role),
  ],
  verify: verifyState(row.name),
  changes: { state_desc: 'ONLINE' },
})

/** For EMERGENCY, which an administrator set: what is sound comes online again as it is. */
export const leaveEmergency = (row: DatabaseRow, role: Role): Remediation => ({
  steps: [
    steps.readErrorLog({ database: row.name }),
    steps.checkDatabase({ database: row.name }),
    steps.setOnlineIfSound({ database: row.name }),
    ...tailOf(row),
    ...restoreOver(role),
  ],
  verify: verifyState(row.name),
  changes: { state_desc: 'ONLINE' },
})

/** For a broken secondary: nothing must be changed here, its contents come from the primary. */
export const seedAgain = ({ name: database }: DatabaseRow): Remediation => ({
  steps: [steps.readErrorLog({ database }), steps.fixOrSeedAgain({})],
  verify: verifyState(database),
  // Online is normal for one secondary, RESTORING for another.
  changes: {},
})

/** For what becomes ready by itself, which `changes` shows. */
export const waitUntilReady = ({ name: database }: DatabaseRow, changes: Evidence): Remediation => ({
  steps: [steps.readErrorLog({ database }), steps.waitForRecovery({})],
  verify: {
    language: tsql.name,
    query: `SELECT name, state_desc, collation_name FROM sys.databases WHERE name = ${quoteString(database)};`,
  },
  changes,
})

/** For SINGLE_USER, whose only session is that of somebody else. */
export const setMultiUser = (database: string): Remediation => ({
  steps: [steps.showSessions({ database }), steps.endSession({}), steps.setMultiUser({ database })],
  verify: verifyState(database),
  changes: { user_access_desc: 'MULTI_USER' },
})

/** For a replica that is RESOLVING: it waits for the cluster, and nothing in the database fixes that. */
export const bringGroupBack = (name: string): Remediation => ({
  steps: [ofRole.showGroups({}), ofRole.restoreQuorum({})],
  verify: {
    language: tsql.name,
    query: `SELECT r.role_desc FROM sys.dm_hadr_availability_replica_states AS r JOIN sys.databases AS d ON d.replica_id = r.replica_id WHERE d.name = ${quoteString(name)};`,
  },
  // Whether this replica becomes the primary is for the cluster or its administrator to decide.
  changes: {},
})

/** For a secondary whose data movement stopped: it goes on by itself unless somebody, or an error, suspended it. */
export const resumeMovement = (database: string, isSuspended: boolean | null): Remediation => ({
  steps: [
    ofRole.showMovement({ database }),
    ...(isSuspended
      ? [steps.readErrorLog({ database }), ofRole.resumeMovement({ database })]
      : [ofRole.showGroups({}), ofRole.connectPrimary({})]),
  ],
  verify: {
    language: tsql.name,
    query: `SELECT synchronization_state_desc, is_suspended FROM sys.dm_hadr_database_replica_states WHERE is_local = 1 AND database_id = DB_ID(${quoteString(database)});`,
  },
  changes: { is_suspended: false, synchronization_state_desc: 'SYNCHRONIZING' },
})

/** For a primary of log shipping: who takes its log backups is to be decided. */
export const oneLogBackup = (database: string): Remediation => ({
  steps: [ofRole.showLogShipping({ database }), ofRole.oneLogBackup({})],
  verify: null,
  changes: {},
})

/** For a database with snapshots: somebody may need them. */
export const decideOnSnapshots = (database: string): Remediation => ({
  steps: [ofRole.showSnapshots({ database }), ofRole.dropSnapshots({})],
  verify: null,
  changes: {},
})

/** For a required database that does not exist: somebody has to decide whether it should. */
export const restoreOrForget = (name: string): Remediation => ({
  steps: [steps.restoreOrForget({})],
  verify: verifyState(name),
  changes: {},
})

const tablesOfLogShipping = {
  logShipping: 'SELECT ON msdb.dbo.log_shipping_secondary_databases',
  logShippingPrimaries: 'SELECT ON msdb.dbo.log_shipping_primary_databases',
} as const

/** Problems that no right helps against: what another session has locked, and a server without resources. */
const hindrances: readonly string[] = [
  'SQLSERVER_LOCK_TIMED_OUT',
  'SQLSERVER_STATEMENT_INTERRUPTED',
  'SQLSERVER_RESOURCES_EXHAUSTED',
] satisfies readonly (keyof typeof sessionProblems)[]

/** Lets the service read what msdb says of log shipping. */
export const readLogShipping = (facts: DatabaseFacts, { target }: CheckContext): RemediationStep[] => {
  const msdb = facts.databases.find(({ database_id }) => database_id === systemDatabases.msdb)
  if (msdb && stateOf(msdb) !== 'ONLINE') return [steps.bringMsdbOnline({ state: stateOf(msdb) })]
  const unread = (['logShipping', 'logShippingPrimaries'] as const).filter((part) => facts[part] === null)
  const isHindered = unread.some((part) => hindrances.includes(facts.refusals[part] ?? ''))
  return isHindered
    ? [steps.showLocks({ database: 'msdb' }), steps.askAgain({})]
    : unread.flatMap((part) => grant(tablesOfLogShipping[part], target))
}

/** What the login does not have yet to see the kind and the roles of the groups of a database. */
const readGroups = (facts: DatabaseFacts, target: Target): RemediationStep[] => {
  const missing = [
    ...(facts.replicas === null ? grant('VIEW SERVER STATE', target) : []),
    ...(facts.server.view_any_definition === true ? [] : grant('VIEW ANY DEFINITION', target)),
  ]
  return missing.length > 0 ? missing : [ofRole.lookAtGroup({})]
}

/** What the login does not have yet to see whether a database is a mirror. */
const readMirroring = (row: DatabaseRow, facts: DatabaseFacts, target: Target): RemediationStep[] => {
  const show = ofRole.showMirroringRole({ database: row.name })
  if (row.mirroring_role_desc !== null) return [show]
  if (isNoMirror(row, facts)) return []
  if (facts.server.view_any_definition !== true) return grant('VIEW ANY DEFINITION', target)
  return [ofRole.lookAsSysadmin({}), show]
}

/** How the role of a database becomes known. */
const knowingRole = (row: DatabaseRow, facts: DatabaseFacts, context: CheckContext): RemediationStep[] => {
  if (row.replica_id !== null) return readGroups(facts, context.target)
  return [
    ...readMirroring(row, facts, context.target),
    ...(facts.logShipping === null ? readLogShipping(facts, context) : []),
  ]
}

/** For a database of unknown role. */
export const determineRole = (
  row: DatabaseRow,
  facts: DatabaseFacts,
  context: CheckContext,
): Remediation => ({
  steps: knowingRole(row, facts, context),
  verify: {
    language: tsql.name,
    query:
      "SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') AS server_state, HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION') AS any_definition;",
  },
  changes: {},
})

/** For what is broken and may be a secondary: how it came about, what would tell its role, and no change. */
export const seedAgainOnceKnown = (
  row: DatabaseRow,
  facts: DatabaseFacts,
  context: CheckContext,
): Remediation => {
  const { steps: again, ...rest } = seedAgain(row)
  return { ...rest, steps: [...knowingRole(row, facts, context), ...again] }
}
