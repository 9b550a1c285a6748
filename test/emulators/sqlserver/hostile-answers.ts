import { u16, u8 } from './bytes.ts'
import { columnsToken, rowToken } from './rows.ts'
import type { Raw } from './scenario.ts'
import { infoToken } from './tokens.ts'

/** What a SQL Server answers to a statement that somebody has taken over. */

export const int = [{ name: 'n', type: 'int' }] as const

export const manyTokens = (count: number, token: Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => token))

/** A row of NULL alone (NBCROW, MS-TDS 2.2.7.13). */
const nullRow = (columns: number): Buffer =>
  Buffer.concat([u8(0xd2), Buffer.alloc(Math.ceil(columns / 8), 0xff)])
/** COLMETADATA of columns without a name, of type INTN (MS-TDS 2.2.7.4). */
const nameless = (columns: number): Buffer =>
  Buffer.concat([u8(0x81), u16(columns), manyTokens(columns, Buffer.from([0, 0, 0, 0, 9, 0, 0x26, 4, 0]))])

export const manyColumns: Raw = {
  tokens: Buffer.concat([nameless(60_000), manyTokens(150, nullRow(60_000))]),
}

export const endlessRows: Raw = {
  tokens: columnsToken(int),
  endless: { chunk: manyTokens(500, rowToken(int, [1])) },
}

export const endlessNullRows: Raw = {
  tokens: nameless(60),
  endless: { chunk: manyTokens(500, nullRow(60)) },
}

export const endlessMessages: Raw = {
  tokens: columnsToken(int),
  endless: { chunk: manyTokens(50, infoToken({ number: 1, message: 'x' })) },
}

/** The beginning of a value of nvarchar(max) that is said to have 2 GB in one piece. */
export const hugeValue: Raw = {
  tokens: Buffer.concat([
    columnsToken([{ name: 'text', type: 'nvarchar' }]),
    u8(0xd1),
    Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
  ]),
  endless: { chunk: Buffer.alloc(4000) },
}

export const drip: Raw = { tokens: columnsToken(int), endless: { chunk: rowToken(int, [1]), everyMs: 20 } }
