import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { authenticate, isUseNews, noteUse } from '../../../shared/flows/tokens.ts'
import { findSession } from '../../../shared/flows/sessions.ts'
import { type Scope, type Token, allows } from '../../../shared/model/token.ts'
import type { Text } from '../../../shared/model/message.ts'
import type { Stored } from '../../../shared/ports/documents.ts'
import type { Tokens } from '../../../shared/ports/tokens.ts'
import type { HttpRequest } from '../../../shared/runtime/http.ts'
import { HttpProblem } from '../../../shared/runtime/problem-document.ts'
import { type Allowance, allowance } from './allowance.ts'
import type { Caller } from './caller.ts'
import { isSameOrigin, sessionCookieOf } from './cookies.ts'
import type { ApiDeps } from './deps.ts'

/** More than anybody mistypes, and nothing beside the 2^256 secrets that there are: it spares the store and the log. */
const wrongTokens = { perMinute: 20, maxKeys: 10_000 }

/** Tokens whose requests are counted: more than a service has. */
const maxTokens = 10_000

/** Bearer strings and cookies that are remembered as right, by their hashes. */
const maxProven = 10_000

const bearerOf = ({ headers }: HttpRequest): string =>
  /^Bearer +(.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? ''

/** Groups of 16 bits of the network of an IPv6 address: whoever has one address has all 2^64 of its network. */
const networkGroups = 4

/** By what addresses are told apart. */
const addressOf = ({ address }: HttpRequest): string => {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, networkGroups).join(':') : parsed.toString()
}

const refuseToo = (
  code: 'WRONG_TOKENS_TOO_MANY' | 'REQUESTS_TOO_MANY',
  waitSeconds: number,
  what: Text,
): void => {
  if (waitSeconds === 0) return
  const detail = {
    en: `${what.en} Try again in ${waitSeconds} s.`,
    zh: `${what.zh}请在 ${waitSeconds} 秒后重试。`,
  }
  throw new HttpProblem({ code, detail }, { 'retry-after': String(waitSeconds) })
}

/** What was right before, so that a neighbour's guesses do not lock their owners out. */
const provenBefore = () => {
  const proven = new Set<string>()
  const hashOf = (bearer: string): string => createHash('sha256').update(bearer).digest('base64')
  return {
    has: (bearer: string): boolean => proven.has(hashOf(bearer)),
    add: (bearer: string): void => {
      if (proven.size >= maxProven) proven.clear()
      proven.add(hashOf(bearer))
    },
  }
}

const unproven = (): HttpProblem => {
  const detail = {
    en: 'Send "Authorization: Bearer <token>" with a token of this service, or sign in again.',
    zh: '请在“Authorization: Bearer <令牌>”中发送本服务的令牌，或重新登录。',
  }
  return new HttpProblem({ code: 'TOKEN_INVALID', detail }, { 'www-authenticate': 'Bearer' })
}

/** What a request shows, and what it is proof of. */
interface Credential {
  readonly text: string
  readonly prove: (now: Date) => Promise<Proven | null>
}

interface Proven {
  readonly stored: Stored<Token>
  readonly signedIn: Caller['signedIn']
}

const refuseOrigin = (request: HttpRequest): void => {
  if (['GET', 'HEAD'].includes(request.method) || isSameOrigin(request)) return
  const detail = {
    en: 'A session can change something from the pages of this service alone.',
    zh: '会话只能从本服务的页面修改数据。',
  }
  throw new HttpProblem({ code: 'ORIGIN_REFUSED', detail })
}

