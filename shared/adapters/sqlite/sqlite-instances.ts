import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises'
import type { Instance } from '../../model/instance.ts'
import { type Instances, type ScheduledInstance, isWanted } from '../../ports/instances.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { pageOf } from './page-of.ts'
import { revisionedDocuments } from './revisioned-documents.ts'

/** Rows read at a time while a filter is applied. */
const batch = 500

const scheduledOf = (row: Record<string, unknown>): ScheduledInstance => ({
  id: String(row['instance_id']),
  region: String(row['region']),
  schedule: JSON.parse(String(row['schedule'])),
})

/** Registered instances in the embedded database. */
export const sqliteInstances = (database: Database, { write }: Writer): Instances => {
  const { connection } = database
  const instances = revisionedDocuments<Instance>(database, 'instances', ['instance_id'])
  const remove = connection.prepare('DELETE FROM instances WHERE instance_id = ?')
  const scan = connection.prepare(
    'SELECT document FROM instances WHERE instance_id > ? ORDER BY instance_id LIMIT ?',
  )
  // Every minute for the whole fleet: taken out of the documents by the database, which costs 4 µs each, a fifth of
  // reading them.
  const scanSchedules = connection.prepare(`
    SELECT
      instance_id,
      json_extract(document, '$.definition.region') AS region,
      coalesce(json_extract(document, '$.definition.schedule'), '{}') AS schedule
    FROM instances
    WHERE instance_id > ? AND json_extract(document, '$.definition.enabled')
    ORDER BY instance_id LIMIT ?`)

  return {
    get: async (instanceId) => instances.get(instanceId)?.document ?? null,

    put: (instance, revision) => write(() => instances.put([instance.id], instance, revision)),

    remove: (instanceId) => write(() => remove.run(instanceId).changes === 1),

    list: async (filter, { limit, after = '' }) => {
      const items: Instance[] = []
      let last = after
      for (;;) {
        const found = scan.all(last, batch).map(instances.parse)
        for (const instance of found) {
          if (!isWanted(filter, instance)) continue
          if (items.length === limit) return { items, next: items.at(-1)?.id ?? null }
          items.push(instance)
        }
        if (found.length < batch) return { items, next: null }
        last = found.at(-1)?.id ?? last
        // A filter that lets few through looks at the whole fleet, and requests would have to wait for all of it.
        await untilOthersHadTheirTurn()
      }
    },

    listSchedules: async ({ limit, after = '' }) => {
      // Who reads page after page would keep requests waiting for the whole fleet.
      await untilOthersHadTheirTurn()
      return pageOf(scanSchedules.all(after, limit + 1).map(scheduledOf), limit, ({ id }) => id)
    },
  }
}
