import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SweepEntry, SweepEntryStatus } from '../../shared/model/sweep.ts'
import type { SweepEntries } from '../../shared/ports/sweeps.ts'

/** Entries of sweeps under contract. */
export interface SweepEntriesUnderTest {
  readonly entries: SweepEntries
  readonly close: () => Promise<void>
}

const night = '2026-11-21'
const otherNight = '2026-11-22'
const dueAt = '2026-11-20T18:07:00.000Z'

let lastId = 0

const entryOf = (
  instanceId: string,
  status: SweepEntryStatus = 'starting',
  changes: Partial<SweepEntry> = {},
): SweepEntry => {
  lastId += 1
  return {
    sweepId: night,
    instanceId,
    precheckId: `pc_${String(lastId).padStart(32, '0')}`,
    status,
    dueAt,
    startedAt: null,
    endedAt: null,
    notRun: null,
    ...changes,
  }
}

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `sql-${String(index).padStart(4, '0')}`)

/** What every store of the entries of sweeps does, whatever it stands on. */
export const sweepEntriesContract = (name: string, open: () => Promise<SweepEntriesUnderTest>): void => {
  describe(`the entries of sweeps on ${name}`, () => {
    let tested: SweepEntriesUnderTest

    beforeEach(async () => {
      tested = await open()
    })
    afterEach(() => tested.close())

    const add = (...entries: readonly SweepEntry[]) =>
      Promise.all(entries.map((entry) => tested.entries.add(entry)))
    const openIds = async (limit: number, sweepId = night) =>
      (await tested.entries.listOpen(sweepId, limit)).map(({ instanceId }) => instanceId)
    const ids = async (limit: number, after?: string | null, statuses?: readonly SweepEntryStatus[]) => {
      const { items, next } = await tested.entries.list(night, { limit, ...(after && { after }) }, statuses)
      return { items: items.map(({ instanceId }) => instanceId), next }
    }

    it('are written once for an instance and a sweep', async () => {
      const first = entryOf('sql-1')
      expect(await tested.entries.add(first)).toEqual(first)
      expect(await tested.entries.add(entryOf('sql-1'))).toEqual(first)
      const elsewhere = entryOf('sql-1', 'starting', { sweepId: otherNight })
      expect(await tested.entries.add(elsewhere)).toEqual(elsewhere)
      expect((await tested.entries.list(night, { limit: 10 })).items).toEqual([first])
      expect((await tested.entries.list(otherNight, { limit: 10 })).items).toEqual([elsewhere])
    })

    it('are the same for all who add one at once', async () => {
      const rivals = Array.from({ length: 4 }, () => entryOf('sql-1'))
      const seen = await add(...rivals)
      expect(rivals).toContainEqual(seen[0])
      expect(seen).toEqual(seen.map(() => seen[0]))
      expect((await tested.entries.list(night, { limit: 10 })).items).toEqual([seen[0]])
    })

    it('are replaced as a whole, and stay so for those who add one later', async () => {
      const entry = entryOf('sql-1')
      await add(entry, entryOf('sql-2'))
      const notRun: SweepEntry = {
        ...entry,
        status: 'not_run',
        endedAt: dueAt,
        notRun: { code: 'MAINTENANCE_WINDOW', params: { reason: '补丁 <&>"\'', until: dueAt } },
      }
      await tested.entries.update(notRun, 'starting')
      expect((await tested.entries.list(night, { limit: 1 })).items).toEqual([notRun])
      expect(await tested.entries.add(entryOf('sql-1'))).toEqual(notRun)
    })

    it('only go forward: one that has gone on stays as it is', async () => {
      const entry = entryOf('sql-1')
      await add(entry)
      const started: SweepEntry = { ...entry, status: 'started', startedAt: dueAt }
      const failed: SweepEntry = { ...started, status: 'failed', endedAt: dueAt }
      const notRun: SweepEntry = { ...entry, status: 'not_run', endedAt: dueAt }
      await tested.entries.update(started, 'starting')
      await tested.entries.update(notRun, 'starting')
      expect((await tested.entries.list(night, { limit: 1 })).items).toEqual([started])
      await tested.entries.update(failed, 'started')
      await tested.entries.update(started, 'starting')
      await tested.entries.update({ ...failed, status: 'passed' }, 'started')
      expect((await tested.entries.list(night, { limit: 1 })).items).toEqual([failed])
    })

    it('go on once, for the one who comes first', async () => {
      const entry = entryOf('sql-1')
      await add(entry)
      const rivals = (['started', 'not_run'] as const).map((status) => ({ ...entry, status }))
      await Promise.all(rivals.map((rival) => tested.entries.update(rival, 'starting')))
      const [stands] = (await tested.entries.list(night, { limit: 1 })).items
      expect(rivals).toContainEqual(stands)
      for (const rival of rivals) await tested.entries.update(rival, 'starting')
      expect((await tested.entries.list(night, { limit: 1 })).items).toEqual([stands])
    })

    it('are not made by a change of one that is not there', async () => {
      await tested.entries.update(entryOf('sql-1', 'started'), 'starting')
      expect((await tested.entries.list(night, { limit: 1 })).items).toEqual([])
    })

    it('are open while their prechecks start and run, and listed in the order of the instances', async () => {
      const statuses = SweepEntryStatus.options
      await add(...statuses.map((status, index) => entryOf(`sql-${index}`, status)))
      await add(...['b', 'a.1', 'B', 'a'].map((id) => entryOf(id, id === 'a' ? 'started' : 'starting')))
      await add(entryOf('sql-9', 'starting', { sweepId: otherNight }))
      expect(statuses.slice(0, 2)).toEqual(['starting', 'started'])
      expect(await openIds(10)).toEqual(['B', 'a', 'a.1', 'b', 'sql-0', 'sql-1'])
      expect(await openIds(3)).toEqual(['B', 'a', 'a.1'])
      expect(await openIds(10, otherNight)).toEqual(['sql-9'])
      expect(await openIds(10, '2026-11-23')).toEqual([])
    })

    it('are open no more when they have ended', async () => {
      const entry = entryOf('sql-1')
      await add(entry, entryOf('sql-2'))
      const started: SweepEntry = { ...entry, status: 'started', startedAt: dueAt }
      await tested.entries.update(started, 'starting')
      expect((await tested.entries.listOpen(night, 1))[0]).toEqual(started)
      await tested.entries.update({ ...started, status: 'passed', endedAt: dueAt }, 'started')
      expect(await openIds(10)).toEqual(['sql-2'])
    })

    it('are found open behind many that have ended', async () => {
      await add(...numbered(700).map((id) => entryOf(id, 'passed')))
      await add(entryOf('sql-9998', 'started'), entryOf('sql-9999'))
      expect(await openIds(10)).toEqual(['sql-9998', 'sql-9999'])
    })

    it('are listed in the order of the instances, page by page', async () => {
      const inOrder = ['B', 'a', 'a-1', 'a.1', 'a1', 'a_', 'b']
      await add(...inOrder.toReversed().map((id) => entryOf(id)))
      await add(entryOf('c', 'starting', { sweepId: otherNight }))
      const first = await ids(3)
      expect(first.items).toEqual(['B', 'a', 'a-1'])
      const second = await ids(3, first.next)
      expect(second.items).toEqual(['a.1', 'a1', 'a_'])
      expect(await ids(3, second.next)).toEqual({ items: ['b'], next: null })
      expect(await ids(7)).toEqual({ items: inOrder, next: null })
    })

    it('fill a page of some statuses from as many rows as it takes', async () => {
      const all = numbered(24)
      const statusOf = (index: number) => (['passed', 'failed', 'not_run'] as const)[index % 3] ?? 'passed'
      await add(...all.map((id, index) => entryOf(id, statusOf(index))))
      const wanted = ['failed', 'not_run'] as const
      const expected = all.filter((_, index) => index % 3 > 0)
      const first = await ids(9, null, wanted)
      expect(first.items).toEqual(expected.slice(0, 9))
      expect(await ids(7, first.next, wanted)).toEqual({ items: expected.slice(9), next: null })
      expect(await ids(8, null, ['failed'])).toEqual({
        items: all.filter((_, index) => index % 3 === 1),
        next: null,
      })
      expect(await ids(10, null, ['inconclusive'])).toEqual({ items: [], next: null })
    })

    it('are counted by what became of them', async () => {
      const none = { started: 0, running: 0, passed: 0, warning: 0, failed: 0, inconclusive: 0, notRun: 0 }
      expect(await tested.entries.count(night)).toEqual(none)
      const times = { starting: 1, started: 2, passed: 3, warning: 4, failed: 5, inconclusive: 6, not_run: 7 }
      const entries = SweepEntryStatus.options.flatMap((status) =>
        numbered(times[status]).map((id) => entryOf(`${status}-${id}`, status)),
      )
      await add(...entries, entryOf('sql-1', 'passed', { sweepId: otherNight }))
      expect(await tested.entries.count(night)).toEqual({
        started: 21,
        running: 3,
        passed: 3,
        warning: 4,
        failed: 5,
        inconclusive: 6,
        notRun: 7,
      })
    })

    it('are counted all, however many there are', async () => {
      await add(...numbered(1200).map((id, index) => entryOf(id, index % 3 === 0 ? 'failed' : 'passed')))
      expect(await tested.entries.count(night)).toMatchObject({ started: 1200, passed: 800, failed: 400 })
    })
  })
}
