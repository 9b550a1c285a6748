import { expect, it } from 'vitest'
import { realNights } from '../../../shared/runtime/real-nights.ts'

const hour = 3_600_000

const world = () => {
  let now = 100 * hour
  let setAt: number | null = null
  const nights = realNights({ ms: () => now }, () => (setAt === null ? null : now - setAt))
  return {
    nights,
    pass: (ms: number) => {
      now += ms
    },
    setClock: () => {
      setAt = now
    },
  }
}

it('nobody is held back while the clock goes on evenly', () => {
  const { nights } = world()
  nights.note('db-1', 0)
  expect(nights.wasStarted('db-1')).toBe(false)
})

it('after the clock was set, who was started in the last half day is held back until that is over', () => {
  const { nights, pass, setClock } = world()
  nights.note('db-1', 0)
  nights.note('db-2', 2 * hour)
  pass(hour)
  setClock()
  expect(['db-1', 'db-2', 'db-3'].map(nights.wasStarted)).toEqual([true, true, false])
  pass(10 * hour)
  expect(['db-1', 'db-2'].map(nights.wasStarted)).toEqual([true, false])
  pass(hour)
  expect(nights.wasStarted('db-1')).toBe(false)
})

it('a jump of half a day ago holds back nobody', () => {
  const { nights, pass, setClock } = world()
  setClock()
  pass(12 * hour)
  nights.note('db-1', 0)
  expect(nights.wasStarted('db-1')).toBe(false)
})
