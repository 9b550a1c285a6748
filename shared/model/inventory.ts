import { ascending } from './ascending.ts'
import * as z from 'zod'
import { DatabaseIdentity, Identities, type InstanceIdentity, maxIdentified, noBase } from './identity.ts'
import { type Observation, fullBackupAge } from './observation.ts'

/** Days for which a database that is gone is told: a plan that names it fails every night until then. */
export const goneDays = 7
const msPerMinute = 60_000
const msPerDay = 24 * 60 * msPerMinute

const Time = z.iso.datetime()

/** What became of the chain of backups of the instance, or of a database: other backups have to begin with a full one. */
export const Break = z.enum(['renamed', 'replaced', 'instance-forked', 'recreated', 'forked'])
export type Break = z.infer<typeof Break>

/** A chain that was broken, until a full backup is seen that began another. */
const Broken = z.strictObject({
  by: Break,
  /** Start of the precheck that noticed it. */
  since: Time,
  before: z.string(),
  after: z.string(),
})
type Broken = Readonly<z.infer<typeof Broken>>

const BrokenDatabase = z.strictObject({ ...Broken.shape, database: z.string(), base: z.string().nullable() })
type BrokenDatabase = Readonly<z.infer<typeof BrokenDatabase>>

const Gone = z.strictObject({ identity: DatabaseIdentity, since: Time })
type Gone = Readonly<z.infer<typeof Gone>>

/** What is remembered of who an instance and its databases are. Its lists are bounded: some 700 KB of JSON at the very most. */
export const Inventory = z.strictObject({
  seen: Identities,
  broken: Broken.optional(),
  brokenDatabases: z.array(BrokenDatabase).max(maxIdentified),
  gone: z.array(Gone).max(maxIdentified),
})
export type Inventory = Readonly<z.infer<typeof Inventory>>

/** When the last full backup was taken (UTC, ms), as far as it was observed: of a database, or of everything where it is left out. */
type LastFull = (database?: string) => number | null

const lastFullBy = (at: string, observations: readonly Observation[]): LastFull => {
  const ages = observations.filter(({ name }) => name === fullBackupAge)
  const ofAll = ages.filter(({ object }) => object.type === 'instance')
  return (database) => {
    const own = ages.filter(({ object }) => object.type !== 'instance' && object.name === database)
    const ofDatabase = own.length > 0 ? own : ofAll
    const known = database === undefined ? ages : ofDatabase
    if (known.length === 0) return null
    return Date.parse(at) - Math.max(...known.map(({ value }) => value)) * msPerMinute
  }
}

/** What is to be said of an instance against what was remembered of it. */
export interface InventoryChanges {
  /** Names of databases that were not there before. */
  readonly fresh: readonly string[]
  readonly gone: readonly Gone[]
  readonly broken: Broken | undefined
  readonly brokenDatabases: readonly BrokenDatabase[]
  /** Databases are too many to be told apart. */
  readonly isTooLarge: boolean
  /** Some database of too many is not what it was. */
  readonly isOther: boolean
}

const isOther = (before: string | null, after: string | null): boolean =>
  before !== null && after !== null && before !== after

const breakOf = (by: Break, before: string | null, after: string | null, since: string): Broken | undefined =>
  before !== null && after !== null && before !== after ? { by, since, before, after } : undefined

const brokenNow = (before: InstanceIdentity, after: InstanceIdentity, since: string): Broken | undefined =>
  breakOf('replaced', before.id, after.id, since) ??
  breakOf('instance-forked', before.fork, after.fork, since) ??
  breakOf('renamed', before.name, after.name, since)

const databaseBrokenNow = (
  [database, origin, fork]: DatabaseIdentity,
  [, newOrigin, newFork, base]: DatabaseIdentity,
  since: string,
): BrokenDatabase | undefined => {
  const broken = breakOf('recreated', origin, newOrigin, since) ?? breakOf('forked', fork, newFork, since)
  return broken && { ...broken, database, base }
}

const isRecent = (since: string, at: string): boolean =>
  Date.parse(at) - Date.parse(since) < goneDays * msPerDay

/**
 * A full backup that is younger than the precheck which noticed the break began another chain. Where nothing tells of
 * full backups, as on MySQL, the break is told as long as databases that are gone.
 */
const isMended = ({ since }: Broken, lastFull: number | null, at: string): boolean =>
  lastFull === null ? !isRecent(since, at) : lastFull > Date.parse(since)

/** What is not known now stays as it was known. */
const merged = (
  [name, origin, fork, base]: DatabaseIdentity,
  known: DatabaseIdentity | undefined,
): DatabaseIdentity => [
  name,
  origin ?? known?.[1] ?? null,
  fork ?? known?.[2] ?? null,
  base ?? known?.[3] ?? null,
]

const nameOf = ([name]: DatabaseIdentity): string => name

const byName = (identities: readonly DatabaseIdentity[]): ReadonlyMap<string, DatabaseIdentity> =>
  new Map(identities.map((identity) => [nameOf(identity), identity]))

