import { describe, expect, it } from 'vitest'
import type { GateView } from '../../../functions/api/views/gate-view.ts'
import { answering, precheckWith } from './scripted-service.ts'

const precheckId = `pc_${'1'.repeat(32)}`

const answerOf = (changes: Partial<GateView> = {}): GateView => ({
  instanceId: 'db1',
  operation: 'log',
  decision: 'allow',
  proceed: true,
  state: 'completed',
  precheckId,
  completedAt: '2026-11-21T02:00:00.000Z',
  ageSeconds: 200,
  reasons: [],
  databases: [{ database: 'Orders', decision: 'allow', proceed: true, reasons: [] }],
  ...changes,
})

const blocks = { effect: 'blocks', checkItem: 'ITEM', fingerprint: null, text: 'Old keeps no log.' } as const
const denied = answerOf({
  decision: 'deny',
  proceed: false,
  databases: [{ database: 'Old', decision: 'deny', proceed: false, reasons: [blocks] }],
})
const running = { decision: 'inconclusive', state: 'running', completedAt: null, ageSeconds: null } as const
const unknown = answerOf({ decision: 'inconclusive', proceed: false })

const gate = (answer: GateView, ...options: string[]) =>
  precheckWith(answering(200, answer), ['gate', 'db1', '--operation', 'log', ...options])

describe('the gate', () => {
  it.each([
    [
      'allowed',
      answerOf(),
      0,
      /^ALLOW: the log backup of db1 may run\.\nBy pc_1+, which ended 3 min ago\.\n$/,
    ],
    [
      'denied',
      denied,
      2,
      /^DENY: the log backup of db1 may not run\.\n {2}Old: blocks ITEM: Old keeps no log\.\n/,
    ],
    [
      'of which nobody knows',
      unknown,
      3,
      /^INCONCLUSIVE: not everything .* by the policy .* may not run\.\n/,
    ],
    ['that the policy lets pass', { ...unknown, proceed: true }, 0, /by the policy .* may run\.\n/],
    [
      'not judged in time',
      answerOf({ ...running, proceed: false }),
      3,
      /Follow it with: precheck watch pc_1+\n$/,
    ],
  ])('ends as a shell wants it for a job %s', async (_, answer, code, said) => {
    const ended = await gate(answer, '--wait', '0')
    expect([ended.code, ended.errors]).toEqual([code, ''])
    expect(ended.output).toMatch(said)
  })

  it('asks for what the job does, and prints the whole answer for programs', async () => {
    const options = [
      '--database',
      'Orders',
      '--database',
      'Old',
      '--max-age',
      '2h',
      '--wait',
      '0',
      '-o',
      'json',
    ]
    const { received, output } = await gate(denied, ...options)
    const body = { instanceId: 'db1', operation: 'log', databases: ['Orders', 'Old'], wait: 0 }
    expect(received[0]).toMatchObject({ call: 'POST /v1/gates', body: { ...body, maxAgeSeconds: 7200 } })
    expect(JSON.parse(output)).toEqual(denied)
  })

  it('asks again while the precheck runs, and takes what ends meanwhile', async () => {
    const answers = [answerOf({ ...running, proceed: true }), answerOf()]
    const { code, received } = await precheckWith(
      (call, response) => answering(202, answers.shift())(call, response),
      ['gate', 'db1', '--operation', 'log', '--max-age', '0', '--wait', '1m'],
    )
    expect([code, received.length]).toEqual([0, 2])
    const ages = received.map(({ body }) => (body as { maxAgeSeconds: number }).maxAgeSeconds)
    expect([ages[0], Math.max(...ages) > 0]).toEqual([0, true])
  })

  it.each([
    [
      ['--operation', 'all'],
      /^Option '--operation <operation>' argument 'all' is invalid\. Allowed choices are full,/,
    ],
    [[], /^Required option '--operation <operation>' not specified/],
    [
      ['--operation', 'log', '--max-age', '15'],
      /argument '15' is invalid\. Give a number with a unit, of 7d at most/,
    ],
    [['--operation', 'log', '--wait', '8d'], /argument '8d' is invalid/],
  ])('says in words of the command line what is wrong with %j', async (options, said) => {
    const { code, errors, received } = await precheckWith(answering(200, {}), ['gate', 'db1', ...options])
    expect([code, received]).toEqual([3, []])
    expect(errors).toMatch(said)
  })

  it('says how to find the names of databases', async () => {
    const problem = { code: 'DATABASE_NOT_FOUND', detail: 'The last result has no database Odl.' }
    const { code, errors } = await precheckWith(answering(404, problem), [
      'gate',
      'db1',
      '--operation',
      'log',
    ])
    expect([code, errors]).toEqual([
      3,
      'The last result has no database Odl. "precheck last <instance-id>" lists them; without --database it is about all.\n',
    ])
  })
})
