import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteShell } from '../../../../shared/checks/framework/quote-shell.ts'

describe('shell quoting', () => {
  it('lets no word out of its quotes, and brings it in as it was', () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        const quoted = quoteShell(word)
        expect(quoted).toMatch(/^'[^']*'(\\''[^']*')*$/)
        expect(quoted.slice(1, -1).replaceAll(String.raw`'\''`, "'")).toBe(word)
      }),
    )
  })
})
