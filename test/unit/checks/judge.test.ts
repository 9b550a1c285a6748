import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { oneRow, rows, someRows } from '../../../shared/checks/framework/answer.ts'
import {
  type Check,
  type CheckContext,
  type FindingDraft,
  defineCheck,
} from '../../../shared/checks/framework/define-check.ts'
import { oracle } from '../../../shared/checks/oracle/engine.ts'
import { instanceSteps } from '../../../shared/checks/oracle/instance-steps.ts'
import { renderMessage, renderReason } from '../../../shared/checks/render.ts'
import { fingerprintOf } from '../../../shared/model/finding.ts'
import { outcomeOf } from '../../../shared/model/outcome.ts'
import { frozen } from '../../support/arbitraries.ts'
import { contextFor, judged } from '../../support/context.ts'

type Code = 'BROKEN' | 'SLOW'
const text = { en: 'It {does}.', zh: '它{does}。' }

const about = {
  set: 'essential' as const,
  title: text,
  failureTitle: text,
  description: text,
  affects: () => ['full'] as const,
  texts: { BROKEN: text, SLOW: text },
  privileges: [],
  documents: [],
  fixes: [],
  queries: {},
}

/** An item that says of any answer what it is told to say; `claims` are the problems that it judges itself. */
const checkItem = (
  id: string,
  drafts: readonly FindingDraft<Code>[] = [],
  claims: readonly string[] = [],
): Check =>
  defineCheck(oracle, {
    id,
    ...about,
    claims: Object.fromEntries(
      claims.map((code) => [code, ({ params }: { params: { at?: unknown } }) => claimed(String(params.at))]),
    ),
    facts: z.object({ server: oneRow({ errors: z.int() }) }),
    evaluate: ({ server }, { now }) => ({
      findings: drafts,
      databases: ['Sales'],
      excluded: [{ name: 'tempdb', reason: { code: 'SLOW', params: {} } }],
      observed: { errors: server.errors, at: now.toISOString() },
    }),
  })

const broken: FindingDraft<Code> = {
  code: 'BROKEN',
  object: { type: 'database', name: 'Sales' },
  observed: { errors: 1 },
  expected: { errors: 0 },
  blocks: ['full'],
}
const slow: FindingDraft<Code> = {
  code: 'SLOW',
  object: broken.object,
  observed: { errors: 1 },
  expected: { errors: 0 },
  degrades: ['log'],
}
const claimed = (at: string) => ({ findings: [{ ...broken, observed: { at } }] })

const answer = { server: [{ errors: 1 }] }
const context = contextFor('oracle')

describe('an answer', () => {
  it('passes where the rule finds nothing', () => {
    expect(judged(checkItem('ITEM'), { answer }, context)).toEqual({
      checkItem: 'ITEM',
      status: 'passed',
      reason: null,
      observed: { errors: 1, at: '2026-11-21T02:00:00.000Z' },
      findings: [],
      databases: ['Sales'],
      excluded: [{ name: 'tempdb', reason: { code: 'SLOW', params: {} } }],
      vantage: 'checker',
      startedAt: '2026-11-21T02:00:00.000Z',
      durationMs: 12,
    })
  })

  it('makes a finding of what the rule says, with an identity of its own', () => {
    const { findings } = judged(checkItem('ITEM', [broken]), { answer }, context)
    expect(findings).toEqual([
      {
        fingerprint: fingerprintOf('db1', 'ITEM', 'BROKEN', broken.object),
        checkItem: 'ITEM',
        object: broken.object,
        level: 'failed',
        message: { code: 'BROKEN', params: {} },
        observed: { errors: 1 },
        expected: { errors: 0 },
        blocks: ['full'],
        degrades: [],
        obscures: [],
        limits: [],
        remediation: null,
      },
    ])
  })

  it('keeps what the rule says of parameters and remediation', () => {
    const remediation = {
      steps: [instanceSteps.open({})],
      verify: null,
      changes: { status: 'OPEN' },
    }
    const draft = {
      ...broken,
      params: { does: 'breaks' },
      remediation: frozen(remediation),
    }
    const [finding] = judged(checkItem('ITEM', [draft]), { answer }, context).findings
    expect(finding).toMatchObject({ message: { code: 'BROKEN', params: { does: 'breaks' } }, remediation })
  })

  it.each([
    ['failed', 'an operation of the plan is blocked', broken, undefined],
    ['warning', 'only operations outside of the plan are blocked', broken, ['log']],
    ['warning', 'an operation is degraded', slow, undefined],
    [
      'error',
      'an operation of the plan is unknown',
      { ...broken, blocks: [], obscures: ['full'] },
      undefined,
    ],
    [
      'passed',
      'the object does not take an operation by design',
      { ...broken, blocks: [], limits: ['full'] },
      undefined,
    ],
  ] as const)('is %s where %s', (status, _why, draft, operations) => {
    const found = frozen({ ...draft }) as FindingDraft<Code>
    const result = judged(
      checkItem('ITEM', [found]),
      { answer },
      contextFor('oracle', operations && { operations }),
    )
    expect(result.status).toBe(status)
  })

  it('has the status of the worst finding, wherever it stands', () => {
    for (const drafts of [
      [broken, slow],
      [slow, broken],
    ]) {
      expect(judged(checkItem('ITEM', drafts), { answer }, context).status).toBe('failed')
    }
  })

  it('leaves lists empty that the rule does not fill', () => {
    const bare = defineCheck(oracle, {
      id: 'BARE',
      ...about,
      facts: z.unknown(),
      evaluate: () => ({ findings: [] }),
    })
    expect(judged(bare, { answer: 'anything' }, context)).toMatchObject({
      observed: {},
      databases: [],
      excluded: [],
    })
  })
})

