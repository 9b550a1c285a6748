import TableStore from 'tablestore'
import type { Page, PageRequest } from '../../model/page.ts'
import { type Columns, type Key, sdkKey } from './rows.ts'
import type { RangePage, RangeRequest, TablestoreClient } from './tablestore-client.ts'

const { INF_MAX, INF_MIN } = TableStore

/** Every row of a range in the order that is asked for, `limit` of them in a request. */
export const readRange = async function* (
  client: TablestoreClient,
  request: RangeRequest,
): AsyncGenerator<RangePage['rows'][number]> {
  let { start } = request
  for (;;) {
    const { rows, next } = await client.getRange({ ...request, start })
    yield* rows
    if (next === null) return
    start = sdkKey(next)
  }
}

/** Rows that are looked at at the same time. */
const width = 32

/** Reads each of many rows, some at a time: of those that were written by an earlier release, more than a row. */
export const inTurns = async <Row, Item>(
  rows: readonly Row[],
  read: (row: Row) => Promise<Item>,
): Promise<Item[]> => {
  const items: Item[] = []
  for (let from = 0; from < rows.length; from += width) {
    items.push(...(await Promise.all(rows.slice(from, from + width).map(read))))
  }
  return items
}

/** Rows that differ in the last column of their key, which holds an id; the columns before it are `within`. */
export interface Siblings extends Pick<RangeRequest, 'table' | 'direction' | 'columns' | 'filter'> {
  readonly within: Key
  readonly by: string
}

/**
 * Where siblings begin that come after this id. Forward that is the id and "!", which sorts before every character that
 * an id may hold; backward there is no such thing, so that the row of that id comes first.
 */
const startOf = (direction: RangeRequest['direction'], after: string | undefined) => {
  const isForward = direction === 'FORWARD'
  if (after === undefined) return isForward ? INF_MIN : INF_MAX
  return isForward ? `${after}!` : after
}

/** Where a list of siblings begins and ends: after and before these ids; left out: with the first and the last one. */
interface Between {
  readonly after?: string
  readonly before?: string
}

/** The range of siblings between two ids. */
export const rangeOf = (
  { within, by, ...range }: Siblings,
  { after, before }: Between = {},
): Omit<RangeRequest, 'limit'> => ({
  ...range,
  start: [...sdkKey(within), { [by]: startOf(range.direction, after) }],
  end: [...sdkKey(within), { [by]: before ?? (range.direction === 'FORWARD' ? INF_MAX : INF_MIN) }],
})

/**
 * A page of siblings, filled from as many rows as it takes: `read` makes items of them and their ids, or null of one
 * that is to be left out. `size`: rows in a request, where so many are left out that it pays to read more than the page
 * holds.
 */
export const readPage = async <Item>(
  client: TablestoreClient,
  siblings: Siblings,
  { limit, ...between }: PageRequest & Between,
  read: (columns: Columns, id: string) => Promise<Item | null>,
  size: number = limit + 1,
): Promise<Page<Item>> => {
  const rows = readRange(client, { ...rangeOf(siblings, between), limit: size })
  const items: Item[] = []
  let next: string | null = null
  for await (const { key, columns } of rows) {
    const id = key[siblings.by]
    if (id === undefined || id === between.after) continue
    const item = await read(columns, id)
    if (item === null) continue
    if (items.length === limit) return { items, next }
    items.push(item)
    next = id
  }
  return { items, next: null }
}
