/** Codes of OpenSSL for what is no TLS at all. */
const notTls: readonly string[] = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']

/** Codes with which OpenSSL refuses a certificate or its name. */
const certificateCode =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|INVALID_CA)$/

/** Codes for one whose dates do not fit the clock. */
const dateCodes: readonly string[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']

/** The problem that a code of Node.js or OpenSSL means, if it is one of TLS. */
export const tlsProblemOf = (code: string): string | undefined => {
  if (dateCodes.includes(code)) return 'TLS_CERTIFICATE_EXPIRED'
  if (certificateCode.test(code)) return 'TLS_CERTIFICATE_UNTRUSTED'
  if (notTls.includes(code)) return 'TLS_NOT_SPOKEN'
  return /^(ERR_SSL|ERR_TLS|EPROTO)/.test(code) ? 'TLS_FAILED' : undefined
}
