import * as z from 'zod'
import { ascending } from './ascending.ts'

/** Where a backup went. `virtual`: to a tool, by the interface for virtual devices. */
export const DeviceKind = z.enum(['disk', 'tape', 'pipe', 'virtual', 'url', 'other'])
export type DeviceKind = z.infer<typeof DeviceKind>

const Minutes = z.number().nonnegative()

/** The last backup of a kind. */
export const LastBackup = z.strictObject({
  /** Its age when the precheck looked, by the clock of the server. */
  minutes: Minutes,
  /** Of what was written. */
  bytes: z.number().nonnegative().nullable(),
  device: DeviceKind.nullable(),
  /** The tool that took it, or the account that had it taken. */
  by: z.string().nullable(),
})
export type LastBackup = Readonly<z.infer<typeof LastBackup>>

/** Whether the log backups follow on from the last full or incremental one. `none`: there are none by design. */
export const Chain = z.enum(['intact', 'broken', 'unknown', 'none'])
export type Chain = z.infer<typeof Chain>

/**
 * How a database stands, worst first. `new`: it has no backup yet, and may be without for now. Neither `unknown` nor
 * `new` is ever green.
 */
export const ProtectionState = z.enum(['at-risk', 'unknown', 'new', 'protected'])
export type ProtectionState = z.infer<typeof ProtectionState>

/** What would be lost of a database, as of the moment at which a precheck looked. */
export const ProtectedDatabase = z.strictObject({
  database: z.string(),
  state: ProtectionState,
  full: LastBackup.nullable(),
  incremental: LastBackup.nullable(),
  log: LastBackup.nullable(),
  chain: Chain,
  /** Minutes of work that were lost if the server died then; null: not known. */
  exposureMinutes: Minutes.nullable(),
  /** How much may be lost; null: nothing changes in it. */
  objectiveMinutes: Minutes.nullable(),
  /** The most that could have been lost at any time of the last seven days; null: the history does not say. */
  worstExposureMinutes7d: Minutes.nullable(),
  /** How long a restore takes at the throughput of the last full backup; null: the history does not say. */
  restoreSeconds: z.number().nonnegative().nullable(),
})
export type ProtectedDatabase = Readonly<z.infer<typeof ProtectedDatabase>>

/** How many databases there are of each state. */
export const ProtectionTotals = z.strictObject({
  'at-risk': z.int(),
  unknown: z.int(),
  new: z.int(),
  protected: z.int(),
} satisfies Record<ProtectionState, z.ZodType>)

/** Databases that a result shows: an instance may have 32,767. */
export const maxProtectedDatabases = 100

/** What a check item knows of the protection of an instance. */
export const Protection = z.strictObject({
  /** Worst first; where there are more, the worst. */
  databases: z.array(ProtectedDatabase).min(1).max(maxProtectedDatabases),
  /** How many there are of each state, of all of them. */
  totals: ProtectionTotals,
  /** For how long it may be believed. */
  maxAgeHours: z.number().nonnegative(),
})
export type Protection = Readonly<z.infer<typeof Protection>>

/** Points that a restore could get to, as far as their gaps go. */
export interface RestorablePoints {
  /** Largest time between one of them and the one before it; null: there are no two. */
  readonly worstGapMinutes: number | null
  /** Age of the oldest, where nothing is known of any before it; null: something is. */
  readonly firstPointMinutes: number | null
}

/** What an engine knows of the backups of a database. Ages in minutes before the moment at which it was asked. */
export interface KnownBackups {
  readonly database: string
  readonly full: LastBackup | null
  readonly incremental: LastBackup | null
  readonly log: LastBackup | null
  readonly chain: Chain
  /** Whether the last incremental backup has its full one; null: not known. */
  readonly hasBase: boolean | null
  /** False where the last log backup alone says how far a restore gets: a backup of an open Oracle database needs its logs. */
  readonly isWholeWithoutLog: boolean
  /** True if there certainly never was a full backup. */
  readonly isNeverBackedUp: boolean
  /** True if nobody else may have taken younger backups, and no age is in doubt. */
  readonly isCertain: boolean
  /** Since it was created, restored or attached. */
  readonly ageMinutes: number | null
  /** Points of the last seven days that could be restored to; null: not known. */
  readonly lastWeek: RestorablePoints | null
  /** Of the log backups since the last full or incremental one. */
  readonly logBytes: number | null
  /** Throughput of the last full backups. */
  readonly bytesPerSecond: number | null
}

/** What the policies say of a database. */
interface Aims {
  /** Null: nothing changes in it, so that any full backup does. */
  readonly objectiveMinutes: number | null
  /** For how long it may be without a backup. */
  readonly graceMinutes: number
}

const minutesPerWeek = 7 * 24 * 60

/** Ages of the data backups that can be restored. */
const dataAges = ({ full, incremental, hasBase }: KnownBackups): number[] => {
  if (full === null) return []
  return [full.minutes, ...(incremental && hasBase === true ? [incremental.minutes] : [])]
}

/** Minutes of work that were lost, at most; null: not known. Without any backup it is all that was ever done. */
const lossOf = (known: KnownBackups): number | null => {
  if (known.isNeverBackedUp) return known.ageMinutes
  const { log, chain, isWholeWithoutLog } = known
  const data = dataAges(known)
  if (data.length === 0) return null
  const isFollowed = chain === 'intact' && log !== null
  if (isWholeWithoutLog) return Math.min(...data, ...(isFollowed ? [log.minutes] : []))
  if (log === null) return null
  return isFollowed ? log.minutes : Math.max(Math.min(...data), log.minutes)
}

