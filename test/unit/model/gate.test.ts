import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Effect, Finding } from '../../../shared/model/finding.ts'
import {
  type GateQuestion,
  type GateRule,
  type Judgement,
  defaultGateRule,
  judgeGate,
} from '../../../shared/model/gate.ts'
import type { ItemResult } from '../../../shared/model/item-result.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import { readinessOf } from '../../../shared/model/readiness.ts'
import { allResults, findingOf, itemIds, startedPrecheck } from '../../support/arbitraries.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const operation = fc.constantFrom(...allOperations)
const rules: readonly GateRule[] = (['allow', 'deny'] as const).flatMap((warnings) =>
  (['allow', 'deny'] as const).map((inconclusive) => ({ warnings, inconclusive })),
)
const rule = fc.constantFrom(...rules)

/** The question that these results put, of all databases or of those of a job. */
const questionOf = (
  plan: readonly { checkItem: string; affects: (typeof allOperations)[number][] }[],
  results: readonly ItemResult[],
  asked: (typeof allOperations)[number],
  said: GateRule,
  names?: readonly string[],
): GateQuestion => {
  const table = readinessOf(plan, results)
  const rows = table.databases.map(({ database, operations }) => ({ database, cell: operations[asked] }))
  return {
    operation: asked,
    instance: table.instance[asked],
    rows: names ? rows.filter(({ database }) => names.includes(database)) : rows,
    rowsAre: names ? 'named' : 'all',
    findings: results.flatMap(({ findings }) => findings),
    whyUndetermined: () => null,
    ruleFor: () => said,
  }
}

const withFinding = (results: readonly ItemResult[], finding: Finding): ItemResult[] =>
  results.map((result) =>
    result.checkItem === finding.checkItem ? { ...result, findings: [...result.findings, finding] } : result,
  )

const severity = ({ decision }: Judgement): number => ['allow', 'inconclusive', 'deny'].indexOf(decision)

const scene = fc.record({ precheck: startedPrecheck, results: allResults, operation, rule })

describe('the gate', () => {
  it('never lets an operation run where a cell is blocked, nor where one is unknown unless the policy says so', () => {
    const property = fc.property(scene, ({ precheck, results, operation: asked, rule: said }) => {
      const question = questionOf(precheck.checkItems, results, asked, said)
      const { decision, proceed, databases } = judgeGate(question)
      const judged = new Set(databases.map(({ database }) => database))
      const rows = question.rows.filter(({ database }) => judged.has(database))
      const cells = rows.length > 0 ? rows.map(({ cell }) => cell) : [question.instance]
      const verdicts = new Set(cells.map(({ verdict }) => verdict))
      if (proceed) expect(verdicts.has('blocked')).toBe(false)
      if (proceed && said.inconclusive === 'deny') expect(verdicts.has('unknown')).toBe(false)
      if (decision === 'allow') expect(verdicts.has('unknown') || verdicts.has('blocked')).toBe(false)
      if (verdicts.size === 1 && verdicts.has('ready')) expect([decision, proceed]).toEqual(['allow', true])
    })
    fc.assert(property, { numRuns: propertyRuns(100) })
  })

  it('never becomes greener by a finding more, or by an item that could not be judged', () => {
    const more = fc.constantFrom(...itemIds).chain(findingOf)
    const property = fc.property(
      scene,
      more,
      fc.constantFrom(undefined, ['HR'], ['HR', 'Sales']),
      fc.constantFrom(...itemIds),
      ({ precheck, results, operation: asked, rule: said }, finding, names, blind) => {
        const judgeWith = (own: readonly ItemResult[]) =>
          judgeGate(questionOf(precheck.checkItems, own, asked, said, names))
        // Every database is there from the start: one that nobody knows is no question of the gate.
        const seen = results.map((result) => ({ ...result, databases: ['HR', 'Sales', 'Ledger', 'db1'] }))
        const before = judgeWith(seen)
        const unanswered = { status: 'error', reason: { code: 'LOGIN_FAILED', params: {} } } as const
        const worse = [
          judgeWith(withFinding(seen, finding)),
          judgeWith(seen.map((each) => (each.checkItem === blind ? { ...each, ...unanswered } : each))),
        ]
        for (const after of worse) {
          expect(severity(after)).toBeGreaterThanOrEqual(severity(before))
          expect(after.proceed && !before.proceed).toBe(false)
        }
      },
    )
    fc.assert(property, { numRuns: propertyRuns(100) })
  })

  it('never lets more run by a stricter policy', () => {
    const property = fc.property(scene, ({ precheck, results, operation: asked }) => {
      const proceeds = (said: GateRule) =>
        judgeGate(questionOf(precheck.checkItems, results, asked, said)).proceed
      for (const each of rules) {
        for (const stricter of [
          { ...each, warnings: 'deny' },
          { ...each, inconclusive: 'deny' },
        ] as const)
          expect(proceeds(stricter) && !proceeds(each)).toBe(false)
      }
    })
    fc.assert(property, { numRuns: propertyRuns(100) })
  })
})

