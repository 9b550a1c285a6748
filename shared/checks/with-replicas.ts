import type { Finding } from '../model/finding.ts'
import { type ItemResult, statusOf } from '../model/item-result.ts'
import type { ReplicaHistory } from '../model/replica-history.ts'
import type { BackupKind, SharedDatabase } from '../model/shared-database.ts'

/** Code of a finding that another replica may know more of. */
const otherReplica = 'OTHER_REPLICA'

const msPerMinute = 60_000

/** Backups that do in the place of one of a kind: a full one holds what an incremental one would. */
const standIns: Readonly<Record<BackupKind, readonly BackupKind[]>> = {
  full: ['full'],
  incremental: ['full', 'incremental'],
  log: ['log'],
}

/** Whether a replica has a backup of a database that is recent enough by now. */
const covers = (
  { asOf, databases }: ReplicaHistory,
  { id }: SharedDatabase,
  kind: BackupKind,
  limit: number,
  now: Date,
): boolean => {
  const since = Math.max(0, (now.getTime() - Date.parse(asOf)) / msPerMinute)
  const own = databases.find((database) => database.id === id)
  const ages = own ? standIns[kind].flatMap((each) => own[each] ?? []) : []
  return ages.some((age) => age + since <= limit)
}

/** The backups that no replica is known to have. */
const stillOpen = (
  database: SharedDatabase,
  replicas: readonly ReplicaHistory[],
  now: Date,
): readonly BackupKind[] =>
  (['full', 'incremental', 'log'] as const).filter((kind) => {
    const limit = database.open[kind]
    return limit !== undefined && !replicas.some((replica) => covers(replica, database, kind, limit, now))
  })

/** A finding as the other replicas leave it; null where they answer all of it. */
const answered = (
  finding: Finding,
  shared: readonly SharedDatabase[],
  replicas: readonly ReplicaHistory[],
  now: Date,
): Finding | null => {
  if (finding.message.code !== otherReplica) return finding
  const database = shared.find(({ name }) => name === finding.object.name)
  if (!database) return finding
  const operations = stillOpen(database, replicas, now)
  if (operations.length === 0) return null
  return {
    ...finding,
    message: { ...finding.message, params: { ...finding.message.params, operations: [...operations] } },
  }
}

/**
 * A result with what the other registered replicas of its availability groups know (`backupset` of SQL Server is local
 * to one): a backup that one of them took counts for all. What none of them is known to have stays unknown, since a
 * replica that is not registered may have it. Pure.
 */
export const withReplicas = (
  result: ItemResult,
  replicas: readonly ReplicaHistory[],
  now: Date,
): ItemResult => {
  const { shared = [] } = result
  if (shared.length === 0 || result.reason) return result
  const findings = result.findings.flatMap((finding) => answered(finding, shared, replicas, now) ?? [])
  return { ...result, findings, status: result.pages ? result.status : statusOf(findings) }
}
