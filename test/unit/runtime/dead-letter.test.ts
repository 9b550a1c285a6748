import { describe, expect, it } from 'vitest'
import { queueEvent } from '../../../shared/runtime/fc-event.ts'
import { letterReader } from '../../../shared/runtime/dead-letter.ts'

const read = letterReader({ takesRecords: false })
const message = { webhookId: `wh_${'0'.repeat(16)}`, attempts: 0 }
const text = JSON.stringify(message)
const other = JSON.stringify({ kind: 'deadline', precheckId: `pc_${'a'.repeat(32)}` })
const base64 = (body: string): string => Buffer.from(body).toString('base64')

/** As "Result callback" of the Function Compute manual shows it. */
const recordOf = (event: unknown) =>
  JSON.stringify({
    timestamp: Date.parse('2026-11-20T02:00:00Z'),
    requestContext: {
      requestId: 'request-7',
      functionArn: 'acs:fc:::functions/precheck-notify',
      condition: 'UnhandledInvocationError',
      approximateInvokeCount: 9,
    },
    requestPayload: JSON.stringify(event),
    responseContext: { statusCode: 200, functionError: 'UnhandledInvocationError' },
    responsePayload: '',
  })

describe('a dead letter', () => {
  it.each([
    ['a message as it was sent', base64(text), [text]],
    ['a message without base64', text, [text]],
    ['the event of its delivery', base64(JSON.stringify(queueEvent('q', [text])[0])), [text]],
    ['an event of several', JSON.stringify(queueEvent('q', [text, other])), [text, other]],
    ['an event of messages in base64', JSON.stringify(queueEvent('q', [base64(text)])), [text]],
    ['events as texts', JSON.stringify(queueEvent('q', [text]).map((each) => JSON.stringify(each))), [text]],
  ])('holds %s', (_, body, messages) => {
    expect(read(body)).toEqual({ messages, condition: null })
  })

  it.each([
    ['no JSON', 'hello'],
    ['a JSON text', JSON.stringify('hello')],
    ['an event without a message', JSON.stringify({ specversion: '1.0', type: 'x', data: {} })],
    ['an event whose message is no JSON', JSON.stringify(queueEvent('q', ['hello']))],
    ['nothing', ''],
    ['an empty list', '[]'],
  ])('is unreadable with %s', (_, body) => {
    expect(read(body)).toEqual({ messages: null, condition: null })
  })

  it('holds the message of an invocation that failed, and how it failed', () => {
    const expected = { messages: [text], condition: 'UnhandledInvocationError' }
    expect(read(recordOf(queueEvent('q', [text])))).toEqual(expected)
    expect(read(base64(recordOf(queueEvent('q', [text]))))).toEqual(expected)
    expect(read(recordOf({ kind: 'nothing' }))).toEqual({ ...expected, messages: null })
  })

  it('is such a record itself where the queue takes records', () => {
    const record = recordOf(queueEvent('q', [text]))
    const reads = letterReader({ takesRecords: true })(base64(record))
    expect(reads).toEqual({ messages: [record], condition: null })
  })
})
