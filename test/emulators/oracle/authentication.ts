import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync, randomBytes } from 'node:crypto'

/** The 12c verifier: what the server keeps of a password, and the exchange of session keys around it. */

const verifierRounds = 4096
const sessionRounds = 3
const blockSize = 16
const keySize = 32
const noVector = Buffer.alloc(blockSize)

const hex = (content: Buffer): string => content.toString('hex').toUpperCase()

const cipher = (key: Buffer, content: Buffer): Buffer => {
  const aes = createCipheriv('aes-256-cbc', key, noVector).setAutoPadding(false)
  return Buffer.concat([aes.update(content), aes.final()])
}

const decipher = (key: Buffer, content: Buffer): Buffer => {
  const aes = createDecipheriv('aes-256-cbc', key, noVector).setAutoPadding(false)
  return Buffer.concat([aes.update(content), aes.final()])
}

/** A key, its value and flags, as both sides send them. */
export type Pair = readonly [key: string, value: string, flags?: number]

/** Flags of AUTH_VFR_DATA that say that the verifier is that of 12c. */
const verifier12c = 0x4815

/** One login exchange for a user whose password the server knows. */
export const authentication = (password: string) => {
  const salt = randomBytes(blockSize)
  const sessionSalt = randomBytes(blockSize)
  const speedySalt = Buffer.concat([salt, Buffer.from('AUTH_PBKDF2_SPEEDY_KEY')])
  const stretched = pbkdf2Sync(password, speedySalt, verifierRounds, 64, 'sha512')
  const verifier = createHash('sha512').update(stretched).update(salt).digest().subarray(0, keySize)
  const serverPart = randomBytes(keySize)

  return {
    /** First answer: the encrypted session key and the parameters of the verifier. */
    challenge: (): Pair[] => [
      ['AUTH_SESSKEY', hex(cipher(verifier, serverPart))],
      ['AUTH_VFR_DATA', hex(salt), verifier12c],
      ['AUTH_PBKDF2_CSK_SALT', hex(sessionSalt)],
      ['AUTH_PBKDF2_VGEN_COUNT', String(verifierRounds)],
      ['AUTH_PBKDF2_SDER_COUNT', String(sessionRounds)],
      ['AUTH_GLOBALLY_UNIQUE_DBID\0', hex(randomBytes(blockSize))],
    ],

    /** Proof that the client knew the password: the server's response to it, or null. */
    prove: (given: ReadonlyMap<string, string>): string | null => {
      const sessionKey = Buffer.from(given.get('AUTH_SESSKEY') ?? '', 'hex')
      const secret = Buffer.from(given.get('AUTH_PASSWORD') ?? '', 'hex')
      if (sessionKey.length % blockSize !== 0 || secret.length % blockSize !== 0 || secret.length === 0)
        return null
      const clientPart = decipher(verifier, sessionKey).subarray(0, keySize)
      const material = hex(Buffer.concat([clientPart, serverPart]))
      const key = pbkdf2Sync(material, sessionSalt, sessionRounds, keySize, 'sha512')
      const plain = decipher(key, secret).subarray(blockSize)
      const padding = plain.at(-1) ?? 0
      if (plain.subarray(0, plain.length - padding).toString('utf8') !== password) return null
      const proof = Buffer.concat([
        randomBytes(blockSize),
        Buffer.from('SERVER_TO_CLIENT'),
        Buffer.alloc(blockSize, blockSize),
      ])
      return hex(cipher(key, proof))
    },
  }
}
export type Authentication = ReturnType<typeof authentication>

/** 19.21.0.0.0, packed as servers of 18 and later pack it. */
const version = (19 << 24) | (21 << 16)

/** Second answer, to a client that proved its password. */
export const sessionPairs = (response: string): Pair[] => [
  ['AUTH_VERSION_STRING', 'Stand-in'],
  ['AUTH_VERSION_NO', String(version)],
  ['AUTH_SESSION_ID', '42'],
  ['AUTH_SERIAL_NUM', '1'],
  ['AUTH_INSTANCENAME', 'standin'],
  ['AUTH_SC_SERVICE_NAME', 'standin'],
  ['AUTH_SC_DBUNIQUE_NAME', 'standin'],
  ['AUTH_DBNAME', 'standin'],
  ['AUTH_MAX_OPEN_CURSORS', '300'],
  ['AUTH_SVR_RESPONSE', response],
]
