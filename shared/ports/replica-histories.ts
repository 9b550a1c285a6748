import { ReplicaHistory } from '../model/replica-history.ts'
import type { DocumentKind, Documents } from './documents.ts'

export type ReplicaKey = readonly [groupId: string, instanceId: string]

/** What the registered replicas of each availability group know of its backups. */
export const replicaHistoryKind: DocumentKind<ReplicaHistory, ReplicaKey> = {
  table: 'replica_history',
  keyColumns: ['group_id', 'instance_id'],
  schema: ReplicaHistory,
  order: 'ascending',
}

export type ReplicaHistories = Documents<ReplicaHistory, ReplicaKey>
