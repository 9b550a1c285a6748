/** Types of packets (MS-TDS 2.2.3.1.1). */
export const packetType = {
  batch: 0x01,
  rpc: 0x03,
  result: 0x04,
  attention: 0x06,
  login: 0x10,
  preLogin: 0x12,
} as const

const headerLength = 8
const endOfMessage = 0x01
/** Size of packets until LOGIN7 agrees on another. */
export const packetSize = 4096

/** A whole message. */
export interface Message {
  readonly type: number
  readonly body: Buffer
}

/** Something that is no TDS. */
export class NotTds extends Error {}

/** Puts packets together into messages; throws `NotTds` on a length that cannot be. */
export const messageReader = () => {
  let received: Buffer = Buffer.alloc(0)
  let parts: Buffer[] = []
  return (chunk: Buffer): Message[] => {
    received = Buffer.concat([received, chunk])
    const messages: Message[] = []
    while (received.length >= headerLength) {
      const length = received.readUInt16BE(2)
      if (length < headerLength) throw new NotTds()
      if (received.length < length) break
      parts.push(received.subarray(headerLength, length))
      if ((received[1] ?? 0) & endOfMessage) {
        messages.push({ type: received[0] ?? 0, body: Buffer.concat(parts) })
        parts = []
      }
      received = received.subarray(length)
    }
    return messages
  }
}

/** Cuts a message into packets. */
export const toPackets = (type: number, body: Buffer): Buffer => {
  const packets: Buffer[] = []
  const room = packetSize - headerLength
  for (let at = 0; at === 0 || at < body.length; at += room) {
    const content = body.subarray(at, at + room)
    const header = Buffer.alloc(headerLength)
    header[0] = type
    header[1] = at + room >= body.length ? endOfMessage : 0
    header.writeUInt16BE(headerLength + content.length, 2)
    header[6] = (packets.length + 1) & 0xff
    packets.push(header, content)
  }
  return Buffer.concat(packets)
}
