import { type DatabaseFacts, type DatabaseRow, majorVersionOf } from './databases.ts'
import type { Role } from './roles.ts'
import { rowsBy } from './rows-by.ts'

type Replica = NonNullable<DatabaseFacts['replicas']>[number]
type Group = NonNullable<DatabaseFacts['groups']>[number]

/** SQL Server 2016 brought basic and distributed groups. */
const firstWithKinds = 13

/** Secondaries of SQL Server 2025 also take full backups that are not copies, and differential ones. */
const firstWithSecondaryDifferential = 17

/** EngineEdition of Enterprise, Developer and Evaluation. */
const enterprise = 3

const replicasByDatabase = rowsBy(({ database_id }: Replica) => database_id)

/** The rows of a database on this server, one for each group that it is in. */
export const replicasOf = ({ database_id }: DatabaseRow, { replicas }: DatabaseFacts): readonly Replica[] =>
  replicasByDatabase(replicas, database_id)

/** What is known of the kind of a group; null: not enough to tell what its replicas take. */
interface Kind {
  readonly isBasic: boolean
  /** Roles of the group in the distributed groups that it is part of. */
  readonly distributedRoles: readonly string[]
}

const kindOf = (own: readonly Group[], others: readonly Replica[]): Kind | null => {
  const roles = [
    ...own.flatMap((group) => (group.distributed_group === null ? [] : [group.distributed_role_desc])),
    ...others.map(({ role_desc }) => role_desc),
  ]
  const isBasic = own.map(({ basic_features }) => basic_features)
  if (own.length === 0 || isBasic.includes(null)) return null
  const distributedRoles = roles.filter((role) => role === 'PRIMARY' || role === 'SECONDARY')
  return distributedRoles.length === roles.length
    ? { isBasic: isBasic.includes(true), distributedRoles }
    : null
}

const roleOfKind = (isPrimary: boolean, { isBasic, distributedRoles }: Kind, facts: DatabaseFacts): Role => {
  const isBehind = distributedRoles.includes('SECONDARY')
  if (isPrimary) return isBehind ? 'ag-forwarder' : 'ag-primary'
  if (isBehind) return 'ag-secondary-behind-forwarder'
  if (isBasic) return 'ag-secondary-basic'
  const takesAll =
    facts.server.engine_edition === enterprise && majorVersionOf(facts) >= firstWithSecondaryDifferential
  return takesAll ? 'ag-secondary-full-support' : 'ag-secondary'
}

/**
 * The role of a database in availability groups, those that are distributed included. A secondary replica does not
 * show whether its group is part of a distributed one unless the server says so ("Distributed availability groups").
 */
export const availabilityRole = (row: DatabaseRow, facts: DatabaseFacts): Role => {
  const mine = replicasOf(row, facts)
  const seen = new Set(mine.map(({ role_desc }) => role_desc))
  if (seen.has('RESOLVING')) return 'ag-resolving'
  if (mine.length === 0 || ![...seen].every((role) => role === 'PRIMARY' || role === 'SECONDARY'))
    return 'unknown'
  if (majorVersionOf(facts) < firstWithKinds) {
    return roleOfKind(!seen.has('SECONDARY'), { isBasic: false, distributedRoles: [] }, facts)
  }
  const groups = facts.groups ?? []
  const isOrdinary = ({ group_id }: Replica) => groups.some((group) => group.group_id === group_id)
  const ordinary = mine.filter(isOrdinary)
  const own = groups.filter(({ group_id }) => ordinary.some((replica) => replica.group_id === group_id))
  const kind = kindOf(
    own,
    mine.filter((replica) => !isOrdinary(replica)),
  )
  if (kind === null) return 'ag-of-unknown-kind'
  return roleOfKind(
    ordinary.every(({ role_desc }) => role_desc === 'PRIMARY'),
    kind,
    facts,
  )
}

/** How the copy of a database on a secondary replica follows its primary. */
export interface Following extends Pick<Replica, 'synchronization_state_desc' | 'is_suspended'> {
  readonly verdict: 'follows' | 'stopped' | 'unknown'
}

/** What each `synchronization_state_desc` means ("sys.dm_hadr_database_replica_states"); another word means nothing. */
const movements: ReadonlyMap<string | null, Following['verdict']> = new Map([
  ['SYNCHRONIZED', 'follows'],
  ['SYNCHRONIZING', 'follows'],
  ['NOT SYNCHRONIZING', 'stopped'],
  ['REVERTING', 'stopped'],
  ['INITIALIZING', 'stopped'],
])

const judgeCopy = ({ synchronization_state_desc, is_suspended }: Replica): Following => {
  const verdict = (): Following['verdict'] => {
    if (is_suspended) return 'stopped'
    const moves = movements.get(synchronization_state_desc) ?? 'unknown'
    return is_suspended === null && moves === 'follows' ? 'unknown' : moves
  }
  return { synchronization_state_desc, is_suspended, verdict: verdict() }
}

/** The worst of its copies on this server, where it is in several groups; null where there is none to follow. */
export const followingOf = (row: DatabaseRow, facts: DatabaseFacts): Following | null => {
  const copies = replicasOf(row, facts)
    .filter(({ role_desc }) => role_desc === 'SECONDARY')
    .map(judgeCopy)
  const worst = (['stopped', 'unknown', 'follows'] as const).map((verdict) =>
    copies.find((copy) => copy.verdict === verdict),
  )
  return worst.find((copy) => copy !== undefined) ?? null
}
