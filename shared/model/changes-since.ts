import { type Comparison, compare, previousOf } from './comparison.ts'
import type { CheckItemId } from './finding.ts'
import { type CompletedPrecheck, beyondIn } from './precheck.ts'

/** What changed between two results that need not follow each other. */
export interface ChangesSince {
  readonly comparison: Comparison
  /** Check items with so many findings that they are compared in their turn only. */
  readonly notCompared: readonly CheckItemId[]
}

const pagedIn = ({ results, comparison }: CompletedPrecheck): CheckItemId[] => [
  ...results.flatMap(({ checkItem, pages }) => (pages ? [checkItem] : [])),
  ...(comparison.paged ?? []).map(({ checkItem }) => checkItem),
]

/** Holds a result of an instance against an earlier one of it. */
export const changesSince = (precheck: CompletedPrecheck, earlier: CompletedPrecheck): ChangesSince => {
  const previous = previousOf(earlier)
  const paged = new Set([...pagedIn(precheck), ...pagedIn(earlier)])
  const { startedAt, results } = precheck
  return {
    comparison: compare(startedAt, results, previous, beyondIn(precheck, previous), paged),
    notCompared: [...paged].toSorted(),
  }
}
