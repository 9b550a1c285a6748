import * as z from 'zod'
import { Acknowledgement, acknowledge } from './acknowledgement.ts'
import {
  type Beyond,
  Comparison,
  type ComparisonTotals,
  type OpenPages,
  type PreviousResult,
  beyondOf,
  compare,
} from './comparison.ts'
import { Deadline } from './deadline.ts'
import { Engine } from './engine.ts'
import type { CheckItemId } from './finding.ts'
import { InstanceId, Tags } from './instance.ts'
import { ItemResult, notJudged } from './item-result.ts'
import { withUnchanged } from './news.ts'
import { Operation } from './operation.ts'
import { Outcome, outcomeOf } from './outcome.ts'
import { Profile } from './profile.ts'
import { type Protection, protectionChange } from './protection.ts'
import { PlannedItem, Readiness } from './readiness.ts'

/** Address of a precheck: random, so that ids spread evenly over the partitions of a store. */
export const PrecheckId = z.string().regex(/^pc_[0-9a-f]{32}$/)
export type PrecheckId = z.infer<typeof PrecheckId>

/** What started the precheck. */
export const Trigger = z.enum(['request', 'schedule'])
export type Trigger = z.infer<typeof Trigger>

const Plan = {
  id: PrecheckId,
  instanceId: InstanceId,
  engine: Engine,
  region: z.string(),
  profile: Profile,
  /** The operations that the instance plans: a finding fails its item only if it blocks one of them. */
  operations: z.array(Operation),
  trigger: Trigger,
  /** Those of the instance, by which webhooks choose; left out where there are none. */
  tags: Tags.optional(),
  /** A `partial` precheck runs some check items only; it never replaces the last result. */
  scope: z.enum(['full', 'partial']),
  checkItems: z.array(PlannedItem),
  results: z.array(ItemResult),
  /** UTC. */
  startedAt: z.iso.datetime(),
  /** Then the precheck ends, with `timed_out` for every item without a result. */
  deadlineAt: Deadline.deadlineAt,
}

/** A precheck of which results are still awaited. What version 0.1.0 kept in it beside these, parts of results, is dropped. */
export const RunningPrecheck = z.object({
  state: z.literal('running'),
  ...Plan,
  deadlineOn: Deadline.deadlineOn,
  /** Those of the instance at the start; left out where there are none. */
  acknowledgements: z.array(Acknowledgement).min(1).optional(),
})
export type RunningPrecheck = Readonly<z.infer<typeof RunningPrecheck>>

/** A precheck that ended: a result for every item, and the verdict. Never changes any more. The readiness table follows from the results, so that it is not stored beside them. */
export const CompletedPrecheck = z.strictObject({
  state: z.literal('completed'),
  ...Plan,
  completedAt: z.iso.datetime(),
  outcome: Outcome,
  comparison: Comparison,
  /** Where results are too large for this document; left out where none is. */
  large: z
    .strictObject({
      /** Name of the page with what is shown of them. */
      extract: z.string(),
      /** How many databases there are in the readiness table. */
      databases: z.int(),
      /** Objects of which some operation is blocked by a finding. */
      blocked: z.int(),
      /** The summary of it, without fingerprints. */
      readiness: Readiness.shape.instance,
    })
    .optional(),
})
export type CompletedPrecheck = Readonly<z.infer<typeof CompletedPrecheck>>

/** One run of check items over one instance. Its lifecycle `state` is kept apart from its `outcome`. */
export const Precheck = z.discriminatedUnion('state', [RunningPrecheck, CompletedPrecheck])
export type Precheck = RunningPrecheck | CompletedPrecheck

/** Planned items without a result yet, in the order of the plan. */
export const missingItems = ({ checkItems, results }: Precheck): CheckItemId[] => {
  const ended = new Set(results.map(({ checkItem }) => checkItem))
  return checkItems.map(({ checkItem }) => checkItem).filter((checkItem) => !ended.has(checkItem))
}

/**
 * Adds results to a running precheck: the first result of an item wins, repeats and items that were never planned
 * change nothing. Returns the very same precheck when nothing was new.
 */
export const recordResults = (precheck: RunningPrecheck, results: readonly ItemResult[]): RunningPrecheck => {
  const missing = new Set(missingItems(precheck))
  const fresh = results.filter(({ checkItem }) => missing.delete(checkItem))
  if (fresh.length === 0) return precheck
  return { ...precheck, results: [...precheck.results, ...fresh] }
}

/** A result as it is kept after the end of the precheck. */
const withoutIdentities = (result: ItemResult): ItemResult => {
  const { identities: _, shared: __, ...kept } = result
  return kept
}

/** A result for which there is no room: an error that says so, which never is green. */
export const withoutDetails = (result: ItemResult): ItemResult => {
  const { pages, protection: _, ...rest } = withoutIdentities(result)
  return {
    ...rest,
    status: 'error',
    reason: {
      code: 'RESULT_TOO_LARGE',
      params: { findings: pages?.totals.findings ?? rest.findings.length },
    },
    observed: {},
    findings: [],
    databases: [],
    excluded: [],
  }
}

