import type { Pair } from './authentication.ts'
import { clr, encodeDate, encodeNumber, sizedText, u8, ub } from './primitives.ts'
import type { Cell, Column, OraError } from './scenario.ts'

/** Answers of a server in TTC, field version 12 (19.1): newer ones have more fields. */
const fieldVersion = 12
const utf8 = 873
const utf16 = 2000

const zeros = (count: number): Buffer => Buffer.alloc(count)

const compileCapabilities = (): Buffer => {
  const capabilities = zeros(46)
  capabilities[7] = fieldVersion
  return capabilities
}

/** Time zone in the answer to the data types, and 32k strings. */
const runtimeCapabilities = (): Buffer => {
  const capabilities = zeros(11)
  capabilities[1] = 1
  capabilities[6] = 4
  return capabilities
}

/** Services of the negotiation, in the order in which clients want them: supervisor, authentication, encryption, integrity. */
const services = [4, 1, 2, 3]
const serverVersion = 0x1315_0000

/** Declines every service: none is active. */
export const networkServicesAnswer = (): Buffer => {
  const headLength = 13
  const serviceLength = 16
  const answer = Buffer.alloc(headLength + services.length * serviceLength)
  answer.writeUInt32BE(0xdead_beef, 0)
  answer.writeUInt16BE(answer.length, 4)
  answer.writeUInt32BE(serverVersion, 6)
  answer.writeUInt16BE(services.length, 10)
  services.forEach((service, index) => {
    const at = headLength + index * serviceLength
    answer.writeUInt16BE(service, at)
    answer.writeUInt16BE(1, at + 2)
    answer.writeUInt16BE(4, at + 8)
    answer.writeUInt16BE(5, at + 10)
    answer.writeUInt32BE(serverVersion, at + 12)
  })
  return answer
}

export const protocolAnswer = (): Buffer => {
  const charset = Buffer.alloc(2)
  charset.writeUInt16LE(utf8)
  const descriptor = Buffer.concat([zeros(9), Buffer.from([utf16 >> 8, utf16 & 0xff])])
  return Buffer.concat([
    Buffer.from([0x01, 0x06, 0x00]),
    Buffer.from('Stand-in for Oracle Database 19c\0', 'latin1'),
    charset,
    u8(0),
    zeros(2),
    Buffer.from([0, descriptor.length]),
    descriptor,
    clr(compileCapabilities()),
    clr(runtimeCapabilities()),
  ])
}

const timeZone = Buffer.from([0x80, 0, 0, 0, 0x3c, 0x3c, 0x3c, 0x80, 0, 0, 0])

export const dataTypesAnswer = (withTimeZone: boolean): Buffer =>
  Buffer.concat([u8(0x02), withTimeZone ? timeZone : zeros(0), zeros(2)])

/** End of every answer: an error (code 0: none, 1403: no more rows), the cursor and the number of rows so far. */
export const endOfCall = (end: Partial<OraError> & { cursor?: number; rows?: number }): Buffer => {
  const { code = 0, message = 'stand-in error', cursor = 0, rows = 0 } = end
  const number = String(code).padStart(5, '0')
  const text = code === 0 ? zeros(0) : clr(Buffer.from(`ORA-${number}: ${message}\n`, 'utf8'))
  const rowid = [ub(0), ub(0), u8(0), ub(0), ub(0)]
  return Buffer.concat([
    u8(0x04),
    ub(0),
    ub(1),
    ub(rows),
    ub(code % 65_536),
    ub(0),
    ub(0),
    ub(cursor),
    ub(0),
    zeros(6),
    ...rowid,
    ub(0),
    zeros(2),
    ub(0),
    ub(0),
    ub(0),
    ub(0),
    ub(0),
    ub(0),
    ub(code),
    ub(rows),
    text,
  ])
}

export const pairsAnswer = (pairs: readonly Pair[]): Buffer =>
  Buffer.concat([
    u8(0x08),
    ub(pairs.length),
    ...pairs.flatMap(([key, value, flags = 0]) => [sizedText(key), sizedText(value), ub(flags)]),
    endOfCall({}),
  ])

const columnType = { varchar2: 1, number: 2, date: 12 } as const
const columnSize = { varchar2: 32_767, number: 22, date: 7 } as const

const describeColumn = ({ name, type }: Column, position: number): Buffer => {
  const isText = type === 'varchar2'
  return Buffer.concat([
    Buffer.from([columnType[type], 0, 0, 0]),
    ub(columnSize[type]),
    ub(0),
    ub(0),
    ub(0),
    ub(0),
    ub(isText ? utf8 : 0),
    u8(isText ? 1 : 0),
    ub(isText ? columnSize[type] : 0),
    ub(0),
    u8(1),
    u8(name.length),
    sizedText(name),
    ub(0),
    ub(0),
    ub(position),
    ub(0),
  ])
}

export const describe = (columns: readonly Column[]): Buffer =>
  Buffer.concat([
    u8(0x10),
    clr(null),
    ub(1),
    ub(columns.length),
    columns.length > 0 ? u8(0) : zeros(0),
    ...columns.map(describeColumn),
    ...Array.from({ length: 6 }, () => ub(0)),
  ])

export const rowHeader = Buffer.concat([u8(0x06), u8(0), ub(0), ub(1), ub(0), ub(0), ub(0), ub(0)])

const encode = (value: Exclude<Cell, null>): Buffer => {
  if (value instanceof Date) return encodeDate(value)
  return typeof value === 'number' ? encodeNumber(value) : Buffer.from(value, 'utf8')
}

const cell = (value: Cell): Buffer => clr(value === null ? null : encode(value))

export const rowsAnswer = (rows: readonly (readonly Cell[])[]): Buffer =>
  rows.length === 0
    ? zeros(0)
    : Buffer.concat([rowHeader, ...rows.map((row) => Buffer.concat([u8(0x07), ...row.map(cell)]))])

export const returnParameters = Buffer.concat([u8(0x08), ub(0), ub(0), ub(0), ub(0)])

export const statusAnswer = Buffer.concat([u8(0x09), ub(0), ub(1)])
