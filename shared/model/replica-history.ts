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

export const knownElsewhere = (
  { id }: Pick<SharedDatabase, 'id'>,
  replicas: readonly ReplicaHistory[],
): ElsewhereKnown[] =>
  replicas.flatMap(({ asOf, databases }) => {
    const own = databases.find((each) => each.id === id)
    return own ? [{ ...own, asOf }] : []
  })

const msPerMinute = 60_000

/** How old it is at a time, ms, what a replica knew of that age then: minutes. */
export const ageAt = (age: number, { asOf }: Pick<ReplicaHistory, 'asOf'>, at: number): number =>
  age + Math.max(0, (at - Date.parse(asOf)) / msPerMinute)
