/** Types of TNS packets. */
export const packetType = {
  connect: 1,
  accept: 2,
  refuse: 4,
  redirect: 5,
  data: 6,
  resend: 11,
  marker: 12,
} as const

const headerLength = 8
/** Largest packet, agreed in ACCEPT. */
const sessionDataUnit = 8192
const dataFlagsLength = 2
/** Largest packet that any client may ask for; what claims to be longer is no TNS. */
export const maxPacket = 2_097_152

/** Something that is no TNS. */
class NotTns extends Error {}

/** A packet: everything behind the header. */
export interface Packet {
  readonly type: number
  readonly content: Buffer
}

/** Lengths have two bytes until the ACCEPT is sent, then four. */
type LengthSize = 2 | 4

/** Puts packets together; throws `NotTns` on a length that cannot be. */
export const packetReader = (lengthSize: () => LengthSize) => {
  let received: Buffer = Buffer.alloc(0)
  return (chunk: Buffer): Packet[] => {
    received = Buffer.concat([received, chunk])
    const packets: Packet[] = []
    while (received.length >= headerLength) {
      const length = lengthSize() === 2 ? received.readUInt16BE(0) : received.readUInt32BE(0)
      if (length < headerLength || length > maxPacket) throw new NotTns()
      if (received.length < length) break
      packets.push({ type: received[4] ?? 0, content: received.subarray(headerLength, length) })
      received = received.subarray(length)
    }
    return packets
  }
}

const toPacket = (type: number, content: Buffer, lengthSize: LengthSize): Buffer => {
  const header = Buffer.alloc(headerLength)
  const length = headerLength + content.length
  if (lengthSize === 2) header.writeUInt16BE(length, 0)
  else header.writeUInt32BE(length, 0)
  header[4] = type
  return Buffer.concat([header, content])
}

/** Cuts a message into DATA packets of the agreed size. */
export const toDataPackets = (message: Buffer): Buffer => {
  const room = sessionDataUnit - headerLength - dataFlagsLength
  const packets: Buffer[] = []
  for (let at = 0; at === 0 || at < message.length; at += room) {
    const content = Buffer.concat([Buffer.alloc(dataFlagsLength), message.subarray(at, at + room)])
    packets.push(toPacket(packetType.data, content, 4))
  }
  return Buffer.concat(packets)
}

/** Message inside a DATA packet. */
export const messageOf = ({ content }: Packet): Buffer => content.subarray(dataFlagsLength)

/** Whether a packet is as long as packets get, so that its message may go on in the next one. */
export const isFull = ({ content }: Packet): boolean => content.length + headerLength >= sessionDataUnit

/** Connect data longer than this comes in a DATA packet of its own. */
const maxInline = 230
/** Places in a CONNECT packet, counted behind its header. */
const place = { dataLength: 16, dataOffset: 18 } as const

/** The text inside a CONNECT packet; null where it follows in a packet of its own. */
export const connectDataOf = ({ content }: Packet): string | null => {
  const length = content.readUInt16BE(place.dataLength)
  if (length > maxInline) return null
  const from = content.readUInt16BE(place.dataOffset) - headerLength
  return content.subarray(from, from + length).toString('latin1')
}

/** Version 318 (12.1 and later), no network services, no out-of-band break, no fast authentication. */
export const acceptPacket = (): Buffer => {
  const packet = Buffer.alloc(45)
  packet.writeUInt16BE(packet.length, 0)
  packet[4] = packetType.accept
  packet.writeUInt16BE(318, 8)
  packet.writeUInt16BE(sessionDataUnit, 12)
  packet.writeUInt16BE(sessionDataUnit, 14)
  packet.writeUInt16BE(1, 16)
  packet.writeUInt16BE(packet.length, 20)
  packet[22] = 0x0c
  packet[23] = 0x0c
  packet.writeUInt32BE(sessionDataUnit, 32)
  packet.writeUInt32BE(maxPacket, 36)
  return packet
}

export const refusePacket = (code: number): Buffer => {
  const text = `(DESCRIPTION=(TMP=)(VSNNUM=352321536)(ERR=${code})(ERROR_STACK=(ERROR=(CODE=${code})(EMFI=4))))`
  const head = Buffer.from([0x22, 0, 0, text.length])
  return toPacket(packetType.refuse, Buffer.concat([head, Buffer.from(text, 'latin1')]), 2)
}

/** Asks for the CONNECT once more. */
export const resendPacket = toPacket(packetType.resend, Buffer.alloc(0), 2)

/** `text`: an address, a zero byte, and the connect data that the client is to send there. */
export const redirectPacket = (text: string): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  const packet = toPacket(packetType.redirect, Buffer.concat([length, Buffer.from(text, 'latin1')]), 2)
  packet[5] = 0x02
  return packet
}

/** Kinds of markers. */
export const markerKind = { break: 1, reset: 2 } as const

export const markerPacket = (kind: number): Buffer =>
  toPacket(packetType.marker, Buffer.from([1, 0, kind]), 4)
