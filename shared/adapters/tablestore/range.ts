import { sdkKey } from './rows.ts'
import type { RangePage, RangeRequest, TablestoreClient } from './tablestore-client.ts'

/** Every row of a range in the order of the keys, `limit` of them in a request. */
export const readRange = async function* (
  client: TablestoreClient,
  request: Omit<RangeRequest, 'direction'>,
): AsyncGenerator<RangePage['rows'][number]> {
  let { start } = request
  for (;;) {
    const { rows, next } = await client.getRange({ ...request, start, direction: 'FORWARD' })
    yield* rows
    if (next === null) return
    start = sdkKey(next)
  }
}