const worstOf = (
  { ageMinutes, lastWeek, isCertain }: KnownBackups,
  exposure: number | null,
): number | null => {
  if (exposure === null || lastWeek === null || !isCertain) return null
  const { worstGapMinutes, firstPointMinutes } = lastWeek
  const least = Math.max(exposure, worstGapMinutes ?? 0)
  if (firstPointMinutes === null) return least
  // Nothing is known from before the first point: it may be the first one that there ever was.
  const isYoung = ageMinutes !== null && ageMinutes <= minutesPerWeek
  return isYoung ? Math.max(least, ageMinutes - firstPointMinutes) : null
}

const restoreTime = ({
  full,
  incremental,
  hasBase,
  logBytes,
  bytesPerSecond,
}: KnownBackups): number | null => {
  if (!full || full.bytes === null || bytesPerSecond === null || bytesPerSecond <= 0) return null
  const isUsed = incremental !== null && hasBase === true && incremental.minutes < full.minutes
  return Math.ceil((full.bytes + (isUsed ? (incremental.bytes ?? 0) : 0) + (logBytes ?? 0)) / bytesPerSecond)
}

const stateOf = (known: KnownBackups, loss: number | null, aims: Aims): ProtectionState => {
  const { objectiveMinutes, graceMinutes } = aims
  const { isNeverBackedUp, isCertain, ageMinutes } = known
  if (isNeverBackedUp && isCertain) {
    return ageMinutes !== null && ageMinutes < graceMinutes ? 'new' : 'at-risk'
  }
  if (loss === null || isNeverBackedUp) return 'unknown'
  // What is lost at most is enough to know where it is little.
  if (objectiveMinutes === null || loss <= objectiveMinutes) return 'protected'
  return isCertain && known.chain !== 'unknown' ? 'at-risk' : 'unknown'
}

/**
 * What would be lost of a database. Exposure is the age of the youngest backup that could be restored to: of the log
 * backups only while they follow on, of the incremental one only with its base.
 */
export const protectionOf = (known: KnownBackups, aims: Aims): ProtectedDatabase => {
  const { database, full, incremental, log, chain } = known
  const loss = lossOf(known)
  const state = stateOf(known, loss, aims)
  const exposure = state === 'unknown' ? null : loss
  return {
    database,
    state,
    full,
    incremental,
    log,
    chain,
    exposureMinutes: exposure,
    objectiveMinutes: aims.objectiveMinutes,
    worstExposureMinutes7d: worstOf(known, exposure),
    restoreSeconds: restoreTime(known),
  }
}

/** How something stands in a list that begins with the worst. */
export interface Standing {
  readonly state: ProtectionState
  readonly exposureMinutes: number | null
  readonly name: string
}

/** Beyond every exposure, in minutes: 1,900 years. */
const longest = 1_000_000_000

/** Texts that sort worst first: by state, then by exposure, then by name, so that the order is the same every time. */
export const placeOf = ({ state, exposureMinutes, name }: Standing): string => {
  const rest = Math.max(0, longest - Math.round(exposureMinutes ?? -1))
  return `${ProtectionState.options.indexOf(state)}${String(rest).padStart(10, '0')}${name}`
}

/** Sorts what has a place. */
export const byPlace = (one: { readonly place: string }, other: { readonly place: string }): number =>
  ascending(one.place, other.place)

/** The protection of an instance, of as many databases as a result holds; null where none is judged here. */
export const protectionOfAll = (
  databases: readonly ProtectedDatabase[],
  maxAgeHours: number,
): Protection | null => {
  if (databases.length === 0) return null
  const totals = { 'at-risk': 0, unknown: 0, new: 0, protected: 0 }
  for (const { state } of databases) totals[state] += 1
  const worstFirst = databases
    .map((each) => ({ each, place: placeOf({ ...each, name: each.database }) }))
    .toSorted(byPlace)
    .slice(0, maxProtectedDatabases)
  return { databases: worstFirst.map(({ each }) => each), totals, maxAgeHours }
}

/** How an instance stands: as its worst database. */
export const stateIn = ({ totals }: Pick<Protection, 'totals'>): ProtectionState =>
  ProtectionState.options.find((state) => totals[state] > 0) ?? 'unknown'

/** The state by now: what a precheck saw too long ago is not known any more. Times are UTC. */
export const stateNow = (
  state: ProtectionState,
  { asOf, maxAgeHours }: { readonly asOf: string; readonly maxAgeHours: number },
  now: Date,
): ProtectionState => (now.getTime() - Date.parse(asOf) > maxAgeHours * 3_600_000 ? 'unknown' : state)

/** How an instance stood when that was last known, and whether it came to stand so just now; by this receivers are told. */
export const ProtectionChange = z.strictObject({
  state: z.enum(['at-risk', 'protected']),
  change: z.enum(['at-risk', 'restored']).optional(),
})
export type ProtectionChange = Readonly<z.infer<typeof ProtectionChange>>

/**
 * What has changed since the last result. The first state that is known is no news, and one that is not known changes
 * nothing: nobody is told that all is well again before it is.
 */
export const protectionChange = (
  protection: Protection | null,
  before: ProtectionChange['state'] | null,
): ProtectionChange | null => {
  const found = protection && stateIn(protection)
  if (found === null || found === 'unknown') return before && { state: before }
  const state = found === 'at-risk' ? 'at-risk' : 'protected'
  if (before === null || before === state) return { state }
  return { state, change: state === 'at-risk' ? 'at-risk' : 'restored' }
}
