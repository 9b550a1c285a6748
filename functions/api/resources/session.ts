import * as z from 'zod'
import { closeSession, openSession } from '../../../shared/flows/sessions.ts'
import { decline, found } from '../../../shared/model/failure.ts'
import { Scope } from '../../../shared/model/token.ts'
import { dropCookie, setCookie } from '../routing/cookies.ts'
import { route } from '../routing/route.ts'

export const SessionView = z
  .strictObject({
    name: z.string().describe('Name of the token.'),
    scope: Scope,
    expiresAt: z.iso.datetime().nullable().describe('Then it is over; null: never, of a token alone.'),
  })
  .meta({ id: 'Session' })
export type SessionView = Readonly<z.infer<typeof SessionView>>

const cookieHeader = { 'Set-Cookie': 'The session, which scripts cannot read.' } as const

export const sessionRoutes = [
  route({
    method: 'POST',
    path: '/v1/session',
    operationId: 'openSession',
    summary:
      'Opens a session of the token that is sent as bearer, for a browser: a cookie that lasts for 12 hours',
    scope: 'read',
    input: z.object({ headers: z.object({ origin: z.string().optional() }) }),
    answers: { 201: { description: 'It is open.', schema: SessionView, headers: cookieHeader } },
    problems: ['TOKEN_NOT_FOUND', 'SESSION_NOT_RENEWED'],
    handle: async ({ tokens, now }, { headers: { origin } }, { token, signedIn }) => {
      if (signedIn)
        return decline('SESSION_NOT_RENEWED', {
          en: 'Send the token itself, as "Authorization: Bearer".',
          zh: '请以“Authorization: Bearer”发送令牌本身。',
        })
      const at = now()
      const opened = await openSession(tokens, token.id, at)
      const { name, scope } = token
      return found(
        opened && { ...opened, name, scope, origin, at },
        decline('TOKEN_NOT_FOUND', { en: 'The token was revoked meanwhile.', zh: '该令牌已被吊销。' }),
      )
    },
    respond: ({ session: { expiresAt }, value, name, scope, origin, at }) => ({
      status: 201,
      headers: { 'set-cookie': setCookie(value, Date.parse(expiresAt) - at.getTime(), origin) },
      body: { name, scope, expiresAt },
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/session',
    operationId: 'getSession',
    summary: 'Tells who the caller is, and what they may do',
    scope: 'read',
    input: z.object({}),
    answers: { 200: { description: 'The session, or the token.', schema: SessionView } },
    problems: [],
    handle: async (_, __, { token, signedIn }) => ({
      value: {
        name: token.name,
        scope: token.scope,
        expiresAt: signedIn?.session.expiresAt ?? token.expiresAt ?? null,
      },
    }),
    respond: (body) => ({ status: 200, body }),
  }),
  route({
    method: 'DELETE',
    path: '/v1/session',
    operationId: 'closeSession',
    summary: 'Ends the session of the caller',
    scope: 'read',
    input: z.object({}),
    answers: { 204: { description: 'It is over.', headers: cookieHeader } },
    problems: ['SESSION_NOT_FOUND'],
    handle: async ({ tokens }, _, { signedIn }) => {
      if (!signedIn)
        return decline('SESSION_NOT_FOUND', {
          en: 'The request has no session, but a token.',
          zh: '该请求没有会话，而是使用令牌。',
        })
      await closeSession(tokens, signedIn)
      return { value: signedIn.cookie }
    },
    respond: (cookie) => ({ status: 204, headers: { 'set-cookie': dropCookie(cookie) } }),
  }),
]
