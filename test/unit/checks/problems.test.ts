import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { engines } from '../../../shared/checks/catalogue.ts'
import { problems } from '../../../shared/checks/problem-catalogue.ts'
import { Engine } from '../../../shared/model/engine.ts'

describe('the problem catalogue', () => {
  it.each(Object.entries(problems))(
    'says of %s in both languages what it is and what to do',
    (_, problem) => {
      for (const text of [problem.text, problem.advice]) {
        expect(text.en).toMatch(/\S/)
        expect(text.zh).toMatch(/[\u4e00-\u9fff]/)
      }
    },
  )

  it.each(Object.entries(problems))(
    'leaves an item timed_out where %s is about time, skipped where nothing was asked on purpose, else an error',
    (code, problem) => {
      const isAboutTime = /TIMED_OUT|SILENT|TIME_LIMIT|NO_TIME|DEADLINE/.test(code)
      const isOnPurpose = ['DEPENDENCY_NOT_PASSED', 'NOT_APPLICABLE', 'RIGHT_MISSING'].includes(code)
      const otherwise = isOnPurpose ? 'skipped' : 'error'
      expect(problem.status).toBe(isAboutTime ? 'timed_out' : otherwise)
    },
  )

  it.each(Engine.options)('explains every code that the probe of %s names', (engine) => {
    const folder = new URL(`../../../shared/adapters/${engine}/`, import.meta.url)
    const named = readdirSync(folder).flatMap((file) => {
      const source = readFileSync(new URL(file, folder), 'utf8')
      return [...source.matchAll(/'([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)'/g)].map((match) => match[1] ?? '')
    })
    const codes = named.filter(
      (code) => !/^(DEPTH_ZERO|UNABLE_TO|CERT_|ERR_|SELF_SIGNED|INVALID_CA|EAI_)/.test(code),
    )
    expect(codes.length).toBeGreaterThan(5)
    expect(codes.filter((code) => !problems[code])).toEqual([])
  })

  it.each(Engine.options)('has no problem of %s that neither a number nor its probe can mean', (engine) => {
    const folder = new URL(`../../../shared/adapters/${engine}/`, import.meta.url)
    const sources = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))
    const silent = Object.entries(engines[engine].problems).filter(
      ([, { numbers = [] }]) => numbers.length === 0,
    )
    const unused = silent.filter(([code]) => !sources.some((source) => source.includes(`'${code}'`)))
    expect(unused).toEqual([])
  })
})
