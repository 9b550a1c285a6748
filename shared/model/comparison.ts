import * as z from 'zod'
import {
  type AffectedObject,
  CheckItemId,
  Effect,
  type Finding,
  FindingLevel,
  Finding as FindingSchema,
} from './finding.ts'
import type { ItemResult } from './item-result.ts'
import { ProtectionChange } from './protection.ts'
import type { ToldFinding } from './readiness.ts'
import { Outcome, isBlind, isUnanswered, rightMissing } from './outcome.ts'

/** A finding as a comparison names it. `since`: start (UTC) of the precheck that saw it first in an unbroken row. */
export const ComparedFinding = z.strictObject({
  ...FindingSchema.pick({ fingerprint: true, checkItem: true, object: true, message: true }).shape,
  level: FindingLevel,
  since: z.iso.datetime(),
  /** Left out where nobody has acknowledged it. */
  acknowledged: z.literal(true).optional(),
  /** Set in `still` where it was not acknowledged in the previous result and is now: it weighs less, but nothing is fixed. */
  newlyAcknowledged: z.literal(true).optional(),
  /** Set in `still` where it was acknowledged in the previous result and is not any more: expired or withdrawn, it counts again. */
  noLongerAcknowledged: z.literal(true).optional(),
  /** Set in `new` where its check item, which is not essential, was judged for the first time: nobody is told of it. */
  baseline: z.literal(true).optional(),
  /** What it does, of items that are not essential: it goes on doing so when the login may not look any more. */
  effect: Effect.optional(),
})
export type ComparedFinding = Readonly<z.infer<typeof ComparedFinding>>

/** Findings of a check item that are open and kept in pages, since they are too many for a document. */
export const OpenPages = z.strictObject({
  checkItem: CheckItemId,
  /** Whose pages they are: an older precheck where the item could not be determined since. */
  precheckId: z.string(),
  /** Names the pages, as in `ItemPages`. */
  run: z.string(),
  pages: z.int(),
  findings: z.int(),
})
export type OpenPages = Readonly<z.infer<typeof OpenPages>>

const partsOfComparison = ['new', 'still', 'resolved', 'undetermined'] as const

/** How many findings there are in each part of a comparison. */
export const ComparisonTotals = z.strictObject({
  new: z.int(),
  still: z.int(),
  resolved: z.int(),
  undetermined: z.int(),
} satisfies Record<(typeof partsOfComparison)[number], z.ZodType>)
export type ComparisonTotals = Readonly<z.infer<typeof ComparisonTotals>>

/** What changed against the previous last result of the instance. Notes are not compared. */
export const Comparison = z.strictObject({
  previousPrecheckId: z.string().nullable(),
  previousOutcome: Outcome.nullable(),
  new: z.array(ComparedFinding),
  still: z.array(ComparedFinding),
  resolved: z.array(ComparedFinding),
  /** Seen before; its check item could not be determined now, so it is neither still there nor resolved. */
  undetermined: z.array(ComparedFinding),
  /** Check items that could not be determined and could be in the previous result; left out where there are none. */
  newlyUndetermined: z.array(CheckItemId).min(1).optional(),
  /** Check items beyond the essential ones that have been judged by now; left out where there are none. */
  judgedBeyond: z.array(CheckItemId).min(1).optional(),
  /** Where items were compared page by page, which the lists above leave out: those that are open now. */
  paged: z.array(OpenPages).optional(),
  /** Whether more would be lost than may be, and whether that has changed; left out while it was never known. */
  protection: ProtectionChange.optional(),
  /** Where the lists do not hold all findings: how many there are in each. */
  totals: ComparisonTotals.optional(),
  /**
   * Of a result that is no news: starts (UTC) of the last precheck that was, and of the one before this; left out for
   * news, and where that is not known.
   */
  unchanged: z.strictObject({ since: z.iso.datetime(), before: z.iso.datetime() }).optional(),
})
export type Comparison = Readonly<z.infer<typeof Comparison>>

