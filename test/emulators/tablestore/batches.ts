import { ServiceError, parameterInvalid } from './errors.ts'
import { checkTableName } from './limits.ts'
import type { RowInBatchAnswer } from './messages.ts'
import type { Context } from './operation.ts'
import type { InputCell } from './plain-buffer-reader.ts'

/** @throws ServiceError OTSParameterInvalid. */
export const checkBatchTables = (names: readonly string[]): void => {
  const seen = new Set<string>()
  for (const name of names) {
    checkTableName(name)
    if (seen.has(name)) throw parameterInvalid(`Duplicated table name: '${name}'.`)
    seen.add(name)
  }
}

/** @throws ServiceError OTSParameterInvalid. */
export const checkRowCount = (counts: readonly number[], limit: number): void => {
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

export const hasRepeats = (keys: readonly (readonly InputCell[])[]): boolean =>
  new Set(keys.map(keyText)).size < keys.length

/**
 * Does one row of a batch; its failure is its own. A table that is missing and a key that does not fit fail by row, as
 * the service was seen to do, though its manual lists them among what fails the batch.
 */
export const rowAnswer = (
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
