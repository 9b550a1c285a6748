import * as z from 'zod'
import { issueToken, revokeToken } from '../../../shared/flows/tokens.ts'
import { Token } from '../../../shared/model/token.ts'
import { listAll } from '../../../shared/ports/documents.ts'
import { route } from '../routing/route.ts'

const TokenView = Token.omit({ secretHash: true }).meta({ id: 'Token' })
const TokenRequest = Token.pick({ name: true, scope: true }).meta({ id: 'TokenRequest' })
const IssuedToken = TokenView.extend({
  token: z.string().describe('The bearer token. It is shown only once and not stored.'),
}).meta({ id: 'IssuedToken' })

const viewOf = ({ id, name, scope, createdAt }: Token): z.infer<typeof TokenView> => ({
  id,
  name,
  scope,
  createdAt,
})

export const tokenRoutes = [
  route({
    method: 'POST',
    path: '/v1/tokens',
    operationId: 'issueToken',
    summary: 'Issues a bearer token',
    scope: 'admin',
    input: z.object({ body: TokenRequest }),
    answers: { 201: { description: 'The token; shown only once.', schema: IssuedToken } },
    problems: [],
    handle: async ({ tokens, now }, { body }) => ({ value: await issueToken(tokens, body, now()) }),
    respond: ({ token, bearer }) => ({ status: 201, body: { ...viewOf(token), token: bearer } }),
  }),
  route({
    method: 'GET',
    path: '/v1/tokens',
    operationId: 'listTokens',
    summary: 'Lists the tokens, without their secrets',
    scope: 'admin',
    input: z.object({}),
    answers: { 200: { description: 'The tokens.', schema: z.strictObject({ items: z.array(TokenView) }) } },
    problems: [],
    handle: async ({ tokens }) => ({ value: await listAll(tokens) }),
    respond: (tokens) => ({ status: 200, body: { items: tokens.map(viewOf) } }),
  }),
  route({
    method: 'DELETE',
    path: '/v1/tokens/{tokenId}',
    operationId: 'revokeToken',
    summary: 'Revokes a token immediately',
    scope: 'admin',
    input: z.object({ params: z.strictObject({ tokenId: z.string() }) }),
    answers: { 204: { description: 'It was revoked.' } },
    problems: ['TOKEN_NOT_FOUND'],
    handle: ({ tokens }, { params: { tokenId } }) => revokeToken(tokens, tokenId),
    respond: () => ({ status: 204 }),
  }),
]
