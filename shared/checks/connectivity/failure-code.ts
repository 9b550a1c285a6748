import type { Reach } from '../framework/answer.ts'
import type { ReachCode } from './texts.ts'

type Failure = NonNullable<Reach['failure']>

/**
 * What is wrong with an answer to the TLS handshake, in the words of whoever looked: Node.js ("X509 certificate error
 * codes", manual of tls), curl with OpenSSL or GnuTLS on Linux, .NET on Windows. The first that fits.
 */
const tlsFaults: readonly (readonly [code: ReachCode, words: RegExp])[] = [
  ['CERTIFICATE_EXPIRED', /HAS_EXPIRED|has expired/],
  ['CERTIFICATE_NOT_YET_VALID', /NOT_YET_VALID|not yet valid/],
  ['CERTIFICATE_OF_ANOTHER_NAME', /ALTNAME|alternative certificate subject name|match target host name/],
  ['CERTIFICATE_UNTRUSTED', /CERT|ISSUER|CRL|SIGNATURE|certificate/],
  ['NOT_TLS', /WRONG_VERSION_NUMBER|wrong version number|PACKET_LENGTH_TOO_LONG|unexpected (TLS )?packet/],
]

const codeOfConnect = { refused: 'TCP_REFUSED', timeout: 'TCP_TIMEOUT', other: 'TCP_FAILED' } as const

/** What kept a probe from an endpoint. */
export const failureCode = ({ phase, kind, cause }: Failure): ReachCode => {
  switch (phase) {
    case 'dns':
      return 'DNS_FAILED'
    case 'connect':
      return codeOfConnect[kind]
    case 'tls':
      return tlsFaults.find(([, words]) => words.test(cause))?.[0] ?? 'TLS_FAILED'
    case 'http':
      return 'HTTP_FAILED'
  }
}

/**
 * Statuses of whoever stands in the way and wants a login first: Proxy Authentication Required (RFC 9110, section
 * 15.5.8), Network Authentication Required (RFC 6585, section 6).
 */
export const proxyStatuses: readonly number[] = [407, 511]
