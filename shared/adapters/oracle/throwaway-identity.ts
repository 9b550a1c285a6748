import { createPrivateKey, createSign, generateKeyPairSync } from 'node:crypto'

/** DER tags (X.690). */
const tags = {
  integer: 0x02,
  bits: 0x03,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  time: 0x18,
  version: 0xa0,
}

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

/** ecdsa-with-SHA256 (1.2.840.10045.4.3.2) and commonName (2.5.4.3). */
const signatureOid = Buffer.from('2a8648ce3d040302', 'hex')
const commonNameOid = Buffer.from('550403', 'hex')

const pem = (label: string, content: Buffer): string =>
  `-----BEGIN ${label}-----\n${content.toString('base64').replaceAll(/(.{64})(?!$)/g, '$1\n')}\n-----END ${label}-----\n`

/**
 * A certificate and key that identify nobody (X.509, RFC 5280): the driver takes its trusted authorities only in a wallet
 * that also holds an identity. Made anew for every connection, valid for no server, kept nowhere.
 */
export const throwawayIdentity = (): string => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
  const algorithm = der(tags.sequence, der(tags.oid, signatureOid))
  const attribute = der(tags.sequence, der(tags.oid, commonNameOid), der(tags.utf8, Buffer.from('nobody')))
  const name = der(tags.sequence, der(tags.set, attribute))
  const validity = der(
    tags.sequence,
    der(tags.time, Buffer.from('20000101000000Z')),
    der(tags.time, Buffer.from('99991231235959Z')),
  )
  const version = der(tags.version, der(tags.integer, Buffer.from([2])))
  const serial = der(tags.integer, Buffer.from([1]))
  const body = der(tags.sequence, version, serial, algorithm, name, validity, name, publicKey)
  const key = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' })
  const signature = createSign('sha256').update(body).sign(key)
  const certificate = der(tags.sequence, body, algorithm, der(tags.bits, Buffer.from([0]), signature))
  return pem('CERTIFICATE', certificate) + pem('PRIVATE KEY', privateKey)
}
