import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Token } from '../../shared/model/token.ts'
import type { Tokens } from '../../shared/ports/tokens.ts'

/** Bearer tokens under contract. */
export interface TokensUnderTest {
  readonly tokens: Tokens
  readonly close: () => Promise<void>
}

const tokenOf = (number: number): Token => ({
  id: number.toString(16).padStart(16, '0'),
  name: `token ${number} 运维`,
  scope: 'run',
  secretHash: 'a'.repeat(64),
  createdAt: '2026-11-21T02:00:00.000Z',
})

/** What every store of tokens does, whatever it stands on. */
export const tokensContract = (name: string, open: () => Promise<TokensUnderTest>): void => {
  describe(`the tokens on ${name}`, () => {
    let tested: TokensUnderTest

    beforeEach(async () => {
      tested = await open()
    })
    afterEach(() => tested.close())

    it('give back what was written', async () => {
      await tested.tokens.put(tokenOf(1))
      expect(await tested.tokens.get(tokenOf(1).id)).toEqual(tokenOf(1))
      expect(await tested.tokens.get(tokenOf(2).id)).toBeNull()
    })

    it('are never put in the place of another', async () => {
      await tested.tokens.put(tokenOf(1))
      await expect(tested.tokens.put({ ...tokenOf(1), scope: 'admin' })).rejects.toThrow(/token/)
      expect(await tested.tokens.get(tokenOf(1).id)).toEqual(tokenOf(1))
    })

    it('are removed once, and known no more', async () => {
      await tested.tokens.put(tokenOf(1))
      expect(await tested.tokens.remove(tokenOf(1).id)).toBe(true)
      expect(await tested.tokens.remove(tokenOf(1).id)).toBe(false)
      expect(await tested.tokens.get(tokenOf(1).id)).toBeNull()
    })

    it('are listed, all of them, in the order of their ids', async () => {
      expect(await tested.tokens.list()).toEqual([])
      const tokens = Array.from({ length: 250 }, (_, index) => tokenOf(index))
      await Promise.all(tokens.toReversed().map((token) => tested.tokens.put(token)))
      expect(await tested.tokens.list()).toEqual(tokens)
    })
  })
}
