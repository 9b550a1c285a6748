/** What comes in is no packet of MySQL. */
export class NotMySql extends Error {}

const headerLength = 4

/** A packet: length, sequence number, payload ("MySQL Packets", MySQL Source Code Documentation). */
export const framed = (payload: Buffer, sequence: number): Buffer => {
  const header = Buffer.alloc(headerLength)
  header.writeUIntLE(payload.length, 0, 3)
  header.writeUInt8(sequence % 256, 3)
  return Buffer.concat([header, payload])
}

/** A packet that came in. */
export interface Packet {
  readonly sequence: number
  readonly payload: Buffer
}

/** Cuts what comes in into packets, one at a time: what follows one may be none. */
export interface PacketReader {
  readonly push: (chunk: Buffer) => void
  /** The next packet; null while it is not whole. */
  readonly next: () => Packet | null
  /** What has come in and is not read. */
  readonly rest: () => Buffer
}

export const packetReader = (): PacketReader => {
  let rest = Buffer.alloc(0)
  return {
    push: (chunk) => {
      rest = Buffer.concat([rest, chunk])
    },
    next: () => {
      if (rest.length < headerLength) return null
      const end = headerLength + rest.readUIntLE(0, 3)
      if (rest.length < end) return null
      const packet = { sequence: rest.readUInt8(3), payload: rest.subarray(headerLength, end) }
      rest = rest.subarray(end)
      return packet
    },
    rest: () => rest,
  }
}

/** A number of so many bytes, the lowest first. */
export const int = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntLE(value, 0, bytes)
  return buffer
}

/** A length-encoded integer ("Protocol::LengthEncodedInteger"). */
export const encodedInt = (value: number): Buffer => {
  if (value < 251) return int(value, 1)
  if (value < 65_536) return Buffer.concat([int(0xfc, 1), int(value, 2)])
  return Buffer.concat([int(0xfd, 1), int(value, 3)])
}

/** A length-encoded string. */
export const encodedText = (text: string | Buffer): Buffer => {
  const bytes = Buffer.from(text)
  return Buffer.concat([encodedInt(bytes.length), bytes])
}

/** A string that a zero ends. */
export const endedText = (text: string): Buffer => Buffer.concat([Buffer.from(text), int(0, 1)])
