import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { lastResultOf, messagesOf, planOf, resultOf } from '../payload.ts'
import { type PeerFactory, instanceIdOf, noServer, probe } from './peer.ts'

/** The floor of the language: the items at the same time, nothing durable. */
export const promiseAll: PeerFactory = async ({ probeMs, concurrency }) => {
  const last = new Map<string, string>()
  return {
    run: async (index) => {
      const instanceId = instanceIdOf(index, concurrency)
      const results = await Promise.all(
        messagesOf(index, instanceId).map(async ({ checkItem }) => {
          await probe(probeMs)
          return resultOf(checkItem)
        }),
      )
      last.set(instanceId, lastResultOf(planOf(index, instanceId), results))
    },
    serverUsage: noServer,
    close: async () => last.clear(),
  }
}

/** What a plain program writes: the start, every item and the last result, each in a transaction of its own, synced. */
export const sqliteFloor: PeerFactory = async ({ probeMs, concurrency, folder }) => {
  const database = new DatabaseSync(join(folder, 'floor.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec('CREATE TABLE prechecks (id INTEGER PRIMARY KEY, document TEXT)')
  database.exec(
    'CREATE TABLE items (precheck INTEGER, item TEXT, document TEXT, PRIMARY KEY (precheck, item))',
  )
  database.exec('CREATE TABLE last_results (instance TEXT PRIMARY KEY, document TEXT)')
  const start = database.prepare('INSERT INTO prechecks VALUES (?, ?)')
  const record = database.prepare('INSERT INTO items VALUES (?, ?, ?)')
  const keep = database.prepare('INSERT OR REPLACE INTO last_results VALUES (?, ?)')
  return {
    run: async (index) => {
      const instanceId = instanceIdOf(index, concurrency)
      const plan = planOf(index, instanceId)
      start.run(index, JSON.stringify(plan))
      const results = await Promise.all(
        messagesOf(index, instanceId).map(async ({ checkItem }) => {
          await probe(probeMs)
          const result = resultOf(checkItem)
          record.run(index, checkItem, JSON.stringify(result))
          return result
        }),
      )
      keep.run(instanceId, lastResultOf(plan, results))
    },
    serverUsage: noServer,
    close: async () => database.close(),
  }
}
