import * as z from 'zod'

/** What a bearer token may do: `read` looks, `run` also starts prechecks and validations, `admin` also changes registrations and tokens. */
export const Scope = z.enum(['read', 'run', 'admin'])
export type Scope = z.infer<typeof Scope>

const rank: Readonly<Record<Scope, number>> = { read: 0, run: 1, admin: 2 }

/** True if a token of scope `held` may do what asks for `needed`. */
export const allows = (held: Scope, needed: Scope): boolean => rank[held] >= rank[needed]

/** A token as it is stored: only the SHA-256 (hex) of its secret part is kept. */
export const Token = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  name: z.string().min(1).max(64),
  scope: Scope,
  secretHash: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
})
export type Token = Readonly<z.infer<typeof Token>>
