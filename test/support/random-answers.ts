import fc from 'fast-check'
import type { CheckContext } from '../../shared/checks/framework/define-check.ts'
import { renderMessage } from '../../shared/checks/render.ts'
import type { Engine } from '../../shared/model/engine.ts'
import { ItemResult } from '../../shared/model/item-result.ts'
import { Locale } from '../../shared/model/message.ts'
import { allOperations } from '../../shared/model/operation.ts'
import { Profile } from '../../shared/model/profile.ts'
import type { Readiness } from '../../shared/model/readiness.ts'
import { contextFor } from './context.ts'
import type { Answer, Row } from './engine-in-tests.ts'
import { engineInTests } from './engines.ts'
import type { Cell } from './facts/row.ts'
import {
  cellsOf,
  databaseChecks,
  greener,
  lossesOf,
  readinessWith,
  resultsOf,
  tableBy,
  without,
} from './losses.ts'

/**
 * What a server may answer, however odd: every statement refused, empty, or with rows of values that the manuals name,
 * that no manual names, of a wrong type, or NULL.
 */

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

const contexts = new Map<string, CheckContext>()

const contextOf = (engine: Engine, profile: Profile): CheckContext => {
  const key = `${engine} ${profile}`
  const known = contexts.get(key)
  if (known) return known
  const context = contextFor(engine, { profile, backupAccount: engineInTests[engine].backupAccount })
  contexts.set(key, context)
  return context
}

/** The table that follows from an answer. */
export const readinessFor = (engine: Engine, profile: Profile, answer: Answer): Readiness =>
  tableBy(databaseChecks(engine), contextOf(engine, profile), answer)

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
