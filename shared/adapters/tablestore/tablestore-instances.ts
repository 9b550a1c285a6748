import TableStore from 'tablestore'
import type { Instance } from '../../model/instance.ts'
import { type Instances, isWanted } from '../../ports/instances.ts'
import { equals, noRow, someRow, where } from './conditions.ts'
import { putOnce } from './put-once.ts'
import { readRange } from './range.ts'
import type { Columns } from './rows.ts'
import { textOf, toColumn } from './stored-document.ts'
import { tables } from './tables.ts'
import type { TablestoreClient } from './tablestore-client.ts'

/** Rows read at a time while a filter leaves some out. */
const scanSize = 500

const keyOf = (instanceId: string) => ({ instance_id: instanceId })

/** Documents are written by this file alone: they are not parsed a second time. */
const parse = async ({ document = 'null' }: Columns): Promise<Instance> => JSON.parse(await textOf(document))

/** Where the ids after this one begin: "!" comes before every character that an id may hold. */
const after = (instanceId: string | undefined) =>
  instanceId === undefined ? TableStore.INF_MIN : `${instanceId}!`

/** Registered instances on Tablestore. */
export const tablestoreInstances = (client: TablestoreClient): Instances => ({
  get: async (instanceId) => {
    const columns = await client.getRow(tables.instances, keyOf(instanceId))
    return columns && parse(columns)
  },

  put: async (instance, revision) =>
    putOnce(client, {
      kind: 'put',
      table: tables.instances,
      key: keyOf(instance.id),
      columns: {
        revision: TableStore.Long.fromNumber(instance.revision),
        document: await toColumn(instance),
      },
      condition: revision === 0 ? noRow : where(equals('revision', TableStore.Long.fromNumber(revision))),
    }),

  remove: async (instanceId) => {
    const row = { table: tables.instances, key: keyOf(instanceId), condition: someRow }
    // Where an answer was lost and the row is gone, it was there.
    return (await client.writeRow({ kind: 'delete', ...row })) !== 'refused'
  },

  list: async (filter, page) => {
    const isFiltered = Object.values(filter).some((wanted) => wanted !== undefined)
    const rows = readRange(client, {
      table: tables.instances,
      start: [{ instance_id: after(page.after) }],
      end: [{ instance_id: TableStore.INF_MAX }],
      limit: isFiltered ? scanSize : page.limit + 1,
    })
    const items: Instance[] = []
    for await (const { columns } of rows) {
      const instance = await parse(columns)
      if (!isWanted(filter, instance)) continue
      if (items.length === page.limit) return { items, next: items.at(-1)?.id ?? null }
      items.push(instance)
    }
    return { items, next: null }
  },
})
