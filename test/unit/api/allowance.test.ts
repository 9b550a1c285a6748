import { expect, it } from 'vitest'
import { allowance } from '../../../functions/api/routing/allowance.ts'

const starting = (perMinute: number, maxKeys: number) => {
  let now = 1000
  return {
    ...allowance({ perMinute, maxKeys }, () => now),
    pass: (seconds: number) => {
      now += seconds * 1000
    },
  }
}

it('is spent at once and comes back evenly', () => {
  const { waitSeconds, spend, pass } = starting(6, 10)
  for (let n = 0; n < 6; n += 1) {
    expect(waitSeconds('a')).toBe(0)
    spend('a')
  }
  expect(waitSeconds('a')).toBe(10)
  pass(4)
  expect(waitSeconds('a')).toBe(6)
  pass(6)
  expect(waitSeconds('a')).toBe(0)
  spend('a')
  expect(waitSeconds('a')).toBe(10)
  pass(3600)
  for (let n = 0; n < 6; n += 1) spend('a')
  expect(waitSeconds('a')).toBe(10)
})

it('is given back', () => {
  const { waitSeconds, spend, giveBack } = starting(1, 10)
  spend('a')
  giveBack('a')
  expect(waitSeconds('a')).toBe(0)
  giveBack('a')
  spend('a')
  expect(waitSeconds('a')).toBe(60)
})

it('is that of each key, and forgets the one that did nothing for longest', () => {
  const { waitSeconds, spend } = starting(2, 2)
  for (const key of ['a', 'a', 'b', 'b', 'a', 'c']) spend(key)
  expect(['a', 'b', 'c'].map((key) => waitSeconds(key) > 0)).toEqual([true, false, false])
})
