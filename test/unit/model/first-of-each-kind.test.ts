import { describe, expect, it } from 'vitest'
import { firstOfEachKind } from '../../../shared/model/first-of-each-kind.ts'

const keptOf = (max: number, ...added: readonly (readonly string[])[]) => {
  const first = firstOfEachKind<string>(max, (item) => item.slice(0, 1))
  for (const items of added) first.add(items)
  return first.kept()
}

describe('the first of each kind', () => {
  it.each([
    ['nothing of nothing', 4, [], []],
    ['all of one kind, up to the limit', 3, [['a1', 'a2', 'a3']], ['a1', 'a2', 'a3']],
    ['the first of more than that', 3, [['a1', 'a2', 'a3', 'a4'], ['a5']], ['a1', 'a2', 'a3']],
    [
      'as many of every kind, kind by kind',
      4,
      [['a1', 'b1', 'a2', 'b2', 'a3', 'b3']],
      ['a1', 'a2', 'b1', 'b2'],
    ],
    ['what is rare and comes late', 4, [['a1', 'a2', 'a3', 'a4'], ['b1']], ['a1', 'a2', 'b1']],
    ['a whole number of each', 5, [['a1', 'a2', 'a3', 'b1', 'b2', 'b3']], ['a1', 'a2', 'b1', 'b2']],
  ])('keeps %s', (_, max, added, kept) => {
    expect(keptOf(max, ...added)).toEqual(kept)
  })
})
