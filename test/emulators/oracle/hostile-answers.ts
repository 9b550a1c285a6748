import { describe as columnsOf, endOfCall, rowHeader, rowsAnswer } from './messages.ts'
import { u8, ub } from './primitives.ts'
import type { Raw } from './scenario.ts'

/** What an Oracle server answers to a statement that somebody has taken over. */

const times = (count: number, bytes: Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => bytes))
const texts = (count: number) =>
  columnsOf(Array.from({ length: count }, () => ({ name: 'C', type: 'varchar2' }) as const))

/** The end of a column that has no length: the driver takes its value for null without reading a byte. */
const sizeless = Buffer.concat([
  Buffer.from([1, 0, 0, 0]),
  times(6, ub(0)),
  u8(1),
  ub(0),
  ub(0),
  u8(1),
  u8(1),
])
const restOfColumn = Buffer.concat([ub(1), u8(1), Buffer.from('C'), times(4, ub(0))])
const sizelessColumns = (count: number): Buffer =>
  Buffer.concat([
    Buffer.from([0x10, 0]),
    ub(1),
    ub(count),
    u8(0),
    times(count, Buffer.concat([sizeless, restOfColumn])),
    times(6, ub(0)),
  ])
const emptyRow = u8(0x07)

/** As long as a value of VARCHAR2 can be. */
export const longText = 'x'.repeat(4000)

export const manyColumns: Raw = {
  bytes: Buffer.concat([texts(60_000), rowHeader]),
  endless: { chunk: times(8000, emptyRow) },
}

/** A million rows of columns of no length, in a megabyte. */
export const millionRowsOf = (columns: number): Raw => ({
  bytes: Buffer.concat([sizelessColumns(columns), rowHeader, times(1_000_000, emptyRow)]),
})

export const endlessRows: Raw = {
  bytes: Buffer.concat([texts(1), rowHeader]),
  endless: {
    chunk: times(2, Buffer.concat([emptyRow, rowsAnswer([[longText]]).subarray(rowHeader.length + 1)])),
  },
}

/** The beginning of a value in many pieces. */
const openValue = Buffer.concat([texts(1), rowHeader, emptyRow, u8(0xfe)])
const pieceOf = (bytes: number): Buffer => Buffer.concat([ub(bytes), Buffer.alloc(bytes, 0x78)])

export const endlessValue: Raw = { bytes: openValue, endless: { chunk: pieceOf(1000) } }

export const drip: Raw = { bytes: openValue, endless: { chunk: pieceOf(10), everyMs: 1 } }

/** The beginning of a value that is said to have 4 GB in one piece. */
export const hugeValue: Raw = {
  bytes: Buffer.concat([openValue, ub(4_000_000_000)]),
  endless: { chunk: Buffer.alloc(8000) },
}

/** No row at all: the one answer here that is as it should be. */
export const emptyAnswer: Raw = { bytes: Buffer.concat([texts(1), endOfCall({ code: 1403 })]) }
