import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteName, quoteString, quoteUser } from '../../../../shared/checks/oracle/quote.ts'

describe('Oracle quoting', () => {
  it('lets every name come out of the quotes as it went in, and none out of them before', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const quoted = quoteName(name)
        expect(quoted.slice(1, -1).replaceAll('""', '\0').includes('"')).toBe(false)
        expect(quoted.slice(1, -1).replaceAll('""', '"')).toBe(name)
        const literal = quoteString(name)
        expect(literal.slice(1, -1).replaceAll("''", '\0').includes("'")).toBe(false)
        expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(name)
      }),
    )
  })

  it('writes the user of a login as Oracle folds it', () => {
    expect(quoteUser('c##precheck')).toBe('"C##PRECHECK"')
    expect(quoteUser('"Pre check"')).toBe('"Pre check"')
    expect(quoteUser('"a" CONTAINER=ALL; --"')).toBe('"""A"" CONTAINER=ALL; --"""')
    expect(quoteUser('x"y"')).toBe('"X""Y"""')
    expect(quoteUser('"y"x')).toBe('"""Y""X"')
  })
})