const effect = (changes: Partial<Effect>): Effect => ({
  blocks: [],
  degrades: [],
  obscures: [],
  limits: [],
  ...changes,
})

let counted = 0
const found = (name: string | null, changes: Partial<Effect>): Finding => {
  counted += 1
  return {
    fingerprint: counted.toString(16).padStart(16, '0'),
    checkItem: 'ITEM_A',
    object: name === null ? { type: 'instance', name: 'db1' } : { type: 'database', name },
    level: 'failed',
    message: { code: 'BROKEN', params: {} },
    observed: {},
    expected: {},
    remediation: null,
    ...effect(changes),
  }
}

const itemWith = (findings: readonly Finding[], databases: readonly string[] = []): ItemResult => ({
  checkItem: 'ITEM_A',
  status: 'passed',
  vantage: 'checker',
  reason: null,
  observed: {},
  findings: [...findings],
  databases: [...databases],
  excluded: [],
  startedAt: '2026-11-21T02:00:00.000Z',
  durationMs: 1,
})

const plan = [{ checkItem: 'ITEM_A', affects: [...allOperations] }]

const logOf = (
  findings: readonly Finding[],
  databases: readonly string[] = ['HR', 'Sales'],
  names?: string[],
) => judgeGate(questionOf(plan, [itemWith(findings, databases)], 'log', defaultGateRule, names))

