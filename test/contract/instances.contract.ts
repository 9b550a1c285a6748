import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Instance } from '../../shared/model/instance.ts'
import { type InstanceFilter, type Instances, wantedBy } from '../../shared/ports/instances.ts'
import { definitionOf } from '../support/context.ts'

/** Registered instances under contract. */
export interface InstancesUnderTest {
  readonly instances: Instances
  readonly close: () => Promise<void>
}

const at = '2026-11-21T02:00:00.000Z'

const instanceOf = (id: string, changes: Readonly<Record<string, unknown>> = {}, revision = 1): Instance => ({
  id,
  definition: definitionOf(id.startsWith('ora') ? 'oracle' : 'sqlserver', changes),
  status: 'registered',
  revision,
  registeredAt: at,
  updatedAt: at,
  validatedAt: null,
})

/** What every store of instances does, whatever it stands on. */
export const instancesContract = (name: string, open: () => Promise<InstancesUnderTest>): void => {
  describe(`the instances on ${name}`, () => {
    let tested: InstancesUnderTest

    beforeEach(async () => {
      tested = await open()
    })
    afterEach(() => tested.close())

    const put = (instance: Instance, revision: number): Promise<boolean> =>
      tested.instances.put(instance.id, instance, revision)
    const register = async (...instances: readonly Instance[]): Promise<void> => {
      for (const instance of instances) await put(instance, 0)
    }
    const ids = async (filter: InstanceFilter, limit: number, after?: string) => {
      const page = { limit, ...(after !== undefined && { after }) }
      const { items, next } = await tested.instances.list({ ...page, isWanted: wantedBy(filter) })
      return { items: items.map(({ document }) => document.id), next }
    }

    it('are listed in the order of their ids, page by page', async () => {
      const unordered = ['b', 'a.1', 'a-1', 'a', 'a_', 'B', 'a1']
      await register(...unordered.map((id) => instanceOf(id)))
      expect(await ids({}, 3)).toEqual({ items: ['B', 'a', 'a-1'], next: 'a-1' })
      expect(await ids({}, 3, 'a-1')).toEqual({ items: ['a.1', 'a1', 'a_'], next: 'a_' })
      expect(await ids({}, 3, 'a_')).toEqual({ items: ['b'], next: null })
      expect(await ids({}, 7)).toEqual({ items: ['B', 'a', 'a-1', 'a.1', 'a1', 'a_', 'b'], next: null })
      expect(await ids({}, 3, 'b')).toEqual({ items: [], next: null })
    })

    it('are listed by engine, region, tag and whether they are enabled', async () => {
      await register(
        instanceOf('ora-1', { region: 'cn-beijing', tags: { team: 'orders' } }),
        instanceOf('sql-1', { tags: { team: 'orders', tier: 'gold' } }),
        instanceOf('sql-2', { enabled: false, tags: { team: 'billing' } }),
        instanceOf('sql-3', { region: 'cn-beijing' }),
      )
      const found = async (filter: InstanceFilter) => (await ids(filter, 10)).items
      expect(await found({ engine: 'oracle' })).toEqual(['ora-1'])
      expect(await found({ region: 'cn-beijing' })).toEqual(['ora-1', 'sql-3'])
      expect(await found({ enabled: false })).toEqual(['sql-2'])
      expect(await found({ tags: { team: 'orders' } })).toEqual(['ora-1', 'sql-1'])
      expect(await found({ engine: 'sqlserver', tags: { team: 'orders' } })).toEqual(['sql-1'])
      expect(await found({ tags: { gold: 'tier' } })).toEqual([])
    })

    it('are listed by several tags, every one of which must match', async () => {
      await register(
        instanceOf('sql-1', { tags: { team: 'orders', tier: 'gold', city: '杭州' } }),
        instanceOf('sql-2', { tags: { team: 'orders', tier: 'silver' } }),
        instanceOf('sql-3', { tags: { tier: 'gold' } }),
        instanceOf('sql-4'),
      )
      const found = async (tags: Readonly<Record<string, string>>) => (await ids({ tags }, 10)).items
      expect(await found({ team: 'orders', tier: 'gold' })).toEqual(['sql-1'])
      expect(await found({ tier: 'gold', city: '杭州', team: 'orders' })).toEqual(['sql-1'])
      expect(await found({ team: 'billing', tier: 'gold' })).toEqual([])
      expect(await found({ tier: 'gold' })).toEqual(['sql-1', 'sql-3'])
      expect(await found({})).toEqual(['sql-1', 'sql-2', 'sql-3', 'sql-4'])
    })

    it('fill a page of a filtered list from as many rows as it takes', async () => {
      const numbered = Array.from({ length: 12 }, (_, index) => String(index).padStart(2, '0'))
      await register(
        ...numbered.flatMap((number) => [instanceOf(`ora-${number}`), instanceOf(`sql-${number}`)]),
      )
      const first = await ids({ engine: 'sqlserver' }, 8)
      expect(first).toEqual({ items: numbered.slice(0, 8).map((number) => `sql-${number}`), next: 'sql-07' })
      expect(await ids({ engine: 'sqlserver' }, 4, 'sql-07')).toEqual({
        items: numbered.slice(8).map((number) => `sql-${number}`),
        next: null,
      })
    })

    it('have the schedules of those that are enabled listed', async () => {
      const schedule = { enabled: true, at: '01:30', timeZone: 'Asia/Shanghai', window: 90 }
      await register(
        instanceOf('sql-2', { schedule, region: 'cn-beijing' }),
        instanceOf('ora-1', { schedule: { at: '23:00' }, description: '订单库' }),
        instanceOf('sql-1', { enabled: false, schedule }),
        instanceOf('sql-3', { schedule: { enabled: false } }),
        instanceOf('sql-4'),
      )
      expect(await tested.instances.listSchedules({ limit: 10 })).toEqual({
        items: [
          { id: 'ora-1', region: 'cn-hangzhou', schedule: { at: '23:00' } },
          { id: 'sql-2', region: 'cn-beijing', schedule },
          { id: 'sql-3', region: 'cn-hangzhou', schedule: { enabled: false } },
          { id: 'sql-4', region: 'cn-hangzhou', schedule: {} },
        ],
        next: null,
      })
    })

    it('have what the fleet shows of them listed, page by page', async () => {
      await register(
        instanceOf('sql-2', { region: 'cn-beijing', tags: { team: 'orders', city: '杭州' } }),
        instanceOf('ora-1', { enabled: false }),
        instanceOf('sql-1'),
      )
      const head = { region: 'cn-hangzhou', tags: {}, enabled: true }
      const ora1 = { ...head, id: 'ora-1', engine: 'oracle', enabled: false }
      const sql1 = { ...head, id: 'sql-1', engine: 'sqlserver' }
      const tags = { team: 'orders', city: '杭州' }
      const sql2 = { id: 'sql-2', engine: 'sqlserver', region: 'cn-beijing', tags, enabled: true }
      expect((await tested.instances.listHeads({ limit: 10 })).items).toEqual([ora1, sql1, sql2])
      const first = await tested.instances.listHeads({ limit: 2 })
      expect(first.items).toEqual([ora1, sql1])
      expect(await tested.instances.listHeads({ limit: 2, after: first.next! })).toEqual({
        items: [sql2],
        next: null,
      })
    })

    it('have the schedule of their last revision listed', async () => {
      await register(instanceOf('sql-1', { schedule: { at: '01:00' } }), instanceOf('sql-2'))
      await put(instanceOf('sql-1', { schedule: { at: '03:00' }, region: 'cn-beijing' }, 2), 1)
      await put(instanceOf('sql-2', { enabled: false }, 2), 1)
      const listed = () => tested.instances.listSchedules({ limit: 10 })
      const changed = { id: 'sql-1', region: 'cn-beijing', schedule: { at: '03:00' } }
      expect((await listed()).items).toEqual([changed])
      await put(instanceOf('sql-1', {}, 3), 2)
      await put(instanceOf('sql-2', {}, 3), 2)
      expect((await listed()).items).toEqual([
        { id: 'sql-1', region: 'cn-hangzhou', schedule: {} },
        { id: 'sql-2', region: 'cn-hangzhou', schedule: {} },
      ])
      await tested.instances.remove('sql-1')
      expect((await listed()).items).toHaveLength(1)
    })

    it('have the schedules of a large fleet listed in the order of the ids, page by page', async () => {
      const all = Array.from({ length: 700 }, (_, index) => `sql-${String(index).padStart(4, '0')}`)
      const isEnabled = (_: string, index: number) => index % 4 !== 1
      await Promise.all(
        all
          .map((id, index) => instanceOf(id, { enabled: isEnabled(id, index) }))
          .toReversed()
          .map((instance) => put(instance, 0)),
      )
      const enabled = all.filter(isEnabled)
      const pages: string[][] = []
      let after: string | null = null
      do {
        const page = await tested.instances.listSchedules({ limit: 200, ...(after !== null && { after }) })
        pages.push(page.items.map(({ id }) => id))
        after = page.next
      } while (after !== null)
      expect(pages.map(({ length }) => length)).toEqual([200, 200, 125])
      expect(pages.flat()).toEqual(enabled)
    })
  })
}
