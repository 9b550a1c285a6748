import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostSteps } from '../../../shared/checks/host/steps.ts'
import { stepsFor } from '../../../shared/checks/framework/define-step.ts'
import {
  type ScriptLanguage,
  bash,
  defused,
  hazardIn,
} from '../../../shared/checks/framework/script-language.ts'
import { renderRemediation } from '../../../shared/checks/render.ts'
import { sqlServerSteps } from '../../../shared/checks/sqlserver/steps.ts'
import { allSteps, stepTexts } from '../../../shared/checks/step-catalogue.ts'
import { Locale } from '../../../shared/model/message.ts'
import { Remediation, RemediationStep, RenderedRemediation } from '../../../shared/model/remediation.ts'

const sql: ScriptLanguage = { name: 'sql', client: 'sqlclient', hazard: /&/ }
const step = stepsFor<'ALTER ANYTHING'>('example')

const rename = step('RENAME', {
  language: sql,
  risk: 'downtime',
  needs: 'ALTER ANYTHING',
  en: 'Rename {from}.',
  zh: '重命名 {from}。',
  command: ({ from, to }: Readonly<Record<'from' | 'to', string>>) => `RENAME ${from} TO ${to};`,
})

const of = (...steps: readonly RemediationStep[]): Remediation => ({
  steps: [...steps],
  verify: null,
  changes: {},
})

describe('a step', () => {
  it('has what its definition says, and the parameters that its text names', () => {
    expect(rename({ from: 'a', to: 'b' })).toEqual({
      language: 'sql',
      risk: 'downtime',
      needs: 'ALTER ANYTHING',
      message: { code: 'example.RENAME', params: { from: 'a' } },
      command: 'RENAME a TO b;',
    })
  })

  it('is named, and told in both languages', () => {
    expect([rename.code, rename.text]).toEqual([
      'example.RENAME',
      { en: 'Rename {from}.', zh: '重命名 {from}。' },
    ])
  })

  it('of PowerShell takes a name with a quote as it is', () => {
    expect(hostSteps.startService({ service: "a'b" }).command).toBe(
      "Get-Service -DisplayName 'a''b' | Start-Service",
    )
  })

  it('by hand has no command, and nothing else is without one', () => {
    const ask = step('ASK', {
      language: 'manual',
      risk: 'online',
      needs: 'anybody',
      en: 'Ask.',
      zh: '请询问。',
    })
    expect(ask({})).toMatchObject({ language: 'manual', command: null })
    expect(RemediationStep.parse(ask({}))).toEqual(ask({}))
    for (const wrong of [
      { ...ask({}), command: 'x' },
      { ...rename({ from: 'a', to: 'b' }), command: null },
    ]) {
      expect(RemediationStep.safeParse(wrong).success).toBe(false)
    }
  })

  it('has to be given every parameter, a right of its engine and both languages', () => {
    // @ts-expect-error -- the text names {database}
    const incomplete = () => sqlServerSteps.setOnline({})
    const about = { language: 'manual', risk: 'online', en: 'Ask.' } as const
    // @ts-expect-error -- SYSDBA is no right of this engine
    const wrongRight = () => step('ASK', { ...about, zh: '请询问。', needs: 'SYSDBA' })
    // @ts-expect-error -- no Chinese
    const english = () => step('ASK', { ...about, needs: 'anybody' })
    expect([incomplete, wrongRight, english]).toHaveLength(3)
  })
})

describe('the steps of all check items', () => {
  it('each have a code of their own', () => {
    const all = [...new Set(allSteps)]
    const codes = all.map(({ code }) => code)
    expect(codes).toEqual([...new Set(codes)])
    for (const { code, text } of all) expect(stepTexts[code]).toBe(text)
  })
})

