import { crc8 } from './crc8.ts'
import { header, tag, variant } from './plain-buffer-format.ts'
import type { KeyColumn, Value } from './values.ts'

/** A cell of an answer: one version of a column. */
export interface OutputCell {
  readonly name: string
  readonly value: Value
  /** Version, ms since 1970. */
  readonly timestamp: number
}

/** A row of an answer. */
export interface OutputRow {
  readonly primaryKey: readonly KeyColumn[]
  readonly cells: readonly OutputCell[]
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const i64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(value)
  return bytes
}

const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

const measured = (content: Buffer): Buffer => Buffer.concat([u32(content.length), content])

const contentOf = (value: Value): Buffer => {
  switch (value.type) {
    case 'integer':
      return i64(value.value)
    case 'double':
      return double(value.value)
    case 'boolean':
      return Buffer.from([Number(value.value)])
    case 'string':
      return measured(Buffer.from(value.value))
    case 'binary':
      return measured(value.value)
  }
}

interface Summed {
  readonly bytes: Buffer
  readonly sum: number
}

const writeCell = (name: string, value: Value, timestamp?: number): Summed => {
  const label = Buffer.from(name)
  const content = Buffer.concat([Buffer.from([variant[value.type]]), contentOf(value)])
  const version = timestamp === undefined ? Buffer.alloc(0) : i64(BigInt(timestamp))
  const sum = [label, content, version].reduce(crc8, 0)
  const bytes = Buffer.concat([
    Buffer.from([tag.cell, tag.name]),
    measured(label),
    Buffer.from([tag.value]),
    measured(content),
    timestamp === undefined ? version : Buffer.concat([Buffer.from([tag.timestamp]), version]),
    Buffer.from([tag.cellSum, sum]),
  ])
  return { bytes, sum }
}

const section = (start: number, cells: readonly Summed[]): Buffer[] =>
  cells.length === 0 ? [] : [Buffer.from([start]), ...cells.map(({ bytes }) => bytes)]

const writeRow = ({ primaryKey, cells }: OutputRow): Buffer => {
  const keys = primaryKey.map(({ name, value }) => writeCell(name, value))
  const data = cells.map(({ name, value, timestamp }) => writeCell(name, value, timestamp))
  const sum = crc8(0, [...keys, ...data].map((cell) => cell.sum).concat(0))
  return Buffer.concat([
    ...section(tag.primaryKey, keys),
    ...section(tag.data, data),
    Buffer.from([tag.rowSum, sum]),
  ])
}

/** Writes the rows of an answer, all under one header. No rows are no bytes. */
export const writeRows = (rows: readonly OutputRow[]): Buffer =>
  rows.length === 0 ? Buffer.alloc(0) : Buffer.concat([u32(header), ...rows.map(writeRow)])
