import type {
  ColumnValue,
  Columns as SdkColumns,
  ColumnUpdate,
  Condition,
  PrimaryKey,
  ReadColumn,
  ReadPrimaryKey,
  RowChange,
} from 'tablestore'

/** A primary key, its columns in the order of the table. */
export type Key = Readonly<Record<string, string>>

/** Attribute columns by name. */
export type Columns = Readonly<Record<string, ColumnValue>>

/** A write of one row, which is done whole or not at all. */
export type RowWrite = {
  readonly table: string
  readonly key: Key
  readonly condition: Condition
} & (
  | { readonly kind: 'put'; readonly columns: Columns }
  | { readonly kind: 'update'; readonly put: Columns; readonly remove: readonly string[] }
  | { readonly kind: 'delete' }
)

/** The primary key of a read row, by name. */
export const keyOf = (read: ReadPrimaryKey): Key =>
  Object.fromEntries(read.map(({ name, value }) => [name, String(value)]))

export const columnsOf = (read: readonly ReadColumn[]): Columns =>
  Object.fromEntries(read.map(({ columnName, columnValue }) => [columnName, columnValue]))

/** The SDK takes a list of objects with one column each. */
export const sdkKey = (key: Key): PrimaryKey =>
  Object.entries(key).map(([name, value]) => ({ [name]: value }))

const sdkColumns = (columns: Columns): SdkColumns =>
  Object.entries(columns).map(([name, value]) => ({ [name]: value }))

const updatesOf = (put: Columns, remove: readonly string[]): ColumnUpdate[] => [
  ...(Object.keys(put).length > 0 ? [{ PUT: sdkColumns(put) }] : []),
  ...(remove.length > 0 ? [{ DELETE_ALL: remove }] : []),
]

/** A write in the shape that a batch has. */
export const sdkChange = (write: RowWrite): RowChange => {
  const row = { primaryKey: sdkKey(write.key), condition: write.condition }
  switch (write.kind) {
    case 'put':
      return { type: 'PUT', ...row, attributeColumns: sdkColumns(write.columns) }
    case 'update':
      return { type: 'UPDATE', ...row, attributeColumns: updatesOf(write.put, write.remove) }
    case 'delete':
      return { type: 'DELETE', ...row }
  }
}