describe('a step that is shown', () => {
  const shown = (one: RemediationStep, locale: Locale) => renderRemediation(of(one), locale).steps[0]

  it('says in the language of the reader what it does, its risk and its right', () => {
    const one = sqlServerSteps.setOnline({ database: 'Sales' })
    const same = { language: 'tsql', command: 'ALTER DATABASE [Sales] SET ONLINE;', risk: 'online' }
    expect(shown(one, 'en')).toMatchObject({ ...same, text: 'Bring Sales online.', riskText: 'no downtime' })
    expect(shown(one, 'zh')).toMatchObject({ ...same, text: '将 Sales 联机。', riskText: '在线执行' })
    expect(shown(one, 'zh')?.needsText).toBe('ALTER ANY DATABASE')
    expect(shown(sqlServerSteps.mendFile({}), 'zh')?.needsText).toBe('主机管理员')
  })

  it('of another version is shown with its code and parameters', () => {
    const future = { ...rename({ from: 'a', to: 'b' }), needs: 'a right of the future' }
    expect(shown(future, 'en')).toMatchObject({
      text: 'example.RENAME {"from":"a"}',
      needsText: 'a right of the future',
      command: 'RENAME a TO b;',
    })
  })

  it('is shown whatever its names are, and with a command only where that is safe', () => {
    const names = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(names, fc.constantFrom(...Locale.options), (name, locale) => {
        const one = sqlServerSteps.setOnline({ database: `${name}$(` })
        const verify = { language: 'tsql', query: `SELECT '${name}$(';` }
        const rendered = renderRemediation({ ...of(one), verify }, locale)
        expect(RenderedRemediation.parse(rendered)).toEqual(rendered)
        expect(rendered.verify).toBeNull()
        const [only] = rendered.steps
        expect([only?.language, only?.command, only?.risk]).toEqual(['manual', null, 'online'])
        expect(only?.escapedCommand).not.toMatch(/\$\(|[\p{Cc}\u2028\u2029]/u)
      }),
    )
  })

  it('has nothing but control characters to escape where its client expands nothing', () => {
    expect(defused('echo null\n$(x)', bash)).toBe('echo null\\u000a$(x)')
  })

  it('of a language that is not known is held back by the name of that language', () => {
    const one = { ...rename({ from: 'a', to: 'b' }), language: 'future', command: 'RUN\na' }
    const { text, escapedCommand } = shown(one, 'en') ?? {}
    expect(text).toContain('future would expand or split')
    expect(escapedCommand).toBe('RUN\\u000aa')
  })

  it('of a language that is not known is shown unless it has control characters', () => {
    const ofFuture = (command: string) => shown({ ...rename({ from: 'a', to: 'b' }), command }, 'en')
    expect(ofFuture('RUN $(x) &y -')?.command).toBe('RUN $(x) &y -')
    expect(ofFuture('RUN a\nRUN b')?.command).toBeNull()
    expect(hazardIn('RUN &y', sql)).toBe('&')
  })

  it('verifies by a query that is safe', () => {
    const verify = { language: 'sqlplus', query: 'SELECT 1 FROM dual;' }
    const one = of(sqlServerSteps.mendFile({}))
    expect(renderRemediation({ ...one, verify }, 'en').verify).toEqual(verify)
    const unsafe = { ...verify, query: "SELECT '&x' FROM dual;" }
    expect(renderRemediation({ ...one, verify: unsafe }, 'en').verify).toBeNull()
  })
})

describe('what version 0.2.0 stored', () => {
  const stored = {
    steps: [
      { language: 'manual', command: 'Restore the missing file.', risk: 'downtime' },
      { language: 'tsql', command: 'ALTER DATABASE [x] SET ONLINE;', risk: 'online' },
      { language: 'tsql', command: 'ALTER DATABASE [$(x)] SET ONLINE;', risk: 'online' },
    ],
    verify: { language: 'tsql', query: 'SELECT 1;' },
  }

  it('is read as it is written now, and shown with what is known of it', () => {
    const remediation = Remediation.parse(stored)
    expect(Remediation.parse(remediation)).toEqual(remediation)
    expect(remediation.changes).toEqual({})
    const { steps, verify } = renderRemediation(remediation, 'en')
    expect(verify).toEqual(stored.verify)
    expect(steps).toMatchObject([
      { language: 'manual', text: 'Restore the missing file.', command: null, needsText: 'not stated' },
      {
        language: 'tsql',
        text: 'Run the command.',
        command: 'ALTER DATABASE [x] SET ONLINE;',
        risk: 'online',
      },
      { language: 'manual', command: null },
    ])
    expect(renderRemediation(remediation, 'zh').steps.map(({ text }) => text)).toEqual([
      '手工操作：Restore the missing file.',
      '执行该命令。',
      expect.stringContaining('sqlcmd'),
    ])
  })

  it.each([
    ['nothing', null],
    ['a step without a risk', { language: 'tsql', command: 'SELECT 1;' }],
    ['a step of an unknown shape', { language: 'tsql', command: 'SELECT 1;', risk: 'online', extra: 1 }],
  ])('is refused as %s', (_, one) => {
    expect(RemediationStep.safeParse(one).success).toBe(false)
  })
})
