import type { Token } from '../model/token.ts'

/** Keeps the bearer tokens of the API. A resolved write is durable. */
export interface Tokens {
  readonly get: (tokenId: string) => Promise<Token | null>
  readonly put: (token: Token) => Promise<void>
  readonly remove: (tokenId: string) => Promise<boolean>
  readonly list: () => Promise<readonly Token[]>
}
