import { type KeyBound, type KeyColumn, type KeyValue, type Value, compareKeys } from './values.ts'

/** One column of the primary key of a table. */
export interface KeySchema {
  readonly name: string
  readonly type: KeyValue['type']
  readonly autoIncrement: boolean
}

/** Times in seconds; `timeToLive` -1 keeps rows forever. */
export interface TableOptions {
  readonly timeToLive: number
  readonly maxVersions: number
  /** How far a version given by the writer may be off the clock. */
  readonly deviation: number
  readonly allowUpdate: boolean
}

/** One version of a column. */
export interface Version {
  readonly value: Value
  /** Ms since 1970. */
  readonly timestamp: number
}

/** `writtenAt` (ms since 1970) keeps a row alive that has no columns. Versions are newest first. */
export interface Row {
  readonly primaryKey: readonly KeyColumn[]
  readonly writtenAt: number
  readonly columns: ReadonlyMap<string, readonly Version[]>
}

/** Reserved capacity units; times in ms since 1970. */
export interface Reserved {
  readonly read: number
  readonly write: number
  readonly increasedAt: number
  readonly decreasedAt?: number
}

/** A table. Its rows are in the order of their keys. */
export interface Table {
  readonly name: string
  readonly schema: readonly KeySchema[]
  readonly definedColumns: readonly { readonly name: string; readonly type: number }[]
  options: TableOptions
  reserved: Reserved
  lastAutoIncrement: bigint
  readonly rows: Row[]
}

const seconds = (ms: number): number => Math.floor(ms / 1000)

const isExpired = (timestamp: number, { timeToLive }: TableOptions, now: number): boolean =>
  timeToLive !== -1 && seconds(timestamp) + timeToLive <= seconds(now)

/** Versions of a column that can be read now. */
const liveVersions = (versions: readonly Version[], options: TableOptions, now: number): Version[] =>
  versions.filter(({ timestamp }) => !isExpired(timestamp, options, now)).slice(0, options.maxVersions)

/** The row as it can be read now, without what has expired; undefined when all of it has. */
export const liveRow = (row: Row, options: TableOptions, now: number): Row | undefined => {
  const columns = new Map(
    [...row.columns]
      .map(([name, versions]) => [name, liveVersions(versions, options, now)] as const)
      .filter(([, versions]) => versions.length > 0),
  )
  return columns.size === 0 && isExpired(row.writtenAt, options, now) ? undefined : { ...row, columns }
}

/** Index of the first row that is not before the key. */
export const lowerBound = (table: Table, key: readonly KeyColumn<KeyBound>[]): number => {
  let low = 0
  let high = table.rows.length
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = table.rows[middle]
    if (row && compareKeys(row.primaryKey, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether the row at this index has this key. */
export const isAt = (table: Table, index: number, key: readonly KeyColumn<KeyBound>[]): boolean => {
  const row = table.rows[index]
  return row !== undefined && compareKeys(row.primaryKey, key) === 0
}

export const findRow = (table: Table, key: readonly KeyColumn[], now: number): Row | undefined => {
  const index = lowerBound(table, key)
  const row = table.rows[index]
  return row && isAt(table, index, key) ? liveRow(row, table.options, now) : undefined
}

/** Replaces the row, or adds it. */
export const storeRow = (table: Table, row: Row): void => {
  const index = lowerBound(table, row.primaryKey)
  table.rows.splice(index, isAt(table, index, row.primaryKey) ? 1 : 0, row)
}

export const removeRow = (table: Table, key: readonly KeyColumn[]): void => {
  const index = lowerBound(table, key)
  if (isAt(table, index, key)) table.rows.splice(index, 1)
}
