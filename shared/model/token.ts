import * as z from 'zod'

/** What a bearer token may do: `read` looks, `run` also starts prechecks and validations, `admin` also changes registrations and tokens. */
export const Scope = z.enum(['read', 'run', 'admin'])
export type Scope = z.infer<typeof Scope>

const rank: Readonly<Record<Scope, number>> = { read: 0, run: 1, admin: 2 }

/** True if a token of scope `held` may do what asks for `needed`. */
export const allows = (held: Scope, needed: Scope): boolean => rank[held] >= rank[needed]

/** Somebody who signed in with a token in a browser: only the SHA-256 (hex) of what the browser keeps is stored. */
export const Session = z.strictObject({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  openedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
})
export type Session = Readonly<z.infer<typeof Session>>

/** Browsers that may be signed in with one token at a time. */
export const maxSessions = 16

/** A token as it is stored: only the SHA-256 (hex) of its secret part is kept. */
export const Token = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  name: z.string().min(1).max(64),
  scope: Scope,
  secretHash: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
  /** When it got the secret that it has now; left out: when it was created. */
  rotatedAt: z.iso.datetime().optional(),
  /** From then on it is refused; left out: never. */
  expiresAt: z.iso.datetime().optional(),
  /** Written once an hour at most; left out: it was not used since this is noted. */
  lastUsedAt: z.iso.datetime().optional(),
  /** Kept here, so that they end with the token; left out where there are none. */
  sessions: z.array(Session).min(1).max(maxSessions).optional(),
})
export type Token = Readonly<z.infer<typeof Token>>

/** What somebody asks for who wants a token. `expiresInDays` left out: it never expires. */
export const TokenRequest = Token.pick({ name: true, scope: true }).extend({
  expiresInDays: z.int().min(1).max(3650).optional(),
})
export type TokenRequest = Readonly<z.infer<typeof TokenRequest>>

/** Whether a token is refused for its age. */
export const isExpired = ({ expiresAt }: Token, now: Date): boolean =>
  expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime()