describe('a job', () => {
  it('is told of the worst of its databases, those first, and of nobody else', () => {
    const judgement = logOf([found('HR', { degrades: ['log'] }), found('Sales', { blocks: ['log', 'full'] })])
    expect(judgement).toMatchObject({ decision: 'deny', proceed: false, reasons: [] })
    expect(
      judgement.databases.map(({ database, decision, reasons }) => [database, decision, reasons]),
    ).toEqual([
      ['Sales', 'deny', [expect.objectContaining({ effect: 'blocks', checkItem: 'ITEM_A' })]],
      ['HR', 'allow', [expect.objectContaining({ effect: 'degrades' })]],
    ])
    const own = logOf([found('Sales', { blocks: ['log'] })], ['HR', 'Sales'], ['HR'])
    expect([own.decision, own.databases.map(({ database }) => database)]).toEqual(['allow', ['HR']])
  })

  it('is told what concerns the whole instance once, and every database feels it', () => {
    const judgement = logOf([found(null, { blocks: ['log'] })])
    expect(judgement.reasons).toMatchObject([{ effect: 'blocks' }])
    expect(judgement.databases.map(({ decision, reasons }) => [decision, reasons])).toEqual([
      ['deny', []],
      ['deny', []],
    ])
  })

  it('leaves out what the operation is not for, unless it names it or there is nothing else', () => {
    const simple = found('HR', { limits: ['log'] })
    expect(logOf([simple])).toMatchObject({ decision: 'allow', databases: [{ database: 'Sales' }] })
    expect(logOf([simple], ['HR', 'Sales'], ['HR'])).toMatchObject({ decision: 'deny' })
    expect(logOf([simple], ['HR'])).toMatchObject({ decision: 'deny', databases: [{ database: 'HR' }] })
  })

  it('is denied for a risk that its policy does not accept, whatever else nobody knows', () => {
    const both = [found('HR', { degrades: ['log'] }), found('HR', { obscures: ['log'] })]
    const strict = { warnings: 'deny', inconclusive: 'allow' } as const
    const asked = questionOf(plan, [itemWith(both, ['HR'])], 'log', strict)
    expect(judgeGate(asked)).toMatchObject({ decision: 'deny', proceed: false })
    const lenient = { ...asked, ruleFor: () => ({ ...strict, warnings: 'allow' as const }) }
    expect(judgeGate(lenient)).toMatchObject({ decision: 'inconclusive', proceed: true })
  })

  it('is judged by the instance where there are no databases', () => {
    expect(logOf([], [])).toMatchObject({ decision: 'allow', proceed: true, databases: [] })
    expect(logOf([found(null, { obscures: ['log'] })], [])).toMatchObject({
      decision: 'inconclusive',
      proceed: false,
    })
  })

  it('is judged by the instance too where not all of its databases are looked at', () => {
    const known = questionOf(plan, [itemWith([], ['HR'])], 'log', defaultGateRule)
    const blocked = { ...known.instance, verdict: 'blocked' as const }
    expect(judgeGate({ ...known, rowsAre: 'first', instance: blocked }).decision).toBe('deny')
    expect(judgeGate({ ...known, rowsAre: 'first' }).decision).toBe('allow')
  })

  it('is judged by each of the databases that it names, whatever they are for', () => {
    const named = logOf([found('HR', { limits: ['log'] })], ['HR', 'Sales'], ['HR', 'Sales'])
    expect(named.databases.map(({ database, decision }) => [database, decision])).toEqual([
      ['HR', 'deny'],
      ['Sales', 'allow'],
    ])
  })

  it('is judged by the instance alone where none of the first databases is for it', () => {
    const question = questionOf(
      plan,
      [itemWith([found('HR', { limits: ['log'] })], ['HR'])],
      'log',
      defaultGateRule,
    )
    const ready = { ...question.instance, verdict: 'ready' as const }
    expect(judgeGate({ ...question, rowsAre: 'first', instance: ready })).toMatchObject({
      decision: 'allow',
      databases: [],
    })
  })

  it('is not judged by the instance where all of its databases are looked at', () => {
    const known = questionOf(plan, [itemWith([], ['HR'])], 'log', defaultGateRule)
    const blocked = { ...known.instance, verdict: 'blocked' as const }
    expect(judgeGate({ ...known, instance: blocked }).decision).toBe('allow')
  })

  it.each([
    ['degraded', 'deny', 'deny'],
    ['degraded', 'allow', 'allow'],
    ['ready', 'deny', 'allow'],
  ] as const)('of an instance that is %s, with a policy that says %s: %s', (verdict, warnings, decision) => {
    const known = questionOf(plan, [itemWith([])], 'log', { warnings, inconclusive: 'deny' })
    const instance = { ...known.instance, verdict }
    expect(judgeGate({ ...known, instance })).toMatchObject({ decision, databases: [] })
  })

  it('is told first what weighs most, and which items could not judge it', () => {
    const findings = [
      found('HR', { degrades: ['log'] }),
      found('HR', { blocks: ['log'] }),
      found(null, { degrades: ['log'] }),
      found(null, { limits: ['log'] }),
      found(null, { blocks: ['log'] }),
    ]
    const known = questionOf(plan, [itemWith(findings, ['HR'])], 'log', defaultGateRule)
    const instance = { ...known.instance, undetermined: ['ITEM_B', 'ITEM_C'] }
    const message = { code: 'LOGIN_FAILED', params: {} }
    const judgement = judgeGate({
      ...known,
      instance,
      whyUndetermined: (checkItem) => (checkItem === 'ITEM_B' ? message : null),
    })
    const effectsOf = (reasons: Judgement['reasons']) => reasons.map((reason) => reason.effect)
    expect(effectsOf(judgement.reasons)).toEqual([
      'blocks',
      'limits',
      'undetermined',
      'undetermined',
      'degrades',
    ])
    expect(judgement.reasons.slice(2, 4)).toEqual([
      { effect: 'undetermined', checkItem: 'ITEM_B', message, fingerprint: null },
      { effect: 'undetermined', checkItem: 'ITEM_C', message: null, fingerprint: null },
    ])
    expect(judgement.databases.map(({ reasons }) => effectsOf(reasons))).toEqual([['blocks', 'degrades']])
  })

  it('goes by the verdict of a cell too where its findings are not all there', () => {
    const known = questionOf(plan, [itemWith([found('HR', { blocks: ['log'] })])], 'log', defaultGateRule)
    expect(judgeGate({ ...known, findings: [] })).toMatchObject({
      decision: 'deny',
      databases: [{ database: 'HR', decision: 'deny', reasons: [] }],
    })
  })
})
