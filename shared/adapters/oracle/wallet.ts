import { X509Certificate, generateKeyPairSync } from 'node:crypto'

/**
 * A wallet (PEM) that makes the driver trust a private authority and nobody else. The driver hands the wallet to TLS as
 * authority, as certificate and as key, which fails without a key; a throwaway one of another kind than the
 * certificate's belongs to no certificate, so that it proves nothing and is never used (notes of
 * SSL_CTX_use_certificate, OpenSSL manual).
 */
export const walletOf = (ca: string): string => {
  const isEd25519 = new X509Certificate(ca).publicKey.asymmetricKeyType === 'ed25519'
  const { privateKey } = isEd25519 ? generateKeyPairSync('ed448') : generateKeyPairSync('ed25519')
  return `${ca.trimEnd()}\n${privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()}`
}
