import type { SessionView } from '../../../functions/api/resources/session.ts'
import { signal } from '@preact/signals'
import { language } from './reader.ts'

/** Why a request came to nothing, as the service says it. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly requestId: string
  /** Of a request with fields that are not right. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[]
}

export type Answer<Body> =
  | { readonly kind: 'value'; readonly value: Body; readonly etag: string | null }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** No answer, or none of the service. */
  | { readonly kind: 'offline' }

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** Who is signed in. `over`: somebody was, and what is on the page stays. */
export const session = signal<SessionView | 'unknown' | 'none' | 'over'>('unknown')

/** What they may do; it stays when the session is over. */
const scope = signal<SessionView['scope']>('read')

const enter = (entered: SessionView): void => {
  session.value = entered
  scope.value = entered.scope
}

/**
 * What an answer says. The service is our own, of the same release as this page, and its answers are typed by its
 * schemas: a field that is changed does not compile here. A parser of schemas would be twice as large as all the rest.
 */
const answerOf = async <Body>(response: Response): Promise<Answer<Body>> => {
  if (response.status === 304) return { kind: 'unchanged' }
  const text = await response.text()
  if (response.ok) {
    // oxlint-disable-next-line typescript/no-unsafe-assignment
    const value: Body = JSON.parse(text === '' ? 'null' : text)
    return { kind: 'value', value, etag: response.headers.get('etag') }
  }
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false
  if (!isProblem) return { kind: 'offline' }
  // oxlint-disable-next-line typescript/no-unsafe-assignment
  const problem: Problem = JSON.parse(text)
  return { kind: 'problem', problem }
}

/** Asks the service, whose API is beside the console. Never rejects. */
export const ask = async <Body>(
  path: string,
  { method = 'GET', body, headers }: Request = {},
): Promise<Answer<Body>> => {
  try {
    const response = await fetch(`../${path}`, {
      method,
      headers: {
        'accept-language': language.value,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'same-origin',
    })
    const answer = await answerOf<Body>(response)
    if (response.status === 401 && typeof session.value === 'object') session.value = 'over'
    return answer
  } catch {
    return { kind: 'offline' }
  }
}

/** Finds out whether somebody is signed in already. */
export const findSession = async (): Promise<void> => {
  const answer = await ask<SessionView>('v1/session')
  if (answer.kind === 'value') enter(answer.value)
  else session.value = 'none'
}

/** Signs in with a token; what is wrong, or null. */
export const signIn = async (token: string): Promise<Answer<SessionView>> => {
  const headers = { authorization: `Bearer ${token.trim()}` }
  const answer = await ask<SessionView>('v1/session', { method: 'POST', headers })
  if (answer.kind === 'value') enter(answer.value)
  return answer
}

export const signOut = async (): Promise<void> => {
  await ask('v1/session', { method: 'DELETE' })
  session.value = 'none'
}

/** Whether who is or was signed in may start prechecks and acknowledge: a form stays while a session is renewed. */
export const mayRun = (): boolean => scope.value !== 'read'

/** Whether they may change what is registered. */
export const mayChange = (): boolean => scope.value === 'admin'
