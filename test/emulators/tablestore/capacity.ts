import type { CapacityUnit, ConsumedCapacity } from './messages.ts'
import type { OutputRow } from './plain-buffer-writer.ts'
import type { TableOptions } from './table.ts'
import { type KeyColumn, type Value, sizeOfKey, sizeOfValue } from './values.ts'

/** Capacity units: 4 KB read or written, rounded up (product manual, "Read and write throughput"). */
const unit = 4 * 1024

export interface Units {
  readonly read: number
  readonly write: number
}

const unitsOf = (size: number): number => Math.max(1, Math.ceil(size / unit))

export const readUnits = (size: number): Units => ({ read: unitsOf(size), write: 0 })

/** A write that expects something of its row reads the key too. */
export const writeUnits = (size: number, key: readonly KeyColumn[], expectation: boolean): Units => ({
  read: expectation ? unitsOf(sizeOfKey(key)) : 0,
  write: unitsOf(size),
})

/** A version takes 8 bytes of its own where a table keeps several, or lets them expire. */
export const sizeOfCell = (name: string, value: Value, { maxVersions, timeToLive }: TableOptions): number =>
  name.length + sizeOfValue(value) + (maxVersions > 1 || timeToLive !== -1 ? 8 : 0)

export const sizeOfRow = ({ primaryKey, cells }: OutputRow, options: TableOptions): number =>
  cells.reduce((size, { name, value }) => size + sizeOfCell(name, value, options), sizeOfKey(primaryKey))

export const consumed = ({ read, write }: Units): ConsumedCapacity => {
  const capacityUnit: CapacityUnit = { read, write }
  return { capacityUnit }
}
