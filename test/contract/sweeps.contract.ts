import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Sweep, SweepClock } from '../../shared/model/sweep.ts'
import type { Sweeps } from '../../shared/ports/sweeps.ts'

/** Sweeps under contract. */
export interface SweepsUnderTest {
  readonly sweeps: Sweeps
  readonly close: () => Promise<void>
}

const sweepOf = (id: string, changes: Partial<Sweep> = {}): Sweep => ({
  id,
  kind: 'nightly',
  state: 'running',
  filter: {},
  listing: null,
  startedAt: '2026-11-20T18:00:00.000Z',
  completedAt: null,
  counts: null,
  ...changes,
})

const nightOf = (day: number): Sweep => sweepOf(new Date(Date.UTC(2026, 10, day)).toISOString().slice(0, 10))

const clockAt = (through: string): SweepClock => ({ through, walk: null })

/** What every store of sweeps does, whatever it stands on. */
export const sweepsContract = (name: string, open: () => Promise<SweepsUnderTest>): void => {
  describe(`the sweeps on ${name}`, () => {
    let tested: SweepsUnderTest

    beforeEach(async () => {
      tested = await open()
    })
    afterEach(() => tested.close())

    const ids = async (limit: number, after?: string | null) => {
      const { items, next } = await tested.sweeps.list({ limit, ...(after && { after }) })
      return { items: items.map(({ id }) => id), next }
    }

    it('give back what was written, and how often', async () => {
      const asked = sweepOf('2026-11-21T020000Z-0a1b2c3d', {
        kind: 'requested',
        filter: { engine: 'oracle', region: 'cn-hangzhou', tags: { team: '订单 <&>"\'' } },
        listing: { after: 'ora-1' },
      })
      expect(await tested.sweeps.put(asked, 0)).toBe(true)
      expect(await tested.sweeps.get(asked.id)).toEqual({ document: asked, revision: 1 })
      const counts = { started: 9, running: 0, passed: 4, warning: 3, failed: 2, inconclusive: 0, notRun: 1 }
      const completed = { ...asked, state: 'completed', listing: null, counts } as const
      expect(await tested.sweeps.put(completed, 1)).toBe(true)
      expect(await tested.sweeps.get(asked.id)).toEqual({ document: completed, revision: 2 })
      expect(await tested.sweeps.get('2026-11-21')).toBeNull()
    })

    it('are changed by the one who saw the last revision', async () => {
      const sweep = nightOf(1)
      expect(await tested.sweeps.put(sweep, 1)).toBe(false)
      const first = await Promise.all([tested.sweeps.put(sweep, 0), tested.sweeps.put(sweep, 0)])
      expect(first.filter(Boolean)).toHaveLength(1)
      const changes = await Promise.all(
        ['a', 'b'].map((after) => tested.sweeps.put({ ...sweep, listing: { after } }, 1)),
      )
      expect(changes.filter(Boolean)).toHaveLength(1)
      expect(await tested.sweeps.put(sweep, 1)).toBe(false)
      expect(await tested.sweeps.get(sweep.id)).toEqual({
        document: { ...sweep, listing: { after: changes[0] ? 'a' : 'b' } },
        revision: 2,
      })
    })

    it('are listed newest first, page by page', async () => {
      expect(await ids(10)).toEqual({ items: [], next: null })
      const asked = ['2026-11-02T000000Z-ffffffff', '2026-11-02T000001Z-00000000']
      const inOrder = ['2026-11-01', '2026-11-02', ...asked, '2026-11-03', '2026-11-04']
      for (const id of inOrder.toReversed()) await tested.sweeps.put(sweepOf(id), 0)
      const newestFirst = inOrder.toReversed()
      const first = await ids(4)
      expect(first.items).toEqual(newestFirst.slice(0, 4))
      expect(await ids(4, first.next)).toEqual({ items: newestFirst.slice(4), next: null })
      expect(await ids(6)).toEqual({ items: newestFirst, next: null })
      const one = await ids(1)
      expect((await ids(1, one.next)).items).toEqual(newestFirst.slice(1, 2))
    })

    it('know how far the nights have been dealt with', async () => {
      expect(await tested.sweeps.readClock()).toBeNull()
      const begun = clockAt('2026-11-20T18:00:00.000Z')
      expect(await tested.sweeps.writeClock(begun, 1)).toBe(false)
      expect(await tested.sweeps.writeClock(begun, 0)).toBe(true)
      expect(await tested.sweeps.writeClock(begun, 0)).toBe(false)
      expect(await tested.sweeps.readClock()).toEqual({ document: begun, revision: 1 })
      const until = '2026-11-20T18:01:00.000Z'
      const walking: SweepClock = { ...begun, walk: { until, after: 'sql-7', unfinished: ['2026-11-21'] } }
      const writes = [1, 1].map((revision) => tested.sweeps.writeClock(walking, revision))
      expect((await Promise.all(writes)).filter(Boolean)).toHaveLength(1)
      expect(await tested.sweeps.readClock()).toEqual({ document: walking, revision: 2 })
      expect(await ids(10)).toEqual({ items: [], next: null })
    })
  })
}