/** How much there is to store of a result, roughly. */
const extentOf = ({ findings, databases, excluded, pages, identities }: ItemResult): number =>
  [findings, databases, excluded, pages?.findings, identities?.databases]
    .map((list) => list?.length ?? 0)
    .reduce((sum, length) => sum + length, 0)

/**
 * A precheck for which there is room where this one has none: its largest result becomes an error that says so, which
 * never is green. Null when no result is left that could be given up.
 */
export const withoutLargestResult = (precheck: RunningPrecheck): RunningPrecheck | null => {
  const [largest] = precheck.results.toSorted((one, other) => extentOf(other) - extentOf(one))
  if (!largest || extentOf(largest) === 0) return null
  const results = precheck.results.map((result) => (result === largest ? withoutDetails(result) : result))
  return { ...precheck, results }
}

/** From its start to its deadline, ms. */
export const lastsMs = ({ startedAt, deadlineAt }: Pick<Precheck, 'startedAt' | 'deadlineAt'>): number =>
  Date.parse(deadlineAt) - Date.parse(startedAt)

/** The result of an item that was still missing at the deadline. */
const missedDeadline = (precheck: RunningPrecheck, checkItem: CheckItemId): ItemResult => {
  const { deadlineAt, startedAt } = precheck
  const reason = { code: 'DEADLINE_PASSED', params: { deadlineAt } }
  return notJudged(checkItem, 'timed_out', reason, startedAt, lastsMs(precheck))
}

/** Results that are too large for one document, after all of their pages were gone through. */
export interface PagedItems {
  /** Heads of the results, as they are stored, by their items. */
  readonly heads: ReadonlyMap<CheckItemId, ItemResult>
  /** Items that were compared page by page. */
  readonly compared: ReadonlySet<CheckItemId>
  readonly open: readonly OpenPages[]
  readonly totals: ComparisonTotals
}

const noPagedItems: PagedItems = {
  heads: new Map(),
  compared: new Set(),
  open: [],
  totals: { new: 0, still: 0, resolved: 0, undetermined: 0 },
}

/** The comparison of what is in the document, and how many findings there are with those in pages. */
const withPaged = (inline: Comparison, { compared, open, totals }: PagedItems): Comparison => {
  if (compared.size === 0) return inline
  return {
    ...inline,
    paged: [...open],
    totals: {
      new: inline.new.length + totals.new,
      still: inline.still.length + totals.still,
      resolved: inline.resolved.length + totals.resolved,
      undetermined: inline.undetermined.length + totals.undetermined,
    },
  }
}

/** The protection that a check item tells of, with when it looked (UTC); null: none does. */
export const protectionSeen = (
  results: readonly ItemResult[],
): { readonly protection: Protection; readonly asOf: string } | null => {
  for (const { protection, startedAt } of results) if (protection) return { protection, asOf: startedAt }
  return null
}

const withProtection = (
  comparison: Comparison,
  results: readonly ItemResult[],
  previous: PreviousResult | null,
): Comparison => {
  const seen = protectionSeen(results)
  const protection = protectionChange(seen && seen.protection, previous?.protection ?? null)
  return protection ? { ...comparison, protection } : comparison
}

/** The items of a precheck that are not essential. */
export const beyondIn = (
  { checkItems }: Pick<Precheck, 'checkItems'>,
  previous: PreviousResult | null,
): Beyond => beyondOf(new Set(checkItems.flatMap(({ checkItem, set }) => (set ? checkItem : []))), previous)

/**
 * Ends a precheck: a `timed_out` result for every item still missing, results in the order of the plan with what is
 * acknowledged by now, outcome, and the comparison with the previous last result of the instance.
 */
export const completePrecheck = (
  precheck: RunningPrecheck,
  previous: PreviousResult | null,
  now: Date,
  paged: PagedItems = noPagedItems,
): CompletedPrecheck => {
  const known = new Map(precheck.results.map((result) => [result.checkItem, result]))
  const { acknowledgements = [], deadlineOn: _, ...plan } = precheck
  const ended = precheck.checkItems.map(
    ({ checkItem }) =>
      paged.heads.get(checkItem) ?? known.get(checkItem) ?? missedDeadline(precheck, checkItem),
  )
  const results = acknowledge(ended, acknowledgements, now).map(withoutIdentities)
  const outcome = outcomeOf(results)
  const beyond = beyondIn(precheck, previous)
  const inline = compare(precheck.startedAt, results, previous, beyond, paged.compared)
  const comparison = withProtection(withPaged(inline, paged), results, previous)
  // With pages it takes all of their findings to tell whether there is news.
  const isWhole = paged.compared.size === 0
  return {
    ...plan,
    state: 'completed',
    results,
    completedAt: now.toISOString(),
    outcome,
    comparison: isWhole ? withUnchanged({ outcome, results, comparison }, previous) : comparison,
  }
}
