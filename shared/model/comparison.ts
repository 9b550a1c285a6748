import * as z from 'zod'
import { CheckItemId, type Finding, FindingLevel, Finding as FindingSchema } from './finding.ts'
import type { ItemResult } from './item-result.ts'
import { Outcome, isUnanswered } from './outcome.ts'

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
})
export type ComparedFinding = Readonly<z.infer<typeof ComparedFinding>>

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
})
export type Comparison = Readonly<z.infer<typeof Comparison>>

/** What is needed of the previous last result to compare with it. */
export const PreviousResult = z.strictObject({
  id: z.string(),
  outcome: Outcome,
  /** Findings that were not known to be resolved. */
  open: z.array(ComparedFinding),
  /** Check items that could not be determined; left out where there are none. */
  undetermined: z.array(CheckItemId).min(1).optional(),
})
export type PreviousResult = Readonly<z.infer<typeof PreviousResult>>

/** A finding without what was said of it against an older result. */
const withoutChanges = (compared: ComparedFinding): ComparedFinding => {
  const { newlyAcknowledged: _, noLongerAcknowledged: __, ...finding } = compared
  return finding
}

const unanswered = (results: readonly ItemResult[]): CheckItemId[] =>
  results.filter(isUnanswered).map(({ checkItem }) => checkItem)

/** A result that was compared. */
interface ComparedResult extends Pick<PreviousResult, 'id' | 'outcome'> {
  readonly results: readonly ItemResult[]
  readonly comparison: Comparison
}

/** What the next result is held against. */
export const previousOf = ({ id, outcome, results, comparison }: ComparedResult): PreviousResult => {
  const undetermined = unanswered(results)
  return {
    id,
    outcome,
    open: [...comparison.new, ...comparison.still.map(withoutChanges), ...comparison.undetermined],
    ...(undetermined.length > 0 && { undetermined }),
  }
}

const refer = (finding: Finding, since: string): ComparedFinding => ({
  fingerprint: finding.fingerprint,
  checkItem: finding.checkItem,
  object: finding.object,
  message: finding.message,
  level: finding.level,
  since,
  ...(finding.acknowledgement && { acknowledged: true }),
})

/** Refers to a finding that the previous result knows. */
const referAgain = (finding: Finding, known: ComparedFinding): ComparedFinding => {
  const again = refer(finding, known.since)
  if (again.acknowledged === known.acknowledged) return again
  return { ...again, ...(again.acknowledged ? { newlyAcknowledged: true } : { noLongerAcknowledged: true }) }
}

const hides = ({ obscures, object }: Finding, known: ComparedFinding): boolean =>
  obscures.length > 0 &&
  (object.type === 'instance' || (object.type === known.object.type && object.name === known.object.name))

/** Whether a finding would be there again if it mattered: its item was determined for its object, or does not apply. */
const couldBeSeen = (known: ComparedFinding, results: readonly ItemResult[]): boolean => {
  const result = results.find(({ checkItem }) => checkItem === known.checkItem)
  if (!result || isUnanswered(result)) return false
  return !result.findings.some((finding) => hides(finding, known))
}

/** Compares the findings of a precheck that started at `startedAt` with the previous last result, or with nothing. */
export const compare = (
  startedAt: string,
  results: readonly ItemResult[],
  previous: PreviousResult | null,
): Comparison => {
  const findings = results.flatMap((result) => result.findings).filter(({ level }) => level !== 'note')
  const before = new Map((previous?.open ?? []).map((known) => [known.fingerprint, known]))
  const now = new Set(findings.map(({ fingerprint }) => fingerprint))
  const gone = [...before.values()].filter(({ fingerprint }) => !now.has(fingerprint))
  const newlyUndetermined = unanswered(results).filter((item) => !previous?.undetermined?.includes(item))

  return {
    previousPrecheckId: previous?.id ?? null,
    previousOutcome: previous?.outcome ?? null,
    new: findings
      .filter(({ fingerprint }) => !before.has(fingerprint))
      .map((finding) => refer(finding, startedAt)),
    still: findings.flatMap((finding) => {
      const known = before.get(finding.fingerprint)
      return known ? [referAgain(finding, known)] : []
    }),
    resolved: gone.filter((known) => couldBeSeen(known, results)),
    undetermined: gone.filter((known) => !couldBeSeen(known, results)),
    ...(newlyUndetermined.length > 0 && { newlyUndetermined }),
  }
}
