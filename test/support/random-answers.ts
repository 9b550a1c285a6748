import fc from 'fast-check'
import { checksFor } from '../../shared/checks/catalogue.ts'
import type { Check, CheckContext } from '../../shared/checks/framework/define-check.ts'
import { queriesOf } from '../../shared/checks/framework/question.ts'
import { renderMessage } from '../../shared/checks/render.ts'
import type { Engine } from '../../shared/model/engine.ts'
import { ItemResult } from '../../shared/model/item-result.ts'
import { Locale } from '../../shared/model/message.ts'
import { allOperations } from '../../shared/model/operation.ts'
import { Profile } from '../../shared/model/profile.ts'
import { type Readiness, type Verdict, readinessOf } from '../../shared/model/readiness.ts'
import { contextFor, judged } from './context.ts'
import type { Answer, Row } from './engine-in-tests.ts'
import { engineInTests } from './engines.ts'
import type { Cell } from './facts/row.ts'

/**
 * What a server may answer, however odd: every statement refused, empty, or with rows of values that the manuals name,
 * that no manual names, of a wrong type, or NULL.
 */

/** What is taken away of an answer: one value, or all that a statement brings back. */
type Loss =
  | { readonly statement: string; readonly row: number; readonly column: string }
  | { readonly statement: string; readonly row: 'all' }

const oddCells = fc.oneof(
  fc.constant(null),
  fc.constantFrom('', 'NO_SUCH_WORD', '0', -1, 2 ** 53, 1.5, true, {}, []),
  fc.string({ maxLength: 8 }).map((text) => text.replaceAll(/[{}]/g, '')),
)

/** How often what is usual stands in a row, and for a statement, beside what is not. */
interface Usual {
  readonly cells: number
  readonly statements: number
}

const cellLike = (sample: Cell, words: readonly unknown[], { cells }: Usual): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: cells, arbitrary: fc.constant(sample) },
    { weight: 6, arbitrary: words.length > 0 ? fc.constantFrom(...words) : fc.constant(sample) },
    { weight: 1, arbitrary: oddCells },
  )

const rowLike = (
  sample: Readonly<Record<string, Cell>>,
  words: Readonly<Record<string, readonly unknown[]>>,
  usual: Usual,
): fc.Arbitrary<Row> =>
  fc.record(
    Object.fromEntries(
      Object.entries(sample).map(([column, cell]) => [column, cellLike(cell, words[column] ?? [], usual)]),
    ),
  )

const answersWith = (engine: Engine, usual: Usual): fc.Arbitrary<Answer> => {
  const { samples, words, healthy } = engineInTests[engine]
  return fc.record(
    Object.fromEntries(
      Object.entries(samples).map(([statement, sample]) => [
        statement,
        fc.oneof(
          { weight: 5, arbitrary: fc.array(rowLike(sample, words, usual), { maxLength: 4 }) },
          { weight: usual.statements, arbitrary: fc.constant(healthy[statement] as readonly Row[] | null) },
          { weight: 1, arbitrary: fc.constant(null) },
        ),
      ]),
    ),
  )
}

/** What each statement of an engine brings back: of a server of which nothing fits, or of one that is nearly healthy. */
const answersOf = (engine: Engine): fc.Arbitrary<Answer> =>
  fc.oneof(
    answersWith(engine, { cells: 6, statements: 5 }),
    answersWith(engine, { cells: 100, statements: 60 }),
  )

/** An answer, the profile that it is judged under, and which of its values is taken away. */
export const questionsOf = (engine: Engine) =>
  fc.tuple(answersOf(engine), fc.constantFrom(...Profile.options), fc.nat())

const databaseChecks = (engine: Engine) =>
  checksFor(engine).filter(({ question }) => question.probe === engine)

/** Only what a check item asks reaches it. */
const partOf = (answer: Answer, names: readonly string[]): Answer =>
  Object.fromEntries(names.map((name) => [name, answer[name] ?? null]))

const contexts = new Map<string, CheckContext>()

const contextOf = (engine: Engine, profile: Profile): CheckContext => {
  const key = `${engine} ${profile}`
  const known = contexts.get(key)
  if (known) return known
  const context = contextFor(engine, { profile, backupAccount: engineInTests[engine].backupAccount })
  contexts.set(key, context)
  return context
}

