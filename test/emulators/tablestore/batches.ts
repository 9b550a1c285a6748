import { consumed } from './capacity.ts'
import { ServiceError, parameterInvalid } from './errors.ts'
import { checkTableName, limits } from './limits.ts'
import {
  type BatchAnswer,
  type RowInBatchAnswer,
  type RowInBatchWriteRow,
  type TableInBatchGetRow,
  type TableInBatchWriteRow,
  messages,
  sent,
} from './messages.ts'
import { type Context, chargingRefusals, operation, refuseTransaction, tableNamed } from './operation.ts'
import type { InputCell } from './plain-buffer-reader.ts'
import { applyWrite } from './row-changes.ts'
import { type ReadRow, priceOfRefusedRead, readKey, readOne } from './row-reads.ts'
import { answerOf, priceOfRefusedWrite } from './row-writes.ts'
import { readSelection } from './selection.ts'
import { type Write, type WriteKind, checkWrite, sizeOfInput } from './write-checks.ts'

const checkTables = (names: readonly string[]): void => {
  const seen = new Set<string>()
  for (const name of names) {
    checkTableName(name)
    if (seen.has(name)) throw parameterInvalid(`Duplicated table name: '${name}'.`)
    seen.add(name)
  }
}

const checkRowCount = (counts: readonly number[], limit: number): void => {
  if (counts.reduce((sum, count) => sum + count, 0) > limit)
    throw parameterInvalid(`Rows count exceeds the upper limit: ${limit}.`)
}

/** A key as text, to tell equal ones. */
const keyText = (cells: readonly InputCell[]): string =>
  JSON.stringify(
    cells.map(({ value }) => {
      if (!value || !('value' in value)) return value?.type
      return Buffer.isBuffer(value.value) ? value.value.toString('base64') : String(value.value)
    }),
  )

const hasRepeats = (keys: readonly (readonly InputCell[])[]): boolean =>
  new Set(keys.map(keyText)).size < keys.length

/** Does one row of a batch. Its failure is its own. */
const rowAnswer = (
  context: Context,
  table: string,
  index: number,
  work: () => RowInBatchAnswer,
): RowInBatchAnswer => {
  try {
    const fault = context.rowFault(table, index)
    if (fault) throw new ServiceError(fault.status, fault.code, fault.message ?? fault.code)
    return work()
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { isOk: false, error: { code: error.code, message: error.message } }
  }
}

const checkReads = (tables: readonly TableInBatchGetRow[]): void => {
  if (tables.length === 0) throw parameterInvalid('No row specified in the request of BatchGetRow.')
  checkTables(tables.map(({ tableName }) => tableName))
  checkRowCount(
    tables.map(({ primaryKey }) => primaryKey.length),
    limits.batchGetRows,
  )
  for (const { tableName, primaryKey } of tables) {
    if (primaryKey.length === 0) throw parameterInvalid(`No row specified in table: '${tableName}'.`)
    if (hasRepeats(primaryKey.map(readKey))) throw parameterInvalid('Duplicate rows detected in MultiGet.')
  }
}

const foundAnswer = (context: Context, { units, row }: ReadRow): RowInBatchAnswer => {
  context.charge(units)
  return { isOk: true, consumed: consumed(units), row }
}

const readTable = (context: Context, request: TableInBatchGetRow): readonly RowInBatchAnswer[] => {
  const selection = readSelection(request)
  return request.primaryKey.map((key, index) =>
    rowAnswer(context, request.tableName, index, () =>
      chargingRefusals(context, priceOfRefusedRead, () => {
        const table = tableNamed(context, request.tableName)
        return foundAnswer(context, readOne(table, readKey(key), selection, context.now))
      }),
    ),
  )
}

export const batchGetRow = operation(
  messages.BatchGetRowRequest,
  messages.BatchGetRowResponse,
  ({ tables }) => tables.map(({ tableName }) => tableName),
  ({ tables }, context): BatchAnswer => {
    checkReads(tables)
    return {
      tables: tables.map((table) => ({ tableName: table.tableName, rows: readTable(context, table) })),
    }
  },
)

const kinds: Readonly<Record<number, WriteKind>> = { 1: 'put', 2: 'update', 3: 'delete' }

const checkedRow = (row: RowInBatchWriteRow): Write => {
  const kind = kinds[row.type]
  if (!kind) throw parameterInvalid('The modify type is invalid.')
  return checkWrite(kind, row.rowChange, row.condition, sent(row, 'returnContent'))
}

const checkRepeats = (writes: readonly Write[]): void => {
  const explicit = writes.filter(({ autoIncrements }) => !autoIncrements)
  if (!hasRepeats(explicit.map(({ key }) => key))) return
  if (writes.some(({ existence }) => existence !== 'ignore'))
    throw parameterInvalid('Repeated rows do not support row exist expectation check in BatchModify.')
  if (writes.some(({ condition }) => condition))
    throw parameterInvalid('Repeated rows do not support row condition check in BatchModify.')
  throw parameterInvalid('Duplicate rows detected in MultiPut.')
}

/** Whatever is wrong here fails the whole batch, and nothing of it is done. */
const checkWrites = (tables: readonly TableInBatchWriteRow[]): readonly (readonly Write[])[] => {
  if (tables.length === 0) throw parameterInvalid('No row is specified in BatchWriteRow.')
  checkTables(tables.map(({ tableName }) => tableName))
  for (const { tableName, rows } of tables)
    if (rows.length === 0) throw parameterInvalid(`No operation is specified for table: '${tableName}'.`)
  checkRowCount(
    tables.map(({ rows }) => rows.length),
    limits.batchWriteRows,
  )
  const writes = tables.map(({ rows }) => rows.map(checkedRow))
  for (const inTable of writes) checkRepeats(inTable)
  const size = writes.flat().reduce((sum, write) => sum + sizeOfInput(write), 0)
  if (size > limits.writtenBytes)
    throw parameterInvalid(
      `The total data size of BatchWriteRow request exceeds the limit, limit size: ${limits.writtenBytes}, data size: ${size}.`,
    )
  return writes
}

const writeTable = (
  context: Context,
  tableName: string,
  writes: readonly Write[],
): readonly RowInBatchAnswer[] =>
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
    const writes = checkWrites(request.tables)
    return {
      tables: request.tables.map(({ tableName }, index) => ({
        tableName,
        rows: writeTable(context, tableName, writes[index] ?? []),
      })),
    }
  },
)