/** The token that a request shows, else its session; null: neither. A page of somebody else cannot send the former. */
const credentialOf = (tokens: Pick<Tokens, 'get'>, request: HttpRequest): Credential | null => {
  const bearer = bearerOf(request)
  if (bearer !== '') {
    const prove = async (now: Date): Promise<Proven | null> => {
      const stored = await authenticate(tokens, bearer, now)
      return stored && { stored, signedIn: null }
    }
    return { text: bearer, prove }
  }
  const cookie = sessionCookieOf(request)
  if (!cookie) return null
  refuseOrigin(request)
  const prove = async (now: Date): Promise<Proven | null> => {
    const signedIn = await findSession(tokens, cookie.value, now)
    return signedIn && { stored: signedIn.token, signedIn: { ...signedIn, cookie: cookie.name } }
  }
  return { text: cookie.value, prove }
}

const refuseScope = ({ name, scope }: Token, needed: Scope): void => {
  if (allows(scope, needed)) return
  const detail = {
    en: `The token "${name}" has the scope ${scope}; this request needs ${needed}.`,
    zh: `令牌“${name}”的权限为 ${scope}；该请求需要 ${needed}。`,
  }
  throw new HttpProblem({ code: 'SCOPE_MISSING', detail })
}

type Deps = Pick<ApiDeps, 'tokens' | 'requestsPerMinute' | 'log' | 'now'>

/** Takes note of the use of tokens beside the request, which neither waits for it nor fails with it. */
const useBook = ({ tokens, log }: Pick<Deps, 'tokens' | 'log'>) => {
  const underWay = new Set<string>()
  const write = async (stored: Stored<Token>, now: Date): Promise<void> => {
    const { id } = stored.document
    underWay.add(id)
    try {
      await noteUse(tokens, stored, now)
    } catch (cause) {
      log.warn('token.use-not-noted', { tokenId: id, message: String(cause) })
    } finally {
      underWay.delete(id)
    }
  }
  return (stored: Stored<Token>, now: Date): void => {
    if (isUseNews(stored.document, now) && !underWay.has(stored.document.id)) void write(stored, now)
  }
}

/**
 * Admits requests by their headers: a token that is right, of a scope that is enough, and not too many of either. What
 * it counts it counts in this process alone, so that every instance of the function has a count of its own. Throws
 * `HttpProblem`.
 */
export const door = (deps: Deps) => {
  const { tokens, requestsPerMinute, now } = deps
  const noteUseOf = useBook(deps)
  const wrong = allowance(wrongTokens)
  const proven = provenBefore()
  const requests: Allowance | null =
    requestsPerMinute === 0 ? null : allowance({ perMinute: requestsPerMinute, maxKeys: maxTokens })

  const provenBy = async ({ prove }: Credential): Promise<Proven> => {
    const found = await prove(now())
    if (found) return found
    throw unproven()
  }

  const callerOf = async (request: HttpRequest): Promise<Proven> => {
    const credential = credentialOf(tokens, request)
    if (!credential) throw unproven()
    if (proven.has(credential.text)) return provenBy(credential)
    const caller = addressOf(request)
    // Callers whose address nobody tells would lock each other out; a token is too long to be guessed in any case.
    const waitSeconds = caller === '' ? 0 : wrong.waitSeconds(caller)
    refuseToo('WRONG_TOKENS_TOO_MANY', waitSeconds, {
      en: 'This address sent too many wrong tokens.',
      zh: '该地址发送的错误令牌过多。',
    })
    // Before it is looked at, since many may come at the same time.
    wrong.spend(caller)
    const found = await provenBy(credential)
    wrong.giveBack(caller)
    proven.add(credential.text)
    return found
  }

  return async (request: HttpRequest, needed: Scope): Promise<Caller> => {
    const { stored, signedIn } = await callerOf(request)
    const token = stored.document
    if (requests) {
      const text = {
        en: `The token "${token.name}" may make ${requestsPerMinute} requests a minute.`,
        zh: `令牌“${token.name}”每分钟最多 ${requestsPerMinute} 个请求。`,
      }
      refuseToo('REQUESTS_TOO_MANY', requests.waitSeconds(token.id), text)
      requests.spend(token.id)
    }
    refuseScope(token, needed)
    noteUseOf(stored, now())
    return { token, signedIn }
  }
}