/** What is needed of the previous last result to compare with it. */
export const PreviousResult = z.strictObject({
  id: z.string(),
  outcome: Outcome,
  /** Findings that were not known to be resolved. */
  open: z.array(ComparedFinding),
  /** Those that are kept in pages; left out where there are none. */
  paged: z.array(OpenPages).min(1).optional(),
  /** Check items that could not be determined; left out where there are none. */
  undetermined: z.array(CheckItemId).min(1).optional(),
  /** As in the comparison. */
  judgedBeyond: z.array(CheckItemId).min(1).optional(),
  /** How the instance stood when that was last known; left out while it was never known. */
  protection: ProtectionChange.shape.state.optional(),
  /** Starts (UTC) of this precheck, and of the last one that was news; left out by a release before. */
  stood: z.strictObject({ at: z.iso.datetime(), since: z.iso.datetime() }).optional(),
})
export type PreviousResult = Readonly<z.infer<typeof PreviousResult>>

/** A finding without what was said of it against an older result. */
export const withoutChanges = (compared: ComparedFinding): ComparedFinding => {
  const { newlyAcknowledged: _, noLongerAcknowledged: __, baseline: ___, ...finding } = compared
  return finding
}

const unanswered = (results: readonly ItemResult[]): CheckItemId[] =>
  results.filter(isUnanswered).map(({ checkItem }) => checkItem)

/** A result that was compared. */
interface ComparedResult extends Pick<PreviousResult, 'id' | 'outcome'> {
  readonly startedAt: string
  readonly results: readonly ItemResult[]
  readonly comparison: Comparison
}

/** What the next result is held against. */
export const previousOf = (precheck: ComparedResult): PreviousResult => {
  const { id, startedAt, outcome, results, comparison } = precheck
  const undetermined = unanswered(results)
  return {
    id,
    outcome,
    open: [...[...comparison.new, ...comparison.still].map(withoutChanges), ...comparison.undetermined],
    ...(comparison.paged && comparison.paged.length > 0 && { paged: comparison.paged }),
    ...(undetermined.length > 0 && { undetermined }),
    ...(comparison.judgedBeyond && { judgedBeyond: comparison.judgedBeyond }),
    ...(comparison.protection && { protection: comparison.protection.state }),
    stood: { at: startedAt, since: comparison.unchanged?.since ?? startedAt },
  }
}

/** Check items beyond the essential ones: those of the precheck, and which of them had been judged before it. */
export interface Beyond {
  readonly items: ReadonlySet<CheckItemId>
  readonly judged: ReadonlySet<CheckItemId>
}

const onlyEssential: Beyond = { items: new Set(), judged: new Set() }

const effectOf = ({ blocks, degrades, obscures, limits }: Finding): Effect => ({
  blocks,
  degrades,
  obscures,
  limits,
})

const refer = (finding: Finding, since: string, { items }: Beyond): ComparedFinding => ({
  fingerprint: finding.fingerprint,
  checkItem: finding.checkItem,
  object: finding.object,
  message: finding.message,
  level: finding.level,
  since,
  ...(finding.acknowledgement && { acknowledged: true }),
  ...(items.has(finding.checkItem) && { effect: effectOf(finding) }),
})

/** Refers to a finding that was not there before. */
const referNew = (finding: Finding, startedAt: string, beyond: Beyond): ComparedFinding => {
  const { checkItem } = finding
  const isBaseline = beyond.items.has(checkItem) && !beyond.judged.has(checkItem)
  return { ...refer(finding, startedAt, beyond), ...(isBaseline && { baseline: true }) }
}

/** What a comparison needs to know of a finding that was open. */
export type KnownFinding = Pick<ComparedFinding, 'since' | 'acknowledged'>

/** Refers to a finding that the previous result knows. */
const referAgain = (finding: Finding, known: KnownFinding, beyond: Beyond): ComparedFinding => {
  const again = refer(finding, known.since, beyond)
  if (again.acknowledged === known.acknowledged) return again
  return { ...again, ...(again.acknowledged ? { newlyAcknowledged: true } : { noLongerAcknowledged: true }) }
}

/** Compares findings with those that were open, by their fingerprints. */
export const compareFindings = (
  startedAt: string,
  findings: readonly Finding[],
  before: ReadonlyMap<string, KnownFinding>,
  beyond: Beyond,
): Pick<Comparison, 'new' | 'still'> => {
  const compared: Pick<Comparison, 'new' | 'still'> = { new: [], still: [] }
  for (const finding of findings) {
    if (finding.level === 'note') continue
    const known = before.get(finding.fingerprint)
    if (known) compared.still.push(referAgain(finding, known, beyond))
    else compared.new.push(referNew(finding, startedAt, beyond))
  }
  return compared
}

