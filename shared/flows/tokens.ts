import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Result, decline } from '../model/failure.ts'
import type { Scope, Token } from '../model/token.ts'
import type { Tokens } from '../ports/tokens.ts'

/** `bp_<id>_<secret>`: the id finds the token, the secret proves it. 64 and 256 random bits. */
const tokenPattern = /^bp_(?<id>[0-9a-f]{16})_(?<secret>[A-Za-z0-9_-]{43})$/

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Compared against when no token has the id, so that an unknown id takes as long as a wrong secret. */
const nobody = hashOf('')

/** The token that a bearer string proves, or null. */
export const authenticate = async (tokens: Pick<Tokens, 'get'>, bearer: string): Promise<Token | null> => {
  const { id, secret } = tokenPattern.exec(bearer)?.groups ?? {}
  if (id === undefined || secret === undefined) return null
  const token = (await tokens.get(id))?.document ?? null
  const isProven = timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(token?.secretHash ?? nobody))
  return token && isProven ? token : null
}

/** A new token and its bearer string, which is shown once and kept nowhere. */
export interface IssuedToken {
  readonly token: Token
  readonly bearer: string
}

/** Issues a token. */
export const issueToken = async (
  tokens: Pick<Tokens, 'put'>,
  { name, scope }: { readonly name: string; readonly scope: Scope },
  now: Date,
): Promise<IssuedToken> => {
  const id = randomBytes(8).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  const token = { id, name, scope, secretHash: hashOf(secret), createdAt: now.toISOString() }
  if (!(await tokens.put(id, token, 0))) throw new Error(`Token ${id} already exists`)
  return { token, bearer: `bp_${id}_${secret}` }
}

/** Revokes a token at once. */
export const revokeToken = async (
  tokens: Pick<Tokens, 'remove'>,
  tokenId: string,
): Promise<Result<null, 'TOKEN_NOT_FOUND'>> =>
  (await tokens.remove(tokenId))
    ? { value: null }
    : decline('TOKEN_NOT_FOUND', `No token has the id ${tokenId}.`)
