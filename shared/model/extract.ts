import * as z from 'zod'
import { Comparison, keptIn } from './comparison.ts'
import { ItemResult } from './item-result.ts'
import type { CompletedPrecheck } from './precheck.ts'
import { Readiness, instanceReadinessOf, readinessOf } from './readiness.ts'

/** What is shown of a precheck with results that are too large for its document. */
export const Extract = z.strictObject({
  /** Those results, with the first of what is in their pages. */
  results: z.array(ItemResult),
  /** With the first findings of each part. */
  comparison: Comparison,
  /** With the first databases. */
  readiness: Readiness,
})
export type Extract = Readonly<z.infer<typeof Extract>>

/** A precheck as answers show it. `readiness` is there where the results do not hold all that it follows from. */
export type ShownPrecheck = CompletedPrecheck & { readonly readiness?: Readiness }

/** Shows a precheck with large results. */
export const shownWith = (precheck: CompletedPrecheck, extract: Extract): ShownPrecheck => {
  const shown = new Map(extract.results.map((result) => [result.checkItem, result]))
  return {
    ...precheck,
    results: precheck.results.map((result) => shown.get(result.checkItem) ?? result),
    comparison: extract.comparison,
    readiness: extract.readiness,
  }
}

/** The row of the instance in the readiness table. */
export const instanceReadinessIn = ({
  readiness,
  large,
  checkItems,
  results,
  comparison,
}: ShownPrecheck): Readiness['instance'] =>
  readiness?.instance ??
  large?.readiness ??
  instanceReadinessOf(checkItems, results, keptIn(comparison, results))

/** The readiness table. With large results the first databases may be all that is there of it, or its summary. */
export const readinessIn = (precheck: ShownPrecheck): Readiness => {
  const { readiness, large, checkItems, results, comparison } = precheck
  if (readiness) return readiness
  if (large) return { instance: large.readiness, databases: [] }
  return readinessOf(checkItems, results, keptIn(comparison, results))
}
