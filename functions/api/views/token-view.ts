import * as z from 'zod'
import type { IssuedToken } from '../../../shared/flows/tokens.ts'
import { Token } from '../../../shared/model/token.ts'

/** A token without its secret. */
export const TokenView = Token.omit({ secretHash: true, sessions: true })
  .extend({
    rotatedAt: z.iso
      .datetime()
      .nullable()
      .describe('When it got its present secret, if not when it was created.'),
    expiresAt: z.iso.datetime().nullable().describe('From then on it is refused; null: never.'),
    lastUsedAt: z.iso.datetime().nullable().describe('To the hour; null: not used yet.'),
  })
  .meta({ id: 'Token' })
export type TokenView = Readonly<z.infer<typeof TokenView>>

export const IssuedTokenView = TokenView.extend({
  token: z.string().describe('The bearer token. It is shown only once and not stored.'),
}).meta({ id: 'IssuedToken' })
export type IssuedTokenView = Readonly<z.infer<typeof IssuedTokenView>>

export const TokenList = z.strictObject({ items: z.array(TokenView) })

export const tokenView = (token: Token): TokenView => ({
  id: token.id,
  name: token.name,
  scope: token.scope,
  createdAt: token.createdAt,
  rotatedAt: token.rotatedAt ?? null,
  expiresAt: token.expiresAt ?? null,
  lastUsedAt: token.lastUsedAt ?? null,
})

export const issuedTokenView = ({ token, bearer }: IssuedToken): IssuedTokenView => ({
  ...tokenView(token),
  token: bearer,
})
