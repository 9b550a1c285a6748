import * as z from 'zod'
import { issueToken, revokeToken, rotateToken } from '../../../shared/flows/tokens.ts'
import { TokenRequest } from '../../../shared/model/token.ts'
import { listAll } from '../../../shared/ports/documents.ts'
import { route } from '../routing/route.ts'
import { IssuedTokenView, TokenList, issuedTokenView, tokenView } from '../views/token-view.ts'

const params = z.strictObject({ tokenId: z.string() })

export const tokenRoutes = [
  route({
    method: 'POST',
    path: '/v1/tokens',
    operationId: 'issueToken',
    summary: 'Issues a bearer token',
    scope: 'admin',
    input: z.object({ body: TokenRequest.meta({ id: 'TokenRequest' }) }),
    answers: { 201: { description: 'The token; shown only once.', schema: IssuedTokenView } },
    problems: [],
    handle: async ({ tokens, now }, { body }) => ({ value: await issueToken(tokens, body, now()) }),
    respond: (issued) => ({ status: 201, body: issuedTokenView(issued) }),
  }),
  route({
    method: 'GET',
    path: '/v1/tokens',
    operationId: 'listTokens',
    summary: 'Lists the tokens, without their secrets',
    scope: 'admin',
    input: z.object({}),
    answers: { 200: { description: 'The tokens.', schema: TokenList } },
    problems: [],
    handle: async ({ tokens }) => ({ value: await listAll(tokens) }),
    respond: (tokens) => ({ status: 200, body: { items: tokens.map(tokenView) } }),
  }),
  route({
    method: 'POST',
    path: '/v1/tokens/{tokenId}/rotate',
    operationId: 'rotateToken',
    summary: 'Gives a token another secret, and the same time again until it expires',
    scope: 'admin',
    input: z.object({ params }),
    answers: {
      200: { description: 'The token; the old secret is refused from now on.', schema: IssuedTokenView },
    },
    problems: ['TOKEN_NOT_FOUND'],
    handle: ({ tokens, now }, { params: { tokenId } }) => rotateToken(tokens, tokenId, now()),
    respond: (issued) => ({ status: 200, body: issuedTokenView(issued) }),
  }),
  route({
    method: 'DELETE',
    path: '/v1/tokens/{tokenId}',
    operationId: 'revokeToken',
    summary: 'Revokes a token immediately; the last one of scope admin stays',
    scope: 'admin',
    input: z.object({ params }),
    answers: { 204: { description: 'It was revoked.' } },
    problems: ['TOKEN_NOT_FOUND', 'LAST_ADMIN_TOKEN'],
    handle: ({ tokens, now }, { params: { tokenId } }) => revokeToken(tokens, tokenId, now()),
    respond: () => ({ status: 204 }),
  }),
]
