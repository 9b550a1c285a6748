import * as z from 'zod'
import { InstanceId } from './instance.ts'
import { GroupId, SharedDatabase, maxSharedDatabases } from './shared-database.ts'

/** What a registered replica knew of the backups of a group when a precheck looked. */
export const ReplicaHistory = z.strictObject({
  groupId: GroupId,
  instanceId: InstanceId,
  /** UTC. */
  asOf: z.iso.datetime(),
  databases: z
    .array(SharedDatabase.omit({ groupId: true, name: true, gaps: true, open: true, wantedBase: true }))
    .max(maxSharedDatabases),
})
export type ReplicaHistory = Readonly<z.infer<typeof ReplicaHistory>>

/** What other replicas know of a database. */
export type ElsewhereKnown = Readonly<ReplicaHistory['databases'][number]> & Pick<ReplicaHistory, 'asOf'>

/**
 * What other replicas know of the same database. Of one on another recovery fork, which a failover with loss of data
 * has left, nothing counts; where a fork is not known, places in the log say nothing, since two forks use the same
 * numbers ("Recovery Paths", SQL Server manual).
 */
export const knownElsewhere = (
  { id, fork }: Pick<SharedDatabase, 'id' | 'fork'>,
  replicas: readonly ReplicaHistory[],
): ElsewhereKnown[] =>
  replicas.flatMap(({ asOf, databases }) => {
    const theirs = databases.find((each) => each.id === id)
    if (!theirs) return []
    if (fork !== undefined && theirs.fork !== undefined) {
      return theirs.fork === fork ? [{ ...theirs, asOf }] : []
    }
    const { logs: _, baseLsn: __, base: ___, ...ages } = theirs
    return [{ ...ages, asOf }]
  })

const msPerMinute = 60_000

/** How old it is at a time, ms, what a replica knew of that age then: minutes. */
export const ageAt = (age: number, { asOf }: Pick<ReplicaHistory, 'asOf'>, at: number): number =>
  age + Math.max(0, (at - Date.parse(asOf)) / msPerMinute)
