import { afterEach, describe, expect, it } from 'vitest'
import { requestSweep } from '../../../../shared/flows/sweeps/request-sweep.ts'
import type { SweepDeps } from '../../../../shared/flows/sweeps/sweep-round.ts'
import { type SweepWorld, sweepWorld } from '../../../support/sweep-world.ts'

/** A minute before the window of 2026-11-21 begins in Shanghai. */
const evening = '2026-11-20T17:59:00.000Z'
const night = '2026-11-21'
const secondInMinutes = 1 / 60

let world: SweepWorld
afterEach(() => world.close())

const ids = (count: number) =>
  Array.from({ length: count }, (_, index) => `db-${String(index).padStart(4, '0')}`)

const open = async (fleet: readonly string[], definition = {}) => {
  world = sweepWorld(evening, { sweepConcurrency: 2000 })
  await world.run()
  await Promise.all(fleet.map((id) => world.register(id, { schedule: { window: 1 }, ...definition })))
  world.wait(1)
}

const request = (suffix = '00001') =>
  requestSweep({ ...world.deps, newSweepSuffix: () => suffix }, {}).then(({ id }) => id)

/** Replaces functions of a port. */
const replace = <Port extends keyof SweepDeps>(port: Port, changes: Partial<SweepDeps[Port]>): void => {
  Object.assign(world.deps, { [port]: { ...Object(world.deps[port]), ...changes } })
}

/** Lets every start take a second, and gives the times at which they begin. */
const slowDown = (): number[] => {
  const begun: number[] = []
  const { put } = world.deps.sweepEntries
  replace('sweepEntries', {
    put: async (key, entry, revision) => {
      if (revision > 0) return put(key, entry, revision)
      begun.push(Date.parse(world.time()))
      world.wait(secondInMinutes)
      return put(key, entry, revision)
    },
  })
  return begun
}

/** Rounds of 10 s until nothing more is to be done at once; how many starts each of them began after its end. */
const runInShortRounds = async (begun: readonly number[]): Promise<number[]> => {
  const late: number[] = []
  for (let isBusy = true; isBusy && late.length < 50;) {
    const endsAt = Date.parse(world.time()) + 10_000
    const before = begun.length
    ;({ isBusy } = await world.run(10_000))
    late.push(begun.slice(before).filter((at) => at >= endsAt).length)
  }
  return late
}

describe('while a store is slow', () => {
  it('a round of a night begins few starts after its end, and the next one goes on with the instance that is next', async () => {
    await open(ids(1200))
    const begun = slowDown()
    const late = await runInShortRounds(begun)
    expect(late.length).toBeGreaterThan(10)
    expect(Math.max(...late)).toBeLessThanOrEqual(64)
    expect(world.created.map(({ instanceId }) => instanceId).toSorted()).toEqual(ids(1200))
    expect(begun).toHaveLength(1200)
  })

  it('so does a round of a sweep that was asked for', async () => {
    await open(ids(450), { schedule: { enabled: false } })
    await request()
    const begun = slowDown()
    const late = await runInShortRounds(begun)
    expect(Math.max(...late)).toBeLessThanOrEqual(64)
    expect(world.created.map(({ instanceId }) => instanceId).toSorted()).toEqual(ids(450))
    expect(begun).toHaveLength(450)
  })

  it('a night gets on even if there is never time left for it', async () => {
    await open(ids(150))
    for (const most of [64, 128, 150]) {
      await world.run(0)
      expect(world.created).toHaveLength(most)
    }
  })

  it('no sweep is completed after the end of a round', async () => {
    await open(ids(1))
    await world.run()
    await world.finish()
    await world.run()
    world.wait(1)
    await world.run(0)
    expect((await world.sweep(night))?.state).toBe('running')
    world.wait(1)
    await world.run()
    expect((await world.sweep(night))?.state).toBe('completed')
  })
})

