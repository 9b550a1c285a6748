import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { msPerDay, msPerHour } from '../model/durations.ts'
import { type Declined, type Result, decline } from '../model/failure.ts'
import { type Token, type TokenRequest, isExpired } from '../model/token.ts'
import { type Stored, listAll } from '../ports/documents.ts'
import type { Tokens } from '../ports/tokens.ts'

/** `bp_<id>_<secret>`: the id finds the token, the secret proves it. 64 and 256 random bits. */
const tokenPattern = /^bp_(?<id>[0-9a-f]{16})_(?<secret>[A-Za-z0-9_-]{43})$/

/** What is kept of a secret: it has 256 random bits, so that nothing is to be gained from a slow hash. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Compared against when no token has the id, so that an unknown id takes as long as a wrong secret. */
const nobody = hashOf('')

/** The token that a bearer string proves, or null. */
export const authenticate = async (
  tokens: Pick<Tokens, 'get'>,
  bearer: string,
  now: Date,
): Promise<Stored<Token> | null> => {
  const { id, secret } = tokenPattern.exec(bearer)?.groups ?? {}
  if (id === undefined || secret === undefined) return null
  const stored = await tokens.get(id)
  const known = Buffer.from(stored?.document.secretHash ?? nobody)
  const isProven = timingSafeEqual(Buffer.from(hashOf(secret)), known)
  return stored && isProven && !isExpired(stored.document, now) ? stored : null
}

/** A token and its bearer string, which is shown once and kept nowhere. */
export interface IssuedToken {
  readonly token: Token
  readonly bearer: string
}

const newSecret = (): string => randomBytes(32).toString('base64url')

const bearerOf = (id: string, secret: string): string => `bp_${id}_${secret}`

/** Makes a token that is not stored yet. */
export const makeToken = ({ name, scope, expiresInDays }: TokenRequest, now: Date): IssuedToken => {
  const id = randomBytes(8).toString('hex')
  const secret = newSecret()
  const token = {
    id,
    name,
    scope,
    secretHash: hashOf(secret),
    createdAt: now.toISOString(),
    ...(expiresInDays !== undefined && {
      expiresAt: new Date(now.getTime() + expiresInDays * msPerDay).toISOString(),
    }),
  }
  return { token, bearer: bearerOf(id, secret) }
}

/** Stores a token that was made; it is right from then on. */
export const storeToken = async (tokens: Pick<Tokens, 'put'>, { token }: IssuedToken): Promise<void> => {
  if (!(await tokens.put(token.id, token, 0))) throw new Error(`Token ${token.id} already exists`)
}

/** Issues a token. */
export const issueToken = async (
  tokens: Pick<Tokens, 'put'>,
  request: TokenRequest,
  now: Date,
): Promise<IssuedToken> => {
  const issued = makeToken(request, now)
  await storeToken(tokens, issued)
  return issued
}

const unknownToken = (tokenId: string): Declined<'TOKEN_NOT_FOUND'> =>
  decline('TOKEN_NOT_FOUND', { en: `No token has the id ${tokenId}.`, zh: `没有 ID 为 ${tokenId} 的令牌。` })

const withSecret = (known: Token, secret: string, now: Date): Token => {
  // Who signed in with the old secret has to do it again.
  const { sessions: _, ...kept } = known
  const { expiresAt, rotatedAt, createdAt } = kept
  const rotated = { ...kept, secretHash: hashOf(secret), rotatedAt: now.toISOString() }
  if (expiresAt === undefined) return rotated
  const lifetimeMs = Date.parse(expiresAt) - Date.parse(rotatedAt ?? createdAt)
  return { ...rotated, expiresAt: new Date(now.getTime() + lifetimeMs).toISOString() }
}

/** Gives a token another secret, and the same time again until it expires. The old secret is wrong from then on. */
export const rotateToken = async (
  tokens: Pick<Tokens, 'update'>,
  tokenId: string,
  now: Date,
): Promise<Result<IssuedToken, 'TOKEN_NOT_FOUND'>> => {
  const secret = newSecret()
  const token = await tokens.update<Token | null>(tokenId, (known) => {
    if (!known) return { value: null }
    const rotated = withSecret(known, secret, now)
    return { put: rotated, value: rotated }
  })
  return token ? { value: { token, bearer: bearerOf(tokenId, secret) } } : unknownToken(tokenId)
}

const isAdmin = (token: Token, now: Date): boolean => token.scope === 'admin' && !isExpired(token, now)

/** Whether somebody can still issue tokens. */
export const hasAdmin = async (tokens: Pick<Tokens, 'list'>, now: Date): Promise<boolean> =>
  (await listAll(tokens)).some((token) => isAdmin(token, now))

const lastAdmin = (tokenId: string): Declined<'LAST_ADMIN_TOKEN'> =>
  decline('LAST_ADMIN_TOKEN', {
    en: `${tokenId} is the last token of scope admin. Issue another one first, or rotate this one.`,
    zh: `${tokenId} 是最后一个 admin 令牌。请先签发另一个，或更换它的密文。`,
  })

/** Revokes a token at once, unless nobody could issue another one then. */
export const revokeToken = async (
  tokens: Pick<Tokens, 'get' | 'list' | 'put' | 'remove'>,
  tokenId: string,
  now: Date,
): Promise<Result<null, 'TOKEN_NOT_FOUND' | 'LAST_ADMIN_TOKEN'>> => {
  const known = (await tokens.get(tokenId))?.document
  if (!known) return unknownToken(tokenId)
  const others = (await listAll(tokens)).filter(({ id }) => id !== tokenId)
  if (isAdmin(known, now) && !others.some((token) => isAdmin(token, now))) return lastAdmin(tokenId)
  if (!(await tokens.remove(tokenId))) return unknownToken(tokenId)
  if (!isAdmin(known, now) || (await hasAdmin(tokens, now))) return { value: null }
  // Two that were the last ones have been revoked at the same time: whoever sees that takes it back.
  await tokens.put(tokenId, known, 0)
  return lastAdmin(tokenId)
}

/** Whether the use of a token is worth a write. */
export const isUseNews = ({ lastUsedAt }: Token, now: Date): boolean =>
  lastUsedAt === undefined || Math.abs(now.getTime() - Date.parse(lastUsedAt)) >= msPerHour

/** Takes note of the use of a token; whoever else changes the token meanwhile goes first. */
export const noteUse = async (
  tokens: Pick<Tokens, 'put'>,
  { document, revision }: Stored<Token>,
  now: Date,
): Promise<void> => {
  await tokens.put(document.id, { ...document, lastUsedAt: now.toISOString() }, revision)
}
