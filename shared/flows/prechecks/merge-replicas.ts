import { withReplicas } from '../../checks/with-replicas.ts'
import type { ItemResult } from '../../model/item-result.ts'
import type { RunningPrecheck } from '../../model/precheck.ts'
import type { ReplicaHistory } from '../../model/replica-history.ts'
import type { SharedDatabase } from '../../model/shared-database.ts'
import type { ReplicaHistories } from '../../ports/replica-histories.ts'

/** Replicas that an availability group may have, far more than SQL Server lets it ("Prerequisites", Always On). */
const maxReplicas = 100

type Histories = Pick<ReplicaHistories, 'list' | 'update'>

/** Keeps what this replica knows of a group, unless something younger is kept, and gives what the others do. */
const shareGroup = async (
  histories: Histories,
  { instanceId, startedAt }: RunningPrecheck,
  groupId: string,
  databases: readonly SharedDatabase[],
): Promise<readonly ReplicaHistory[]> => {
  const own: ReplicaHistory = {
    groupId,
    instanceId,
    asOf: startedAt,
    databases: databases.map(({ id, full, incremental, log }) => ({ id, full, incremental, log })),
  }
  await histories.update([groupId, instanceId], (known) =>
    known && known.asOf >= startedAt ? { value: null } : { put: own, value: null },
  )
  const { items } = await histories.list({ group: groupId, limit: maxReplicas })
  return items.map(({ document }) => document).filter((each) => each.instanceId !== instanceId)
}

const mergeResult = async (
  histories: Histories,
  precheck: RunningPrecheck,
  result: ItemResult,
  now: Date,
): Promise<ItemResult> => {
  const { shared } = result
  if (!shared) return result
  const groupIds = [...new Set(shared.map(({ groupId }) => groupId))]
  const replicas = await Promise.all(
    groupIds.map((groupId) =>
      shareGroup(
        histories,
        precheck,
        groupId,
        shared.filter((database) => database.groupId === groupId),
      ),
    ),
  )
  return withReplicas(result, replicas.flat(), now)
}

/**
 * Has the histories of the registered replicas of an availability group count together. To be called before the end of
 * the precheck is written; may be repeated.
 */
export const mergeReplicas = async (
  histories: Histories,
  precheck: RunningPrecheck,
  now: Date,
): Promise<RunningPrecheck> => {
  if (!precheck.results.some(({ shared }) => shared)) return precheck
  const results = await Promise.all(
    precheck.results.map((each) => mergeResult(histories, precheck, each, now)),
  )
  return { ...precheck, results }
}
