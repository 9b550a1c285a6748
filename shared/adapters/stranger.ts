/** Who answers in place of the server that was expected. */
export type Stranger =
  | { readonly code: 'OTHER_PROTOCOL'; readonly protocol: string }
  | { readonly code: 'NOT_A_DATABASE' }

const beginsWith =
  (words: string) =>
  (bytes: Buffer): boolean =>
    bytes.toString('latin1', 0, words.length) === words

/**
 * How servers begin: an identification (RFC 4253, section 4.2), a status line (RFC 9112, section 4), an initial
 * handshake or an error, each behind a length and the number 0 (MySQL client/server protocol), an alert (RFC 8446,
 * section 6).
 */
const beginnings: readonly (readonly [protocol: string, isIt: (bytes: Buffer) => boolean])[] = [
  ['SSH', beginsWith('SSH-')],
  ['HTTP', beginsWith('HTTP/')],
  ['MySQL', (bytes) => bytes[3] === 0 && (bytes[4] === 0x0a || bytes[4] === 0xff)],
  ['TLS', (bytes) => bytes[0] === 0x15 && bytes[1] === 0x03],
]

/** Says from the first bytes of an answer who gave it. */
export const strangerOf = (bytes: Buffer): Stranger => {
  const protocol = beginnings.find(([, isIt]) => isIt(bytes))?.[0]
  return protocol === undefined ? { code: 'NOT_A_DATABASE' } : { code: 'OTHER_PROTOCOL', protocol }
}