describe('what goes wrong in a round', () => {
  it('with the schedules keeps no sweep waiting that was asked for', async () => {
    await open(ids(3))
    const id = await request()
    replace('instances', { listSchedules: () => Promise.reject(new Error('the table is being moved')) })
    await expect(world.run()).rejects.toThrow('nights: the table is being moved')
    await world.finish()
    await expect(world.run()).rejects.toThrow('nights: the table is being moved')
    expect(await world.sweep(id)).toMatchObject({ state: 'completed', counts: { passed: 3 } })
  })

  it('with one sweep keeps no other one waiting', async () => {
    await open(ids(2), { schedule: { enabled: false } })
    const [first, second] = [await request('00001'), await request('00002')]
    const { put } = world.deps.sweeps
    replace('sweeps', {
      put: (id, sweep, revision) =>
        id === first ? Promise.reject(new Error('the row is locked')) : put(id, sweep, revision),
    })
    for (let round = 0; round < 2; round += 1) {
      await expect(world.run()).rejects.toThrow(`${first}: the row is locked`)
      await world.finish()
    }
    expect((await world.sweep(second))?.state).toBe('completed')
  })

  it('with an instance that cannot be entered is tried again from there, and the others are started', async () => {
    await open(ids(5))
    const { put } = world.deps.sweepEntries
    replace('sweepEntries', {
      put: (key, entry, revision) =>
        entry.instanceId === 'db-0002'
          ? Promise.reject(new Error('OTSServerBusy'))
          : put(key, entry, revision),
    })
    await expect(world.run()).rejects.toThrow('db-0002: OTSServerBusy')
    expect(world.created).toHaveLength(4)
    replace('sweepEntries', { put })
    await world.run()
    expect(world.created.map(({ instanceId }) => instanceId).toSorted()).toEqual(ids(5))
  })

  it('with an instance of a sweep that was asked for is not tried again in the same round', async () => {
    await open(ids(3), { schedule: { enabled: false } })
    const id = await request()
    const { put } = world.deps.sweepEntries
    let tries = 0
    replace('sweepEntries', {
      put: async (key, entry, revision) => {
        if (entry.instanceId !== 'db-0001') return put(key, entry, revision)
        tries += 1
        throw new Error('OTSServerBusy')
      },
    })
    await expect(world.run()).rejects.toThrow('db-0001: OTSServerBusy')
    expect(tries).toBe(1)
    expect((await world.sweep(id))?.listing).toEqual({ after: 'db-0000' })
    replace('sweepEntries', { put })
    await world.run()
    expect(world.created).toHaveLength(3)
  })

  it('is counted, and the first fault named', async () => {
    await open(ids(3))
    Object.assign(world.deps, { begin: () => Promise.reject(new Error('no room on the disk')) })
    await expect(world.run()).rejects.toThrow('db-0000: no room on the disk (3 errors in this round)')
  })
})

describe('a precheck whose deadline was lost', () => {
  it('is sent a new one, every hour until it ends', async () => {
    await open(ids(2))
    await world.run()
    const ended = world.created.map(({ precheckId }) => ({ kind: 'deadline', precheckId }))
    world.resultMessages.length = 0
    const sent: number[] = []
    // The first deadline is after 10 minutes.
    for (let minute = 1; minute <= 135; minute += 1) {
      world.wait(1)
      await world.run()
      if (world.resultMessages.length > 0) sent.push(minute)
      const messages = world.resultMessages.splice(0)
      if (messages.length > 0) expect(messages).toEqual(expect.arrayContaining(ended))
    }
    expect(sent).toEqual([70, 130])
    await world.finish()
    world.wait(1)
    await world.run()
    expect(await world.sweep(night)).toMatchObject({ state: 'completed', counts: { passed: 2 } })
  })
})

/** A moment so many days later. */
const daysAfter = (at: string, days: number): string =>
  new Date(Date.parse(at) + days * 86_400_000).toISOString()

