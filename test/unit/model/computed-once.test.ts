import { describe, expect, it, vi } from 'vitest'
import { computedOnce } from '../../../shared/model/computed-once.ts'

/** Asks for keys one after the other, and tells for which of them the value was computed. */
const computedFor = (maxKeys: number, keys: readonly string[]): string[] => {
  const once = computedOnce<string>(maxKeys)
  const compute = vi.fn<(key: string) => string>((key) => `value of ${key}`)
  for (const key of keys) expect(once(key, () => compute(key))).toBe(`value of ${key}`)
  return compute.mock.calls.map(([key]) => key)
}

describe('a value that is computed once', () => {
  it('is remembered for as many keys as it may be', () => {
    expect(computedFor(2, ['a', 'b', 'a', 'b'])).toEqual(['a', 'b'])
  })

  it('is forgotten with all others when there is one key more', () => {
    expect(computedFor(2, ['a', 'b', 'c', 'c', 'a'])).toEqual(['a', 'b', 'c', 'a'])
  })
})
