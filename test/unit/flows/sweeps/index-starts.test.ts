import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registerInstance } from '../../../../shared/flows/instances/register-instance.ts'
import { definitionOf } from '../../../support/context.ts'
import { pageOf } from '../../../support/stores.ts'
import { type SweepWorld, sweepWorld } from '../../../support/sweep-world.ts'

/** A minute before the window of 2026-11-21 begins in Shanghai. */
const evening = '2026-11-20T17:59:00.000Z'
const schedule = { window: 1 }

let world: SweepWorld
beforeEach(async () => {
  world = sweepWorld(evening)
  await world.run()
})
afterEach(() => world.close())

const live = async (minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.wait(1)
    await world.run()
    await world.finish()
  }
}

const changes = async () => (await world.deps.scheduleChanges.list({ limit: 9 })).items
const minutes = async () =>
  (await world.deps.dueStarts.list({ limit: 99 })).items.map(({ document }) => document.minute)
const startedOf = () => world.created.map(({ instanceId }) => instanceId)

/** Registers an instance while something happens between the mark and the instance itself. */
const registerSlowly = (
  id: string,
  definition: Readonly<Record<string, unknown>>,
  between: () => Promise<void>,
) => {
  const { instances, scheduleChanges, now } = world.deps
  return registerInstance(
    {
      instances: {
        get: instances.get,
        put: async (...put) => {
          await between()
          return world.instances.put(...put)
        },
      },
      scheduleChanges: { ...scheduleChanges, put: world.markChange },
      newChangeId: () => 'slow',
      now,
      secretRules: { folder: null },
      webhooks: { list: async () => pageOf([]) },
    },
    { instanceId: id, definition: definitionOf('sqlserver', definition) },
  )
}

describe('the due starts', () => {
  it('have an instance that is written after a round has seen its mark', async () => {
    await live(1)
    await registerSlowly('db-1', { schedule: { at: '02:05', window: 1 } }, () => live(1))
    expect(await changes()).toHaveLength(1)
    await live(6)
    expect(startedOf()).toEqual(['db-1'])
    expect(await changes()).toEqual([])
  })

  it('have an instance at its new minute that moves while a round looks at it', async () => {
    await world.register('db-1', { schedule: { at: '05:00', window: 1 } })
    await live(2)
    await registerSlowly('db-1', { schedule: { at: '02:10', window: 1 } }, () => live(1))
    await live(9)
    expect(startedOf()).toEqual(['db-1'])
  })

  it('are looked at for a writer that died for an hour, and no longer', async () => {
    await world.announce('db-1')
    await live(1)
    world.wait(58)
    await live(1)
    expect(await changes()).toHaveLength(1)
    await live(2)
    expect(await changes()).toEqual([])
  })

  it('are brought in once for a registration that changes no schedule', async () => {
    await world.register('db-1', { schedule })
    expect(await changes()).toHaveLength(1)
    await live(1)
    await world.register('db-1', { schedule, description: 'orders' })
    expect(await changes()).toEqual([])
    await world.register('db-1', { schedule, enabled: false })
    expect(await changes()).toHaveLength(1)
  })

  it('that nobody has any more are forgotten within a day', async () => {
    await world.register('db-1', { schedule })
    await world.register('db-2', { schedule: { at: '04:00', window: 1 } })
    await live(1)
    expect(await minutes()).toEqual([-360, -240])
    await world.register('db-1', { schedule: { at: '03:00', window: 1 } })
    await world.instances.remove('db-2')
    await live(1)
    expect(await minutes()).toEqual([-360, -300, -240])
    world.wait(24 * 60)
    await live(1)
    expect(await minutes()).toEqual([-300])
  })

  it('have a start again that became right while it was removed', async () => {
    await world.register('db-1', { schedule })
    await live(1)
    await world.register('db-1', { schedule: { at: '03:00', window: 1 } })
    await live(1)
    const { remove, ...dueStarts } = world.deps.dueStarts
    Object.assign(world.deps, {
      dueStarts: {
        ...dueStarts,
        remove: async (id: string) => {
          // Back to the old minute, brought in by another round before the start is gone.
          await world.register('db-1', { schedule })
          for (const { document } of await changes()) await world.deps.scheduleChanges.remove(document.id)
          return remove(id)
        },
      },
    })
    world.wait(24 * 60)
    await live(1)
    expect(await minutes()).toContain(-360)
  })

  it('of both minutes are there while the clocks change', async () => {
    await world.close()
    world = sweepWorld('2026-03-07T12:00:00.000Z')
    await world.run()
    await world.register('db-1', { region: 'us-east-1', schedule })
    await live(1)
    expect(await minutes()).toEqual([420])
    world.setTime('2026-03-08T00:01:00.000Z')
    await live(1)
    expect(await minutes()).toEqual([360, 420])
    world.setTime('2026-03-21T00:01:00.000Z')
    await live(1)
    expect(await minutes()).toEqual([360])
  })
})
