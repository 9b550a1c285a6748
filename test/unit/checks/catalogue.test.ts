import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, checksFor } from '../../../shared/checks/catalogue.ts'
import {
  quoteName as quoteOracle,
  quoteString as quoteOracleString,
  quoteUser,
} from '../../../shared/checks/oracle/quote.ts'
import { problems } from '../../../shared/checks/problems/catalogue.ts'
import { quoteShell } from '../../../shared/checks/framework/quote-shell.ts'
import { remediationScript } from '../../../shared/checks/framework/remediation-script.ts'
import { renderMessage, renderReason } from '../../../shared/checks/framework/render.ts'
import { quoteName, quoteString } from '../../../shared/checks/sqlserver/quote.ts'
import type { Finding } from '../../../shared/model/finding.ts'

const folder = fileURLToPath(new URL('../../../shared/checks/', import.meta.url))

describe('the catalogue', () => {
  it('has the ids of the product', () => {
    expect(catalogue.map(({ id }) => id).sort()).toEqual([
      'ARCHIVELOG',
      'ORACLE_DB_STATUS',
      'ORACLE_INSTANCE_STATUS',
      'OSS_INTERNAL_ENDPOINT_CONNECTIVITY',
      'SERVICE_CONNECTIVITY',
      'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE',
      'SQL_SERVER_DB_NOT_ONLINE',
    ])
    expect(checksFor('oracle')).toHaveLength(5)
    expect(checksFor('sqlserver')).toHaveLength(4)
  })

  it('forgets no file that defines a check item', () => {
    const defining = ['connectivity', 'oracle', 'sqlserver'].flatMap((engine) =>
      readdirSync(`${folder}${engine}`)
        .filter((file) =>
          /export default define(Network)?Check\(/.test(readFileSync(`${folder}${engine}/${file}`, 'utf8')),
        )
        .map((file) => file.replace('.ts', '').replaceAll('-', '_').toUpperCase()),
    )
    expect(defining.sort()).toEqual(catalogue.map(({ id }) => id).sort())
  })

  it.each(catalogue.map((check) => [check.id, check] as const))(
    '%s has every text in both languages',
    (_, check) => {
      const texts = [check.title, check.failureTitle, check.description, ...Object.values(check.texts)]
      for (const text of texts) {
        expect(text.en).toMatch(/\S/)
        expect(text.zh).toMatch(/[\u4e00-\u9fff]/)
        const placeholders = (language: string) => [...language.matchAll(/\{\w+\}/g)].map(String).sort()
        expect(placeholders(text.zh)).toEqual(placeholders(text.en))
      }
    },
  )

  it('claims only problems that the problem catalogue explains', () => {
    for (const { claims = {} } of catalogue) {
      for (const code of Object.keys(claims)) expect(problems[code]).toBeDefined()
    }
  })
})

describe('problems', () => {
  it.each(Object.entries(problems))('%s says in both languages what it is and what to do', (_, problem) => {
    for (const text of [problem.text, problem.advice]) {
      expect(text.en).toMatch(/\S/)
      expect(text.zh).toMatch(/[\u4e00-\u9fff]/)
    }
  })

  it('are all that the error tables of the probes name', () => {
    const tables = ['sqlserver/errors.ts', 'oracle/errors.ts', 'sqlserver/prelogin-guard.ts']
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

describe('rendering', () => {
  it('shows a code of another version as it is, instead of failing', () => {
    const message = { code: 'FROM_THE_FUTURE', params: { a: 1 } }
    expect(renderMessage('ARCHIVELOG', message, 'en')).toBe('FROM_THE_FUTURE {"a":1}')
    expect(renderMessage('NO_SUCH_ITEM', message, 'en')).toBe('FROM_THE_FUTURE {"a":1}')
    expect(renderReason(message, 'zh')).toEqual({ text: 'FROM_THE_FUTURE {"a":1}', advice: '' })
  })

  it('fills parameters in the language asked for', () => {
    const reason = { code: 'LOGIN_FAILED', params: { user: 'precheck' } }
    expect(renderReason(reason, 'en').text).toContain('precheck')
    expect(renderReason(reason, 'zh').text).toContain('登录 precheck')
  })
})

describe('quoting', () => {
  it('lets every name come out of T-SQL brackets and quotes as it went in', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const quoted = quoteName(name)
        expect(quoted.slice(1, -1).replaceAll(']]', '\0').includes(']')).toBe(false)
        expect(quoted.slice(1, -1).replaceAll(']]', ']')).toBe(name)
        const literal = quoteString(name)
        expect(literal.slice(2, -1).replaceAll("''", '\0').includes("'")).toBe(false)
        expect(literal.slice(2, -1).replaceAll("''", "'")).toBe(name)
      }),
    )
  })

  it('lets every name come out of the quotes of Oracle as it went in, and none out of them before', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const quoted = quoteOracle(name)
        expect(quoted.slice(1, -1).replaceAll('""', '\0').includes('"')).toBe(false)
        expect(quoted.slice(1, -1).replaceAll('""', '"')).toBe(name)
        const literal = quoteOracleString(name)
        expect(literal.slice(1, -1).replaceAll("''", '\0').includes("'")).toBe(false)
        expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(name)
      }),
    )
  })

  it('writes the user of an Oracle login as Oracle folds it', () => {
    expect(quoteUser('c##precheck')).toBe('"C##PRECHECK"')
    expect(quoteUser('"Pre check"')).toBe('"Pre check"')
    expect(quoteUser('"a" CONTAINER=ALL; --"')).toBe('"""A"" CONTAINER=ALL; --"""')
  })

  it('lets no word out of the quotes of a shell', () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        const quoted = quoteShell(word)
        expect(quoted).toMatch(/^'[^']*'(\\''[^']*')*$/)
        expect(quoted.slice(1, -1).replaceAll(String.raw`'\''`, "'")).toBe(word)
      }),
    )
  })
})

