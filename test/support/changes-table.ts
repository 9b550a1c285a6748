import { describe, expect, it } from 'vitest'
import type { Check } from '../../shared/checks/framework/define-check.ts'
import type { Engine } from '../../shared/model/engine.ts'
import type { AffectedObject, Finding } from '../../shared/model/finding.ts'
import { contextFor, judged } from './context.ts'
import type { Answer, Row } from './engine-in-tests.ts'
import type { VerdictRow } from './verdict-table.ts'

interface Subject<Facts> {
  readonly check: Check
  readonly engine: Engine
  readonly answer: (changes?: Facts) => unknown
  readonly verdicts: readonly VerdictRow<Facts, string>[]
  /** True if a row of that statement is about the object of a finding. */
  readonly isOf: (statement: string, row: Row, object: AffectedObject, answer: Answer) => boolean
}

const changesOf = ({ remediation }: Finding) => Object.entries(remediation?.changes ?? {})

/** A setting that has a row of its own, with its name and its value. */
const settingIn = ({ variable_name }: Row): string | null =>
  typeof variable_name === 'string' ? variable_name : null

const changed = (row: Row, changes: readonly (readonly [string, unknown])[]): Row => {
  const setting = settingIn(row)
  if (setting === null) return { ...row, ...Object.fromEntries(changes.filter(([column]) => column in row)) }
  const change = changes.find(([name]) => name === setting)
  return change ? { ...row, value: String(change[1]) } : row
}

/** The answer after the steps were run: what they change stands in every row of the object that has such a column. */
const afterwards = <Facts>({ isOf }: Subject<Facts>, answer: Answer, finding: Finding): Answer =>
  Object.fromEntries(
    Object.entries(answer).map(([statement, rows]) => [
      statement,
      rows?.map((row) =>
        isOf(statement, row, finding.object, answer) ? changed(row, changesOf(finding)) : row,
      ) ?? null,
    ]),
  )

/** Columns and settings of the object that the answer has. */
const columnsOf = <Facts>({ isOf }: Subject<Facts>, answer: Answer, object: AffectedObject): string[] =>
  Object.entries(answer).flatMap(([statement, rows]) =>
    (rows ?? [])
      .filter((row) => isOf(statement, row, object, answer))
      .flatMap((row) => [...Object.keys(row), settingIn(row) ?? []].flat()),
  )

const sameAs =
  ({ message, object }: Finding) =>
  (other: Finding): boolean =>
    other.message.code === message.code && other.object.name === object.name

/** A verdict with a remediation that changes something, and where that finding stands among all of the verdict. */
interface Case<Facts> {
  readonly row: VerdictRow<Facts, string>
  readonly index: number
}

const judgedOf = <Facts>({ check, engine }: Subject<Facts>, answer: Answer, row: VerdictRow<Facts, string>) =>
  judged(check, { answer }, contextFor(engine, row.registered)).findings

const expectEnded = <Facts>(subject: Subject<Facts>, { row, index }: Case<Facts>): void => {
  const answer = subject.answer(row.facts) as Answer
  const finding = judgedOf(subject, answer, row)[index]
  if (!finding) throw new Error(`${row.when}: it says something else the second time`)
  const columns = changesOf(finding).map(([column]) => column)
  expect(columnsOf(subject, answer, finding.object)).toEqual(expect.arrayContaining(columns))
  const left = judgedOf(subject, afterwards(subject, answer, finding), row)
  expect(left.filter(sameAs(finding))).toEqual([])
}

/**
 * Tests what the remediations of the verdicts say that they change: applied to the facts that they came from, and
 * judged again, the finding is gone. A test for each finding that has such a remediation.
 */
export const testChanges = <Facts>(subject: Subject<Facts>): void => {
  const cases = subject.verdicts.flatMap((row) => {
    if (row.problem) return []
    return judgedOf(subject, subject.answer(row.facts) as Answer, row).flatMap((finding, index) =>
      changesOf(finding).length > 0 ? [[finding.message.code, row.when, { row, index }] as const] : [],
    )
  })

  describe('what its remediations change', () => {
    // Judged in the test again, and not taken from what made the table: a change of a rule has to fail here.
    it.each(cases)('ends %s: %s', (_code, _when, each) => {
      expectEnded(subject, each)
    })

    it('is said of some finding', () => {
      expect(cases.length).toBeGreaterThan(0)
    })
  })
}
