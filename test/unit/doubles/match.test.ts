import TableStore from 'tablestore'
import { describe, expect, it } from 'vitest'
import { firstArgumentDifference, firstDifference } from '../../doubles/match.ts'

const { Long, INF_MIN, INF_MAX, ComparatorType, SingleColumnCondition, CompositeCondition } = TableStore

/** The same number at another place of a longer buffer, as it is read from an answer. */
const readLong = (value: number) => {
  const { constructor } = Long.fromNumber(0) as { constructor: unknown }
  const Int64 = constructor as new (buffer: Buffer, offset: number) => typeof INF_MIN
  const bytes = Buffer.alloc(24)
  bytes.writeBigInt64LE(BigInt(value), 8)
  return new Int64(bytes, 8)
}

describe('a pattern fits', () => {
  it.each([
    ['an object with more members', { a: 1 }, { a: 1, b: 2 }],
    ['an array, each element in part', [{ a: 1 }], [{ a: 1, b: 2 }]],
    ['a matcher anywhere inside', { a: [{ b: expect.any(Number) }] }, { a: [{ b: 3 }] }],
    ['an absent member, if it says undefined', { a: undefined }, {}],
    ['integers by their value', Long.fromNumber(5), readLong(5)],
    ['bytes by their value', Buffer.from('ab'), new Uint8Array([97, 98])],
    ['times by their value', new Date(5), new Date(5)],
    ['not-a-number', Number.NaN, Number.NaN],
    ['the start of all keys', { id: INF_MIN }, { id: INF_MIN }],
    [
      'an instance, by a plain object',
      { columnName: 'state' },
      new SingleColumnCondition('state', 'running', ComparatorType.EQUAL, false),
    ],
  ])('%s', (_, pattern, actual) => {
    expect(firstDifference(pattern, actual)).toBeNull()
  })
})

describe('a pattern does not fit', () => {
  it.each([
    ['another value', { a: { b: 1 } }, { a: { b: 2 } }, '.a.b'],
    ['a missing member', { a: 1 }, {}, '.a'],
    ['a longer array', { a: [1] }, { a: [1, 2] }, '.a'],
    ['a number in place of an integer', [Long.fromNumber(5)], [5], '[0]'],
    ['another integer', Long.fromNumber(5), Long.fromNumber(6), ''],
    ['the end of all keys in place of the start, though both are empty objects', INF_MIN, INF_MAX, ''],
    ['the start of all keys, when any empty object was asked for', {}, INF_MIN, ''],
    ['a text in place of bytes', Buffer.from('ab'), 'ab', ''],
    ['null in place of an object', { a: {} }, { a: null }, '.a'],
    ['what a matcher refuses', { a: expect.stringContaining('x') }, { a: 'y' }, '.a'],
    [
      'an instance of another class with the same members',
      new CompositeCondition(TableStore.LogicalOperator.AND),
      { sub_conditions: [], combinator: TableStore.LogicalOperator.AND },
      '',
    ],
  ])('%s', (_, pattern, actual, path) => {
    expect(firstDifference(pattern, actual)?.path).toBe(path)
  })
})

it('arguments without a pattern may be anything, and a pattern without an argument does not fit', () => {
  expect(firstArgumentDifference(['checks'], ['checks', { DelaySeconds: 5 }])).toBeNull()
  expect(firstArgumentDifference([], ['checks'])).toBeNull()
  expect(firstArgumentDifference(['checks', { DelaySeconds: 5 }], ['checks'])?.path).toBe('[1]')
})