const asFirstSeen = (seen: Identities): Inventory => ({ seen, brokenDatabases: [], gone: [] })

const nothing: InventoryChanges = {
  fresh: [],
  gone: [],
  broken: undefined,
  brokenDatabases: [],
  isTooLarge: false,
  isOther: false,
}

/** Databases whose chain is broken: noticed now, or before and no full backup since. */
const databasesBroken = (
  before: ReadonlyMap<string, DatabaseIdentity>,
  { brokenDatabases }: Inventory,
  databases: readonly DatabaseIdentity[],
  at: string,
  lastFull: LastFull,
): BrokenDatabase[] => {
  const pending = new Map(brokenDatabases.map((each) => [each.database, each]))
  return databases.flatMap((identity) => {
    const [name, , , base] = identity
    const earlier = before.get(name)
    const now = earlier && databaseBrokenNow(earlier, identity, at)
    if (now) return now
    const known = pending.get(name)
    const isBased = known && base !== noBase && isOther(known.base, base)
    return known && !isBased && !isMended(known, lastFull(name), at) ? known : []
  })
}

/** Holds databases that are told apart against those that were. */
const followDatabases = (
  known: Inventory,
  seen: Identities,
  at: string,
  lastFull: LastFull,
): {
  readonly next: Inventory
  readonly changes: Pick<InventoryChanges, 'fresh' | 'gone' | 'brokenDatabases'>
} => {
  const earlier = byName([...known.gone.map(({ identity }) => identity), ...known.seen.databases])
  const here = byName(seen.databases)
  const missed = known.seen.databases.filter((identity) => !here.has(nameOf(identity)))
  const stillGone = known.gone.filter(
    ({ identity, since }) => !here.has(nameOf(identity)) && (!seen.isWhole || isRecent(since, at)),
  )
  const goneNow = seen.isWhole ? missed.map((identity) => ({ identity, since: at })) : []
  const gone = [...stillGone, ...goneNow].slice(-maxIdentified)
  const brokenDatabases = databasesBroken(earlier, known, seen.databases, at, lastFull)
  const present = seen.databases.map((identity) => merged(identity, earlier.get(nameOf(identity))))
  // Who does not see all of them has lost none.
  const unseen = seen.isWhole ? [] : missed
  const databases = [...present, ...unseen].toSorted((one, other) => ascending(nameOf(one), nameOf(other)))
  const unseenBroken = known.brokenDatabases.filter(({ database }) => !here.has(database))
  return {
    next: {
      seen: { ...seen, databases: databases.slice(0, maxIdentified).map(([...identity]) => identity) },
      brokenDatabases: [...brokenDatabases, ...unseenBroken].slice(0, maxIdentified),
      gone,
    },
    changes: {
      fresh: known.seen.isWhole ? seen.databases.map(nameOf).filter((name) => !earlier.has(name)) : [],
      gone: seen.isWhole ? gone : [],
      brokenDatabases,
    },
  }
}

/**
 * Holds who an instance and its databases are at `at` (UTC, start of the precheck) against what is remembered, and says
 * what to remember from now on. `observations`: those of this precheck, of which the ages of full backups tell what was
 * mended. Without a memory nothing is to be said: what is seen first is what the rest is held against. Of another
 * instance at the same address nothing is said of its databases, which are all others.
 */
export const followInventory = (
  known: Inventory | null,
  seen: Identities,
  at: string,
  observations: readonly Observation[],
): { readonly next: Inventory; readonly changes: InventoryChanges } => {
  const lastFull = lastFullBy(at, observations)
  const isTooLarge = seen.count > maxIdentified
  if (known === null) return { next: asFirstSeen(seen), changes: { ...nothing, isTooLarge } }

  const { instance } = known.seen
  const pending = known.broken && !isMended(known.broken, lastFull(), at) ? known.broken : undefined
  const broken = brokenNow(instance, seen.instance, at) ?? pending
  const remembered = {
    name: seen.instance.name ?? instance.name,
    id: seen.instance.id ?? instance.id,
    fork: seen.instance.fork ?? instance.fork,
  }
  const whole = { ...seen, instance: remembered }
  const wasTooLarge = known.seen.count > maxIdentified
  if (broken?.by === 'replaced' && broken !== pending) {
    return { next: { ...asFirstSeen(whole), broken }, changes: { ...nothing, isTooLarge, broken } }
  }
  if (isTooLarge || wasTooLarge) {
    const areWhole = seen.isWhole && known.seen.isWhole
    const other = isTooLarge && wasTooLarge && areWhole && known.seen.hash !== seen.hash
    return {
      next: { ...asFirstSeen(whole), ...(broken && { broken }) },
      changes: { ...nothing, isTooLarge, isOther: other, broken },
    }
  }
  const { next, changes } = followDatabases(known, whole, at, lastFull)
  return {
    next: { ...next, ...(broken && { broken }) },
    changes: { ...nothing, ...changes, broken },
  }
}
