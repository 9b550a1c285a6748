import { describe, expect, it } from 'vitest'
import { ascending } from '../../../shared/model/ascending.ts'

describe('the order of names and numbers', () => {
  it.each([
    ['a', 'b', -1],
    ['b', 'a', 1],
    ['a', 'a', 0],
    ['Z', 'a', -1],
    [9n, 10n, -1],
    [10n, 9n, 1],
    [9n, 9n, 0],
  ])('%s to %s is %i', (one, other, order) => {
    expect(ascending<bigint | string>(one, other)).toBe(order)
  })
})
