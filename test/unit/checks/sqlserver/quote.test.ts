import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteName, quoteString } from '../../../../shared/checks/sqlserver/quote.ts'

describe('T-SQL quoting', () => {
  it('doubles what would end the quotes', () => {
    expect(quoteName("it's [a] b]")).toBe("[it's [a]] b]]]")
    expect(quoteString("it's [a] b]")).toBe("N'it''s [a] b]'")
  })

  it('lets every name come out of brackets and quotes as it went in', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const quoted = quoteName(name)
        expect(quoted.slice(1, -1).replaceAll(']]', '\0').includes(']')).toBe(false)
        expect(quoted.slice(1, -1).replaceAll(']]', ']')).toBe(name)
        const literal = quoteString(name)
        expect(literal.slice(2, -1).replaceAll("''", '\0').includes("'")).toBe(false)
        expect(literal.slice(2, -1).replaceAll("''", "'")).toBe(name)
      }),
    )
  })
})
