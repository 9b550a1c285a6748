import type { Instance } from '../../model/instance.ts'
import { type Instances, ScheduledInstance, instanceKind } from '../../ports/instances.ts'
import { isMissingOr } from './conditions.ts'
import { rangeOf } from './range.ts'
import { type Columns, sdkKey } from './rows.ts'
import { tablestoreDocuments } from './tablestore-documents.ts'
import { type RangePage, type TablestoreClient, rangeLimit } from './tablestore-client.ts'

const scheduleOf = ({ id, definition: { region, schedule = {} } }: Instance): ScheduledInstance => ({
  id,
  region,
  schedule,
})

/**
 * Columns beside the document from which it is seen when a precheck is due, so small that those of all instances can be
 * read every minute. A row from before there were such columns gets them when it is changed.
 */
const scheduleColumns = (instance: Instance): Columns => ({
  enabled: instance.definition.enabled,
  schedule: JSON.stringify(scheduleOf(instance)),
})

const enabledInstances = {
  table: instanceKind.table,
  direction: 'FORWARD',
  within: {},
  by: 'instance_id',
  columns: ['instance_id', 'enabled', 'schedule'],
  filter: isMissingOr('enabled', true),
} as const

/** Registered instances on Tablestore. */
export const tablestoreInstances = (client: TablestoreClient): Instances => {
  const instances = tablestoreDocuments(client)(instanceKind, scheduleColumns)

  /** Of a row from before there were these columns, the document is read; null where that is not enabled. */
  const readSchedule = async ({
    key,
    columns,
  }: RangePage['rows'][number]): Promise<ScheduledInstance | null> => {
    const { schedule } = columns
    if (schedule !== undefined) return ScheduledInstance.parse(JSON.parse(String(schedule)))
    const stored = await instances.get(String(key['instance_id']))
    return stored?.document.definition.enabled ? scheduleOf(stored.document) : null
  }

  return {
    ...instances,

    // As a rule one request for a page, which may hold fewer than it might. A request may pass over all that it looks
    // at.
    listSchedules: async ({ limit, ...between }) => {
      const range = { ...rangeOf(enabledInstances, between), limit: Math.min(limit, rangeLimit) }
      let { start } = range
      for (;;) {
        const { rows: found, next } = await client.getRange({ ...range, start })
        const items: ScheduledInstance[] = []
        for (const row of found) {
          const scheduled = await readSchedule(row)
          if (scheduled) items.push(scheduled)
        }
        if (next === null) return { items, next }
        const last = items.at(-1)
        if (last) return { items, next: last.id }
        start = sdkKey(next)
      }
    },
  }
}
