import { type SweepEntry, SweepEntryStatus, sweepCountsOf } from '../../model/sweep.ts'
import type { SweepEntries } from '../../ports/sweeps.ts'
import type { Database } from './database.ts'
import type { Writer } from './group-commit.ts'
import { pageOf } from './page-of.ts'

/** Documents are written by this file alone, under a version of the tables that is checked at start: they are not parsed a second time. */
const parse = (row: Record<string, unknown>): SweepEntry => JSON.parse(String(row['document']))

const prepare = ({ connection }: Database) => ({
  insert: connection.prepare(`
    INSERT INTO sweep_entries (sweep_id, instance_id, status, document) VALUES (?, ?, ?, ?)
    ON CONFLICT DO NOTHING`),
  select: connection.prepare('SELECT document FROM sweep_entries WHERE sweep_id = ? AND instance_id = ?'),
  update: connection.prepare(`
    UPDATE sweep_entries SET status = ?, document = ?
    WHERE sweep_id = ? AND instance_id = ? AND status = ?`),
  // Few are open among very many, which SQLite does not know.
  selectOpen: connection.prepare(`
    SELECT document FROM sweep_entries INDEXED BY sweep_entries_open
    WHERE sweep_id = ? AND status IN ('starting', 'started')
    ORDER BY instance_id LIMIT ?`),
  selectPage: connection.prepare(`
    SELECT document FROM sweep_entries
    WHERE sweep_id = ? AND instance_id > ? AND status IN (SELECT value FROM json_each(?))
    ORDER BY instance_id LIMIT ?`),
  count: connection.prepare(
    'SELECT status, count(*) AS entries FROM sweep_entries WHERE sweep_id = ? GROUP BY status',
  ),
})

/** What became of the instances in sweeps, in the embedded database. */
export const sqliteSweepEntries = (database: Database, { write }: Writer): SweepEntries => {
  const statements = prepare(database)

  return {
    add: (entry) =>
      write(() => {
        const { sweepId, instanceId, status } = entry
        const { changes } = statements.insert.run(sweepId, instanceId, status, JSON.stringify(entry))
        const standing = changes === 0 ? statements.select.get(sweepId, instanceId) : undefined
        return standing ? parse(standing) : entry
      }),

    update: async (entry, from) => {
      const { sweepId, instanceId, status } = entry
      await write(() => statements.update.run(status, JSON.stringify(entry), sweepId, instanceId, from))
    },

    listOpen: async (sweepId, limit) => statements.selectOpen.all(sweepId, limit).map(parse),

    list: async (sweepId, { limit, after = '' }, statuses = SweepEntryStatus.options) => {
      const rows = statements.selectPage.all(sweepId, after, JSON.stringify(statuses), limit + 1)
      return pageOf(rows.map(parse), limit, ({ instanceId }) => instanceId)
    },

    count: async (sweepId) => {
      const rows = statements.count.all(sweepId)
      const counted = rows.map((row) => [String(row['status']), Number(row['entries'])] as const)
      return sweepCountsOf(Object.fromEntries(counted))
    },
  }
}
