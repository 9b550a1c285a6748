import type { Instance } from '../../model/instance.ts'
import { type Instances, type ScheduledInstance, isWanted } from '../../ports/instances.ts'
import { isMissingOr } from './conditions.ts'
import { rangeOf, readPage, readSome } from './range.ts'
import { revisionedRows } from './revisioned-rows.ts'
import type { Columns, Key } from './rows.ts'
import { tables } from './tables.ts'
import { type TablestoreClient, rangeLimit } from './tablestore-client.ts'

/** Rows read at a time while a filter leaves some out. */
const scanSize = 500

const keyOf = (instanceId: string) => ({ instance_id: instanceId })

const idOf = (key: Key): string => String(key['instance_id'])

const allInstances = { table: tables.instances, direction: 'FORWARD', within: {}, by: 'instance_id' } as const

const scheduleOf = ({ id, definition: { region, schedule = {} } }: Instance): ScheduledInstance => ({
  id,
  region,
  schedule,
})

/**
 * Columns beside the document from which it is seen when a precheck is due, so small that those of all instances can be read
 * every minute. Rows that were written before there were such columns get them when they are changed.
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

  const readSchedule = async (
    instanceId: string,
    { schedule }: Columns,
  ): Promise<ScheduledInstance | null> => {
    if (schedule !== undefined) return JSON.parse(String(schedule))
    const instance = await get(instanceId)
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

    // As a rule one request for a page, which may hold fewer than it might.
    listSchedules: async ({ limit, after }) => {
      const range = { ...rangeOf(enabledInstances, after), limit: Math.min(limit, rangeLimit) }
      const { rows: found, next } = await readSome(client, range)
      const items: ScheduledInstance[] = []
      for (const { key, columns } of found) {
        const scheduled = await readSchedule(idOf(key), columns)
        if (scheduled) items.push(scheduled)
      }
      const last = found.at(-1)
      return { items, next: next && last ? idOf(last.key) : null }
    },
  }
}
