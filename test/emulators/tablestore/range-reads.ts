import { consumed, readUnits, sizeOfRow } from './capacity.ts'
import { parameterInvalid } from './errors.ts'
import { boundKey } from './keys.ts'
import { limits } from './limits.ts'
import { type GetRangeAnswer, type GetRangeRequest, messages, sent } from './messages.ts'
import { type Context, chargingRefusals, operation, refuseTransaction, tableNamed } from './operation.ts'
import { type OutputRow, writeRows } from './plain-buffer-writer.ts'
import { priceOfRefusedRead, readKey } from './row-reads.ts'
import { type Selection, filterRow, readSelection, selectRow } from './selection.ts'
import { type Row, type Table, isAt, liveRow, lowerBound } from './table.ts'
import { type KeyBound, type KeyColumn, compareKeys } from './values.ts'

const forward = 0
const backward = 1

type Bound = readonly KeyColumn<KeyBound>[]

const checkDirection = (direction: number, start: Bound, end: Bound): void => {
  const order = compareKeys(start, end)
  if (direction === forward && order >= 0)
    throw parameterInvalid('Begin key must less than end key in FORWARD')
  if (direction === backward && order <= 0)
    throw parameterInvalid('Begin key must more than end key in BACKWARD')
}

/** Rows from the start (which belongs to the range) to the end (which does not), as they can be read now. */
function* rowsInRange(
  table: Table,
  direction: number,
  start: Bound,
  end: Bound,
  now: number,
): Generator<Row> {
  const step = direction === forward ? 1 : -1
  const first = lowerBound(table, start)
  // Backwards, the row before the first that is not before the start, unless that one is the start itself.
  const from = direction === forward || isAt(table, first, start) ? first : first - 1
  for (let index = from; ; index += step) {
    const row = table.rows[index]
    if (!row || Math.sign(compareKeys(row.primaryKey, end)) !== -step) return
    const live = liveRow(row, table.options, now)
    if (live) yield live
  }
}

interface Page {
  readonly rows: readonly OutputRow[]
  /** Bytes read, those of rows included that a filter left out. */
  readonly bytes: number
  readonly next: Row | undefined
}

/** A page ends when it has `limit` rows, when it has looked at 5,000 rows, or before the row that would exceed 4 MB. */
const readPage = (table: Table, rows: Iterable<Row>, selection: Selection, limit: number): Page => {
  const found: OutputRow[] = []
  let bytes = 0
  let looked = 0
  for (const row of rows) {
    const selected = selectRow(table, row, selection)
    const size = selected ? sizeOfRow(selected, table.options) : 0
    const isFull = found.length >= limit || looked >= limits.rangeRows || bytes + size > limits.rangeBytes
    if (isFull && looked > 0) return { rows: found, bytes, next: row }
    looked += 1
    bytes += size
    const kept = selected && filterRow(selected, selection)
    if (kept) found.push(kept)
  }
  return { rows: found, bytes, next: undefined }
}

const limitOf = (request: GetRangeRequest): number => {
  const limit = sent(request, 'limit')
  if (limit !== undefined && limit <= 0) throw parameterInvalid('The limit must be greater than 0.')
  return limit ?? limits.rangeRows
}

const perform = (request: GetRangeRequest, context: Context): GetRangeAnswer => {
  refuseTransaction(request)
  const limit = limitOf(request)
  const selection = readSelection(request)
  const [startCells, endCells] = [
    readKey(request.inclusiveStartPrimaryKey),
    readKey(request.exclusiveEndPrimaryKey),
  ]
  const table = tableNamed(context, request.tableName)
  const [start, end] = [boundKey(table, startCells), boundKey(table, endCells)]
  checkDirection(request.direction, start, end)
  const rows = rowsInRange(table, request.direction, start, end, context.now)
  const page = readPage(table, rows, selection, limit)
  const units = readUnits(page.bytes)
  context.charge(units)
  return {
    consumed: consumed(units),
    rows: writeRows(page.rows),
    ...(page.next && {
      nextStartPrimaryKey: writeRows([{ primaryKey: page.next.primaryKey, cells: [] }]),
    }),
  }
}

/** Units are counted over the whole page, not row by row (API reference of GetRange). */
export const getRange = operation(
  messages.GetRangeRequest,
  messages.GetRangeResponse,
  ({ tableName }) => [tableName],
  (request, context) => chargingRefusals(context, priceOfRefusedRead, () => perform(request, context)),
)
