import { constants, createHash, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { capability } from './messages.ts'
import { NotMySql } from './packets.ts'

/** What HandshakeResponse41 says; of a request for TLS, which ends after the flags, the flags alone. */
export interface Response {
  readonly flags: number
  readonly user: string
  readonly proof: Buffer
  readonly plugin: string
  readonly attributes: Readonly<Record<string, string>>
}

/** Bytes before the name of the user: flags, largest packet, character set and filler. */
const fixedLength = 32

/** Whether a payload asks for TLS: it says no more than that. */
export const isTlsRequest = (payload: Buffer): boolean =>
  payload.length === fixedLength && (payload.readUInt32LE(0) & capability.tls) !== 0

const reading = (payload: Buffer, from: number) => {
  let at = from
  const take = (length: number): Buffer => {
    if (at + length > payload.length) throw new NotMySql()
    at += length
    return payload.subarray(at - length, at)
  }
  const length = (): number => {
    const first = take(1).readUInt8()
    return first < 251 ? first : take(first === 0xfc ? 2 : 3).readUIntLE(0, first === 0xfc ? 2 : 3)
  }
  const bytes = (): Buffer => take(length())
  const ended = (): string => {
    const end = payload.indexOf(0, at)
    if (end === -1) throw new NotMySql()
    const text = payload.toString('utf8', at, end)
    at = end + 1
    return text
  }
  return { bytes, length, ended, hasMore: (end = payload.length) => at < end, place: () => at }
}

/** Reads HandshakeResponse41; throws on what is none. */
export const readResponse = (payload: Buffer): Response => {
  if (payload.length <= fixedLength) throw new NotMySql()
  const flags = payload.readUInt32LE(0)
  const { bytes, length, ended, hasMore, place } = reading(payload, fixedLength)
  const user = ended()
  const proof = bytes()
  if ((flags & capability.withDatabase) !== 0) ended()
  const plugin = ended()
  const attributes: Record<string, string> = {}
  const end = hasMore() ? length() + place() : 0
  while (hasMore(end)) attributes[bytes().toString()] = bytes().toString()
  return { flags, user, proof, plugin, attributes }
}

const hash = (algorithm: string, ...parts: readonly Buffer[]): Buffer =>
  createHash(algorithm).update(Buffer.concat(parts)).digest()

const xor = (one: Buffer, other: Buffer): Buffer =>
  Buffer.from(one.map((byte, index) => byte ^ (other[index % other.length] ?? 0)))

/** What each plugin sends that knows the password, and does not tell it. */
const proofs: Readonly<Record<string, (password: Buffer, nonce: Buffer) => Buffer>> = {
  mysql_native_password: (password, nonce) => {
    const once = hash('sha1', password)
    return xor(once, hash('sha1', nonce, hash('sha1', once)))
  },
  caching_sha2_password: (password, nonce) => {
    const once = hash('sha256', password)
    return xor(once, hash('sha256', hash('sha256', once), nonce))
  },
}

/** Whether a proof is that of a password. */
export const isProof = (plugin: string, password: string, nonce: Buffer, proof: Buffer): boolean =>
  proofs[plugin]?.(Buffer.from(password), nonce).equals(proof) === true

/** The key with which a server that has no TLS, or is somebody else, has passwords encrypted. */
export const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

/** The password in what a client sends it in: in clear, or encrypted. */
export const passwordIn = (payload: Buffer, nonce: Buffer, isEncrypted: boolean): string => {
  const clear = isEncrypted
    ? xor(privateDecrypt({ key: keys.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, payload), nonce)
    : payload
  return clear.subarray(0, -1).toString()
}
