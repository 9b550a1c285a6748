import { type LogRange, isCovered, reachOf } from './log-range.ts'
import { type LastBackup, type ProtectedDatabase, type Protection, byPlace, placeOf } from './protection.ts'
import { type ElsewhereKnown, type ReplicaHistory, ageAt, knownElsewhere } from './replica-history.ts'
import type { SharedDatabase } from './shared-database.ts'

/** A part of the log without holes, and how old the last backup of it is. */
interface AgedRange extends LogRange {
  readonly minutes: number
}

/** What the history of this server holds of the log: its gaps do not count where the others hold what is missing. */
const ownRange = ({ logs, gaps, log }: SharedDatabase, others: readonly LogRange[]): readonly AgedRange[] => {
  if (log === null) return []
  const whole = gaps && isCovered(gaps.missing, others) ? gaps.logs : logs
  return whole ? [{ ...whole, minutes: log }] : []
}

/** The youngest log backup to which a restore gets from the newest data backup; null: none is known to. */
const youngestReached = (
  own: SharedDatabase,
  others: readonly ElsewhereKnown[],
  at: number,
): number | null => {
  const elsewhere = others.flatMap((each): AgedRange[] =>
    each.logs && each.log !== null ? [{ ...each.logs, minutes: ageAt(each.log, each, at) }] : [],
  )
  const ranges = [...ownRange(own, elsewhere), ...elsewhere]
  const bases = [own, ...others].flatMap(({ baseLsn }) => baseLsn ?? [])
  const [base] = bases.toSorted((one, other) => (BigInt(one) > BigInt(other) ? -1 : 1))
  if (base === undefined) return null
  const reached = BigInt(reachOf(base, ranges))
  const ages = ranges.filter(({ to }) => BigInt(to) === reached).map(({ minutes }) => minutes)
  return ages.length > 0 ? Math.min(...ages) : null
}

/** The younger one; of what another replica took, its age alone is known. */
const younger = (own: LastBackup | null, minutes: readonly number[]): LastBackup | null => {
  const least = Math.min(...minutes)
  return Number.isFinite(least) && (own === null || least < own.minutes)
    ? { minutes: least, bytes: null, device: null, by: null }
    : own
}

const ofDatabase = (
  row: ProtectedDatabase,
  own: SharedDatabase,
  others: readonly ElsewhereKnown[],
  at: number,
): ProtectedDatabase => {
  const agesOf = (kind: 'full' | 'log'): number[] =>
    others.flatMap((each) => (each[kind] === null ? [] : ageAt(each[kind], each, at)))
  const full = younger(row.full, agesOf('full'))
  const log = younger(row.log, agesOf('log'))
  const reached = youngestReached(own, others, at)
  const known = [full?.minutes, row.exposureMinutes, reached].filter((each) => typeof each === 'number')
  if (known.length === 0) return row
  const loss = Math.min(...known)
  const isEnough = row.objectiveMinutes === null || loss <= row.objectiveMinutes
  const state = row.state === 'unknown' && isEnough ? 'protected' : row.state
  return {
    ...row,
    full,
    log,
    chain: log !== null && reached === log.minutes ? 'intact' : row.chain,
    state,
    exposureMinutes: state === 'unknown' ? null : loss,
  }
}

/**
 * Counts the backups of the registered replicas of availability groups together: a full backup is one wherever it was
 * taken, and the log backups of all replicas are one chain where their log sequence numbers say that they follow on.
 * What that does not bring under the objective stays unknown, since a replica that is not registered may have more.
 * `at`: when this server was asked, ms. Source: "Offload supported backups to secondary replicas", SQL Server manual.
 */
export const protectionWithReplicas = (
  protection: Protection,
  shared: readonly SharedDatabase[],
  replicas: readonly ReplicaHistory[],
  at: number,
): Protection => {
  const databases = protection.databases.map((row) => {
    const own = shared.find(({ name }) => name === row.database)
    if (!own) return row
    const others = knownElsewhere(own, replicas)
    return others.length > 0 ? ofDatabase(row, own, others, at) : row
  })
  const totals = { ...protection.totals }
  for (const { state } of protection.databases) totals[state] -= 1
  for (const { state } of databases) totals[state] += 1
  const inOrder = databases
    .map((each) => ({ each, place: placeOf({ ...each, name: each.database }) }))
    .toSorted(byPlace)
  return { ...protection, totals, databases: inOrder.map(({ each }) => each) }
}
