import { checkBatchTables, checkRowCount, hasRepeats, rowAnswer } from './batches.ts'
import { parameterInvalid } from './errors.ts'
import { limits } from './limits.ts'
import {
  type BatchAnswer,
  type RowInBatchAnswer,
  type RowInBatchWriteRow,
  type TableInBatchWriteRow,
  messages,
  sent,
} from './messages.ts'
import { type Context, chargingRefusals, operation, refuseTransaction, tableNamed } from './operation.ts'
import { applyWrite } from './row-changes.ts'
import { answerOf, priceOfRefusedWrite } from './row-writes.ts'
import { type Write, type WriteKind, checkWrite, sizeOfInput } from './write-checks.ts'

/** Writes of one table, as far as they can be checked without it. */
interface TableWrites {
  readonly tableName: string
  readonly writes: readonly Write[]
}

const kinds: Readonly<Record<number, WriteKind>> = { 1: 'put', 2: 'update', 3: 'delete' }

const checkRow = (row: RowInBatchWriteRow): Write => {
  const kind = kinds[row.type]
  if (!kind) throw parameterInvalid('The modify type is invalid.')
  return checkWrite(kind, row.rowChange, row.condition, sent(row, 'returnContent'))
}

/** Rows that the service numbers are never the same. */
const checkRepeats = (writes: readonly Write[]): void => {
  const explicit = writes.filter(({ autoIncrements }) => !autoIncrements)
  if (!hasRepeats(explicit.map(({ key }) => key))) return
  if (writes.some(({ existence }) => existence !== 'ignore'))
    throw parameterInvalid('Repeated rows do not support row exist expectation check in BatchModify.')
  if (writes.some(({ condition }) => condition))
    throw parameterInvalid('Repeated rows do not support row condition check in BatchModify.')
  throw parameterInvalid('Duplicate rows detected in MultiPut.')
}

const checkSize = (writes: readonly Write[]): void => {
  const size = writes.reduce((sum, write) => sum + sizeOfInput(write), 0)
  if (size > limits.writtenBytes)
    throw parameterInvalid(
      `The total data size of BatchWriteRow request exceeds the limit, limit size: ${limits.writtenBytes}, data size: ${size}.`,
    )
}

/** Whatever is wrong here fails the whole batch, and nothing of it is done. */
const checkWrites = (tables: readonly TableInBatchWriteRow[]): readonly TableWrites[] => {
  if (tables.length === 0) throw parameterInvalid('No row is specified in BatchWriteRow.')
  checkBatchTables(tables.map(({ tableName }) => tableName))
  for (const { tableName, rows } of tables)
    if (rows.length === 0) throw parameterInvalid(`No operation is specified for table: '${tableName}'.`)
  checkRowCount(
    tables.map(({ rows }) => rows.length),
    limits.batchWriteRows,
  )
  const checked = tables.map(({ tableName, rows }) => ({ tableName, writes: rows.map(checkRow) }))
  for (const { writes } of checked) checkRepeats(writes)
  checkSize(checked.flatMap(({ writes }) => writes))
  return checked
}

const writeTable = (context: Context, { tableName, writes }: TableWrites): RowInBatchAnswer[] =>
  writes.map((write, index) =>
    rowAnswer(context, tableName, index, () =>
      chargingRefusals(context, priceOfRefusedWrite(write.kind), () => {
        const written = applyWrite(tableNamed(context, tableName), write, context.now)
        context.charge(written.units)
        return { isOk: true, ...answerOf(written) }
      }),
    ),
  )

export const batchWriteRow = operation(
  messages.BatchWriteRowRequest,
  messages.BatchWriteRowResponse,
  ({ tables }) => tables.map(({ tableName }) => tableName),
  (request, context): BatchAnswer => {
    refuseTransaction(request)
    return {
      tables: checkWrites(request.tables).map((writes) => ({
        tableName: writes.tableName,
        rows: writeTable(context, writes),
      })),
    }
  },
)
