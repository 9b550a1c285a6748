/** Writers of the parts that tokens are made of (MS-TDS 2.2.5). Integers are little endian. */

export const u8 = (value: number): Buffer => Buffer.from([value])

export const u16 = (value: number): Buffer => {
  const buffer = Buffer.alloc(2)
  buffer.writeUInt16LE(value)
  return buffer
}

export const i32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32LE(value)
  return buffer
}

export const i64 = (value: bigint): Buffer => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigInt64LE(value)
  return buffer
}

export const double = (value: number): Buffer => {
  const buffer = Buffer.alloc(8)
  buffer.writeDoubleLE(value)
  return buffer
}

export const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')

/** A text behind its length in one byte (B_VARCHAR); the length counts UTF-16 units. */
export const shortText = (text: string): Buffer => Buffer.concat([u8(text.length), utf16(text)])

/** A text behind its length in two bytes (US_VARCHAR); the length counts UTF-16 units. */
export const longText = (text: string): Buffer => Buffer.concat([u16(text.length), utf16(text)])

/** Collation SQL_Latin1_General_CP1_CI_AS. */
export const collation = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34])
