import type { ComparedFinding, Comparison, PreviousResult } from './comparison.ts'
import { msPerDay } from './durations.ts'
import type { ItemResult } from './item-result.ts'
import { type Outcome, outcomeOf } from './outcome.ts'

/** What of a precheck says whether it is news. */
export interface Compared {
  readonly outcome: Outcome
  readonly results: readonly ItemResult[]
  readonly comparison: Comparison
}

/** What could not be determined weighs as much as what fails: could not check is never green. */
const severity: Readonly<Record<Outcome, number>> = { passed: 0, warning: 1, failed: 2, inconclusive: 2 }

const isOpen = ({ acknowledged }: ComparedFinding): boolean => !acknowledged

/**
 * A precheck as far as receivers are told of it: what a check item that is not essential found when it was judged for
 * the first time is shown, and no news.
 */
export const withoutBaseline = <Precheck extends Compared>(precheck: Precheck): Precheck => {
  const { comparison, results } = precheck
  const first = new Set(comparison.new.flatMap(({ baseline, checkItem }) => (baseline ? checkItem : [])))
  if (first.size === 0) return precheck
  return {
    ...precheck,
    outcome: outcomeOf(results.filter(({ checkItem }) => !first.has(checkItem))),
    comparison: { ...comparison, new: comparison.new.filter(({ baseline }) => !baseline) },
  }
}

/** How much worse it is than the previous outcome; negative: better; 0 for a first result. */
const worseBy = ({ outcome, comparison: { previousOutcome } }: Compared): number =>
  previousOutcome === null ? 0 : severity[outcome] - severity[previousOutcome]

const hasNewlyAcknowledged = ({ comparison }: Compared): boolean =>
  comparison.still.some(({ newlyAcknowledged }) => newlyAcknowledged)

/** A warning that nobody has accepted. */
export const hasOpenWarning = ({ comparison }: Compared): boolean =>
  [...comparison.new, ...comparison.still].some((finding) => finding.level === 'warning' && isOpen(finding))

/** It is better, and not because somebody accepted a finding. */
export const isRecovered = (precheck: Compared): boolean =>
  worseBy(precheck) < 0 && !hasNewlyAcknowledged(precheck)

/** The outcome is another one, and not because somebody accepted a finding. */
const hasOtherOutcome = (precheck: Compared): boolean => {
  const { outcome, comparison } = precheck
  if (outcome === comparison.previousOutcome) return false
  if (worseBy(precheck) <= 0) return !hasNewlyAcknowledged(precheck)
  return outcome !== 'warning' || hasOpenWarning(precheck)
}

/**
 * True for a first result, another outcome than the previous one, a check item that cannot be determined any more, and
 * a finding that is new, resolved or no longer acknowledged. Findings that are acknowledged change nothing by
 * themselves.
 */
export const isChanged = (completed: Compared): boolean => {
  const precheck = withoutBaseline(completed)
  const { comparison } = precheck
  return (
    comparison.previousPrecheckId === null ||
    hasOtherOutcome(precheck) ||
    comparison.newlyUndetermined !== undefined ||
    comparison.new.some(isOpen) ||
    comparison.resolved.some(isOpen) ||
    comparison.still.some(({ noLongerAcknowledged }) => noLongerAcknowledged)
  )
}

/** The comparison of a precheck, with since when nothing is news where that is so, and the previous result tells it. */
export const withUnchanged = (precheck: Compared, previous: PreviousResult | null): Comparison => {
  const { comparison } = precheck
  if (previous?.stood === undefined || isChanged(precheck)) return comparison
  return { ...comparison, unchanged: { since: previous.stood.since, before: previous.stood.at } }
}

/** Nights begin a little earlier or later than the night before: a reminder comes up to so much before its time, ms. */
const leewayMs = msPerDay / 2

/**
 * True for the first precheck of every so many days in which a result stands without news, however often it is looked
 * at; nothing has to remember whether somebody was reminded.
 */
export const isReminderDue = (startedAt: string, { unchanged }: Comparison, everyDays: number): boolean => {
  if (!unchanged) return false
  const since = Date.parse(unchanged.since) - leewayMs
  const periodOf = (time: string): number => Math.floor((Date.parse(time) - since) / (everyDays * msPerDay))
  return periodOf(startedAt) > periodOf(unchanged.before)
}
