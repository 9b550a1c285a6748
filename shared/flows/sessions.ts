import { randomBytes, timingSafeEqual } from 'node:crypto'
import { msPerHour } from '../model/durations.ts'
import { type Session, type Token, isExpired, maxSessions } from '../model/token.ts'
import type { Stored } from '../ports/documents.ts'
import type { Tokens } from '../ports/tokens.ts'
import { hashOf } from './tokens.ts'

/** `bs_<id of the token>_<secret>`: what the browser keeps. 64 and 256 random bits. */
const sessionPattern = /^bs_(?<id>[0-9a-f]{16})_(?<secret>[A-Za-z0-9_-]{43})$/

/** How long somebody stays signed in, ms: a working day. */
const lastsMs = 12 * msPerHour

/** A session that was found beside its token. */
export interface SignedIn {
  readonly token: Stored<Token>
  readonly session: Session
}

/** A session, and what the browser keeps of it; that is kept nowhere else. */
export interface OpenedSession {
  readonly session: Session
  readonly value: string
}

const isOpen = ({ expiresAt }: Session, now: Date): boolean => Date.parse(expiresAt) > now.getTime()

const isOf =
  (hash: string) =>
  (session: Session): boolean =>
    timingSafeEqual(Buffer.from(session.hash), Buffer.from(hash))

/** The token and the session that the value of a cookie proves; null: none, or it is over. */
export const findSession = async (
  tokens: Pick<Tokens, 'get'>,
  value: string,
  now: Date,
): Promise<SignedIn | null> => {
  const { id, secret } = sessionPattern.exec(value)?.groups ?? {}
  if (id === undefined || secret === undefined) return null
  const token = await tokens.get(id)
  if (!token || isExpired(token.document, now)) return null
  const session = token.document.sessions?.find(isOf(hashOf(secret)))
  return session && isOpen(session, now) ? { token, session } : null
}

const whenOver = ({ expiresAt }: Token, now: Date): string => {
  const at = now.getTime() + lastsMs
  return new Date(Math.min(at, expiresAt === undefined ? at : Date.parse(expiresAt))).toISOString()
}

/** Opens a session of a token, which ends with it at the latest. The oldest ones make room. Null: the token is gone. */
export const openSession = async (
  tokens: Pick<Tokens, 'update'>,
  tokenId: string,
  now: Date,
): Promise<OpenedSession | null> => {
  const secret = randomBytes(32).toString('base64url')
  const session = await tokens.update<Session | null>(tokenId, (known) => {
    if (!known) return { value: null }
    const opened = { hash: hashOf(secret), openedAt: now.toISOString(), expiresAt: whenOver(known, now) }
    const others = (known.sessions ?? []).filter((each) => isOpen(each, now))
    return { put: { ...known, sessions: [...others, opened].slice(-maxSessions) }, value: opened }
  })
  return session && { session, value: `bs_${tokenId}_${secret}` }
}

/** Ends a session. */
export const closeSession = async (
  tokens: Pick<Tokens, 'update'>,
  { token, session }: SignedIn,
): Promise<void> => {
  await tokens.update(token.document.id, (known) => {
    if (!known) return { value: null }
    const { sessions = [], ...rest } = known
    const others = sessions.filter(({ hash }) => hash !== session.hash)
    return { put: { ...rest, ...(others.length > 0 && { sessions: others }) }, value: null }
  })
}
