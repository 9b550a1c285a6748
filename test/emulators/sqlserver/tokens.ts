import type { Cell, Column, SqlError } from './scenario.ts'

/** Tokens of a server's answers (MS-TDS 2.2.7), as bytes. Integers are little endian. */

const u8 = (value: number) => Buffer.from([value])
const u16 = (value: number) => {
  const buffer = Buffer.alloc(2)
  buffer.writeUInt16LE(value)
  return buffer
}
const i32 = (value: number) => {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32LE(value)
  return buffer
}
const u64 = (value: number) => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(BigInt(value))
  return buffer
}
const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const shortText = (text: string) => Buffer.concat([u8(text.length), utf16(text)])
const longText = (text: string) => Buffer.concat([u16(text.length), utf16(text)])

const token = (code: number, ...parts: readonly Buffer[]) => {
  const content = Buffer.concat(parts)
  return Buffer.concat([u8(code), u16(content.length), content])
}

/** Collation SQL_Latin1_General_CP1_CI_AS. */
const collation = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34])
const serverName = 'STANDIN'

export const errorToken = ({ number, state = 1, class: severity = 14, message }: SqlError): Buffer =>
  token(
    0xaa,
    i32(number),
    u8(state),
    u8(severity),
    longText(message),
    shortText(serverName),
    shortText(''),
    i32(1),
  )

/** Status bits of DONE (MS-TDS 2.2.7.6). */
export const doneStatus = { final: 0x00, error: 0x02, count: 0x10, attention: 0x20 } as const

export const doneToken = (status: number, rows = 0): Buffer =>
  Buffer.concat([u8(0xfd), u16(status), u16(0xc1), u64(rows)])

const changeOfText = (kind: number, now: string, before: string) =>
  token(0xe3, u8(kind), shortText(now), shortText(before))

/** Answer to a login: database, collation, language, acknowledgement of the TDS version asked for, packet size. */
export const loginTokens = (tdsVersion: Buffer, database: string, packetSize: number): Buffer =>
  Buffer.concat([
    changeOfText(1, database, 'master'),
    token(0xe3, u8(7), u8(collation.length), collation, u8(0)),
    changeOfText(2, 'us_english', ''),
    token(
      0xad,
      u8(1),
      Buffer.from(tdsVersion).reverse(),
      shortText('Microsoft SQL Server'),
      Buffer.from([16, 0, 0, 0]),
    ),
    changeOfText(4, String(packetSize), String(packetSize)),
    doneToken(doneStatus.final),
  ])

const typeInfo: Readonly<Record<Column['type'], Buffer>> = {
  int: Buffer.from([0x26, 4]),
  bit: Buffer.from([0x68, 1]),
  float: Buffer.from([0x6d, 8]),
  // nvarchar(max): sent in chunks of known length.
  nvarchar: Buffer.concat([u8(0xe7), u16(0xffff), collation]),
}

/** User type 0; nullable. */
const columnFlags = 0x0001

export const columnsToken = (columns: readonly Column[]): Buffer =>
  Buffer.concat([
    u8(0x81),
    u16(columns.length),
    ...columns.flatMap(({ name, type }) => [i32(0), u16(columnFlags), typeInfo[type], shortText(name)]),
  ])

const cell = ({ type }: Column, value: Cell): Buffer => {
  if (type === 'nvarchar') {
    if (value === null) return Buffer.alloc(8, 0xff)
    const text = utf16(String(value))
    const chunk = text.length === 0 ? [] : [i32(text.length), text]
    return Buffer.concat([u64(text.length), ...chunk, i32(0)])
  }
  if (value === null) return u8(0)
  if (type === 'int') return Buffer.concat([u8(4), i32(Number(value))])
  if (type === 'bit') return Buffer.from([1, value ? 1 : 0])
  const double = Buffer.alloc(8)
  double.writeDoubleLE(Number(value))
  return Buffer.concat([u8(8), double])
}

export const rowToken = (columns: readonly Column[], values: readonly Cell[]): Buffer =>
  Buffer.concat([u8(0xd1), ...columns.map((column, index) => cell(column, values[index] ?? null))])
