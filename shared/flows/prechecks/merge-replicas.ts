import { withReplicas } from '../../checks/with-replicas.ts'
import type { RunningPrecheck } from '../../model/precheck.ts'
import type { ReplicaHistory } from '../../model/replica-history.ts'
import type { SharedDatabase } from '../../model/shared-database.ts'
import type { ReplicaHistories } from '../../ports/replica-histories.ts'

/** Replicas that an availability group may have, far more than SQL Server lets it ("Prerequisites", Always On). */
const maxReplicas = 100

type Histories = Pick<ReplicaHistories, 'list' | 'update'>

/** What other replicas may use of it. */
const asKept = (database: SharedDatabase): ReplicaHistory['databases'][number] => {
  const { groupId: _, name: __, gaps: ___, open: ____, wantedBase: _____, ...kept } = database
  return kept
}

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
    databases: databases.map(asKept),
  }
  await histories.update([groupId, instanceId], (known) =>
    known && known.asOf >= startedAt ? { value: null } : { put: own, value: null },
  )
  const { items } = await histories.list({ group: groupId, limit: maxReplicas })
  return items.map(({ document }) => document).filter((each) => each.instanceId !== instanceId)
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
  const shared = precheck.results.flatMap((result) => result.shared ?? [])
  if (shared.length === 0) return precheck
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
  const results = precheck.results.map((each) => withReplicas(each, shared, replicas.flat(), now))
  return { ...precheck, results }
}
