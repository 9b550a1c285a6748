import { randomBytes } from 'node:crypto'

/** Temporary keys of a role, as the Security Token Service gives them out. */
export interface RoleSession {
  readonly role: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken: string
  /** ms since 1970. */
  readonly expiresAt: number
}

/** How long the keys in the context of a function are good for (manual, "Context": 36 hours). */
const defaultLifetimeMs = 36 * 60 * 60 * 1000

/** Gives out keys of roles. */
export interface Sts {
  /** Keys of a role that are good for at least half their lifetime yet. */
  readonly assume: (role: string) => RoleSession
}

const newSession = (role: string, expiresAt: number): RoleSession => ({
  role,
  accessKeyId: `STS.${randomBytes(12).toString('hex')}`,
  accessKeySecret: randomBytes(16).toString('hex'),
  securityToken: randomBytes(48).toString('base64'),
  expiresAt,
})

/** `onSession` hears of every new session before anyone can use it; `now` is its clock, ms since 1970. */
export const startSts = (
  onSession: (session: RoleSession) => void,
  {
    lifetimeMs = defaultLifetimeMs,
    now = Date.now,
  }: { readonly lifetimeMs?: number; readonly now?: () => number } = {},
): Sts => {
  const newest = new Map<string, RoleSession>()
  return {
    assume: (role) => {
      const known = newest.get(role)
      if (known && known.expiresAt - now() > lifetimeMs / 2) return known
      const session = newSession(role, now() + lifetimeMs)
      onSession(session)
      newest.set(role, session)
      return session
    },
  }
}
