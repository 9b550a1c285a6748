import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { oracle } from '../../../shared/checks/oracle/engine.ts'
import { databaseSteps } from '../../../shared/checks/oracle/database-steps.ts'
import { type ScriptRequest, remediationScript } from '../../../shared/checks/remediation-script.ts'
import { renderMessage } from '../../../shared/checks/render.ts'
import { sqlServerSteps } from '../../../shared/checks/sqlserver/steps.ts'
import type { Engine } from '../../../shared/model/engine.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import type { RemediationStep } from '../../../shared/model/remediation.ts'

const setOnline = sqlServerSteps.setOnline({ database: 'x' })
const byHand = sqlServerSteps.fixOrSeedAgain({})
const lossy = sqlServerSteps.recover({ database: 'x' })

const finding = (
  name: string,
  steps: readonly RemediationStep[],
  changes: Partial<Finding> = {},
): Finding => ({
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
  remediation: { steps: [...steps], verify: { language: 'tsql', query: 'SELECT 1;' }, changes: {} },
  ...changes,
})

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

const scriptOf = (findings: readonly Finding[], engine: Engine = 'sqlserver', locale: 'en' | 'zh' = 'en') => {
  const results = findings.map((each) => ({ ...result, findings: [each] }))
  return remediationScript({ precheckId: 'pc_1', instanceId: 'db1', engine, results }, locale)
}

/** What a client would run: every line that is no comment, wherever a line may end. */
const commandsIn = (script: string): string[] =>
  script.split(/[\r\n\u0085\u2028\u2029]/).filter((line) => line !== '' && !line.startsWith('-- '))

describe('the remediation script', () => {
  it('is for reading: what it is for, and each part with what it is about, what it blocks, risks and rights', () => {
    const sales = finding('Sales', [byHand, setOnline])
    const [head, ...lines] = scriptOf([sales]).split('\n')
    expect(head).toMatch(/^-- .*db1.*pc_1/)
    expect(lines).toEqual([
      '',
      '-- SQL_SERVER_DB_NOT_ONLINE  database Sales',
      `-- ${renderMessage(sales.checkItem, sales.message, 'en')}`,
      '-- Blocks: full backup, log backup',
      expect.stringMatching(/^-- By hand: Fix the cause .* \(risk: no downtime, needs: sysadmin\)$/),
      '-- Bring x online. (risk: no downtime, needs: ALTER ANY DATABASE)',
      'ALTER DATABASE [x] SET ONLINE;',
      '-- To verify:',
      '-- SELECT 1;',
      '',
      '',
    ])
  })

  it('is written in the language asked for, down to the last step', () => {
    const sales = finding('Sales', [byHand, setOnline, lossy])
    const comments = scriptOf([sales], 'sqlserver', 'zh')
      .split('\n')
      .filter((line) => line.startsWith('-- '))
    const inChinese = comments.filter((line) => /\p{sc=Han}/u.test(line))
    const others = comments.filter((line) => !inChinese.includes(line))
    const title = '-- SQL_SERVER_DB_NOT_ONLINE  database Sales'
    expect(others).toEqual([title, '-- SELECT 1;', title, `-- ${lossy.command}`])
    expect(inChinese).toContain('-- 将 x 联机。（风险：在线执行；权限：ALTER ANY DATABASE）')
    expect(inChinese).toContain('-- 无法执行：全量备份、日志备份')
  })

  it('says nothing of blocked operations and of a verifying query where there are none', () => {
    const remediation = { steps: [setOnline], verify: null, changes: {} }
    const bare = finding('Sales', [], { blocks: [], remediation })
    expect(scriptOf([bare]).split('\n').slice(5)).toEqual([setOnline.command, '', ''])
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

  it('has what may lose data at its end, alone and commented out, with a line why', () => {
    const script = scriptOf([finding('HR', [setOnline, lossy]), finding('Sales', [setOnline])])
    const [before = '', after = ''] = script.split(/^-- The steps below may lose data.*$/m)
    expect(commandsIn(before)).toEqual([setOnline.command, setOnline.command])
    expect(before).not.toContain('RESTORE DATABASE')
    expect(before).toContain('-- What may lose data stands at the end of this script.')
    expect(after.split('\n').filter((line) => line !== '')).toEqual([
      '-- SQL_SERVER_DB_NOT_ONLINE  database HR',
      '-- End the restore of x and recover it. (risk: data loss, needs: dbcreator)',
      '-- RESTORE DATABASE [x] WITH RECOVERY;',
    ])
    expect(scriptOf([finding('Sales', [setOnline])])).not.toContain('lose data')
  })

  it.each([
    ['sqlserver', 'tsql'],
    ['oracle', 'sqlplus'],
  ] as const)('for %s holds commands of %s as they are and all else as comments', (engine, runnable) => {
    const steps = ['tsql', 'sqlplus', 'rman', 'bash', 'powershell', 'future'].map((language) => ({
      ...setOnline,
      language,
      command: `command of ${language}`,
    }))
    const script = scriptOf([finding('a', [...steps, byHand])], engine)
    expect(commandsIn(script)).toEqual([`command of ${runnable}`])
    expect(script).toContain('(risk: no downtime, needs: ALTER ANY DATABASE) In bash:\n-- command of bash\n')
  })
})

describe('the script of one database', () => {
  const own: ItemResult = {
    ...result,
    findings: [
      finding('Sales', [setOnline]),
      finding('HR', [setOnline]),
      finding('Sales', [setOnline], { object: { type: 'instance', name: 'Sales' } }),
    ],
  }
  const request: ScriptRequest = {
    precheckId: 'pc_1',
    instanceId: 'db1',
    engine: 'sqlserver',
    results: [own],
  }
  const titles = (database?: string): string[] =>
    remediationScript({ ...request, database }, 'en')
      .split('\n')
      .filter((line) => line.startsWith('-- SQL_SERVER_DB_NOT_ONLINE'))

  it('has what is found on the database, and nothing of others or of an instance of its name', () => {
    expect(titles('Sales')).toEqual(['-- SQL_SERVER_DB_NOT_ONLINE  database Sales'])
    expect(titles()).toHaveLength(3)
    expect(remediationScript({ ...request, database: 'none' }, 'en')).toContain('-- Nothing to fix.')
  })

  it('is where the script of an instance with more findings than it holds leads', () => {
    const large: ItemResult = {
      ...result,
      findings: [finding('Sales', [setOnline])],
      pages: {
        run: '0123456789abcdef',
        findings: [],
        names: [],
        totals: { findings: 700, databases: 900, excluded: 0 },
      },
    }
    const results = [large, own]
    const second = remediationScript({ ...request, results }, 'en').split('\n')[1]
    expect(second).toBe(
      '-- The first 4 of 703 findings. For one database: /v1/prechecks/pc_1/remediation.sql?database=NAME',
    )
    expect(remediationScript({ ...request, results, database: 'HR' }, 'en')).not.toContain('The first')
    expect(remediationScript(request, 'en')).not.toContain('The first')
  })
})

describe('a comment', () => {
  it('stands before each line of a name, and an empty line is none', () => {
    const lines = scriptOf([finding('a\r\n \nb', [setOnline])]).split('\n')
    expect(lines.slice(2, 4)).toEqual(['-- SQL_SERVER_DB_NOT_ONLINE  database a', '-- b'])
  })

  it('is all that there is of a lossy step by hand', () => {
    const lossyByHand: RemediationStep = { ...byHand, risk: 'data-loss' }
    const script = scriptOf([finding('HR', [lossyByHand])])
    expect(script.split('\n').slice(-4)).toEqual([
      '-- SQL_SERVER_DB_NOT_ONLINE  database HR',
      expect.stringMatching(/^-- Fix the cause .* \(risk: data loss, needs: sysadmin\)$/),
      '',
      '',
    ])
  })
})

/** Parts of names that a client would expand, or that would end a statement or a comment. */
const traps = [
  '$(x)',
  '&x',
  '&&',
  '\nGO\n',
  '\r\n/\r\n',
  '\n.\n',
  '\u0085',
  '\u2028',
  '\u2029',
  '\0',
  ' -\n',
  '*/',
] as const

/** Whatever the client of the script would not take as it stands. */
const unsafe = { sqlserver: /\$\(|[\p{Cc}\u2028\u2029]/u, oracle: /&|-\s*$|[\p{Cc}\u2028\u2029]/u } as const

describe.each(['sqlserver', 'oracle'] as const)('the script of %s, whatever the names,', (engine) => {
  const stepsOf = (database: string): RemediationStep[] =>
    engine === 'sqlserver'
      ? [sqlServerSteps.setOnline({ database }), sqlServerSteps.recover({ database })]
      : [databaseSteps.enterPluggable({ database }), databaseSteps.openPluggable({ database })]
  const hostile = fc
    .array(fc.oneof(fc.constantFrom(...traps), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 6 })
    .map((parts) => parts.join(''))

  it('runs nothing that its client would expand or split', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const script = scriptOf([finding(name, stepsOf(name))], engine)
        for (const line of script.split('\n')) expect(line).not.toMatch(unsafe[engine])
        const runnable = stepsOf(name).filter(({ risk }) => risk !== 'data-loss')
        const safe = runnable.flatMap(({ command }) => (unsafe[engine].test(command ?? '') ? [] : [command]))
        expect(commandsIn(script)).toEqual(safe)
      }),
    )
  })
})