/** What check items make of an answer. */
const resultsOf = (checks: readonly Check[], context: CheckContext, answer: Answer): ItemResult[] =>
  checks.map((check) => {
    const names = Object.keys(queriesOf(check.question))
    return judged(check, { answer: partOf(answer, names) }, context, checks)
  })

const readinessWith = (
  checks: readonly Check[],
  { target }: CheckContext,
  results: readonly ItemResult[],
): Readiness => {
  const { profile } = target.definition
  const planned = checks.map(({ id, affects }) => ({ checkItem: id, affects: [...affects(profile)] }))
  return readinessOf(planned, results)
}

/** The table that follows from an answer by these items. */
const tableBy = (checks: readonly Check[], context: CheckContext, answer: Answer): Readiness =>
  readinessWith(checks, context, resultsOf(checks, context, answer))

/** The table that follows from an answer. */
export const readinessFor = (engine: Engine, profile: Profile, answer: Answer): Readiness =>
  tableBy(databaseChecks(engine), contextOf(engine, profile), answer)

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

const without = (answer: Answer, loss: Loss): Answer => ({
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

const lossesOf = (engine: Engine, answer: Answer): Loss[] => {
  const { meaningfulNulls } = engineInTests[engine]
  return Object.entries(answer).flatMap(([statement, rows]) =>
    (rows ?? []).flatMap((each, row) =>
      Object.keys(each)
        .filter((column) => !meaningfulNulls.includes(`${statement}.${column}`))
        .map((column) => ({ statement, row, column })),
    ),
  )
}

/** What is wrong with a result that is to be stored and rendered. */
const unpresentable = (result: ItemResult): string[] => {
  const { error } = ItemResult.safeParse(result)
  const texts = result.findings.flatMap(({ message }) =>
    Locale.options.map((locale) => renderMessage(result.checkItem, message, locale)),
  )
  return [
    ...(error ? [`${result.checkItem}: ${error.message}`] : []),
    ...texts.filter((text) => /\{\w+\}|undefined|\[object/.test(text)),
  ]
}

/** Green cells of which a fact is missing that they rest on, by what the manuals ask for at the least. */
const unfounded = (engine: Engine, profile: Profile, answer: Answer, { databases }: Readiness): string[] =>
  databases.flatMap(({ database, operations }) =>
    allOperations
      .filter((operation) => operations[operation].verdict === 'ready')
      .flatMap((operation) =>
        engineInTests[engine]
          .missingFor({ answer, profile, database, operation })
          .map((fact) => `${database} ${operation} is ready, but ${fact}`),
      ),
  )

const greener = (after: Map<string, number>, before: Map<string, number>, loss: Loss): string[] =>
  [...after].flatMap(([cell, value]) =>
    value < (before.get(cell) ?? 0) ? [`${cell} is greener without ${JSON.stringify(loss)}`] : [],
  )

/** What an answer came to. */
export interface Judged {
  /** All that must not be. */
  readonly breaches: readonly string[]
  /** Databases × operations that are ready. */
  readonly readyCells: number
}

/** Judges an answer by every item of its engine, and again without one of its facts. */
export const judgeAnswer = (
  engine: Engine,
  [answer, profile, choice]: readonly [Answer, Profile, number],
): Judged => {
  const [checks, context] = [databaseChecks(engine), contextOf(engine, profile)]
  const results = resultsOf(checks, context, answer)
  const table = readinessWith(checks, context, results)
  const losses = lossesOf(engine, answer)
  const loss = losses[choice % Math.max(1, losses.length)]
  const readyCells = table.databases.reduce(
    (sum, { operations }) =>
      sum + allOperations.filter((operation) => operations[operation].verdict === 'ready').length,
    0,
  )
  return {
    breaches: [
      ...results.flatMap(unpresentable),
      ...unfounded(engine, profile, answer, table),
      ...(loss
        ? greener(cellsOf(readinessFor(engine, profile, without(answer, loss))), cellsOf(table), loss)
        : []),
    ],
    readyCells,
  }
}

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
