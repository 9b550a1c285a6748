import type { Instance } from '../../model/instance.ts'
import { type Instances, isWanted } from '../../ports/instances.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'

/** Rows read at a time while a filter is applied. */
const batch = 500

/** Documents are written by this file alone, under a version of the tables that is checked at start: they are not parsed a second time. */
const parse = (document: unknown): Instance => JSON.parse(String(document))

/** Registered instances in the embedded database. */
export const sqliteInstances = ({ connection }: Database, { write }: Writer): Instances => {
  const select = connection.prepare('SELECT document FROM instances WHERE instance_id = ?')
  const insert = connection.prepare(
    'INSERT INTO instances (instance_id, revision, document) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const update = connection.prepare(
    'UPDATE instances SET revision = ?, document = ? WHERE instance_id = ? AND revision = ?',
  )
  const remove = connection.prepare('DELETE FROM instances WHERE instance_id = ?')
  const scan = connection.prepare(
    'SELECT document FROM instances WHERE instance_id > ? ORDER BY instance_id LIMIT ?',
  )

  return {
    get: async (instanceId) => {
      const row = select.get(instanceId)
      return row ? parse(row['document']) : null
    },

    put: (instance, revision) => {
      const document = JSON.stringify(instance)
      return write(() => {
        const { changes } =
          revision === 0
            ? insert.run(instance.id, instance.revision, document)
            : update.run(instance.revision, document, instance.id, revision)
        return changes === 1
      })
    },

    remove: (instanceId) => write(() => remove.run(instanceId).changes === 1),

    list: async (filter, { limit, after = '' }) => {
      const items: Instance[] = []
      let last = after
      for (;;) {
        const found = scan.all(last, batch).map((row) => parse(row['document']))
        for (const instance of found) {
          if (!isWanted(filter, instance)) continue
          if (items.length === limit) return { items, next: items.at(-1)?.id ?? null }
          items.push(instance)
        }
        if (found.length < batch) return { items, next: null }
        last = found.at(-1)?.id ?? last
      }
    },
  }
}
