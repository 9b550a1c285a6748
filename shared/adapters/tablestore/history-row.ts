import TableStore from 'tablestore'
import type { Page, PageRequest } from '../../model/page.ts'
import type { Precheck } from '../../model/precheck.ts'
import { anyRow } from './conditions.ts'
import { readPrechecks } from './precheck-row.ts'
import type { Key, RowWrite } from './rows.ts'
import { tables } from './tables.ts'
import { type TablestoreClient, batchLimit } from './tablestore-client.ts'

const { INF_MAX, INF_MIN } = TableStore

/** In this order the newest ones come first when the rows of an instance are read backwards. */
const keyOf = ({ id, instanceId, startedAt }: Precheck) => ({
  instance_id: instanceId,
  started_at: new Date(startedAt).toISOString(),
  precheck_id: id,
})

/** Notes that a precheck was started. The row has a column because it is columns that expire. */
export const newHistoryEntry = (precheck: Precheck): RowWrite => ({
  kind: 'put',
  table: tables.history,
  key: keyOf(precheck),
  columns: { trigger: precheck.trigger },
  condition: anyRow,
})

export const dropHistoryEntry = (precheck: Precheck): RowWrite => ({
  kind: 'delete',
  table: tables.history,
  key: keyOf(precheck),
  condition: anyRow,
})

/** A page begins at this row: `<start>/<precheck id>`. */
const cursorOf = (key: Key): string => `${key['started_at']}/${key['precheck_id']}`

const startOf = (after: string | undefined) => {
  if (after === undefined) return { started_at: INF_MAX, precheck_id: INF_MAX }
  const [startedAt, precheckId] = after.split('/')
  return { started_at: startedAt ?? '', precheck_id: precheckId ?? '' }
}

/**
 * Prechecks of an instance, newest first. A page may hold fewer than it might: starts that were refused leave no
 * precheck, and a row with another time than its precheck is of a start that was tried again.
 */
export const readHistory = async (
  client: TablestoreClient,
  instanceId: string,
  { limit, after }: PageRequest,
): Promise<Page<Precheck>> => {
  const start = startOf(after)
  const { rows, next } = await client.getRange({
    table: tables.history,
    direction: 'BACKWARD',
    start: [
      { instance_id: instanceId },
      { started_at: start.started_at },
      { precheck_id: start.precheck_id },
    ],
    end: [{ instance_id: instanceId }, { started_at: INF_MIN }, { precheck_id: INF_MIN }],
    limit,
  })
  const ids = [...new Set(rows.map(({ key }) => String(key['precheck_id'])))]
  const found = new Map<string, Precheck>()
  for (let from = 0; from < ids.length; from += batchLimit) {
    for (const precheck of await readPrechecks(client, ids.slice(from, from + batchLimit)))
      found.set(cursorOf(keyOf(precheck)), precheck)
  }
  const items = rows.flatMap(({ key }) => found.get(cursorOf(key)) ?? [])
  return { items, next: next && cursorOf(next) }
}
