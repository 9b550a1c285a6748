import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
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
    'leaves an item timed_out where %s is about time, and else an error',
    (code, problem) => {
      const isAboutTime = /TIMED_OUT|SILENT|TIME_LIMIT|NO_TIME|DEADLINE/.test(code)
      expect(problem.status).toBe(isAboutTime ? 'timed_out' : 'error')
    },
  )

  it('explains every code that the error tables of the probes name', () => {
    const tables = [...Engine.options.map((engine) => `${engine}/errors.ts`), 'sqlserver/prelogin-guard.ts']
    const named = tables.flatMap((table) => {
      const source = readFileSync(new URL(`../../../shared/adapters/${table}`, import.meta.url), 'utf8')
      return [...source.matchAll(/'([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)'/g)].map((match) => match[1] ?? '')
    })
    const codes = named.filter(
      (code) => !/^(DEPTH_ZERO|UNABLE_TO|CERT_|ERR_|SELF_SIGNED|INVALID_CA|EAI_)/.test(code),
    )
    expect(codes.length).toBeGreaterThan(30)
    expect(codes.filter((code) => !problems[code])).toEqual([])
  })
})