describe('the remediation script', () => {
  const finding = (name: string, language: 'tsql' | 'bash' | 'manual' = 'tsql'): Finding => ({
    fingerprint: '0123456789abcdef',
    checkItem: 'SQL_SERVER_DB_NOT_ONLINE',
    object: { type: 'database', name },
    level: 'failed',
    message: { code: 'OFFLINE', params: { database: name } },
    observed: {},
    expected: {},
    blocks: ['full'],
    degrades: [],
    obscures: [],
    limits: [],
    remediation: {
      steps: [{ language, command: `ALTER DATABASE ${quoteName('x')} SET ONLINE;`, risk: 'online' }],
      verify: { language: 'tsql', query: `SELECT ${quoteString(name)};` },
    },
  })
  const scriptOf = (findings: readonly Finding[]) =>
    remediationScript(
      {
        precheckId: 'pc_1',
        instanceId: 'db1',
        engine: 'sqlserver',
        results: [
          {
            checkItem: 'SQL_SERVER_DB_NOT_ONLINE',
            status: 'failed',
            vantage: 'checker',
            reason: null,
            observed: {},
            findings: [...findings],
            databases: [],
            excluded: [],
            startedAt: '2026-11-21T02:00:00Z',
            durationMs: 1,
          },
        ],
      },
      'en',
    )
  const commandsIn = (script: string) =>
    script.split('\n').filter((line) => line !== '' && !line.startsWith('-- '))

  it('holds the commands of the engine as they are and all else as comments', () => {
    expect(commandsIn(scriptOf([finding('a')]))).toEqual(['ALTER DATABASE [x] SET ONLINE;'])
    expect(commandsIn(scriptOf([finding('a', 'bash')]))).toEqual([])
  })

  it('lets no name out of its comment', () => {
    const hostile = fc.string().map((text) => `x${text}\nDROP DATABASE prod;\r\n\u2028GO */ ${text}`)
    fc.assert(
      fc.property(hostile, (name) => {
        expect(commandsIn(scriptOf([finding(name, 'manual')]))).toEqual([])
      }),
    )
  })

  it('says so when nothing is to be mended', () => {
    expect(scriptOf([{ ...finding('a'), remediation: null }])).toContain('Nothing is to be mended')
  })
})
