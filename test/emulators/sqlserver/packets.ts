/** Types of packets (MS-TDS 2.2.3.1.1). */
export const packetType = {
  batch: 0x01,
  rpc: 0x03,
  result: 0x04,
  attention: 0x06,
  login: 0x10,
  preLogin: 0x12,
} as const

const knownTypes: readonly number[] = Object.values(packetType)
const headerLength = 8
const endOfMessage = 0x01
/** Largest packet that MS-TDS allows (2.2.3.1.3). */
const packetLimit = 32_767
/** Longest message that the stand-in puts together: no statement of a test comes near, and memory stays bounded. */
const messageLimit = 1 << 20
/** Size of packets until LOGIN7 agrees on another. */
export const packetSize = 4096

/** A packet without its header. `length` counts the header too. */
export interface Packet {
  readonly type: number
  readonly isLast: boolean
  readonly body: Buffer
  readonly length: number
}

/** A whole message. */
export interface Message {
  readonly type: number
  readonly body: Buffer
}

/** Something that is no TDS. */
export class NotTds extends Error {}

/** The packet at the beginning of `received`, once it is whole; throws `NotTds` on a type or a length that cannot be. */
export const firstPacket = (received: Buffer): Packet | undefined => {
  const [type, status] = received
  if (type !== undefined && !knownTypes.includes(type)) throw new NotTds()
  if (type === undefined || status === undefined || received.length < headerLength) return undefined
  const length = received.readUInt16BE(2)
  if (length < headerLength || length > packetLimit) throw new NotTds()
  if (received.length < length) return undefined
  const isLast = (status & endOfMessage) !== 0
  return { type, isLast, body: received.subarray(headerLength, length), length }
}

/** Puts packets together into messages; throws `NotTds` on what cannot be one. */
export const messageReader = () => {
  let received: Buffer = Buffer.alloc(0)
  let bodies: Buffer[] = []
  let bodiesLength = 0
  return (chunk: Buffer): Message[] => {
    received = Buffer.concat([received, chunk])
    const messages: Message[] = []
    for (let packet = firstPacket(received); packet; packet = firstPacket(received)) {
      received = received.subarray(packet.length)
      bodies.push(packet.body)
      bodiesLength += packet.length
      if (bodiesLength > messageLimit) throw new NotTds()
      if (!packet.isLast) continue
      messages.push({ type: packet.type, body: Buffer.concat(bodies) })
      bodies = []
      bodiesLength = 0
    }
    return messages
  }
}

const cut = (type: number, body: Buffer, lastStatus: number): Buffer => {
  const packets: Buffer[] = []
  const room = packetSize - headerLength
  for (let at = 0; at === 0 || at < body.length; at += room) {
    const content = body.subarray(at, at + room)
    const header = Buffer.alloc(headerLength)
    header[0] = type
    header[1] = at + room >= body.length ? lastStatus : 0
    header.writeUInt16BE(headerLength + content.length, 2)
    header[6] = (at / room + 1) & 0xff
    packets.push(header, content)
  }
  return Buffer.concat(packets)
}

/** Cuts a message into packets. */
export const toPackets = (type: number, body: Buffer): Buffer => cut(type, body, endOfMessage)

/** Cuts a part of a message into packets; more of it has to follow. */
export const toUnendedPackets = (type: number, body: Buffer): Buffer => cut(type, body, 0)