describe('a database that its owner has an item leave out', () => {
  const registered = (name: string) =>
    contextFor('oracle', {
      databases: [
        { name, exclude: ['ITEM'] },
        { name: '*', exclude: ['OTHER'] },
      ],
    })

  it('is excluded with all that is found of it, and the reason says so', () => {
    const result = judged(checkItem('ITEM', [broken]), { answer }, registered('s?le*'))
    expect(result).toMatchObject({ status: 'passed', findings: [], databases: [] })
    expect(result.excluded.map(({ name, reason }) => [name, renderMessage('ITEM', reason, 'en')])).toEqual([
      ['tempdb', 'SLOW {}'],
      ['Sales', 'The registration excludes it from this check item.'],
    ])
  })

  it('hides nothing of others, and nothing of the instance', () => {
    const ofInstance = { ...broken, object: { type: 'instance', name: 'Sales' } } as const
    const { findings, databases } = judged(checkItem('ITEM', [broken]), { answer }, registered('HR'))
    expect([findings.length, databases]).toEqual([1, ['Sales']])
    expect(judged(checkItem('ITEM', [ofInstance]), { answer }, registered('Sales')).findings).toHaveLength(1)
  })
})

describe('a database that is offline on purpose', () => {
  const registered = contextFor('oracle', { databases: [{ name: 'Sales', expectedState: 'offline' }] })
  const concluding = (offline: readonly string[]): Check => ({
    ...checkItem('ITEM'),
    conclude: () => ({ findings: [broken], databases: ['Sales'], offline }),
  })

  it('is excluded while it is offline, and judged when it is not', () => {
    const { findings, excluded } = judged(concluding(['Sales']), { answer }, registered)
    expect([findings, excluded]).toEqual([
      [],
      [{ name: 'Sales', reason: { code: 'OFFLINE_ON_PURPOSE', params: {} } }],
    ])
    expect(judged(concluding([]), { answer }, registered).findings).toHaveLength(1)
    expect(judged(concluding(['Sales']), { answer }, context).findings).toHaveLength(1)
  })
})

describe('an item whose right is missing', () => {
  const problem = { code: 'PRIVILEGE_MISSING', params: { user: 'precheck', detail: 'ORA-00942' } }
  const needing = (set: Check['set']): Check => ({
    ...checkItem('ITEM'),
    set,
    privileges: ['SELECT ON SYS.V_$DATABASE'],
  })

  it.each([
    ['the GRANT of each right', 'oracle', ['SELECT ON SYS.V_$DATABASE', 'SELECT ON SYS.V_$THREAD'], 2],
    ['one GRANT for one right', 'oracle', ['SELECT ON SYS.V_$DATABASE', 'SELECT ON SYS.V_$DATABASE'], 1],
    ['no GRANT for a right that the engine does not have', 'oracle', ['FLY'], 0],
    ['no GRANT where the item is of every engine', 'all', ['SELECT ON SYS.V_$DATABASE'], 0],
  ] as const)('is told %s', (_, engine, privileges, count) => {
    const { reason } = judged({ ...needing('standard'), engine, privileges }, { problem }, context)
    const grants = [...new Set(privileges)].slice(0, count).map((right) => `GRANT ${right} TO "PRECHECK";`)
    expect(reason?.params).toEqual({ ...problem.params, rights: privileges, grants: grants.join(' ') })
  })

  it('is left out with the GRANT where it is not essential', () => {
    const { status, reason } = judged(needing('standard'), { problem }, context)
    expect([status, reason?.code]).toEqual(['skipped', 'RIGHT_MISSING'])
    expect(renderReason(reason!, 'en').advice).toContain('GRANT SELECT ON SYS.V_$DATABASE TO')
    expect(
      outcomeOf([
        { status: 'passed', reason: null },
        { status, reason },
      ]),
    ).toBe('passed')
  })

  it('is undetermined where it is essential, and for any other problem', () => {
    expect(judged(needing('essential'), { problem }, context)).toMatchObject({
      status: 'error',
      reason: problem,
    })
    const failed = { code: 'QUERY_FAILED', params: { number: 'ORA-00600', detail: 'x' } }
    expect(judged(needing('deep'), { problem: failed }, context)).toMatchObject({
      status: 'error',
      reason: failed,
    })
  })
})

