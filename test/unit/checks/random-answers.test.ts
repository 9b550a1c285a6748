import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checksFor, engines } from '../../../shared/checks/catalogue.ts'
import { queriesOf } from '../../../shared/checks/framework/question.ts'
import { renderMessage } from '../../../shared/checks/render.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { ItemResult } from '../../../shared/model/item-result.ts'
import { Profile } from '../../../shared/model/profile.ts'
import { type Verdict, readinessOf } from '../../../shared/model/readiness.ts'
import { contextFor, judged } from '../../support/context.ts'
import { engineInTests } from '../../support/engines.ts'
import type { Cell } from '../../support/facts/row.ts'
import { propertyRuns } from '../../support/property-runs.ts'

/**
 * What a server may answer, however odd: every statement refused, empty, or with rows of values that the manuals name,
 * that no manual names, of a wrong type, or NULL. Seeds of failures are printed by fast-check.
 */

type Row = Readonly<Record<string, unknown>>
/** Rows by the name of the statement; null: it was refused. */
type Answer = Readonly<Record<string, readonly Row[] | null>>

/** One value of an answer that is taken away. */
interface Loss {
  readonly statement: string
  readonly row: number
  readonly column: string
}

const oddCells = fc.oneof(
  fc.constant(null),
  fc.constantFrom('', 'NO_SUCH_WORD', '0', -1, 2 ** 53, 1.5, true, {}, []),
  fc.string({ maxLength: 8 }).map((text) => text.replaceAll(/[{}]/g, '')),
)

const cellLike = (sample: Cell, words: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(sample) },
    { weight: 6, arbitrary: words.length > 0 ? fc.constantFrom(...words) : fc.constant(sample) },
    { weight: 1, arbitrary: oddCells },
  )

const rowLike = (
  sample: Readonly<Record<string, Cell>>,
  words: Readonly<Record<string, readonly unknown[]>>,
): fc.Arbitrary<Row> =>
  fc.record(
    Object.fromEntries(
      Object.entries(sample).map(([column, cell]) => [column, cellLike(cell, words[column] ?? [])]),
    ),
  )

const answersOf = (engine: Engine): fc.Arbitrary<Answer> => {
  const { samples, words } = engineInTests[engine]
  return fc.record(
    Object.fromEntries(
      Object.entries(samples).map(([statement, sample]) => {
        const rows = fc.array(rowLike(sample, words), { maxLength: 4 })
        const usual = fc.constant(engineInTests[engine].healthy[statement] as readonly Row[] | null)
        return [
          statement,
          fc.oneof(
            { weight: 5, arbitrary: rows },
            { weight: 5, arbitrary: usual },
            { weight: 1, arbitrary: fc.constant(null) },
          ),
        ]
      }),
    ),
  )
}

const databaseChecks = (engine: Engine) =>
  checksFor(engine).filter(({ question }) => question.probe === engine)

/** Only what a check item asks reaches it. */
const partOf = (answer: Answer, names: readonly string[]): Answer =>
  Object.fromEntries(names.map((name) => [name, answer[name] ?? null]))

const resultsOf = (engine: Engine, profile: Profile, answer: Answer): ItemResult[] => {
  const context = contextFor(engine, { profile, backupAccount: engineInTests[engine].backupAccount })
  const checks = databaseChecks(engine)
  return checks.map((check) => {
    const names = Object.keys(queriesOf(check.question))
    return judged(check, { answer: partOf(answer, names) }, context, checks)
  })
}

const readinessFor = (engine: Engine, profile: Profile, answer: Answer) => {
  const planned = databaseChecks(engine).map(({ id, affects }) => ({
    checkItem: id,
    affects: [...affects(profile)],
  }))
  return readinessOf(planned, resultsOf(engine, profile, answer))
}

/** Not knowing is as far from green as being sure of the worst: what is taken away may make one of the other. */
const rank: Readonly<Record<Verdict, number>> = { ready: 0, degraded: 1, unknown: 2, blocked: 2 }

const cellsOf = (readiness: ReturnType<typeof readinessOf>): Map<string, number> =>
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

const without = (answer: Answer, { statement, row, column }: Loss): Answer => ({
  ...answer,
  [statement]:
    answer[statement]?.map((each, index) => (index === row ? { ...each, [column]: null } : each)) ?? null,
})

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

/** Half a million answers take half an hour on a busy machine. */
const howLong = { timeout: propertyRuns(120_000) }

describe.each(Engine.options)('whatever a server of %s answers', (engine) => {
  const anyProfile = fc.constantFrom(...Profile.options)

  it('every item comes to a result that can be stored and rendered', howLong, () => {
    const property = fc.property(answersOf(engine), anyProfile, (answer, profile) => {
      for (const result of resultsOf(engine, profile, answer)) {
        expect(() => ItemResult.parse(result)).not.toThrow()
        for (const { message } of result.findings) {
          for (const locale of ['en', 'zh'] as const) {
            expect(renderMessage(result.checkItem, message, locale)).not.toMatch(/\{\w+\}|undefined|\[object/)
          }
        }
      }
    })
    fc.assert(property, { numRuns: propertyRuns(200) })
  })

  it('nothing becomes greener when a fact is missing', howLong, () => {
    const property = fc.property(answersOf(engine), anyProfile, fc.nat(), (answer, profile, choice) => {
      const losses = lossesOf(engine, answer)
      const loss = losses[choice % Math.max(1, losses.length)]
      if (!loss) return
      const before = cellsOf(readinessFor(engine, profile, answer))
      const after = cellsOf(readinessFor(engine, profile, without(answer, loss)))
      for (const [cell, value] of after) {
        expect(value, `${cell} without ${JSON.stringify(loss)}`).toBeGreaterThanOrEqual(before.get(cell) ?? 0)
      }
    })
    fc.assert(property, { numRuns: propertyRuns(400) })
  })

  it('something is farther from ready when a statement is refused that it rests on', () => {
    const healthy = engineInTests[engine].healthy as Answer
    for (const statement of Object.keys(engineInTests[engine].samples)) {
      for (const profile of Profile.options) {
        const before = cellsOf(readinessFor(engine, profile, healthy))
        const after = cellsOf(readinessFor(engine, profile, { ...healthy, [statement]: null }))
        const isLess = [...before].some(([cell, value]) => (after.get(cell) ?? 0) > value)
        const isNeeded = !engineInTests[engine].notNeeded.includes(statement)
        expect(isLess, `${engines[engine].title}: ${statement} refused`).toBe(isNeeded)
      }
    }
  })
})
