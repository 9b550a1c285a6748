import type { ColumnCondition } from 'tablestore'
import { type SweepEntry, SweepEntryStatus, sweepCountsOf } from '../../model/sweep.ts'
import type { SweepEntries } from '../../ports/sweeps.ts'
import { anyOf, equals, noRow, where } from './conditions.ts'
import { rangeOf, readPage, readRange } from './range.ts'
import type { Columns } from './rows.ts'
import { textOf, toColumn } from './stored-document.ts'
import { tables } from './tables.ts'
import { type TablestoreClient, rangeLimit } from './tablestore-client.ts'

const isOpen = (status: SweepEntryStatus): boolean => status === 'starting' || status === 'started'

const entriesOf = (sweepId: string) =>
  ({
    table: tables.sweepEntries,
    direction: 'FORWARD',
    within: { sweep_id: sweepId },
    by: 'instance_id',
  }) as const

/**
 * The document of an entry that has not ended is in the column `open`, of one that has ended in `ended`: so the few
 * that are open can be read without reading the documents of all.
 */
const columnsOf = async (entry: SweepEntry): Promise<Columns> => ({
  status: entry.status,
  [isOpen(entry.status) ? 'open' : 'ended']: await toColumn(entry),
})

/** Documents are written by this file alone: they are not parsed a second time. */
const parse = async ({ open, ended }: Columns): Promise<SweepEntry> =>
  JSON.parse(await textOf(open ?? ended ?? 'null'))

const rowOf = async (entry: SweepEntry) => ({
  kind: 'put' as const,
  table: tables.sweepEntries,
  key: { sweep_id: entry.sweepId, instance_id: entry.instanceId },
  columns: await columnsOf(entry),
})

/** A filter that lets through entries of these statuses; null where it would let none through. */
const filterOf = (statuses: readonly SweepEntryStatus[]): ColumnCondition | null => {
  const [first, ...others] = statuses.map((status) => equals('status', status))
  return first ? anyOf(first, ...others) : null
}

/** Entries of sweeps on Tablestore. */
export const tablestoreSweepEntries = (client: TablestoreClient): SweepEntries => ({
  add: async (entry) => {
    const row = await rowOf(entry)
    if ((await client.writeRow({ ...row, condition: noRow })) === 'written') return entry
    // Where an answer was lost, this reads what was written before.
    const stored = await client.getRow(row.table, row.key)
    return stored ? parse(stored) : entry
  },

  // Where an answer was lost and the entry has gone on, it did so by this or by another: it stays as it is.
  update: async (entry, from) => {
    await client.writeRow({ ...(await rowOf(entry)), condition: where(equals('status', from)) })
  },

  listOpen: async (sweepId, limit) => {
    const open: SweepEntry[] = []
    const range = rangeOf({ ...entriesOf(sweepId), columns: ['open'] })
    for await (const { columns } of readRange(client, { ...range, limit: Math.min(limit, rangeLimit) })) {
      open.push(await parse(columns))
      if (open.length === limit) break
    }
    return open
  },

  list: async (sweepId, page, statuses = SweepEntryStatus.options) => {
    const filter = filterOf(statuses)
    if (!filter) return { items: [], next: null }
    return readPage(client, { ...entriesOf(sweepId), filter }, page, parse)
  },

  count: async (sweepId) => {
    const numbers: Partial<Record<SweepEntryStatus, number>> = {}
    const range = rangeOf({ ...entriesOf(sweepId), columns: ['status'] })
    for await (const { columns } of readRange(client, { ...range, limit: rangeLimit })) {
      const status = SweepEntryStatus.parse(columns['status'])
      numbers[status] = (numbers[status] ?? 0) + 1
    }
    return sweepCountsOf(numbers)
  },
})
