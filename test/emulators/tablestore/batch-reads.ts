import { checkBatchTables, checkRowCount, hasRepeats, rowAnswer } from './batches.ts'
import { consumed } from './capacity.ts'
import { parameterInvalid } from './errors.ts'
import { limits } from './limits.ts'
import { type BatchAnswer, type RowInBatchAnswer, type TableInBatchGetRow, messages } from './messages.ts'
import { type Context, chargingRefusals, operation, tableNamed } from './operation.ts'
import type { InputCell } from './plain-buffer-reader.ts'
import { priceOfRefusedRead, readKey, readOne } from './row-reads.ts'
import { type Selection, readSelection } from './selection.ts'

/** Reads of one table, as far as they can be checked without it. */
interface TableReads {
  readonly tableName: string
  readonly keys: readonly (readonly InputCell[])[]
  readonly selection: Selection
}

const checkTable = (request: TableInBatchGetRow): TableReads => {
  const { tableName, primaryKey } = request
  if (primaryKey.length === 0) throw parameterInvalid(`No row specified in table: '${tableName}'.`)
  const keys = primaryKey.map(readKey)
  if (hasRepeats(keys)) throw parameterInvalid('Duplicate rows detected in MultiGet.')
  return { tableName, keys, selection: readSelection(request) }
}

/** Whatever is wrong here fails the whole batch. */
const checkReads = (tables: readonly TableInBatchGetRow[]): readonly TableReads[] => {
  if (tables.length === 0) throw parameterInvalid('No row specified in the request of BatchGetRow.')
  checkBatchTables(tables.map(({ tableName }) => tableName))
  checkRowCount(
    tables.map(({ primaryKey }) => primaryKey.length),
    limits.batchGetRows,
  )
  return tables.map(checkTable)
}

const readTable = (context: Context, { tableName, keys, selection }: TableReads): RowInBatchAnswer[] =>
  keys.map((key, index) =>
    rowAnswer(context, tableName, index, () =>
      chargingRefusals(context, priceOfRefusedRead, () => {
        const { units, row } = readOne(tableNamed(context, tableName), key, selection, context.now)
        context.charge(units)
        return { isOk: true, consumed: consumed(units), row }
      }),
    ),
  )

export const batchGetRow = operation(
  messages.BatchGetRowRequest,
  messages.BatchGetRowResponse,
  ({ tables }) => tables.map(({ tableName }) => tableName),
  ({ tables }, context): BatchAnswer => ({
    tables: checkReads(tables).map((reads) => ({
      tableName: reads.tableName,
      rows: readTable(context, reads),
    })),
  }),
)
