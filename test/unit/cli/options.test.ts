import { describe, expect, it } from 'vitest'
import { precheckView } from '../../../functions/api/views/precheck-view.ts'
import { completedOf, itemResult, simpleDatabase } from '../../support/completed-prechecks.ts'
import { type Script, answering, precheckWith } from './scripted-service.ts'

const precheck = completedOf({ results: [itemResult([simpleDatabase('HR')])] })

/** Answers in the language that it is asked for, as the service does. */
const service: Script = (call, response) => {
  const locale = response.req.headers['accept-language'] === 'zh' ? 'zh' : 'en'
  answering(200, precheckView(precheck, locale))(call, response)
}

const follow = (args: readonly string[], around: Parameters<typeof precheckWith>[3] = {}) =>
  precheckWith(service, ['watch', precheck.id, ...args], undefined, around)

describe('--quiet', () => {
  it('leaves out the progress and keeps the report', async () => {
    const { output: whole } = await follow([])
    const { code, output } = await follow(['--quiet'])
    expect(whole).toBe(`✘ failed    SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE 1 ms\n${output}`)
    expect(output).toMatch(/^\n[^]*Outcome: FAILED/)
    expect(code).toBe(2)
  })
})

describe('colours', () => {
  const escape = '\u001B['

  it('are for terminals', async () => {
    expect((await follow([], { columns: 120 })).output).toContain(escape)
    expect((await follow([])).output).not.toContain(escape)
  })

  it.each([
    ['--no-color', ['--no-color'], {}],
    ['NO_COLOR', [], { NO_COLOR: '1' }],
  ])('are left out by %s', async (_, args, environment) => {
    expect((await follow(args, { columns: 120, environment })).output).not.toContain(escape)
  })
})

describe('the language', () => {
  const chinese = /恢复模式/

  it.each([
    ['--lang zh', ['--lang', 'zh'], {}],
    ['LANG', [], { LANG: 'zh_CN.UTF-8' }],
    ['LC_ALL before LANG', [], { LANG: 'en_US.UTF-8', LC_ALL: 'zh_CN.UTF-8' }],
  ])('is Chinese by %s', async (_, args, environment) => {
    expect((await follow(args, { environment })).output).toMatch(chinese)
  })

  it.each([
    ['nothing', [], {}],
    ['another one', [], { LANG: 'de_DE.UTF-8' }],
    ['--lang en before LANG', ['--lang', 'en'], { LANG: 'zh_CN.UTF-8' }],
  ])('is English by %s', async (_, args, environment) => {
    expect((await follow(args, { environment })).output).not.toMatch(chinese)
  })
})
