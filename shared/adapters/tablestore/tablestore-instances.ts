import type { Instance } from '../../model/instance.ts'
import type { Page, PageRequest } from '../../model/page.ts'
import { InstanceHead } from '../../model/standing.ts'
import { type Instances, ScheduledInstance, instanceKind } from '../../ports/instances.ts'
import { isMissingOr } from './conditions.ts'
import { type Siblings, inTurns, rangeOf } from './range.ts'
import { type Columns, sdkKey } from './rows.ts'
import { tablestoreDocuments } from './tablestore-documents.ts'
import { type RangePage, type TablestoreClient, rangeLimit } from './tablestore-client.ts'

type Row = RangePage['rows'][number]

const scheduleOf = ({ id, definition: { region, schedule = {} } }: Instance): ScheduledInstance => ({
  id,
  region,
  schedule,
})

const headOf = ({ id, definition: { engine, region, tags, enabled } }: Instance): InstanceHead => ({
  id,
  engine,
  region,
  tags,
  enabled,
})

/**
 * Columns beside the document from which it is seen when a precheck is due, and what the fleet shows, so small that
 * those of all instances can be read every minute. A row from before there were such columns gets them when it is
 * changed.
 */
const columnsBeside = (instance: Instance): Columns => ({
  enabled: instance.definition.enabled,
  schedule: JSON.stringify(scheduleOf(instance)),
  head: JSON.stringify(headOf(instance)),
})

const enabledInstances = {
  table: instanceKind.table,
  direction: 'FORWARD',
  within: {},
  by: 'instance_id',
  columns: ['instance_id', 'enabled', 'schedule'],
  filter: isMissingOr('enabled', true),
} as const

const allInstances = {
  table: instanceKind.table,
  direction: 'FORWARD',
  within: {},
  by: 'instance_id',
  columns: ['instance_id', 'head'],
} as const

/** Registered instances on Tablestore. */
export const tablestoreInstances = (client: TablestoreClient): Instances => {
  const instances = tablestoreDocuments(client)(instanceKind, columnsBeside)

  /** Of a row from before there were these columns, the document is read; null where that is not enabled. */
  const readSchedule = async ({ key, columns }: Row): Promise<ScheduledInstance | null> => {
    const { schedule } = columns
    if (schedule !== undefined) return ScheduledInstance.parse(JSON.parse(String(schedule)))
    const stored = await instances.get(String(key['instance_id']))
    return stored?.document.definition.enabled ? scheduleOf(stored.document) : null
  }

  const readHead = async ({ key, columns: { head } }: Row): Promise<InstanceHead | null> => {
    if (head !== undefined) return InstanceHead.parse(JSON.parse(String(head)))
    const stored = await instances.get(String(key['instance_id']))
    return stored && headOf(stored.document)
  }

  /**
   * As a rule one request for a page, which may hold fewer than it might. A request may pass over all that it looks at.
   */
  const pageOf = async <Item extends { readonly id: string }>(
    siblings: Siblings,
    { limit, ...between }: PageRequest,
    read: (row: Row) => Promise<Item | null>,
  ): Promise<Page<Item>> => {
    const range = { ...rangeOf(siblings, between), limit: Math.min(limit, rangeLimit) }
    let { start } = range
    for (;;) {
      const { rows: found, next } = await client.getRange({ ...range, start })
      const items = (await inTurns(found, read)).filter((item) => item !== null)
      if (next === null) return { items, next }
      const last = items.at(-1)
      if (last) return { items, next: last.id }
      start = sdkKey(next)
    }
  }

  return {
    ...instances,

    listSchedules: (page) => pageOf(enabledInstances, page, readSchedule),
    listHeads: (page) => pageOf(allInstances, page, readHead),
  }
}
