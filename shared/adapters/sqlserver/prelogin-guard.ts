import type { Socket } from 'node:net'
import { type Stranger, strangerOf } from '../stranger.ts'

/** Layout of a PRELOGIN answer: packet header, then options of token, offset and length (MS-TDS 2.2.3.1 and 2.2.6.5). */
const headerLength = 8
const tabularResult = 0x04
const endOfMessage = 0x01
const optionLength = 5
const encryptionToken = 1
const terminator = 0xff

/** ENCRYPT_ON and ENCRYPT_REQ: all goes through TLS. With ENCRYPT_OFF only the login would, with NOT_SUP nothing. */
const encrypting: readonly (number | undefined)[] = [1, 3]

/** Why a connection is not gone on with. */
export type Refusal = Stranger | { readonly code: 'TLS_NOT_OFFERED' }

/** Every value that a PRELOGIN body gives for encryption: one, unless somebody plays with it. */
const encryptionsIn = (body: Buffer): (number | undefined)[] => {
  const values: (number | undefined)[] = []
  for (let at = 0; at + optionLength <= body.length && body[at] !== terminator; at += optionLength) {
    if (body[at] === encryptionToken) values.push(body[body.readUInt16BE(at + 1)])
  }
  return values
}

/** What is wrong with the first packet of an answer to PRELOGIN, null if nothing is. */
type Rule = (packet: Buffer) => Refusal | null

/** The server may or may not offer TLS. */
export const anyEncryption: Rule = () => null

/**
 * The server must take the login through TLS. An answer of several packets, or with several opinions on encryption, is
 * refused as well: the driver would follow the part that was not looked at.
 */
export const tlsOnly: Rule = (packet) => {
  const isWholeMessage = ((packet[1] ?? 0) & endOfMessage) !== 0
  const [encryption, ...others] = encryptionsIn(packet.subarray(headerLength))
  return isWholeMessage && others.length === 0 && encrypting.includes(encryption)
    ? null
    : { code: 'TLS_NOT_OFFERED' }
}

/**
 * Looks at the server's answer to PRELOGIN ahead of the driver, which would otherwise wait for the rest of garbage
 * until its limit, and send the password in clear to a server without TLS, without a word. `refuse` has to end the
 * connection.
 */
export const guardPrelogin = (socket: Socket, rule: Rule, refuse: (refusal: Refusal) => void): void => {
  let received = Buffer.alloc(0)
  const end = (refusal: Refusal | null): void => {
    socket.off('data', look)
    if (refusal) refuse(refusal)
  }
  const look = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk])
    if (received[0] !== tabularResult) return end(strangerOf(received))
    if (received.length < headerLength) return
    const length = received.readUInt16BE(2)
    if (length < headerLength) return end({ code: 'NOT_A_DATABASE' })
    if (received.length >= length) end(rule(received.subarray(0, length)))
  }
  socket.prependListener('data', look)
}
