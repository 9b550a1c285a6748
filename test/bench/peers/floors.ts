import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { type PeerFactory, noServer, probe } from './peer.ts'

/** The floor of the language: the items at the same time, nothing durable. */
export const promiseAll: PeerFactory = async ({ items, probeMs }) => {
  const last = new Map<number, string>()
  return {
    run: async (index) => {
      await Promise.all(Array.from({ length: items }, () => probe(probeMs)))
      last.set(index % 1000, '{"outcome":"passed"}')
    },
    serverUsage: noServer,
    close: async () => last.clear(),
  }
}

/** What a plain program writes: the start, every item and the last result, each in a transaction of its own, synced. */
export const sqliteFloor: PeerFactory = async ({ items, probeMs, folder }) => {
  const database = new DatabaseSync(join(folder, 'floor.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec('CREATE TABLE prechecks (id INTEGER PRIMARY KEY, document TEXT)')
  database.exec(
    'CREATE TABLE items (precheck INTEGER, item INTEGER, document TEXT, PRIMARY KEY (precheck, item))',
  )
  database.exec('CREATE TABLE last_results (instance INTEGER PRIMARY KEY, document TEXT)')
  const start = database.prepare('INSERT INTO prechecks VALUES (?, ?)')
  const record = database.prepare('INSERT INTO items VALUES (?, ?, ?)')
  const keep = database.prepare('INSERT OR REPLACE INTO last_results VALUES (?, ?)')
  const document = JSON.stringify({ outcome: 'passed', findings: [] })
  return {
    run: async (index) => {
      start.run(index, document)
      await Promise.all(
        Array.from({ length: items }, async (_, item) => {
          await probe(probeMs)
          record.run(index, item, document)
        }),
      )
      keep.run(index % 1000, document)
    },
    serverUsage: noServer,
    close: async () => database.close(),
  }
}