describe('a machine whose clock was wrong', () => {
  it('has its nights again when the clock is right', async () => {
    world = sweepWorld('2031-01-01T00:00:00.000Z')
    await world.run()
    world.setClock(evening)
    await world.register('db-1', { schedule: { window: 1 } })
    for (let minute = 0; minute < 3; minute += 1) {
      await world.run()
      await world.finish()
      world.wait(1)
    }
    await world.run()
    expect(await world.sweep(night)).toMatchObject({ state: 'completed', counts: { passed: 1 } })
  })

  it('starts nothing twice when the clock goes back', async () => {
    await open(ids(3))
    world.wait(10)
    await world.run()
    await world.finish()
    for (const days of [-0.5, -3]) {
      world.setClock(daysAfter(evening, days))
      await world.run()
    }
    world.setClock(evening)
    for (let minute = 0; minute < 4; minute += 1) {
      await world.run()
      await world.finish()
      world.wait(1)
    }
    expect(world.created).toHaveLength(3)
  })

  /** Rounds of the next hours, each a minute after the one before, with all prechecks ended. */
  const pass = async (hours: number): Promise<void> => {
    for (let minute = 0; minute < hours * 60; minute += 1) {
      world.wait(1)
      await world.run()
      await world.finish()
    }
  }

  it('forgets the nights that have not come when it is set right after 30 days, and has them when they come', async () => {
    await open(ids(3))
    world.setClock(daysAfter(evening, 30))
    await pass(2)
    expect(await world.sweepIds()).toHaveLength(7)
    world.setClock(evening)
    await world.run()
    expect(await world.sweepIds()).toEqual([])
    // A day later than those who were started by the wrong clock may be started again.
    world.setTime(daysAfter(evening, 26))
    await world.run()
    const before = world.created.length
    for (const date of ['2026-12-17', '2026-12-18']) {
      await pass(2)
      expect(await world.statuses(date)).toEqual({
        'db-0000': 'passed',
        'db-0001': 'passed',
        'db-0002': 'passed',
      })
      world.setTime(daysAfter(world.time(), 22 / 24))
      await world.run()
    }
    expect(world.created.length - before).toBe(6)
  })

  it('starts nobody twice in a real night, whichever date the clock shows, and leaves nobody out', async () => {
    await open(ids(3), { schedule: { window: 60 } })
    await pass(0.5)
    const first = world.created.map(({ instanceId }) => instanceId)
    expect(first.length).toBeLessThan(3)
    world.setClock(daysAfter(world.time(), 30))
    await pass(0.25)
    world.setClock(daysAfter(world.time(), -30))
    await pass(1)
    expect(world.created.map(({ instanceId }) => instanceId).toSorted()).toEqual(ids(3))
  })

  it('makes up for the starts that a clock two hours ahead has missed', async () => {
    await open(ids(3))
    world.setClock(daysAfter(world.time(), 2 / 24))
    await pass(0.25)
    expect(Object.values(await world.statuses(night))).toEqual(ids(3).map(() => 'WINDOW_MISSED'))
    world.setClock(daysAfter(world.time(), -2 / 24))
    await pass(0.25)
    expect(Object.values(await world.statuses(night))).toEqual(['passed', 'passed', 'passed'])
  })

  it('leaves alone what was done by a clock that was two hours ahead', async () => {
    await open(ids(3), { schedule: { at: '04:10', window: 60 } })
    world.setClock(daysAfter(world.time(), 2 / 24))
    await pass(1.5)
    expect(world.created).toHaveLength(3)
    world.setClock(daysAfter(world.time(), -2 / 24))
    await pass(4)
    expect(world.created).toHaveLength(3)
    expect(Object.values(await world.statuses(night))).toEqual(['passed', 'passed', 'passed'])
  })

  it('starts no night that is to come where it is set right in the middle of a round', async () => {
    await open(ids(3))
    world.setClock(daysAfter(evening, 30))
    const { update } = world.deps.sweeps
    replace('sweeps', {
      update: (key, change) => {
        world.setClock(evening)
        return update(key, change)
      },
    })
    await world.run()
    replace('sweeps', { update })
    expect(world.created).toEqual([])
    await pass(0.25)
    expect(await world.sweepIds()).toEqual([night])
    expect(Object.values(await world.statuses(night))).toEqual(['passed', 'passed', 'passed'])
  })

  it('has the night in which it was set right after it had begun', async () => {
    await open(ids(3))
    world.setClock(daysAfter(evening, 200))
    world.wait(30)
    world.setClock(daysAfter(evening, 30 / 1440))
    await pass(0.5)
    expect(Object.values(await world.statuses(night))).toEqual(['passed', 'passed', 'passed'])
  })
})