const keyOf = ({ type, name }: AffectedObject): string => `${type} ${name}`

/** Objects of which an item could not tell everything. */
export const obscuredBy = (findings: readonly Finding[]): AffectedObject[] =>
  findings.flatMap(({ obscures, object }) => (obscures.length > 0 ? [object] : []))

/** Tells of findings of an item whether they would be there again if they mattered; `obscured`: what it could not see. */
export const sightOf = (obscured: readonly AffectedObject[]): ((known: ComparedFinding) => boolean) => {
  const isWhole = obscured.some(({ type }) => type === 'instance')
  const keys = new Set(obscured.map(keyOf))
  return ({ object }) => !isWhole && !keys.has(keyOf(object))
}

/** Whether a finding would be there again if it mattered: its item was determined for its object, or does not apply. */
const couldBeSeen = (known: ComparedFinding, results: readonly ItemResult[]): boolean => {
  const result = results.find(({ checkItem }) => checkItem === known.checkItem)
  if (!result || isBlind(result)) return false
  return sightOf(obscuredBy(result.findings))(known)
}

/** The items beyond the essential ones of a precheck, as the last result before it knows them. */
export const beyondOf = (items: ReadonlySet<CheckItemId>, previous: PreviousResult | null): Beyond => ({
  items,
  judged: new Set(previous?.judgedBeyond),
})

/** Items beyond the essential ones that have been judged by now. */
const judgedBy = ({ items, judged }: Beyond, results: readonly ItemResult[]): CheckItemId[] => {
  const now = results.filter(({ checkItem, reason }) => reason === null && items.has(checkItem))
  return [...new Set([...judged, ...now.map(({ checkItem }) => checkItem)])].toSorted()
}

/** Findings that still do what they did, although nobody may look any more. */
export const keptOf = (open: readonly ComparedFinding[]): ToldFinding[] =>
  open.flatMap(({ fingerprint, object, checkItem, message, effect }) =>
    effect ? { fingerprint, object, checkItem, message, ...effect } : [],
  )

/** What is known from before of items whose right is missing now: it still does what it did. */
export const keptIn = (
  { undetermined }: Pick<Comparison, 'undetermined'>,
  results: readonly ItemResult[],
): ToldFinding[] => {
  const blind = new Set(
    results.filter(({ reason }) => reason?.code === rightMissing).map(({ checkItem }) => checkItem),
  )
  return keptOf(undetermined.filter(({ checkItem }) => blind.has(checkItem)))
}

/**
 * Compares the findings of a precheck that started at `startedAt` with the previous last result, or with nothing.
 * `beyond`: items that are not essential;
 * `elsewhere`: those that are compared page by page, and left out here.
 */
export const compare = (
  startedAt: string,
  results: readonly ItemResult[],
  previous: PreviousResult | null,
  beyond: Beyond = onlyEssential,
  elsewhere: ReadonlySet<CheckItemId> = new Set(),
): Comparison => {
  const isHere = ({ checkItem }: Pick<Finding, 'checkItem'>) => !elsewhere.has(checkItem)
  const findings = results.filter(isHere).flatMap((result) => result.findings)
  const before = new Map((previous?.open ?? []).filter(isHere).map((known) => [known.fingerprint, known]))
  const now = new Set(findings.flatMap(({ level, fingerprint }) => (level === 'note' ? [] : fingerprint)))
  const gone = [...before.values()].filter(({ fingerprint }) => !now.has(fingerprint))
  const newlyUndetermined = unanswered(results).filter((item) => !previous?.undetermined?.includes(item))
  const judgedBeyond = judgedBy(beyond, results)

  return {
    previousPrecheckId: previous?.id ?? null,
    previousOutcome: previous?.outcome ?? null,
    ...compareFindings(startedAt, findings, before, beyond),
    resolved: gone.filter((known) => couldBeSeen(known, results)),
    undetermined: gone.filter((known) => !couldBeSeen(known, results)),
    ...(newlyUndetermined.length > 0 && { newlyUndetermined }),
    ...(judgedBeyond.length > 0 && { judgedBeyond }),
  }
}
