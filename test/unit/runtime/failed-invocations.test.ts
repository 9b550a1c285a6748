import { describe, expect, it } from 'vitest'
import { ResultMessage } from '../../../shared/model/queue-messages.ts'
import { wholeMessages } from '../../../shared/ports/queue.ts'
import { withFailedInvocations } from '../../../shared/runtime/failed-invocations.ts'
import { queueEvent } from '../../../shared/runtime/fc-event.ts'

const { schema, assemble } = withFailedInvocations(wholeMessages(ResultMessage))
const precheckId = `pc_${'a'.repeat(32)}`
const validationId = `val_${'b'.repeat(16)}`

/** As "Result callback" of the Function Compute manual shows it. */
const failed = (...messages: readonly object[]) => ({
  timestamp: Date.parse('2026-11-20T02:00:00Z'),
  requestContext: {
    requestId: 'request-7',
    functionArn: 'acs:fc:::functions/precheck-run-check',
    condition: 'FunctionTimeoutError',
    approximateInvokeCount: 3,
  },
  requestPayload: JSON.stringify(
    queueEvent(
      'checks',
      messages.map((message) => JSON.stringify(message)),
    ),
  ),
  responseContext: { statusCode: 200, functionError: 'FunctionTimeoutError' },
  responsePayload: '',
})

const reason = {
  code: 'CHECKER_FAILED',
  params: { condition: 'FunctionTimeoutError', attempts: 3, requestId: 'request-7' },
}

describe('an invocation of run-check that failed for good', () => {
  it('ends all items of its message as errors', async () => {
    const lost = {
      precheckId,
      checkItem: 'ARCHIVELOG',
      together: ['FRA_SPACE'],
      followers: ['CONTROL_FILE'],
      more: 'of later',
    }
    const messages = await assemble([schema.parse(failed(lost))])
    expect(messages.map((message) => ResultMessage.parse(message))).toEqual(messages)
    const items = messages.flatMap((message) => (message.kind === 'result' ? [message.result] : []))
    expect(items.map(({ checkItem }) => checkItem)).toEqual(['ARCHIVELOG', 'FRA_SPACE', 'CONTROL_FILE'])
    for (const item of items) {
      expect(item).toMatchObject({ status: 'error', reason, startedAt: '2026-11-20T02:00:00.000Z' })
    }
  })

  it('ends a validation', async () => {
    const lost = { kind: 'validate', validationId, target: { instanceId: 'db' }, limitMs: 1 }
    expect(await assemble([schema.parse(failed(lost))])).toEqual([
      { kind: 'validation', validationId, instanceId: 'db', result: { problem: reason, missing: [] } },
    ])
  })

  it('is told among results', async () => {
    const deadline = { kind: 'deadline', precheckId } as const
    const delivered = [deadline, failed({ precheckId, checkItem: 'ARCHIVELOG' })].map((each) =>
      schema.parse(each),
    )
    expect((await assemble(delivered)).map(({ kind }) => kind)).toEqual(['deadline', 'result'])
  })

  it.each([
    ['no event', { requestPayload: 'no JSON' }],
    ['no message of checks', { requestPayload: JSON.stringify(queueEvent('checks', ['{"n":1}'])) }],
    ['a body that is no JSON', { requestPayload: JSON.stringify(queueEvent('checks', ['{'])) }],
  ])('is refused with %s', (_, change) => {
    expect(schema.safeParse({ ...failed(), ...change }).success).toBe(false)
  })

  it('shows no more of a condition than a name', async () => {
    const told = failed({ precheckId, checkItem: 'ARCHIVELOG' })
    told.requestContext.condition = 'x'.repeat(10_000)
    expect(JSON.stringify(await assemble([schema.parse(told)])).length).toBeLessThan(1000)
  })
})
