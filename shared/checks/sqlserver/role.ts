import type { Vocabulary } from '../../model/message.ts'
import { type DatabaseFacts, type DatabaseRow, stateOf } from './databases.ts'

/**
 * Part that a database plays. Read before any rule: what is broken for a `principal` is normal for a secondary.
 * `unknown`: the login may not see what would tell.
 */
export type Role = keyof typeof roleWords

/** What the roles are called. */
export const roleWords = {
  principal: { en: 'principal', zh: '主体数据库' },
  'ag-secondary': { en: 'secondary of an availability group', zh: '可用性组的次要副本' },
  'ag-resolving': { en: 'resolving replica of an availability group', zh: '可用性组中正在解析的副本' },
  mirror: { en: 'mirror', zh: '镜像数据库' },
  'log-shipping-secondary': { en: 'secondary of log shipping', zh: '日志传送的辅助数据库' },
  unknown: { en: 'unknown', zh: '未知' },
} as const satisfies Vocabulary

/** In a distributed availability group a replica has a role in two groups, and is the primary only as one in both. */
const availabilityRole = ({ database_id }: DatabaseRow, { replicas }: DatabaseFacts): Role => {
  const own = (replicas ?? []).filter((replica) => replica.database_id === database_id)
  const seen = new Set(own.map(({ role_desc }) => role_desc))
  if (seen.has('RESOLVING')) return 'ag-resolving'
  if (seen.has('SECONDARY')) return 'ag-secondary'
  return seen.size === 1 && seen.has('PRIMARY') ? 'principal' : 'unknown'
}

/**
 * Whether a `mirroring_role_desc` of null means that the database is not a mirror. To anyone but a sysadmin a mirror
 * shows null too ("sys.database_mirroring"); without a listener for mirroring there is no mirror on the instance.
 */
export const seesMirrors = ({ server, mirroring }: DatabaseFacts): boolean =>
  server.is_sysadmin === true || mirroring?.listeners === 0

/** Mirrors and log-shipping secondaries wait for logs as RESTORING; only the latter in standby. */
const waitingRole = (row: DatabaseRow, facts: DatabaseFacts): Role => {
  const { logShipping } = facts
  if (logShipping === null) return 'unknown'
  if (logShipping.some(({ name }) => name === row.name)) return 'log-shipping-secondary'
  return stateOf(row) === 'STANDBY' || seesMirrors(facts) ? 'principal' : 'unknown'
}

/** The role of a database, from what the login could read. */
export const roleOf = (row: DatabaseRow, facts: DatabaseFacts): Role => {
  if (row.replica_id !== null) return availabilityRole(row, facts)
  if (row.mirroring_role_desc !== null) return row.mirroring_role_desc === 'MIRROR' ? 'mirror' : 'principal'
  const isWaiting = row.state_desc === 'RESTORING' || row.is_in_standby === true
  return isWaiting ? waitingRole(row, facts) : 'principal'
}

/** True for roles whose contents come from another server, so that nothing must be changed here. */
export const isSecondary = (role: Role): boolean =>
  role === 'ag-secondary' || role === 'mirror' || role === 'log-shipping-secondary'
