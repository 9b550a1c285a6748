import { createHash } from 'node:crypto'
import type { AuthPlugin } from 'mysql2'
import type { Link } from './link.ts'

const sha256 = (...parts: readonly Buffer[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest()

/** What proves knowledge of the password without telling it ("Caching_sha2_password information", MySQL Source Code Documentation). */
const scrambled = (password: string, nonce: Buffer): Buffer => {
  if (password === '') return Buffer.alloc(0)
  const once = sha256(Buffer.from(password))
  const mask = sha256(sha256(once), nonce)
  return Buffer.from(once.map((byte, index) => byte ^ (mask[index] ?? 0)))
}

/** Bytes of the nonce; a zero follows it. */
const nonceLength = 20
/** The server knows the password from an earlier login. */
const fastAuthentication = 3

/**
 * How accounts authenticate at a server that has not proved who it is: without their password. With its own defaults,
 * the driver would send it in clear, or encrypt it with whatever key the server sends. `mysql_native_password`, which
 * tells nothing either, is the driver's own; what is not known at all it refuses, MariaDB's `dialog` for one.
 */
export const withoutPassword = (
  password: string,
  refuse: Link['refuse'],
): Readonly<Record<string, AuthPlugin>> => {
  const withhold = (plugin: string): never => {
    refuse({ code: 'MYSQL_PASSWORD_WITHHELD', plugin })
    throw new Error('the password is withheld')
  }
  const refusing =
    (plugin: string): AuthPlugin =>
    () =>
    () =>
      withhold(plugin)
  return {
    caching_sha2_password: () => {
      let isAnswered = false
      return (data) => {
        if (!isAnswered) {
          isAnswered = true
          return scrambled(password, data.subarray(0, nonceLength))
        }
        if (data.length === 1 && data[0] === fastAuthentication) return null
        return withhold('caching_sha2_password')
      }
    },
    sha256_password: refusing('sha256_password'),
    mysql_clear_password: refusing('mysql_clear_password'),
  }
}
