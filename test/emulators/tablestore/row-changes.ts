import { type Units, sizeOfCell, writeUnits } from './capacity.ts'
import { type Columns, changedColumns } from './column-changes.ts'
import { conditionCheckFailed, parameterInvalid } from './errors.ts'
import { holds } from './filters.ts'
import { rowKey, writtenKey } from './keys.ts'
import { type OutputCell, writeRows } from './plain-buffer-writer.ts'
import { type Row, type Table, findRow, removeRow, storeRow } from './table.ts'
import { type KeyColumn, sizeOfKey } from './values.ts'
import type { Change, Write } from './write-checks.ts'

/** What a write has done: what it costs, and the row to answer with, if one was asked for. */
export interface Written {
  readonly units: Units
  readonly row: Buffer | undefined
}

const checkConditions = (write: Write, key: readonly KeyColumn[], row: Row | undefined): void => {
  if (write.existence === 'expect_exist' && !row) throw conditionCheckFailed()
  if (write.existence === 'expect_not_exist' && row) throw conditionCheckFailed()
  if (!write.condition) return
  const passes = holds(write.condition, (column) => {
    const inKey = row && key.find(({ name }) => name === column)
    return inKey ? [inKey.value] : (row?.columns.get(column) ?? []).map(({ value }) => value)
  })
  if (!passes) throw conditionCheckFailed()
}

/** A table that numbers its rows lets them be changed only when they are expected to exist. */
const checkNumbered = ({ schema }: Table, { kind, autoIncrements, existence }: Write): void => {
  const numbers = schema.some(({ autoIncrement }) => autoIncrement)
  if (numbers && !autoIncrements && kind !== 'delete' && existence !== 'expect_exist')
    throw parameterInvalid(
      `Invalid expect: ${existence.toUpperCase()} when modify a specific row for table with pk auto increment.`,
    )
}

const keyOf = (table: Table, write: Write): KeyColumn[] => {
  checkNumbered(table, write)
  return write.autoIncrements
    ? writtenKey(table, write.key)
    : rowKey(table, write.key, 'Invalid row to delete which with pk auto increment.')
}

const isDeletion = ({ action }: Change): boolean => action === 'delete_one' || action === 'delete_all'

/** Only the names of deleted columns count. */
const sizeOfChange = (table: Table, change: Change): number => {
  if (change.action === 'put') return sizeOfCell(change.name, change.value, table.options)
  if (change.action === 'increment')
    return sizeOfCell(change.name, { type: 'integer', value: change.value }, table.options)
  return change.name.length
}

const store = (
  table: Table,
  key: readonly KeyColumn[],
  write: Write,
  row: Row | undefined,
  now: number,
): Columns => {
  if (write.kind === 'delete') {
    removeRow(table, key)
    return new Map()
  }
  const columns = changedColumns(
    table,
    write.kind === 'update' ? (row?.columns ?? new Map()) : new Map(),
    write.changes,
    now,
  )
  const onlyDeletes = write.kind === 'update' && write.changes.every(isDeletion)
  // Deleting columns makes no row where there is none, and does not renew one.
  if (!onlyDeletes) storeRow(table, { primaryKey: key, writtenAt: now, columns })
  else if (row) storeRow(table, { ...row, columns })
  return columns
}

const answerRow = (write: Write, key: readonly KeyColumn[], columns: Columns): Buffer | undefined => {
  if (write.returns === 'nothing') return undefined
  if (write.returns === 'primary_key') return writeRows([{ primaryKey: key, cells: [] }])
  const cells = write.changes
    .filter(({ action, name }) => action === 'increment' && write.returnedColumns.has(name))
    .flatMap(({ name }): OutputCell[] =>
      (columns.get(name) ?? []).slice(0, 1).map((version) => ({ name, ...version })),
    )
  return cells.length === 0 ? undefined : writeRows([{ primaryKey: [], cells }])
}

/** Does a write, whole or not at all. @throws ServiceError. */
export const applyWrite = (table: Table, write: Write, now: number): Written => {
  if (write.kind === 'update' && !table.options.allowUpdate)
    throw parameterInvalid(`Table '${table.name}' does not allow UpdateRow.`)
  const key = keyOf(table, write)
  const row = findRow(table, key, now)
  checkConditions(write, key, row)
  const columns = store(table, key, write, row, now)
  const size = write.changes.reduce((sum, change) => sum + sizeOfChange(table, change), sizeOfKey(key))
  return {
    units: writeUnits(size, key, write.existence !== 'ignore' || write.condition !== undefined),
    row: answerRow(write, key, columns),
  }
}