describe('numbers for trends', () => {
  it('are kept up to their limit', () => {
    const observations = Array.from({ length: 70 }, (_, value) => ({
      name: 'log-used-bytes' as const,
      object: broken.object,
      value,
    }))
    const measuring: Check = { ...checkItem('ITEM'), conclude: () => ({ findings: [], observations }) }
    expect(judged(measuring, { answer }, context).observations).toEqual(observations.slice(0, 64))
  })
})

describe('an answer of another shape', () => {
  it.each([
    [
      'names the place and what is wrong there',
      { server: [{ errors: 'many' }] },
      /^server\.0\.errors: .*number/,
    ],
    ['names a whole answer by what is wrong', null, /^: .*object/],
  ])('%s', (_, malformed, detail) => {
    const { status, reason, findings } = judged(checkItem('ITEM', [broken]), { answer: malformed }, context)
    expect([status, reason?.code, findings]).toEqual(['error', 'UNEXPECTED_ANSWER', []])
    expect(reason?.params['detail']).toMatch(detail)
  })
})

describe('the rows of a statement', () => {
  const errors = { errors: z.int() }
  const one = { errors: 1 }

  it.each([
    ['exactly one row', oneRow(errors), [[one]], [[], [one, one]]],
    ['some rows', someRows(errors), [[one], [one, one]], [[]]],
    ['any rows', rows(errors), [[], [one], [one, one]], []],
  ])('are %s', (_, schema, right, wrong) => {
    for (const each of right) expect(schema.safeParse(each).success).toBe(true)
    for (const each of [...wrong, [{}], [{ errors: 'many' }], null, 'rows']) {
      expect(schema.safeParse(each).success).toBe(false)
    }
  })

  it('are parsed once, however many items ask for them', () => {
    const all = rows(errors)
    const answered = [one]
    expect(all.parse(answered)).toBe(all.parse(answered))
  })

  it('is itself where there is exactly one', () => {
    expect(oneRow(errors).parse([one])).toEqual(one)
  })
})

describe('a problem of the probe', () => {
  const problem = { code: 'ORACLE_SHUTTING_DOWN', params: { at: 'night' } }
  const statusIn = (check: Check, siblings: readonly Check[], code: string, of: CheckContext = context) => {
    const { status, reason } = judged(check, { problem: { code, params: {} } }, of, siblings)
    return [status, reason?.code]
  }
  const owner = checkItem('OWNER', [], [problem.code])
  const other = checkItem('OTHER', [broken])

  it('is a finding of the item that claims it', () => {
    const result = judged(owner, { problem }, context, [other, owner])
    expect(result).toMatchObject({
      status: 'failed',
      reason: null,
      findings: [{ observed: { at: 'night' } }],
    })
  })

  it('skips every other item of the precheck, in favour of the one that claims it', () => {
    expect(judged(other, { problem }, context, [other, owner])).toMatchObject({
      status: 'skipped',
      reason: { code: 'DEPENDENCY_NOT_PASSED', params: { checkItem: 'OWNER', because: problem.code } },
      observed: {},
      findings: [],
      databases: [],
      excluded: [],
    })
  })

  it('is a finding of each item that claims it, where several do', () => {
    const second = checkItem('SECOND', [], [problem.code])
    expect(statusIn(second, [owner, second], problem.code)).toEqual(['failed', undefined])
  })

  it('is an error where the item that claims it is no part of the precheck', () => {
    expect(judged(other, { problem }, context, [other])).toMatchObject({ status: 'error', reason: problem })
  })

  it.each([
    ['CONNECTION_REFUSED', 'error'],
    ['LOGIN_FAILED', 'error'],
    ['SERVER_SILENT', 'timed_out'],
    ['QUERY_TIMED_OUT', 'timed_out'],
    ['FROM_ANOTHER_VERSION', 'error'],
  ])('that nobody claims, %s, leaves every item as %s', (code, status) => {
    for (const check of [owner, other]) {
      expect(statusIn(check, [owner, other], code)).toEqual([status, code])
    }
  })
})
