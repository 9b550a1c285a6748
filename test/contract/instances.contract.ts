import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Instance } from '../../shared/model/instance.ts'
import type { InstanceFilter, Instances } from '../../shared/ports/instances.ts'
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

    const register = async (...instances: readonly Instance[]): Promise<void> => {
      for (const instance of instances) await tested.instances.put(instance, 0)
    }
    const ids = async (filter: InstanceFilter, limit: number, after?: string) => {
      const { items, next } = await tested.instances.list(filter, {
        limit,
        ...(after !== undefined && { after }),
      })
      return { items: items.map(({ id }) => id), next }
    }

    it('give back what was written', async () => {
      const instance = instanceOf('sql-1', { description: '订单库 <&>"\'' })
      expect(await tested.instances.put(instance, 0)).toBe(true)
      expect(await tested.instances.get('sql-1')).toEqual(instance)
      expect(await tested.instances.get('sql-2')).toBeNull()
    })

    it('give back what was written, however large', async () => {
      const requiredDatabases = Array.from({ length: 1000 }, (_, index) =>
        `Tenant_${index}_`.padEnd(128, 'x'),
      )
      const instance = instanceOf('sql-1', { requiredDatabases })
      await register(instance)
      expect(await tested.instances.get('sql-1')).toEqual(instance)
      expect((await tested.instances.list({}, { limit: 1 })).items).toEqual([instance])
    })

    it('are changed by the one who saw the last revision', async () => {
      await register(instanceOf('sql-1'))
      expect(await tested.instances.put(instanceOf('sql-1', { region: 'cn-beijing' }), 0)).toBe(false)
      const changes = ['cn-shanghai', 'cn-shenzhen'].map((region) =>
        tested.instances.put(instanceOf('sql-1', { region }, 2), 1),
      )
      expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1)
      expect((await tested.instances.get('sql-1'))?.revision).toBe(2)
      expect(await tested.instances.put(instanceOf('sql-1', {}, 3), 1)).toBe(false)
      expect(await tested.instances.put(instanceOf('sql-1', {}, 3), 2)).toBe(true)
      expect(await tested.instances.put(instanceOf('sql-2', {}, 2), 1)).toBe(false)
    })

    it('are removed once, and can be registered again', async () => {
      await register(instanceOf('sql-1'))
      expect(await tested.instances.remove('sql-1')).toBe(true)
      expect(await tested.instances.remove('sql-1')).toBe(false)
      expect(await tested.instances.get('sql-1')).toBeNull()
      expect(await tested.instances.put(instanceOf('sql-1'), 0)).toBe(true)
    })

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
  })
}
