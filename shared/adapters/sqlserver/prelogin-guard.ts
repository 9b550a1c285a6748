import type { Socket } from 'node:net'

/** Layout of a PRELOGIN answer: packet header, then options of token, offset and length (MS-TDS 2.2.3.1 and 2.2.6.5). */
const headerLength = 8
const tabularResult = 0x04
const optionLength = 5
const encryptionToken = 1
const terminator = 0xff

/** ENCRYPT_ON and ENCRYPT_REQ: all goes through TLS. With ENCRYPT_OFF only the login would, with NOT_SUP nothing. */
const encrypting: readonly number[] = [1, 3]

/** Problems that the guard finds. */
export type GuardCode = 'TLS_NOT_OFFERED' | 'NOT_A_DATABASE'

const encryptionIn = (answer: Buffer): number | undefined => {
  for (let at = headerLength; at + optionLength <= answer.length; at += optionLength) {
    if (answer[at] === terminator) return undefined
    if (answer[at] === encryptionToken) return answer[headerLength + answer.readUInt16BE(at + 1)]
  }
  return undefined
}

/** What is wrong with an answer to PRELOGIN, null if nothing is. */
type Rule = (answer: Buffer) => GuardCode | null

/** The server may or may not offer TLS. */
export const anyEncryption: Rule = () => null

/** The server must take the login through TLS. */
export const tlsOnly: Rule = (answer) => {
  const encryption = encryptionIn(answer)
  return encryption !== undefined && encrypting.includes(encryption) ? null : 'TLS_NOT_OFFERED'
}

/**
 * Looks at the server's answer to PRELOGIN ahead of the driver, which would otherwise wait for the rest of garbage until
 * its limit, and send the password in clear to a server without TLS, without a word. `refuse` has to end the connection.
 */
export const guardPrelogin = (socket: Socket, rule: Rule, refuse: (code: GuardCode) => void): void => {
  let received = Buffer.alloc(0)
  const end = (fault: GuardCode | null): void => {
    socket.off('data', look)
    if (fault) refuse(fault)
  }
  const look = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk])
    if (received[0] !== tabularResult) return end('NOT_A_DATABASE')
    const isWhole = received.length >= headerLength && received.length >= received.readUInt16BE(2)
    if (isWhole) end(rule(received))
  }
  socket.prependListener('data', look)
}
