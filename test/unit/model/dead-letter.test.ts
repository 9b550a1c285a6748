import { describe, expect, it } from 'vitest'
import { renderGivenUp, summaryOf } from '../../../shared/model/dead-letter.ts'

const precheckId = `pc_${'a'.repeat(32)}`

describe('what is told of a message', () => {
  it.each([
    [
      'a check item',
      {
        precheckId,
        checkItem: 'ARCHIVELOG',
        target: { instanceId: 'orders', connection: { host: 'db.internal', credential: { username: 'sa' } } },
      },
      { precheckId, checkItem: 'ARCHIVELOG', instanceId: 'orders' },
    ],
    [
      'a validation',
      { kind: 'validate', validationId: 'val_1', target: { instanceId: 'orders' } },
      { validationId: 'val_1', instanceId: 'orders' },
    ],
    [
      'a result',
      { kind: 'result', precheckId, result: { checkItem: 'ARCHIVELOG' } },
      { precheckId, checkItem: 'ARCHIVELOG' },
    ],
    [
      'a part of a result',
      { kind: 'part', precheckId, part: { checkItem: 'ARCHIVELOG', data: 'x' } },
      { precheckId, checkItem: 'ARCHIVELOG' },
    ],
    ['a deadline', { kind: 'deadline', precheckId }, { precheckId }],
    [
      'a notification',
      { webhookId: 'wh_1', source: { kind: 'sweep', sweepId: '2026-11-20' } },
      { webhookId: 'wh_1', sweepId: '2026-11-20' },
    ],
    ['what is none of ours', ['a', 1], {}],
    ['a text', 'hello', {}],
    [
      'fields of other types, and names that no id has',
      { precheckId: 7, checkItem: 'x'.repeat(200), instanceId: 'orders', target: 'x', source: [] },
      { instanceId: 'orders' },
    ],
  ])('%s', (_, message, summary) => {
    expect(summaryOf(message)).toStrictEqual(summary)
  })
})

describe('why a message was given up', () => {
  it.each([
    ['RECEIVED_TOO_OFTEN', { received: 8 }, 'It was delivered 8 times without being completed.'],
    ['OF_ANOTHER_VERSION', { received: 8 }, 'OF_ANOTHER_VERSION {"received":8}'],
  ])('is told, or shown as it is: %s', (code, params, text) => {
    expect(renderGivenUp({ code, params }, 'en')).toBe(text)
  })
})
