import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tablestoreDocuments } from '../../../shared/adapters/tablestore/tablestore-documents.ts'
import type { SweepEntry, SweepEntryStatus } from '../../../shared/model/sweep.ts'
import { type Selection, documentsOf } from '../../../shared/ports/documents.ts'
import { type SweepEntries, type SweepEntryKey, sweepEntryKind } from '../../../shared/ports/sweeps.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { type TablestoreStore, startTablestoreStore } from '../../support/tablestore-store.ts'

let store: TablestoreStore
let entries: SweepEntries
/** As they were kept before there were partitions. */
let before: SweepEntries
let nights = 0

const { partitions, ...unpartitioned } = sweepEntryKind

beforeAll(async () => {
  store = await startTablestoreStore()
  const documents = tablestoreDocuments(store.connect())
  entries = documents(sweepEntryKind)
  before = documents(unpartitioned)
})
afterAll(() => store.emulator.close())

const nextNight = (): string => {
  nights += 1
  return new Date(Date.UTC(2026, 0, nights)).toISOString().slice(0, 10)
}

const entryOf = (
  sweepId: string,
  instanceId: string,
  status: SweepEntryStatus = 'starting',
): [SweepEntryKey, SweepEntry] => [
  [sweepId, instanceId],
  {
    sweepId,
    instanceId,
    precheckId: `pc_${'1'.repeat(32)}`,
    status,
    dueAt: '2026-11-21T02:00:00.000Z',
    startedAt: null,
    endedAt: null,
    notRun: null,
  },
]

/** All that a list holds, page by page, as ids. */
const walk = async (list: SweepEntries['list'], selection: Selection<SweepEntry>): Promise<string[]> => {
  const found: string[] = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({
      ...selection,
      ...(after !== null && { after }),
    })
    expect(page.items.length).toBeLessThanOrEqual(selection.limit)
    found.push(...documentsOf(page).items.map(({ instanceId }) => instanceId))
    after = page.next
  } while (after !== null)
  return found
}

describe('the entries of a night', () => {
  it('lie in all partitions, evenly', async () => {
    const night = nextNight()
    for (let index = 0; index < 200; index += 1) await entries.put(...entryOf(night, `db-${index}`), 0)
    const rows = store.emulator.tables()['sweep_entries'] ?? []
    const keys = rows.map((row) => String(row['sweep_id'])).filter((key) => key.endsWith(night))
    const sizes = [...new Set(keys)].map((key) => keys.filter((each) => each === key).length)
    expect(sizes.length).toBe(partitions?.count)
    expect(Math.min(...sizes)).toBeGreaterThan(25)
  })

  it('are listed and counted as from one place, whatever their ids, statuses and pages', async () => {
    const property = fc.asyncProperty(
      fc.uniqueArray(
        fc.record({
          id: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,6}$/),
          status: fc.constantFrom<SweepEntryStatus>('starting', 'passed', 'failed'),
          isOld: fc.boolean(),
        }),
        { maxLength: 40, selector: ({ id }) => id },
      ),
      fc.integer({ min: 1, max: 12 }),
      fc.option(fc.subarray<SweepEntryStatus>(['starting', 'passed', 'failed']), { nil: undefined }),
      async (fleet, limit, statuses) => {
        const night = nextNight()
        for (const { id, status, isOld } of fleet) {
          await (isOld ? before : entries).put(...entryOf(night, id, status), 0)
        }
        const wanted = fleet.filter(({ status }) => statuses?.includes(status) ?? true)
        expect(await walk(entries.list, { group: night, limit, statuses })).toEqual(
          wanted.map(({ id }) => id).toSorted(),
        )
        const counts = Object.entries(await entries.count(night)).flatMap(([status, count]) =>
          Array.from({ length: count }, () => status),
        )
        expect(counts.toSorted()).toEqual(fleet.map(({ status }) => status).toSorted())
      },
    )
    await fc.assert(property, { numRuns: propertyRuns(25) })
  })

  it('that were kept before there were partitions are changed and removed where they are', async () => {
    const night = nextNight()
    const [key, entry] = entryOf(night, 'db1')
    await before.put(key, entry, 0)
    expect(await entries.get(key)).toEqual({ document: entry, revision: 1 })
    const passed = { ...entry, status: 'passed' as const }
    expect([await entries.put(key, passed, 0), await entries.put(key, passed, 7)]).toEqual([false, false])
    expect(await entries.put(key, passed, 1)).toBe(true)
    expect(await before.get(key)).toEqual({ document: passed, revision: 2 })
    expect(await entries.count(night)).toEqual({ passed: 1 })
    expect([await entries.remove(key), await entries.remove(key)]).toEqual([true, false])
    expect(await before.get(key)).toBeNull()
  })
})
