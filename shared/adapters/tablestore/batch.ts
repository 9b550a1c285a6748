import { TablestoreError, isTransient } from './tablestore-error.ts'

/** What became of one row of a batch: its value, or the code with which it failed. */
export type BatchedRow<Value> = { readonly value: Value } | { readonly code: string | null }

const errorOf = (code: string | null): TablestoreError =>
  new TablestoreError({ code: code ?? 'AnswerUnusable' }, 'A row of a batch')

/**
 * Does a batch until every row of it is done, and repeats only the rows that failed. Gives the values in the order of
 * the rows. Rejects with what a row fails with that no repeating fixes, or with the last failure.
 */
export const repeatFailed = async <Row, Value>(
  rows: readonly Row[],
  retrying: (call: () => Promise<void>) => Promise<void>,
  attempt: (unfinished: readonly Row[]) => Promise<readonly BatchedRow<Value>[]>,
): Promise<readonly Value[]> => {
  const values = new Map<Row, Value>()
  await retrying(async () => {
    const unfinished = rows.filter((row) => !values.has(row))
    const outcomes = await attempt(unfinished)
    const faults: TablestoreError[] = []
    for (const [index, row] of unfinished.entries()) {
      const outcome = outcomes[index] ?? { code: null }
      if ('value' in outcome) values.set(row, outcome.value)
      else faults.push(errorOf(outcome.code))
    }
    const fault = faults.find((each) => !isTransient(each)) ?? faults[0]
    if (fault) throw fault
  })
  return rows.flatMap((row) => {
    const value = values.get(row)
    return value === undefined ? [] : [value]
  })
}
