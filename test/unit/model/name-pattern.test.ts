import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fits } from '../../../shared/model/name-pattern.ts'

describe('a pattern of names', () => {
  it.each([
    ['Sales', 'sales', true],
    ['Sales', 'Sales2', false],
    ['S*', 'Sales', true],
    ['*es', 'Sales', true],
    ['*', '', true],
    ['', '', true],
    ['?', '', false],
    ['S?les', 'Sales', true],
    ['S?les', 'Sles', false],
    ['a*b*c', 'aXbXbXc', true],
    ['a*b*c', 'aXbXbX', false],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
    ['财*', '财务', true],
    ['?', '𠮷', true],
  ])('%s and %s: %s', (pattern, name, fit) => {
    expect(fits(pattern, name)).toBe(fit)
  })

  it('agrees with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'B', '*', '?', '.'), maxLength: 8 })
    fc.assert(
      fc.property(letters, letters, (pattern, name) => {
        const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')
        expect(fits(pattern, name)).toBe(new RegExp(`^${source}$`, 'i').test(name))
      }),
    )
  })

  it('needs no time to speak of where it nearly fits again and again', () => {
    expect(fits(`${'a*'.repeat(60)}b`, 'a'.repeat(128))).toBe(false)
  })
})
