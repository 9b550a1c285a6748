import { checksFor } from '../../shared/checks/catalogue.ts'
import type { Check, CheckContext } from '../../shared/checks/framework/define-check.ts'
import { queriesOf } from '../../shared/checks/framework/question.ts'
import type { Engine } from '../../shared/model/engine.ts'
import type { ItemResult } from '../../shared/model/item-result.ts'
import { type Readiness, type Verdict, readinessOf } from '../../shared/model/readiness.ts'
import { judged } from './context.ts'
import type { Answer } from './engine-in-tests.ts'
import { engineInTests } from './engines.ts'

/** What becomes of a readiness table when a fact is taken away of the answer that it follows from: nothing greener. */

/** What is taken away of an answer: one value, or all that a statement brings back. */
type Loss =
  | { readonly statement: string; readonly row: number; readonly column: string }
  | { readonly statement: string; readonly row: 'all' }

export const databaseChecks = (engine: Engine) =>
  checksFor(engine).filter(({ question }) => question.probe === engine)

/** Only what a check item asks reaches it. */
const partOf = (answer: Answer, names: readonly string[]): Answer =>
  Object.fromEntries(names.map((name) => [name, answer[name] ?? null]))

/** What check items make of an answer. */
export const resultsOf = (checks: readonly Check[], context: CheckContext, answer: Answer): ItemResult[] =>
  checks.map((check) => {
    const names = Object.keys(queriesOf(check.question))
    return judged(check, { answer: partOf(answer, names) }, context, checks)
  })

export const readinessWith = (
  checks: readonly Check[],
  { target }: CheckContext,
  results: readonly ItemResult[],
): Readiness => {
  const { profile } = target.definition
  const planned = checks.map(({ id, affects }) => ({ checkItem: id, affects: [...affects(profile)] }))
  return readinessOf(planned, results)
}

/** The table that follows from an answer by these items. */
export const tableBy = (checks: readonly Check[], context: CheckContext, answer: Answer): Readiness =>
  readinessWith(checks, context, resultsOf(checks, context, answer))

/** Not knowing is as far from green as being sure of the worst: what is taken away may make one of the other. */
const rank: Readonly<Record<Verdict, number>> = { ready: 0, degraded: 1, unknown: 2, blocked: 2 }

/** How far each cell is from green, by its database (none for the instance) and its operation. */
export const cellsOf = (readiness: Readiness): Map<string, number> =>
  new Map(
    [
      ['', readiness.instance] as const,
      ...readiness.databases.map(({ database, operations }) => [database, operations] as const),
    ].flatMap(([database, row]) =>
      Object.entries(row).map(
        ([operation, { verdict }]) => [`${database} ${operation}`, rank[verdict]] as const,
      ),
    ),
  )

export const without = (answer: Answer, loss: Loss): Answer => ({
  ...answer,
  [loss.statement]:
    loss.row === 'all'
      ? null
      : (answer[loss.statement]?.map((each, index) =>
          index === loss.row ? { ...each, [loss.column]: null } : each,
        ) ?? null),
})

/** Those that are not refused already. */
const refusalsOf = (engine: Engine, answer: Answer): Loss[] =>
  Object.keys(answer)
    .filter((statement) => answer[statement] && !engineInTests[engine].notNeeded.includes(statement))
    .map((statement) => ({ statement, row: 'all' }))

export const lossesOf = (engine: Engine, answer: Answer): Loss[] => {
  const { meaningfulNulls } = engineInTests[engine]
  return Object.entries(answer).flatMap(([statement, rows]) =>
    (rows ?? []).flatMap((each, row) =>
      Object.keys(each)
        .filter((column) => !meaningfulNulls.includes(`${statement}.${column}`))
        .map((column) => ({ statement, row, column })),
    ),
  )
}

/** The cells that are further from red after a loss than before. */
export const greener = (after: Map<string, number>, before: Map<string, number>, loss: Loss): string[] =>
  [...after].flatMap(([cell, value]) =>
    value < (before.get(cell) ?? 0) ? [`${cell} is greener without ${JSON.stringify(loss)}`] : [],
  )

/** More rows than that are about their number. */
const maxRows = 40

/**
 * What is greener without one of the facts that an item asks for: in the table of all items of its engine, since what
 * one of them does not know another may say.
 */
export const greenerWithoutFacts = (check: Check, context: CheckContext, whole: Answer): string[] => {
  const engine = context.target.definition.engine
  const answer = partOf(whole, Object.keys(queriesOf(check.question)))
  if (Object.values(answer).some((rows) => (rows?.length ?? 0) > maxRows)) return []
  const cellsBy = (checks: readonly Check[], given: Answer) => cellsOf(tableBy(checks, context, given))
  const [alone, all] = [[check], databaseChecks(engine)]
  const before = cellsBy(alone, answer)
  return [...refusalsOf(engine, answer), ...lossesOf(engine, answer)]
    .filter((loss) => greener(cellsBy(alone, without(answer, loss)), before, loss).length > 0)
    .flatMap((loss) => greener(cellsBy(all, without(whole, loss)), cellsBy(all, whole), loss))
}
