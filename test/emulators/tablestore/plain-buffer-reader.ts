import { crc8 } from './crc8.ts'
import { parameterInvalid } from './errors.ts'
import { action, header, tag, variant } from './plain-buffer-format.ts'
import type { KeyInput } from './values.ts'

/** A cell of a request: a value to put or to add, or a deletion, which has no value. */
export interface InputCell {
  readonly name: string
  readonly value: KeyInput | undefined
  readonly action: 'put' | keyof typeof action
  /** Version, ms since 1970. */
  readonly timestamp: number | undefined
}

/** A row of a request, checked for its sums only. */
export interface InputRow {
  readonly primaryKey: readonly InputCell[]
  readonly cells: readonly InputCell[]
  readonly deleted: boolean
}

const broken = (what: string) => parameterInvalid(`Cell data broken, ${what}`)

const utf8 = new TextDecoder('utf-8', { fatal: true })

const textOf = (bytes: Buffer): string => {
  try {
    return utf8.decode(bytes)
  } catch {
    throw broken(`wrong string format, size: ${bytes.length}.`)
  }
}

class Cursor {
  readonly #bytes: Buffer
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes)
  }

  take(length: number): Buffer {
    const end = this.#position + length
    if (length < 0 || end > this.#bytes.length) throw parameterInvalid('data format is invalid.')
    const taken = this.#bytes.subarray(this.#position, end)
    this.#position = end
    return taken
  }

  byte(): number {
    return this.take(1).readUInt8()
  }

  u32(): number {
    return this.take(4).readUInt32LE()
  }

  /** Goes past the tag if it is the next one. */
  skips(expected: number): boolean {
    if (this.#bytes[this.#position] !== expected) return false
    this.#position += 1
    return true
  }

  expect(expected: number): void {
    const actual = this.byte()
    if (actual !== expected) throw broken(`mismatch tag, actual tag(${actual}), expect(${expected}).`)
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#position)
  }
}

const contentOf = (content: Cursor): Buffer => content.take(content.u32())

const doubleOf = (value: number): KeyInput => {
  if (Number.isNaN(value)) throw parameterInvalid("NaN can't be set to double value.")
  if (!Number.isFinite(value)) throw parameterInvalid("Infinity can't be set to double value.")
  return { type: 'double', value }
}

const parseVariant = (content: Cursor): KeyInput => {
  switch (content.byte()) {
    case variant.integer:
      return { type: 'integer', value: content.take(8).readBigInt64LE() }
    case variant.double:
      return doubleOf(content.take(8).readDoubleLE())
    case variant.boolean:
      return { type: 'boolean', value: content.byte() !== 0 }
    case variant.string:
      return { type: 'string', value: textOf(contentOf(content)) }
    case variant.binary:
      return { type: 'binary', value: contentOf(content) }
    case variant.inf_min:
      return { type: 'inf_min' }
    case variant.inf_max:
      return { type: 'inf_max' }
    case variant.auto_increment:
      return { type: 'auto_increment' }
    default:
      throw parameterInvalid('data format is invalid, unknown variant type occured.')
  }
}

/** Reads a lone value, as filters carry it. @throws ServiceError OTSParameterInvalid. */
export const readVariant = (bytes: Uint8Array): KeyInput => {
  const content = new Cursor(bytes)
  const value = parseVariant(content)
  if (content.rest().length > 0) throw parameterInvalid('data format is invalid.')
  return value
}

const actionOf = (code: number): keyof typeof action => {
  if (code === action.delete_all) return 'delete_all'
  if (code === action.delete_one) return 'delete_one'
  if (code === action.increment) return 'increment'
  throw parameterInvalid(`Invalid op type of cell: ${code}.`)
}

/** The sum runs over name, value, timestamp, action, in this order, although the action is written before the timestamp. */
const readCell = (cursor: Cursor): { readonly cell: InputCell; readonly sum: number } => {
  cursor.expect(tag.name)
  const name = contentOf(cursor)
  const value = cursor.skips(tag.value) ? contentOf(cursor) : undefined
  const code = cursor.skips(tag.action) ? cursor.byte() : undefined
  const timestamp = cursor.skips(tag.timestamp) ? cursor.take(8) : undefined
  const sum = [name, value, timestamp, code === undefined ? undefined : [code]]
    .filter((part) => part !== undefined)
    .reduce(crc8, 0)
  cursor.expect(tag.cellSum)
  const given = cursor.byte()
  if (given !== sum) throw broken(`checksum is mismatch, ${given} :${sum} :`)
  const cell: InputCell = {
    name: textOf(name),
    value: value && readVariant(value),
    action: code === undefined ? 'put' : actionOf(code),
    timestamp: timestamp && Number(timestamp.readBigInt64LE()),
  }
  return { cell, sum }
}

const readCells = (cursor: Cursor, sums: number[]): InputCell[] => {
  const cells: InputCell[] = []
  while (cursor.skips(tag.cell)) {
    const { cell, sum } = readCell(cursor)
    cells.push(cell)
    sums.push(sum)
  }
  return cells
}

/**
 * Reads the one row of a request. Bytes after the row are accepted when they are zero: the SDK reserves too much for
 * keys that are ends of a range.
 * @throws ServiceError OTSParameterInvalid.
 */
export const readRow = (bytes: Uint8Array): InputRow => {
  const cursor = new Cursor(bytes)
  const given = cursor.u32()
  if (given !== header) throw broken(`mismatch header, actual: ${given} , expect: ${header}.`)
  const sums: number[] = []
  const primaryKey = cursor.skips(tag.primaryKey) ? readCells(cursor, sums) : []
  if (primaryKey.length === 0) throw broken('PK is empty.')
  const cells = cursor.skips(tag.data) ? readCells(cursor, sums) : []
  const deleted = cursor.skips(tag.deleted)
  const expected = crc8(0, [...sums, deleted ? 1 : 0])
  if (!cursor.skips(tag.rowSum)) throw parameterInvalid('Invalid row: missing checksum.')
  const sum = cursor.byte()
  if (sum !== expected) throw broken(`checksum is mismatch, ${sum} :${expected} :`)
  if (cursor.rest().some((byte) => byte !== 0))
    throw broken("has more data in cell, but they can't be parsed.")
  return { primaryKey, cells, deleted }
}
