import * as z from 'zod'
import { Evidence } from './evidence.ts'
import { CheckItemId, Finding, type FindingLevel } from './finding.ts'
import { Identities } from './identity.ts'
import { ItemPages } from './item-pages.ts'
import { Message } from './message.ts'
import { Observation, maxObservations } from './observation.ts'
import { Protection } from './protection.ts'
import { SharedDatabase, maxSharedDatabases } from './shared-database.ts'

/**
 * How a check item ended. `error`: it could not be determined; `timed_out`: it was not determined in time; `skipped`:
 * it does not apply or what it depends on failed. None of the three is ever green.
 */
export const ItemStatus = z.enum(['passed', 'warning', 'failed', 'error', 'timed_out', 'skipped'])
export type ItemStatus = z.infer<typeof ItemStatus>

/** From where the check item looked: the `checker` is where this service runs, the `instance` is its ECS host. */
export const Vantage = z.enum(['checker', 'instance'])
export type Vantage = z.infer<typeof Vantage>

/** A database that was left out on purpose, and why. */
export const ExcludedDatabase = z.strictObject({ name: z.string(), reason: Message })
export type ExcludedDatabase = Readonly<z.infer<typeof ExcludedDatabase>>

/** The end of one check item of one precheck. */
export const ItemResult = z.strictObject({
  checkItem: CheckItemId,
  status: ItemStatus,
  vantage: Vantage,
  /** Why the item ended as `error`, `timed_out` or `skipped`; null otherwise, where the findings say it all. */
  reason: Message.nullable(),
  /** Where a connection was reset before anybody had answered: whether the second one answered. Left out: none was. */
  retried: Message.optional(),
  /** What was measured over the whole item, for example addresses and times in ms. */
  observed: Evidence,
  findings: z.array(Finding),
  /** Names of the databases that were judged, whatever the verdict. */
  databases: z.array(z.string()),
  excluded: z.array(ExcludedDatabase),
  /** Names of those of the judged ones that setup made, with no data of users; left out where there are none. */
  systemDatabases: z.array(z.string()).optional(),
  /** Where the three lists above are too long for a document, what holds them; they are empty then. Left out: they are whole. */
  pages: ItemPages.optional(),
  /** Numbers for trends; left out where there are none. */
  observations: z.array(Observation).min(1).max(maxObservations).optional(),
  /** Who the instance and its databases are: kept until the precheck ends, and in the memory of the instance from then on. */
  identities: Identities.optional(),
  /** What would be lost of the databases; left out where the item does not say. */
  protection: Protection.optional(),
  /** What this replica knows of the backups of databases in availability groups: kept until the precheck ends. */
  shared: z.array(SharedDatabase).min(1).max(maxSharedDatabases).optional(),
  /** UTC. */
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
})
export type ItemResult = Readonly<z.infer<typeof ItemResult>>

/** The result of an item that nobody has judged. */
export const notJudged = (
  checkItem: CheckItemId,
  status: Extract<ItemStatus, 'error' | 'timed_out' | 'skipped'>,
  reason: Message,
  startedAt: string,
  durationMs: number,
): ItemResult => ({
  checkItem,
  status,
  vantage: 'checker',
  reason,
  observed: {},
  findings: [],
  databases: [],
  excluded: [],
  startedAt,
  durationMs,
})

const worstFirst = ['failed', 'error', 'warning'] as const satisfies readonly FindingLevel[]

/** Status of an item that was determined: the worst of all its findings, never the first one. */
export const statusOf = (findings: readonly Pick<Finding, 'level'>[]): ItemStatus =>
  worstFirst.find((level) => findings.some((finding) => finding.level === level)) ?? 'passed'

/** True for the statuses that say that the item was not determined. */
export const isUndetermined = (status: ItemStatus): boolean =>
  status === 'error' || status === 'timed_out' || status === 'skipped'
