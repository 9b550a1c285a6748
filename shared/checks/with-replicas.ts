import type { Finding } from '../model/finding.ts'
import { type ItemResult, statusOf } from '../model/item-result.ts'
import { isCovered } from '../model/log-range.ts'
import { type ElsewhereKnown, type ReplicaHistory, ageAt, knownElsewhere } from '../model/replica-history.ts'
import { protectionWithReplicas } from '../model/replica-protection.ts'
import type { BackupKind, SharedDatabase } from '../model/shared-database.ts'

/** Code of a finding that another replica may know more of. */
const otherReplica = 'OTHER_REPLICA'

/** Backups that do in the place of one of a kind: a full one holds what an incremental one would. */
const standIns: Readonly<Record<BackupKind, readonly BackupKind[]>> = {
  full: ['full'],
  incremental: ['full', 'incremental'],
  log: ['log'],
}

/** What the other replicas leave of a finding on a database; null where they answer all of it. */
type Answer = (
  finding: Finding,
  database: SharedDatabase,
  others: readonly ElsewhereKnown[],
  now: Date,
) => Finding | null

/** A backup that is recent enough by now, whoever took it. */
const byAges: Answer = (finding, { open }, others, now) => {
  const covers = (kind: BackupKind, limit: number): boolean =>
    others.some((each) =>
      standIns[kind].some((one) => each[one] !== null && ageAt(each[one], each, now.getTime()) <= limit),
    )
  const operations = (['full', 'incremental', 'log'] as const).filter((kind) => {
    const limit = open[kind]
    return limit !== undefined && !covers(kind, limit)
  })
  if (operations.length === 0) return null
  return {
    ...finding,
    message: { ...finding.message, params: { ...finding.message.params, operations } },
  }
}

/** The log backups in between, by their log sequence numbers. */
const byLog: Answer = (finding, { gaps }, others) => {
  const ranges = others.flatMap(({ logs }) => logs ?? [])
  return gaps && isCovered(gaps.missing, ranges) ? null : finding
}

/** The very backup that the files of the database name. */
const byBase: Answer = (finding, { wantedBase }, others) =>
  wantedBase !== undefined && others.some(({ base }) => base === wantedBase) ? null : finding

const answers: ReadonlyMap<string, Answer> = new Map([
  ['SQL_SERVER_LAST_BACKUP', byAges],
  ['SQL_SERVER_LOG_CHAIN', byLog],
  ['SQL_SERVER_DIFFERENTIAL_BASE', byBase],
])

/**
 * A result with what the other registered replicas of its availability groups know (`backupset` of SQL Server is local
 * to one): a backup that one of them took counts for all. What none of them is known to have stays unknown, since a
 * replica that is not registered may have it. `shared`: what this replica knows of the databases of groups. Pure.
 */
export const withReplicas = (
  result: ItemResult,
  shared: readonly SharedDatabase[],
  replicas: readonly ReplicaHistory[],
  now: Date,
): ItemResult => {
  const answer = answers.get(result.checkItem)
  if (!answer || shared.length === 0 || result.reason) return result
  const { protection } = result
  const findings = result.findings.flatMap((finding) => {
    const database = shared.find(({ name }) => name === finding.object.name)
    if (!database || finding.message.code !== otherReplica) return [finding]
    return answer(finding, database, knownElsewhere(database, replicas), now) ?? []
  })
  return {
    ...result,
    findings,
    status: result.pages ? result.status : statusOf(findings),
    ...(protection && {
      protection: protectionWithReplicas(protection, shared, replicas, Date.parse(result.startedAt)),
    }),
  }
}
