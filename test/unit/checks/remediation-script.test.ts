import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { remediationScript } from '../../../shared/checks/remediation-script.ts'
import { renderMessage } from '../../../shared/checks/render.ts'
import type { Engine } from '../../../shared/model/engine.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import type { Remediation } from '../../../shared/model/remediation.ts'

type Step = Remediation['steps'][number]

const setOnline: Step = { language: 'tsql', command: 'ALTER DATABASE [x] SET ONLINE;', risk: 'online' }
const byHand: Step = { language: 'manual', command: 'Ask who took it offline.', risk: 'downtime' }

const finding = (name: string, steps: readonly Step[], changes: Partial<Finding> = {}): Finding => ({
  fingerprint: '0123456789abcdef',
  checkItem: 'SQL_SERVER_DB_NOT_ONLINE',
  object: { type: 'database', name },
  level: 'failed',
  message: { code: 'OFFLINE', params: { database: name } },
  observed: {},
  expected: {},
  blocks: ['full', 'log'],
  degrades: [],
  obscures: [],
  limits: [],
  remediation: { steps: [...steps], verify: { language: 'tsql', query: 'SELECT 1;' } },
  ...changes,
})

const scriptOf = (findings: readonly Finding[], engine: Engine = 'sqlserver', locale: 'en' | 'zh' = 'en') => {
  const result: Omit<ItemResult, 'findings'> = {
    checkItem: 'SQL_SERVER_DB_NOT_ONLINE',
    status: 'failed',
    vantage: 'checker',
    reason: null,
    observed: {},
    databases: [],
    excluded: [],
    startedAt: '2026-11-21T02:00:00Z',
    durationMs: 1,
  }
  const results = findings.map((each) => ({ ...result, findings: [each] }))
  return remediationScript({ precheckId: 'pc_1', instanceId: 'db1', engine, results }, locale)
}

const commandsIn = (script: string): string[] =>
  script.split('\n').filter((line) => line !== '' && !line.startsWith('-- '))

describe('the remediation script', () => {
  it('is for reading: what it is for, and each part with what it is about, what it blocks and its risks', () => {
    const sales = finding('Sales', [byHand, setOnline])
    const [head, ...lines] = scriptOf([sales]).split('\n')
    expect(head).toMatch(/^-- .*db1.*pc_1/)
    expect(lines).toEqual([
      '',
      '-- SQL_SERVER_DB_NOT_ONLINE  database Sales',
      `-- ${renderMessage(sales.checkItem, sales.message, 'en')}`,
      '-- blocks: full, log',
      '-- risk: downtime, manual step',
      '-- Ask who took it offline.',
      '-- risk: online',
      'ALTER DATABASE [x] SET ONLINE;',
      '-- verify:',
      '-- SELECT 1;',
      '',
      '',
    ])
  })

  it('is written in the language asked for', () => {
    const sales = finding('Sales', [setOnline])
    expect(scriptOf([sales], 'sqlserver', 'zh')).toContain(
      renderMessage(sales.checkItem, sales.message, 'zh'),
    )
  })

  it('says nothing of blocked operations and of a verifying query where there are none', () => {
    const bare = finding('Sales', [], { blocks: [], remediation: { steps: [setOnline], verify: null } })
    expect(scriptOf([bare]).split('\n').slice(4)).toEqual(['-- risk: online', setOnline.command, '', ''])
  })

  it('breaks a comment where its text breaks, and once for one break of Windows', () => {
    const command = 'First.\r\nThen.\nLast.'
    const lines = scriptOf([finding('Sales', [{ ...byHand, command }])]).split('\n')
    expect(lines.slice(6, 9)).toEqual(['-- First.', '-- Then.', '-- Last.'])
  })

  it('leaves out what has no remediation, and says so when nothing is left', () => {
    const done = finding('Sales', [], { remediation: null })
    expect(scriptOf([done, finding('HR', [setOnline])])).not.toContain('Sales')
    expect(scriptOf([done])).toMatch(/^-- .*\n\n-- Nothing .*\n$/)
  })

  it('puts the worst first', () => {
    const findings = (['note', 'warning', 'failed', 'error'] as const).map((level) =>
      finding(level, [setOnline], { level }),
    )
    const names = [...scriptOf(findings).matchAll(/ {2}database (\w+)/g)].map(([, name]) => name)
    expect(names).toEqual(['failed', 'error', 'warning', 'note'])
  })

  it.each([
    ['sqlserver', 'tsql'],
    ['oracle', 'sqlplus'],
  ] as const)('for %s holds commands of %s as they are and all else as comments', (engine, runnable) => {
    const steps = (['tsql', 'sqlplus', 'rman', 'bash', 'powershell', 'manual'] as const).map(
      (language): Step => ({ language, command: `command of ${language}`, risk: 'online' }),
    )
    expect(commandsIn(scriptOf([finding('a', steps)], engine))).toEqual([`command of ${runnable}`])
  })

  it('lets no name out of its comment', () => {
    const ends = fc.constantFrom('\n', '\r\n', '\r', '\u0085', '\u2028', '\u2029')
    const hostile = fc
      .tuple(fc.string(), ends)
      .map(([text, end]) => `x${text}${end}DROP DATABASE prod;${end}GO */`)
    fc.assert(
      fc.property(hostile, (name) => {
        const script = scriptOf([finding(name, [{ ...byHand, command: name }])])
        expect(
          script.split(/[\r\n\u0085\u2028\u2029]/).filter((line) => line && !line.startsWith('-- ')),
        ).toEqual([])
      }),
    )
  })
})
