import type { DatabaseFacts, DatabaseRow } from './databases.ts'

/**
 * Part that a database plays. Read before any rule: what is broken for a `principal` is normal for a secondary.
 * `unknown`: the login may not see the views that would tell.
 */
export type Role =
  | 'principal'
  | 'ag-secondary'
  | 'ag-resolving'
  | 'mirror'
  | 'log-shipping-secondary'
  | 'unknown'

const availabilityRoles: Readonly<Record<string, Role>> = {
  PRIMARY: 'principal',
  SECONDARY: 'ag-secondary',
  RESOLVING: 'ag-resolving',
}

const availabilityRole = ({ database_id }: DatabaseRow, { replicas }: DatabaseFacts): Role => {
  const replica = replicas?.find((row) => row.database_id === database_id)
  return availabilityRoles[replica?.role_desc ?? ''] ?? 'unknown'
}

/** A log-shipping secondary waits for logs as RESTORING or read-only in standby. */
const looksShipped = ({ state_desc, is_in_standby }: DatabaseRow): boolean =>
  state_desc === 'RESTORING' || is_in_standby === true

/** The role of a database, from what the login could read. */
export const roleOf = (row: DatabaseRow, facts: DatabaseFacts): Role => {
  if (row.replica_id !== null) return availabilityRole(row, facts)
  if (row.mirroring_role_desc === 'MIRROR') return 'mirror'
  if (row.mirroring_role_desc !== null || !looksShipped(row)) return 'principal'
  if (facts.logShipping === null) return 'unknown'
  return facts.logShipping.some(({ name }) => name === row.name) ? 'log-shipping-secondary' : 'principal'
}

/** True for roles whose contents come from another server, so that nothing is to be changed here. */
export const isSecondary = (role: Role): boolean =>
  role === 'ag-secondary' || role === 'mirror' || role === 'log-shipping-secondary'
