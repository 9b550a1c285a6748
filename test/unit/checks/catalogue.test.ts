import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  catalogue,
  checksFor,
  engines,
  essentialRights,
  findCheck,
  selectedChecks,
} from '../../../shared/checks/catalogue.ts'
import type { Check } from '../../../shared/checks/framework/define-check.ts'
import { queriesOf } from '../../../shared/checks/framework/question.ts'
import { problems } from '../../../shared/checks/problem-catalogue.ts'
import { Engine } from '../../../shared/model/engine.ts'
import type { Text } from '../../../shared/model/message.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import { Profile } from '../../../shared/model/profile.ts'
import { contextFor, definitionOf, judged } from '../../support/context.ts'
import { engineInTests } from '../../support/engines.ts'
import { healthyAnswer } from '../../support/facts/healthy.ts'
import { statementsOf } from '../../support/facts/statements.ts'

const pathOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

const items = catalogue.map((check) => [check.id, check] as const)
const fileOf = ({ id }: Check): string => id.toLowerCase().replaceAll('_', '-')

/** An engine that runs the item. */
const engineOf = ({ engine }: Check): Engine => (engine === 'all' ? 'oracle' : engine)

describe('the catalogue', () => {
  it('lists every file that defines a check item, once', () => {
    const files = readdirSync(pathOf('shared/checks'), { recursive: true, encoding: 'utf8' })
    const defining = files.filter(
      (file) =>
        file.endsWith('.ts') &&
        /^export default define\w*Check\(/m.test(readFileSync(pathOf(`shared/checks/${file}`), 'utf8')),
    )
    const names = defining.map((file) => file.replace(/^.*\//, '').replace('.ts', ''))
    expect(catalogue.map(fileOf).sort()).toEqual(names.sort())
  })

  it.each(items)('has a file of verdicts for %s', (_, check) => {
    const { probe } = check.question
    const folder = probe === 'https' ? 'connectivity' : probe
    expect(existsSync(pathOf(`test/unit/checks/${folder}/${fileOf(check)}.test.ts`))).toBe(true)
  })

  it.each(Engine.options)(
    'gives an instance of %s the items of its engine and those of all, in order',
    (engine) => {
      const ofOthers = catalogue.filter((check) => check.engine !== 'all' && check.engine !== engine)
      expect(checksFor(engine)).toEqual(catalogue.filter((check) => !ofOthers.includes(check)))
    },
  )

  it.each(Engine.options)('means one statement of %s by one name', (engine) => {
    const names = statementsOf(engine).map(([name]) => name)
    expect(names).toEqual([...new Set(names)])
  })

  it('finds an item by its id, and nothing by any other', () => {
    for (const check of catalogue) expect(findCheck(check.id)).toBe(check)
    expect(findCheck('NO_SUCH_ITEM')).toBeUndefined()
  })

  it.each(Engine.options)('asks an instance of %s for what its owner selects', (engine) => {
    const idsOf = (checks?: object) =>
      selectedChecks(definitionOf(engine, checks && { checks })).map(({ id }) => id)
    const of = (set: string) => checksFor(engine).flatMap((check) => (check.set === set ? [check.id] : []))
    expect(idsOf()).toEqual(of('essential'))
    expect(idsOf({ set: 'deep' })).toEqual(checksFor(engine).map(({ id }) => id))
    expect(idsOf({ set: 'essential', include: ['LIMIT_TREND'] })).toEqual(
      expect.arrayContaining([...of('essential'), 'LIMIT_TREND']),
    )
    expect(idsOf({ set: 'deep', exclude: ['LIMIT_TREND'] })).not.toContain('LIMIT_TREND')
  })

  it('has an instance online by the rights of essential items alone', () => {
    const rights = [...essentialRights('sqlserver')]
    expect(rights).toContain('VIEW ANY DATABASE')
    expect(rights).not.toContain('VIEW SERVER SECURITY STATE')
    expect(Object.keys(engines.sqlserver.privileges)).toEqual(expect.arrayContaining(rights))
  })
})

const expectBothLanguages = ({ en, zh }: Text): void => {
  const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
  expect(en).toMatch(/\S/)
  expect(zh).toMatch(/[\u4e00-\u9fff]/)
  expect(placeholders(zh)).toEqual(placeholders(en))
}

describe.each(items)('%s', (_, check) => {
  const engine = engineOf(check)
  const judge = (answer: unknown) => judged(check, { answer }, contextFor(engine))
  const healthy = healthyAnswer(check)

  it('has every text in both languages, with the same parameters', () => {
    const { title, failureTitle, description, texts, blindSpots = [] } = check
    const all = [title, failureTitle, description, ...Object.values(texts), ...blindSpots]
    for (const text of all) expectBothLanguages(text)
  })

  it('names the manuals that it follows', () => {
    expect(check.documents.length).toBeGreaterThan(0)
    for (const document of check.documents) expect(new URL(document).protocol).toBe('https:')
  })

  it('claims only problems that the problem catalogue explains', () => {
    for (const code of Object.keys(check.claims ?? {})) expect(problems).toHaveProperty(code)
  })

  it.each(Profile.options)('can block some operation under %s', (profile) => {
    const affected = check.affects(profile)
    expect(affected.length).toBeGreaterThan(0)
    expect(allOperations).toEqual(expect.arrayContaining([...affected]))
  })

  it('passes on a healthy instance', () => {
    expect(judge(healthy).status).toBe('passed')
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['no answers', {}],
    ['an empty list', []],
    ['what is no list', 'healthy'],
    ['a list of something else', [{ nothing: 'known' }]],
  ])('does not judge %s', (_what, answer) => {
    const { status, reason, findings } = judge(answer)
    expect([status, reason?.code, findings]).toEqual(['error', 'UNEXPECTED_ANSWER', []])
  })
})

/** Items that ask a database, with each statement that they ask. */
const statements = catalogue.flatMap((check) =>
  Object.entries(queriesOf(check.question)).map(
    ([name, query]) => [check.id, name, query.optional ?? false, check] as const,
  ),
)

describe.each(statements)('%s, of %s', (_id, name, isOptional, check) => {
  const engine = engineOf(check)
  const sample = engineInTests[engine].samples[name] ?? {}
  const reasonFor = (rows: unknown) => {
    const outcome = { answer: { ...(healthyAnswer(check) as object), [name]: rows } }
    return judged(check, outcome, contextFor(engine)).reason?.code
  }

  it('only reads, and asks for the columns that it needs', () => {
    const [, sql] = statementsOf(engine).find(([each]) => each === name) ?? []
    expect(sql).toMatch(/^(SELECT|SHOW) [^;]+$/)
    // SHOW without a condition names no column: it has those that it has.
    const named = /^SELECT | WHERE /.test(sql ?? '') ? Object.keys(sample) : []
    for (const column of named) expect(sql).toContain(column)
  })

  it('takes a refusal for an answer only where it can do without', () => {
    expect(reasonFor(null)).toBe(isOptional ? undefined : 'UNEXPECTED_ANSWER')
  })

  it('judges no rows of another shape', () => {
    expect(reasonFor([sample])).toBeUndefined()
    expect(reasonFor([{ nothing: 'known' }])).toBe('UNEXPECTED_ANSWER')
    expect(reasonFor('rows')).toBe('UNEXPECTED_ANSWER')
    expect(reasonFor(undefined)).toBe('UNEXPECTED_ANSWER')
  })

  it.each(Object.keys(sample))('needs the column %s', (column) => {
    const { [column]: _left, ...rest } = sample
    expect(reasonFor([rest])).toBe('UNEXPECTED_ANSWER')
  })
})

/** Problems of a connection that show the state of the instance, each with the item that says so. */
const claims = catalogue.flatMap((owner) =>
  Object.keys(owner.claims ?? {}).map((code) => [engineOf(owner), code, owner] as const),
)

/** What only says that the instance could not be looked at. */
const isUnknown = (code: string): boolean => /_(SERVICE|SID)_UNKNOWN$|_TOO_OLD$/.test(code)

describe('a connection that shows the state of the instance', () => {
  it.each(claims)('to %s is judged by one item alone: %s', (engine, code, owner) => {
    const siblings = checksFor(engine).filter(({ question }) => question.probe === engine)
    const outcome = { problem: { code, params: {} } }
    const results = siblings.map((check) => judged(check, outcome, contextFor(engine), siblings))
    expect(results.map(({ status, reason }) => [status, reason])).toEqual(
      siblings.map((check) =>
        check === owner
          ? [isUnknown(code) ? 'error' : 'failed', null]
          : ['skipped', { code: 'DEPENDENCY_NOT_PASSED', params: { checkItem: owner.id, because: code } }],
      ),
    )
  })
})
