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
    'leaves an item timed_out where %s is about time, and else an error',
    (code, problem) => {
      const isAboutTime = /TIMED_OUT|SILENT|TIME_LIMIT|NO_TIME|DEADLINE/.test(code)
      expect(problem.status).toBe(isAboutTime ? 'timed_out' : 'error')
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
    const own = Object.keys(engines[engine].problems)
    expect(codes).toEqual(expect.arrayContaining(own))
    expect(codes.length).toBeGreaterThan(own.length)
    expect(codes.filter((code) => !problems[code])).toEqual([])
  })
})
