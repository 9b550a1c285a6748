import type { Secret } from '../../ports/secrets.ts'

/** Bytes of a key: as many as HMAC-SHA256 gives. */
export const keyBytes = 32

/** Base64 of 32 bytes: 43 characters and one to fill up. */
const wholeKey = /^[A-Za-z0-9+/]{43}=$/

/** Whether a text is a key: anything shorter could be guessed, and an empty one is known to everybody. */
export const isKey = (text: string): boolean => wholeKey.test(text)

/** A secret that has to be a key, or why it is none. */
export const asKey = (secret: Secret): Secret =>
  'unavailable' in secret || isKey(secret.value)
    ? secret
    : {
        unavailable: `it must be ${keyBytes} bytes in base64, as "openssl rand -base64 ${keyBytes}" prints them`,
      }
