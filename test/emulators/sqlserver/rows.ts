import { collation, double, i32, i64, shortText, u16, u8, utf16 } from './bytes.ts'
import type { Cell, Column } from './scenario.ts'

/** COLMETADATA and ROW (MS-TDS 2.2.7.4, 2.2.7.19). Every column is nullable. */

/** One type of columns: TYPE_INFO, the bytes of a null, and of any other value with its length. */
interface ColumnType {
  readonly info: Buffer
  readonly none: Buffer
  readonly value: (value: NonNullable<Cell>) => Buffer
}

/** A type whose values have one length, which stands before them; 0 is null. */
const sized = (code: number, length: number, bytes: (value: NonNullable<Cell>) => Buffer): ColumnType => ({
  info: Buffer.from([code, length]),
  none: u8(0),
  value: (value) => Buffer.concat([u8(length), bytes(value)]),
})

const ticksPerMs = 0.3
const ticksPerDay = 24 * 60 * 60 * 300
const firstDay = Date.UTC(1900, 0, 1)

/** DATETIME: days since 1900, then ticks of 1/300 s since midnight; in UTC. */
const datetime = (value: NonNullable<Cell>): Buffer => {
  const ticks = Math.round((Number(value) - firstDay) * ticksPerMs)
  const days = Math.floor(ticks / ticksPerDay)
  return Buffer.concat([i32(days), i32(ticks - days * ticksPerDay)])
}

/** A text of nvarchar(max) in one chunk: total length, chunk, the empty chunk that ends it. */
const chunked = (value: NonNullable<Cell>): Buffer => {
  const text = utf16(String(value))
  const chunk = text.length === 0 ? [] : [i32(text.length), text]
  return Buffer.concat([i64(BigInt(text.length)), ...chunk, i32(0)])
}

const types: Readonly<Record<Column['type'], ColumnType>> = {
  int: sized(0x26, 4, (value) => i32(Number(value))),
  bigint: sized(0x26, 8, (value) => i64(BigInt(String(value)))),
  bit: sized(0x68, 1, (value) => u8(value ? 1 : 0)),
  float: sized(0x6d, 8, (value) => double(Number(value))),
  datetime: sized(0x6f, 8, datetime),
  nvarchar: {
    info: Buffer.concat([u8(0xe7), u16(0xffff), collation]),
    none: Buffer.alloc(8, 0xff),
    value: chunked,
  },
}

const userType = i32(0)
const isNullable = u16(0x0001)

export const columnsToken = (columns: readonly Column[]): Buffer =>
  Buffer.concat([
    u8(0x81),
    u16(columns.length),
    ...columns.flatMap(({ name, type }) => [userType, isNullable, types[type].info, shortText(name)]),
  ])

const cell = ({ type }: Column, value: Cell): Buffer =>
  value === null ? types[type].none : types[type].value(value)

export const rowToken = (columns: readonly Column[], values: readonly Cell[]): Buffer =>
  Buffer.concat([u8(0xd1), ...columns.map((column, index) => cell(column, values[index] ?? null))])
