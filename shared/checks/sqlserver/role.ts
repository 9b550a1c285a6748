import type { Effect } from '../../model/finding.ts'
import { allOperations, type Operation } from '../../model/operation.ts'
import { availabilityRole } from './availability-role.ts'
import { type DatabaseFacts, type DatabaseRow, isSystemDatabase, stateOf } from './databases.ts'
import { type Role, roles } from './roles.ts'
import { rowsBy } from './rows-by.ts'

const shippedAs = rowsBy(({ name }: { readonly name: string }) => name)
const snapshotsBySource = rowsBy(({ source_database_id }: DatabaseRow) => source_database_id)

/**
 * Whether a `mirroring_role_desc` of null means that the database is not a mirror. Without an endpoint for mirroring,
 * whatever its state, there is no mirror on the instance. Of a mirror that is RESTORING only a sysadmin sees more than
 * null, and of one that is broken nobody does ("sys.database_mirroring").
 */
export const isNoMirror = (row: DatabaseRow, { server }: DatabaseFacts): boolean => {
  if (server.view_any_definition === true && server.mirroring_endpoints === 0) return true
  return server.is_sysadmin === true && row.state_desc === 'RESTORING'
}

/** Of a database that is not plainly ONLINE, and may be so because it waits for the log of its primary. */
const waitingRole = (row: DatabaseRow, facts: DatabaseFacts): Role => {
  const { logShipping } = facts
  if (logShipping === null) return 'unknown'
  if (shippedAs(logShipping, row.name).length > 0) return 'log-shipping-secondary'
  // Only secondaries of log shipping wait in STANDBY.
  return stateOf(row) === 'STANDBY' || isNoMirror(row, facts) ? 'standalone' : 'unknown'
}

/**
 * The role of a database, from what the login could read. Read before any rule: what is broken for a primary is normal
 * for a secondary. System databases are neither mirrored nor shipped ("Prerequisites, restrictions, and
 * recommendations for database mirroring").
 */
export const roleOf = (row: DatabaseRow, facts: DatabaseFacts): Role => {
  if (row.replica_id !== null) return availabilityRole(row, facts)
  switch (row.mirroring_role_desc) {
    case 'PRINCIPAL':
      return 'mirroring-principal'
    case 'MIRROR':
      return 'mirror'
    case null:
      return stateOf(row) === 'ONLINE' || isSystemDatabase(row) ? 'standalone' : waitingRole(row, facts)
    default:
      return 'mirroring-unknown'
  }
}

/** How many snapshots a database is the source of. */
export const snapshotsOf = (row: DatabaseRow, { databases }: DatabaseFacts): number =>
  snapshotsBySource(databases, row.database_id).length

/** Every role of a database: its own first, then those that it may have beside any. */
export const rolesOf = (row: DatabaseRow, facts: DatabaseFacts): readonly Role[] => {
  const shipsLogs = shippedAs(facts.logShippingPrimaries, row.name).length > 0
  return [
    roleOf(row, facts),
    ...(shipsLogs ? (['log-shipping-primary'] as const) : []),
    ...(snapshotsOf(row, facts) > 0 ? (['snapshot-source'] as const) : []),
  ]
}

/** What a role does to operations, as a finding says it. */
export const effectOf = (role: Role): Effect => {
  const { means } = roles[role]
  const those = (list: keyof Effect): Operation[] => allOperations.filter((each) => means[each] === list)
  return {
    blocks: those('blocks'),
    degrades: those('degrades'),
    obscures: those('obscures'),
    limits: those('limits'),
  }
}
