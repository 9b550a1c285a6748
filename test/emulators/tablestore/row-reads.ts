import { type Units, consumed, readUnits, sizeOfRow } from './capacity.ts'
import { parameterInvalid } from './errors.ts'
import { checkKeyCells, rowKey } from './keys.ts'
import { messages } from './messages.ts'
import { chargingRefusals, operation, refuseTransaction, tableNamed } from './operation.ts'
import { type InputCell, readRow } from './plain-buffer-reader.ts'
import { writeRows } from './plain-buffer-writer.ts'
import { type Selection, filterRow, readSelection, selectRow } from './selection.ts'
import { type Table, findRow } from './table.ts'

/** What a read of one row has found: its cost, and the row, no bytes when there is none. */
export interface ReadRow {
  readonly units: Units
  readonly row: Buffer
}

export const priceOfRefusedRead = (): Units => ({ read: 1, write: 0 })

/** A key alone, as reads send it. @throws ServiceError OTSParameterInvalid. */
export const readKey = (bytes: Uint8Array): readonly InputCell[] => {
  const { primaryKey, cells, deleted } = readRow(bytes)
  if (cells.length > 0) throw parameterInvalid('Attribute column cannot be given while reading data.')
  if (deleted) throw parameterInvalid('Delete marker cannot be given.')
  checkKeyCells(primaryKey)
  return primaryKey
}

/** @throws ServiceError OTSInvalidPK, OTSParameterInvalid. */
export const readOne = (
  table: Table,
  keyCells: readonly InputCell[],
  selection: Selection,
  now: number,
): ReadRow => {
  const key = rowKey(table, keyCells, "PKAutoIncr can't be used for read operations.")
  const row = findRow(table, key, now)
  const selected = row && selectRow(table, row, selection)
  const found = selected && filterRow(selected, selection)
  return {
    units: readUnits(selected ? sizeOfRow(selected, table.options) : 0),
    row: writeRows(found ? [found] : []),
  }
}

export const getRow = operation(
  messages.GetRowRequest,
  messages.GetRowResponse,
  ({ tableName }) => [tableName],
  (request, context) =>
    chargingRefusals(context, priceOfRefusedRead, () => {
      refuseTransaction(request)
      const selection = readSelection(request)
      const key = readKey(request.primaryKey)
      const { units, row } = readOne(tableNamed(context, request.tableName), key, selection, context.now)
      context.charge(units)
      return { consumed: consumed(units), row }
    }),
)
