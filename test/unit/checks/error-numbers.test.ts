import { describe, expect, it } from 'vitest'
import { engines } from '../../../shared/checks/catalogue.ts'
import type { ErrorNumber, ProblemDefinition } from '../../../shared/checks/problems/problem.ts'
import { problems } from '../../../shared/checks/problem-catalogue.ts'
import { connectionProblems } from '../../../shared/checks/problems/connection.ts'
import { renderReason } from '../../../shared/checks/render.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { Locale } from '../../../shared/model/message.ts'
import { engineInTests } from '../../support/engines.ts'

type Row = readonly [number: ErrorNumber, code: string]

/** Every number of an engine, and every code of the system, with the problem that it is declared to mean. */
const rowsOf = (engine: Engine): readonly Row[] => {
  const { problems: own, numbers } = engines[engine]
  const all: Readonly<Record<string, ProblemDefinition>> = { ...connectionProblems, ...own }
  const ofProblems = Object.entries(all).map(([code, problem]) => [code, problem.numbers ?? []] as const)
  return [...ofProblems, ...Object.entries(numbers)].flatMap(([code, each]) =>
    each.map((number): Row => [number, code]),
  )
}

/** Texts of one engine's own problems say which number it was, where several of the server mean the problem. */
const hasToShow = (engine: Engine, code: string, number: ErrorNumber): boolean => {
  const { numbers = [] } = engines[engine].problems[code] ?? {}
  const ofServer = numbers.filter((each) => !String(each).startsWith('NJS-'))
  return ofServer.length > 1 && ofServer.includes(number)
}

describe.each(Engine.options)('an error number of %s', (engine) => {
  const rows = rowsOf(engine)

  it('means one thing', () => {
    const numbers = rows.map(([number]) => number)
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([])
  })

  it.each(rows)('%s ends as %s, and says so in both languages', (number, code) => {
    const problem = engineInTests[engine].meets(number)
    expect(problem.code).toBe(code)
    expect(['error', 'timed_out']).toContain(problems[code]?.status)
    for (const locale of Locale.options) {
      const { text, advice } = renderReason(problem, locale)
      for (const each of [text, advice]) {
        expect(/\p{sc=Han}/u.test(each)).toBe(locale === 'zh')
        expect(each.length).toBeGreaterThan(4)
        expect(each).not.toMatch(/\{\w+\}/)
      }
      if (hasToShow(engine, code, number)) expect(text).toContain(String(number))
    }
  })
})
