import type { Instance } from '../../model/instance.ts'
import { type Instances, type ScheduledInstance, isWanted } from '../../ports/instances.ts'
import { isMissingOr } from './conditions.ts'
import { rangeOf, readPage } from './range.ts'
import { revisionedRows } from './revisioned-rows.ts'
import { type Columns, sdkKey } from './rows.ts'
import { tables } from './tables.ts'
import { type RangePage, type TablestoreClient, rangeLimit } from './tablestore-client.ts'

/** Rows read at a time while a filter leaves some out. */
const scanSize = 500

const keyOf = (instanceId: string) => ({ instance_id: instanceId })

const allInstances = { table: tables.instances, direction: 'FORWARD', within: {}, by: 'instance_id' } as const

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
  ...allInstances,
  columns: ['instance_id', 'enabled', 'schedule'],
  filter: isMissingOr('enabled', true),
}

/** Registered instances on Tablestore. */
export const tablestoreInstances = (client: TablestoreClient): Instances => {
  const rows = revisionedRows<Instance>(client, tables.instances)

  const get = async (instanceId: string): Promise<Instance | null> =>
    (await rows.get(keyOf(instanceId)))?.document ?? null

  /** Of a row from before there were these columns, the document is read; null where that is not enabled. */
  const readSchedule = async ({
    key,
    columns,
  }: RangePage['rows'][number]): Promise<ScheduledInstance | null> => {
    const { schedule } = columns
    if (schedule !== undefined) return JSON.parse(String(schedule))
    const instance = await get(String(key['instance_id']))
    return instance?.definition.enabled ? scheduleOf(instance) : null
  }

  return {
    get,

    put: (instance, revision) => rows.put(keyOf(instance.id), instance, revision, scheduleColumns(instance)),

    remove: (instanceId) => rows.remove(keyOf(instanceId)),

    list: (filter, page) => {
      const isFiltered = Object.values(filter).some((wanted) => wanted !== undefined)
      const read = async (columns: Columns): Promise<Instance | null> => {
        const instance = await rows.parse(columns)
        return isWanted(filter, instance) ? instance : null
      }
      return readPage(client, allInstances, page, read, isFiltered ? scanSize : undefined)
    },

    // As a rule one request for a page, which may hold fewer than it might. A request may pass over all that it looks
    // at.
    listSchedules: async ({ limit, after }) => {
      const range = { ...rangeOf(enabledInstances, after), limit: Math.min(limit, rangeLimit) }
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
