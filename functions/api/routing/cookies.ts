import type { HttpRequest } from '../../../shared/runtime/http.ts'

/**
 * The cookie of a session: over https under a name that browsers take from this very host and over https alone; over
 * plain http, where they would drop that, under another one.
 */
export const secureCookie = '__Host-precheck'
export const plainCookie = 'precheck'

export type CookieName = typeof secureCookie | typeof plainCookie

/** A cookie of a session, as a request has it. */
export interface SessionCookie {
  readonly name: CookieName
  readonly value: string
}

/** Values hold letters, digits, "_" and "-", so that nothing is to be decoded. */
const valueOf = (header: string, name: string): string | undefined =>
  header
    .split(';')
    .map((pair) => pair.trim().split('='))
    .find(([key]) => key === name)?.[1]

/** The session that a request is of, by its cookies; null: none. */
export const sessionCookieOf = ({ headers }: HttpRequest): SessionCookie | null => {
  const header = headers['cookie'] ?? ''
  for (const name of [secureCookie, plainCookie] as const) {
    const value = valueOf(header, name)
    if (value !== undefined && value !== '') return { name, value }
  }
  return null
}

const withAttributes = (name: CookieName, value: string, maxAgeSeconds: number): string =>
  [
    `${name}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    `Max-Age=${maxAgeSeconds}`,
    ...(name === secureCookie ? ['Secure'] : []),
  ].join('; ')

/** The header that gives a browser its session. `origin`: of the page, which knows by which scheme it was opened. */
export const setCookie = (value: string, lastsMs: number, origin: string | undefined): string =>
  withAttributes(
    origin?.startsWith('http:') === true ? plainCookie : secureCookie,
    value,
    Math.max(0, Math.floor(lastsMs / 1000)),
  )

/** The header that takes it away. */
export const dropCookie = (name: CookieName): string => withAttributes(name, '', 0)

const hostOf = (origin: string): string => origin.replace(/^https?:\/\//, '')

/**
 * Whether a request comes from a page of this very service. Browsers say it by `Sec-Fetch-Site`, which no page can
 * write; over plain http they say nothing of it, but tell the origin of the page.
 */
export const isSameOrigin = ({ headers }: HttpRequest): boolean => {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  const origin = headers['origin']
  return origin !== undefined && hostOf(origin) === headers['host']
}
