import * as z from 'zod'
import { IssuedTokenView, TokenList, type TokenView } from '../../../functions/api/views/token-view.ts'
import type { TokenRequest } from '../../../shared/model/token.ts'
import { type Access, send } from './client.ts'

/** Where tokens are issued. Everything rejects with `CommandFailed`. */
export interface TokenDesk {
  readonly create: (request: TokenRequest) => Promise<IssuedTokenView>
  readonly list: () => Promise<readonly TokenView[]>
  readonly revoke: (tokenId: string) => Promise<void>
  readonly rotate: (tokenId: string) => Promise<IssuedTokenView>
}

const pathOf = (tokenId: string): string => `/v1/tokens/${encodeURIComponent(tokenId)}`

/** The tokens of a running service, over its API. */
export const tokensOfService = (access: Access): TokenDesk => ({
  create: (body) => send(access, { method: 'POST', path: '/v1/tokens', body }, IssuedTokenView),
  list: async () => (await send(access, { method: 'GET', path: '/v1/tokens' }, TokenList)).items,
  revoke: (tokenId) => send(access, { method: 'DELETE', path: pathOf(tokenId) }, z.undefined()),
  rotate: (tokenId) => send(access, { method: 'POST', path: `${pathOf(tokenId)}/rotate` }, IssuedTokenView),
})
