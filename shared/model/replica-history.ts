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
    .array(SharedDatabase.pick({ id: true, full: true, incremental: true, log: true }))
    .max(maxSharedDatabases),
})
export type ReplicaHistory = Readonly<z.infer<typeof ReplicaHistory>>
