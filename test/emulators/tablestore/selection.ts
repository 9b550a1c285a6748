import { parameterInvalid } from './errors.ts'
import { type Pagination, type Predicate, holds, readFilter } from './filters.ts'
import { checkColumnName, limits } from './limits.ts'
import { type SelectionMessage, type TimeRange, numberOf, sent } from './messages.ts'
import type { OutputCell, OutputRow } from './plain-buffer-writer.ts'
import type { Row, Table, Version } from './table.ts'

/** What a read wants of each row. */
export interface Selection {
  readonly columns: ReadonlySet<string>
  readonly startColumn: string | undefined
  readonly endColumn: string | undefined
  readonly maxVersions: number
  readonly inTime: (timestamp: number) => boolean
  readonly filter: Predicate | Pagination | undefined
}

const always = (): boolean => true

const timeTest = (range: TimeRange | null | undefined): ((timestamp: number) => boolean) => {
  if (!range) return always
  const specific = sent(range, 'specificTime')
  const start = sent(range, 'startTime')
  const end = sent(range, 'endTime')
  if (specific !== undefined) {
    if (numberOf(specific) < 0) throw parameterInvalid('Specific timestamp cannot be less than 0.')
    return (timestamp) => timestamp === numberOf(specific)
  }
  if (start === undefined || end === undefined)
    throw parameterInvalid('Start and end time must be given at the same time.')
  return (timestamp) => timestamp >= numberOf(start) && timestamp < numberOf(end)
}

const checkColumns = (columns: readonly string[]): void => {
  for (const column of columns) checkColumnName(column)
  if (columns.length > limits.columnsToGet)
    throw parameterInvalid(
      `The number of columns from the request exceeds the limit, limit count: ${limits.columnsToGet}, column count:${columns.length}.`,
    )
}

const versionsOf = (message: SelectionMessage): number => {
  const maxVersions = sent(message, 'maxVersions')
  if (maxVersions !== undefined && maxVersions <= 0)
    throw parameterInvalid(`Invalid max versions: ${maxVersions}. Reason: Max versions must be positive.`)
  if (maxVersions === undefined && !message.timeRange)
    throw parameterInvalid('No version condition is specified while querying row.')
  return maxVersions ?? Number.MAX_SAFE_INTEGER
}

/** @throws ServiceError OTSParameterInvalid. */
export const readSelection = (message: SelectionMessage): Selection => {
  checkColumns(message.columnsToGet)
  const filter = sent(message, 'filter')
  return {
    columns: new Set(message.columnsToGet),
    startColumn: sent(message, 'startColumn'),
    endColumn: sent(message, 'endColumn'),
    maxVersions: versionsOf(message),
    inTime: timeTest(message.timeRange),
    filter: filter && readFilter(filter),
  }
}

const isWanted = (name: string, { columns, startColumn, endColumn }: Selection): boolean =>
  (columns.size === 0 || columns.has(name)) &&
  (startColumn === undefined || name >= startColumn) &&
  (endColumn === undefined || name < endColumn)

const cellsOf = (name: string, versions: readonly Version[], selection: Selection): OutputCell[] =>
  versions
    .filter(({ timestamp }) => selection.inTime(timestamp))
    .slice(0, selection.maxVersions)
    .map((version) => ({ name, ...version }))

/**
 * The columns that are read of a row, by name; undefined when none of the wanted ones is in it. The whole key always
 * comes along. This is what capacity units are counted on, and what a filter sees.
 */
export const selectRow = (table: Table, row: Row, selection: Selection): OutputRow | undefined => {
  const cells = [...row.columns]
    .filter(([name]) => isWanted(name, selection))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, versions]) => cellsOf(name, versions, selection))
  const { columns } = selection
  const wantsKey = columns.size === 0 || table.schema.some(({ name }) => columns.has(name))
  return wantsKey || cells.length > 0 ? { primaryKey: row.primaryKey, cells } : undefined
}

const page = (row: OutputRow, { offset, limit }: Pagination): OutputRow => {
  const names = new Set([...new Set(row.cells.map(({ name }) => name))].slice(offset, offset + limit))
  return { ...row, cells: row.cells.filter(({ name }) => names.has(name)) }
}

/** A filter works on what was selected: a column that was not asked for is missing to it. */
export const filterRow = (row: OutputRow, { filter }: Selection): OutputRow | undefined => {
  if (!filter) return row
  if (filter.kind === 'pagination') return page(row, filter)
  const columns = [...row.primaryKey, ...row.cells]
  const passes = holds(filter, (column) =>
    columns.filter(({ name }) => name === column).map(({ value }) => value),
  )
  return passes ? row : undefined
}