const entering = (database: string) => databaseSteps.enterPluggable({ database })
const bringing = (database: string) => sqlServerSteps.setOnline({ database })

describe('a name that a client would expand or split', () => {
  it.each([
    [
      'sqlserver',
      '$(x)',
      bringing,
      '[\\u0024\\u0028x)]',
      'sqlcmd would expand or split a name in it (\\u0024\\u0028)',
    ],
    [
      'sqlserver',
      'a\nGO\nb',
      bringing,
      '[a\\u000aGO\\u000ab]',
      '(a line break or another control character)',
    ],
    ['oracle', 'a&b', entering, '"a\\u0026b"', 'SQL*Plus would expand or split a name in it (\\u0026)'],
    ['oracle', 'a\n/\nb', entering, '"a\\u000a/\\u000ab"', '(a line break or another control character)'],
  ] as const)(
    'is not run on %s, and the script says why and shows it escaped: %j',
    (on, name, step, shown, why) => {
      const findings = [finding('x', [step(name)])]
      const english = scriptOf(findings, on)
      expect(commandsIn(english)).toEqual([])
      const at = english.indexOf('-- By hand: No command is given to be run: ')
      expect(english.indexOf(why)).toBeGreaterThan(at)
      expect(english.indexOf(shown)).toBeGreaterThan(at)
      expect(scriptOf(findings, on, 'zh')).toContain('-- 手工操作：不提供可直接执行的命令：')
    },
  )
})

describe('a language of an engine', () => {
  it('takes ordinary names as they are', () => {
    const names = ['Sales', '销售/华东', "it's [a] b", 'a-b', 'cost $5 (net)', 'C++', 'a;b', '--', 'x/y.z']
    for (const name of names) {
      expect(
        commandsIn(scriptOf([finding(name, [sqlServerSteps.setOnline({ database: name })])])),
      ).toHaveLength(1)
    }
    expect(oracle.script.hazard?.test('ALTER PLUGGABLE DATABASE "A-B" OPEN INSTANCES = ALL;')).toBe(false)
  })
})
