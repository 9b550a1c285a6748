import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { completeSweep } from '../../../../shared/flows/sweeps/complete-sweep.ts'
import { requestSweep } from '../../../../shared/flows/sweeps/request-sweep.ts'
import { runSweeps } from '../../../../shared/flows/sweeps/run-sweeps.ts'
import type { SweepDeps } from '../../../../shared/flows/sweeps/sweep-round.ts'
import { updating } from '../../../../shared/ports/documents.ts'
import { type SweepWorld, sweepWorld } from '../../../support/sweep-world.ts'

const night = '2026-11-21'
const schedule = { window: 1 }

let world: SweepWorld
beforeEach(async () => {
  world = sweepWorld('2026-11-20T17:59:00.000Z')
  await world.run()
})
afterEach(() => world.close())

/** A minute later: another round, and the end of what it started. */
const live = async (minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.wait(1)
    await world.run()
    await world.finish()
  }
}

/** A round with other ports. */
const runWith = (changes: Partial<SweepDeps>) =>
  runSweeps({ ...world.deps, ...changes }, world.deps.steady.ms() + 60_000)

/** Something that is waited for until it happens. */
const happening = () => {
  let happen = (): void => undefined
  const happened = new Promise<void>((resolve) => {
    happen = resolve
  })
  return { happened, happen: () => happen() }
}

describe('of two rounds at once', () => {
  it('the one that completes a night does not leave out what the other one just adds', async () => {
    await world.register('db-1', { schedule })
    await world.register('db-2', { region: 'us-west-1', schedule })
    await live(1)
    world.setTime('2026-11-21T10:00:00.000Z')
    const announced = happening()
    const added = happening()
    const { sweepEntries, notifications } = world.deps
    const completing: SweepDeps = {
      ...world.deps,
      notifications: {
        send: async (messages) => {
          announced.happen()
          await added.happened
          await notifications.send(messages)
        },
      },
    }
    let completed: Promise<void> = Promise.resolve()
    await runWith({
      sweepEntries: {
        ...sweepEntries,
        put: async (key, entry, revision) => {
          if (revision > 0) return sweepEntries.put(key, entry, revision)
          completed = completeSweep(completing, night)
          await announced.happened
          const isNew = await sweepEntries.put(key, entry, revision)
          added.happen()
          await completed
          expect((await world.sweep(night))?.state).toBe('completed')
          return isNew
        },
      },
    })
    expect((await world.sweep(night))?.state).toBe('running')
    await live(2)
    expect(await world.sweep(night)).toMatchObject({ state: 'completed', counts: { started: 2, passed: 2 } })
  })

  it('the one that is late in a requested sweep does not leave open what it adds after its completion', async () => {
    await world.register('db-1', { schedule: { enabled: false } })
    const { id } = await requestSweep({ ...world.deps, newSweepSuffix: () => '00001' }, {})
    const { instances } = world.deps
    await runWith({
      instances: {
        ...instances,
        list: async (selection) => {
          await live(2)
          expect((await world.sweep(id))?.state).toBe('completed')
          await world.register('db-0', { schedule: { enabled: false } })
          return instances.list(selection)
        },
      },
    })
    expect(await world.statuses(id)).toEqual({ 'db-0': 'started', 'db-1': 'passed' })
    expect((await world.sweep(id))?.state).toBe('running')
    await live(2)
    expect(await world.sweep(id)).toMatchObject({ state: 'completed', counts: { started: 2, passed: 2 } })
  })

  it('the one that walks more slowly gives way, and takes the clock not back', async () => {
    await world.register('db-1', { schedule })
    world.wait(1)
    const { instances } = world.deps
    await runWith({
      instances: {
        ...instances,
        listSchedules: async (page) => {
          world.wait(5)
          await world.run()
          return instances.listSchedules(page)
        },
      },
    })
    expect((await world.deps.sweepClock.get('nights'))?.document.through).toBe('2026-11-20T18:05:00.000Z')
    expect(world.created).toHaveLength(1)
  })
})

describe('a sweep is announced before its completion is written', () => {
  beforeEach(async () => {
    await world.register('db-1', { schedule })
    await live(1)
    world.wait(1)
  })

  it('so that a crash between the two loses no announcement', async () => {
    const { sweeps } = world.deps
    const put: typeof sweeps.put = async (id, sweep, revision) => {
      if (sweep.state === 'completed') throw new Error('the process ends')
      return sweeps.put(id, sweep, revision)
    }
    await expect(runWith({ sweeps: { ...sweeps, put } })).rejects.toThrow('the process ends')
    expect(world.notifications).toHaveLength(1)
  })

  it('and is not completed when it could not be announced', async () => {
    const notifications = { send: () => Promise.reject(new Error('no queue')) }
    await expect(runWith({ notifications })).rejects.toThrow('no queue')
    expect((await world.sweep(night))?.state).toBe('running')
    await live(1)
    expect((await world.sweep(night))?.state).toBe('completed')
    expect(world.notifications).toHaveLength(1)
  })
})

describe('the room for running prechecks', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `db-${String(index).padStart(4, '0')}`)
  const sweepConcurrency = 600

  beforeEach(async () => {
    await Promise.all(ids.map((id) => world.register(id, { schedule })))
    world.wait(1)
  })

  it('is kept over the pages of a walk', async () => {
    expect(await runWith({ sweepConcurrency })).toEqual({ isBusy: true })
    expect(world.created).toHaveLength(sweepConcurrency)
  })

  it('is kept when the process ends after a page, before it is written how far it came', async () => {
    const { sweeps } = world.deps
    let puts = 0
    const put: typeof sweeps.put = async (id, sweep, revision) => {
      puts += 1
      if (puts > 1) throw new Error('the process ends')
      return sweeps.put(id, sweep, revision)
    }
    const update = updating({ get: sweeps.get, put })
    await expect(runWith({ sweepConcurrency, sweeps: { ...sweeps, put, update } })).rejects.toThrow(
      'the process ends',
    )
    expect(world.created).toHaveLength(500)
    for (let round = 0; round < 8; round += 1) await runWith({ sweepConcurrency })
    expect(world.created).toHaveLength(sweepConcurrency)
  })
})
