import { afterEach, describe, expect, it } from 'vitest'
import type { BeginPrecheck } from '../../../../shared/ports/results.ts'
import { type SweepWorld, sweepWorld } from '../../../support/sweep-world.ts'

/** A minute before the window of 2026-11-21 begins in Shanghai. */
const evening = '2026-11-20T17:59:00.000Z'
const night = '2026-11-21'

let world: SweepWorld
afterEach(() => world.close())

const open = async (startsAt: string, changes: Parameters<typeof sweepWorld>[1] = {}) => {
  world = sweepWorld(startsAt, changes)
  await world.run()
}

const ids = (count: number, prefix = 'db') =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(4, '0')}`)

const registerAll = (names: readonly string[], definition = {}) =>
  Promise.all(names.map((id) => world.register(id, definition)))

/** Lets minutes go by with a round in each, the prechecks of which end before the next. */
const live = async (minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.wait(1)
    await world.run()
    await world.finish()
  }
}

describe('a night', () => {
  it('begins with the first round: what was due before the service was there is not made up for', async () => {
    world = sweepWorld('2026-11-20T23:00:00.000Z')
    await world.register('db-1')
    await world.run()
    await live(60)
    expect(await world.sweepIds()).toEqual([])
  })

  it('starts every enabled instance once, spread over the window, and completes', async () => {
    await open(evening)
    await registerAll(ids(40))
    await world.register('off', { enabled: false })
    await world.register('never', { schedule: { enabled: false } })
    await live(64)
    const sweep = await world.sweep(night)
    expect(sweep).toMatchObject({ kind: 'nightly', state: 'completed', filter: {} })
    expect(sweep?.counts).toEqual({
      waiting: 0,
      started: 40,
      running: 0,
      passed: 40,
      warning: 0,
      failed: 0,
      inconclusive: 0,
      notRun: 0,
    })
    expect(world.created.map(({ instanceId }) => instanceId).toSorted()).toEqual(ids(40))
    const entries = await world.entries(night)
    expect(new Set(entries.map(({ dueAt }) => dueAt)).size).toBeGreaterThan(15)
    for (const { dueAt, startedAt, endedAt } of entries) {
      expect(startedAt).toBe(dueAt)
      expect(Date.parse(endedAt ?? '')).toBe(Date.parse(dueAt))
    }
  })

  it('starts prechecks as scheduled ones, with the deadline of sweeps and the tags of the instance', async () => {
    await open(evening)
    await world.register('db-1', { tags: { team: 'orders' } })
    await live(61)
    const [entry] = await world.entries(night)
    const stored = await world.results.get(entry?.precheckId ?? '')
    expect(stored?.precheck).toMatchObject({ trigger: 'schedule', scope: 'full', tags: { team: 'orders' } })
    const { startedAt = '', deadlineAt = '' } = stored?.precheck ?? {}
    expect(Date.parse(deadlineAt) - Date.parse(startedAt)).toBe(600_000)
    expect(world.resultMessages).toEqual([{ kind: 'deadline', precheckId: entry?.precheckId }])
  })

  it('notes what each precheck came to', async () => {
    await open(evening)
    await registerAll(['bad-1', 'bad-2', 'good-1'])
    for (let minute = 0; minute < 63; minute += 1) {
      world.wait(1)
      await world.run()
      await world.finish((id) => (id.startsWith('bad') ? 'failed' : 'passed'))
    }
    expect(await world.statuses(night)).toEqual({ 'bad-1': 'failed', 'bad-2': 'failed', 'good-1': 'passed' })
    expect((await world.sweep(night))?.counts).toMatchObject({ started: 3, passed: 1, failed: 2 })
  })

  it('is told of once, before it is completed', async () => {
    await open(evening)
    await registerAll(ids(3))
    await live(70)
    expect(world.notifications.map(({ source }) => source)).toEqual([{ kind: 'sweep', sweepId: night }])
  })

  it('is not completed while an instance in another time zone is still to come', async () => {
    await open(evening)
    await world.register('east')
    await world.register('west', { region: 'us-west-1' })
    await live(180)
    expect(await world.statuses(night)).toEqual({ east: 'passed' })
    expect((await world.sweep(night))?.state).toBe('running')
    // 02:00 of the same date in Los Angeles.
    world.setTime('2026-11-21T10:00:00.000Z')
    await live(70)
    expect(await world.statuses(night)).toEqual({ east: 'passed', west: 'passed' })
    expect((await world.sweep(night))?.state).toBe('completed')
  })

  it('takes in an instance that comes after its completion, and is completed again as the same event', async () => {
    await open(evening)
    await world.register('east')
    await live(70)
    const before = await world.sweep(night)
    expect(before?.counts?.started).toBe(1)
    await world.register('west', { region: 'us-west-1' })
    world.setTime('2026-11-21T10:00:00.000Z')
    await live(70)
    expect(await world.sweep(night)).toEqual({
      ...before,
      counts: { ...before?.counts, started: 2, passed: 2 },
    })
  })

  it('does not start an instance twice whose schedule is moved to later in the same night', async () => {
    await open(evening)
    await world.register('db-1')
    await live(61)
    await world.register('db-1', { schedule: { at: '05:00' } })
    world.setTime('2026-11-20T20:59:00.000Z')
    await live(64)
    expect(world.created).toHaveLength(1)
    expect((await world.sweep(night))?.state).toBe('completed')
  })

  it.each([
    ['skips 02:30', '2026-03-08', '2026-03-08T07:00:00.000Z', '2026-03-08T10:30:00.000Z'],
    ['has 01:30 twice', '2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-01T05:30:00.000Z'],
  ])('that %s starts each instance once', async (_, date, before, dueAt) => {
    await open(before)
    const at = date === '2026-03-08' ? '02:30' : '01:30'
    // In New York: the clocks change at 02:00.
    await registerAll(ids(5), { region: 'us-east-1', schedule: { at, window: 1 } })
    await live(9 * 60)
    const entries = await world.entries(date)
    expect(entries.map((entry) => entry.instanceId)).toEqual(ids(5))
    const due = date === '2026-03-08' ? '2026-03-08T07:30:00.000Z' : dueAt
    expect(new Set(entries.map((entry) => entry.dueAt))).toEqual(new Set([due]))
    expect(world.created).toHaveLength(5)
  })
})

/** A sweep that was asked for and completed on the day after the night. */
const putCompleted = (number: number) => {
  const id = `2026-11-22T120000Z-${String(number).padStart(8, '0')}`
  return world.deps.sweeps.put(
    id,
    {
      id,
      kind: 'requested',
      state: 'completed',
      filter: {},
      listing: null,
      startedAt: '2026-11-22T12:00:00.000Z',
      completedAt: '2026-11-22T12:00:00.000Z',
      counts: null,
    },
    0,
  )
}

describe('after an outage', () => {
  it('starts what was missed as long as an hour after the window, and records the rest as not run', async () => {
    await open(evening)
    await registerAll(['late', 'later'])
    await world.register('wide', { schedule: { window: 240 } })
    world.setTime('2026-11-20T20:00:00.000Z')
    await world.run()
    expect(world.created.length).toBeGreaterThanOrEqual(2)
    await world.finish()

    world.setTime('2026-11-21T20:00:01.000Z')
    await world.run()
    await world.finish()
    world.setTime('2026-11-21T23:00:00.000Z')
    await world.run()
    const { wide, ...others } = await world.statuses('2026-11-22')
    expect(wide).toMatch(/passed|started/)
    expect(others).toEqual({ late: 'WINDOW_MISSED', later: 'WINDOW_MISSED' })
    const [missed] = await world.entries('2026-11-22')
    expect(missed?.notRun?.params).toEqual({ latestAt: '2026-11-21T20:00:00.000Z' })
  })

  it('records the nights of a week as missed and no more', async () => {
    await open(evening)
    await world.register('db-1')
    world.setTime('2026-12-01T12:00:00.000Z')
    await world.run()
    const nights = ['01', '30', '29', '28', '27', '26', '25']
    expect(await world.sweepIds()).toEqual(
      nights.map((day) => (day === '01' ? '2026-12-01' : `2026-11-${day}`)),
    )
    expect(await world.statuses('2026-11-25')).toEqual({ 'db-1': 'WINDOW_MISSED' })
    expect(world.created).toEqual([])
    await live(3)
    for (const id of await world.sweepIds())
      expect(await world.sweep(id)).toMatchObject({ state: 'completed', counts: { started: 0, notRun: 1 } })
  })

  it('that began in the middle of a night, says of the rest of that night that it was missed', async () => {
    await open(evening)
    await registerAll(ids(30), { schedule: { window: 60 } })
    await live(30)
    const started = world.created.length
    expect(started).toBeGreaterThan(0)
    expect(started).toBeLessThan(30)
    world.setTime('2026-11-24T12:00:00.000Z')
    await live(3)
    expect(await world.sweep(night)).toMatchObject({
      state: 'completed',
      counts: { passed: started, notRun: 30 - started },
    })
  })

  it('of a week, still completes the sweep that was running before it', async () => {
    await open(evening)
    await registerAll(ids(3))
    for (let minute = 0; minute < 60; minute += 1) {
      world.wait(1)
      await world.run()
    }
    expect((await world.sweep(night))?.state).toBe('running')
    // More than are read at a time.
    for (let number = 0; number < 110; number += 1) await putCompleted(number)
    world.setTime('2026-11-28T12:00:00.000Z')
    await world.run()
    await live(3)
    expect(await world.sweep(night)).toMatchObject({ state: 'completed', counts: { started: 3, passed: 3 } })
  })
})

describe('an instance is not prechecked', () => {
  it('in a maintenance window, and the entry says until when and why', async () => {
    await open(evening)
    const maintenanceWindows = [
      { reason: 'quarterly patch', from: '2026-11-20T17:00:00Z', until: '2026-11-20T22:00:00Z' },
    ]
    await world.register('patched', { maintenanceWindows })
    await world.register('db-1')
    await live(64)
    expect(await world.statuses(night)).toEqual({ 'db-1': 'passed', patched: 'MAINTENANCE_WINDOW' })
    const entry = (await world.entries(night)).find(({ instanceId }) => instanceId === 'patched')
    expect(entry?.notRun?.params).toEqual({ reason: 'quarterly patch', until: '2026-11-20T22:00:00.000Z' })
    expect((await world.sweep(night))?.counts).toMatchObject({ started: 1, notRun: 1 })
  })

  it('while another precheck of it runs, and the entry says which', async () => {
    await open(evening)
    await world.register('db-1')
    const { startPrecheck } = await import('../../../../shared/flows/prechecks/start-precheck.ts')
    const other = await startPrecheck(
      { ...world.deps, limits: world.deps.sweepLimits },
      { instanceId: 'db-1', trigger: 'request', repeatable: null },
    )
    for (let minute = 0; minute < 60; minute += 1) {
      world.wait(1)
      await world.run()
    }
    const [entry] = await world.entries(night)
    expect(entry).toMatchObject({ status: 'not_run', startedAt: null })
    const running = 'value' in other ? other.value.precheckId : ''
    expect(entry?.notRun).toEqual({ code: 'PRECHECK_RUNNING', params: { precheckId: running } })
    expect(world.created).toHaveLength(1)
    // Where the deadline of the other one was lost, it will not be in the way another night.
    expect(world.resultMessages.at(-1)).toEqual({ kind: 'deadline', precheckId: running })
  })

  it('when it was removed between the look at the list and its start', async () => {
    await open(evening)
    await registerAll(['db-1', 'gone'])
    const { instances, dueStarts } = world.deps
    const seen: string[] = []
    const removing: Parameters<typeof sweepWorld>[1] = {
      dueStarts: {
        ...dueStarts,
        list: (selection) => {
          seen.length = 0
          return dueStarts.list(selection)
        },
      },
      instances: {
        ...instances,
        get: async (id) => {
          seen.push(id)
          return id === 'gone' && seen.filter((each) => each === id).length > 1 ? null : instances.get(id)
        },
      },
    }
    Object.assign(world.deps, removing)
    await live(64)
    expect(await world.statuses(night)).toEqual({ 'db-1': 'passed', gone: 'INSTANCE_REMOVED' })
  })
})

describe('a round', () => {
  it('never lets more prechecks run than it may, and goes on when there is room', async () => {
    await open(evening, { sweepConcurrency: 7 })
    await registerAll(ids(50), { schedule: { window: 1 } })
    world.wait(1)
    let rounds = 0
    for (let isBusy = true; isBusy; rounds += 1) {
      ;({ isBusy } = await world.run())
      const statuses = Object.values(await world.statuses(night))
      expect(statuses.filter((status) => status === 'started').length).toBeLessThanOrEqual(7)
      await world.finish()
    }
    expect(rounds).toBe(8)
    expect(world.created.map(({ instanceId }) => instanceId)).toEqual(ids(50))
    await live(2)
    expect((await world.sweep(night))?.counts).toMatchObject({ started: 50, passed: 50 })
  })

  it('starts a quarter more than ended since the last one, up to the most that may run, and no more when less ends', async () => {
    await open(evening, { sweepConcurrency: 4, maxSweepConcurrency: 20 })
    await registerAll(ids(150), { schedule: { window: 1 } })
    world.wait(1)
    const started = async (): Promise<number> => {
      const before = world.created.length
      await world.run()
      return world.created.length - before
    }
    const starts: number[] = []
    for (let round = 0; round < 11; round += 1) {
      starts.push(await started())
      await world.finish()
    }
    expect(starts).toEqual([4, 5, 6, 7, 8, 10, 12, 15, 18, 20, 20])
    expect(await started()).toBe(20)
    // Nothing ends.
    expect(await started()).toBe(0)
    await world.finish((id) => (id.endsWith('0') ? 'failed' : 'passed'))
    expect(await started()).toBe(5)
  })

  it('spreads the check items of what it starts, those of an instance together', async () => {
    const delays: number[] = []
    const begin: BeginPrecheck = async ({ delaySeconds }) => {
      delays.push(delaySeconds)
      return { kind: 'created' }
    }
    await open(evening, { sweepConcurrency: 200, spreadSeconds: 10, begin })
    await registerAll(ids(200), { schedule: { window: 1 } })
    world.wait(1)
    await world.run()
    expect(delays).toHaveLength(200)
    const perSecond = Array.from({ length: 10 }, (_, second) => delays.filter((at) => at === second).length)
    expect(perSecond.reduce((sum, count) => sum + count)).toBe(200)
    expect(Math.max(...perSecond)).toBeLessThan(45)
  })

  it('has room left for what has become due since the one that was interrupted', async () => {
    await open(evening, { sweepConcurrency: 5 })
    await registerAll(ids(7), { schedule: { window: 1 } })
    await registerAll(ids(3, 'next'), { schedule: { at: '02:01', window: 1 } })
    await live(1)
    expect(world.created).toHaveLength(5)
    await live(1)
    expect(world.created).toHaveLength(10)
  })

  it('does nothing more while nothing ends, and says that it is busy', async () => {
    await open(evening, { sweepConcurrency: 2 })
    await registerAll(ids(5), { schedule: { window: 1 } })
    world.wait(1)
    for (const _ of [1, 2, 3]) expect(await world.run()).toEqual({ isBusy: true })
    expect(world.created).toHaveLength(2)
  })

  it('keeps nobody waiting for an instance that cannot be started, and tries that one again', async () => {
    await open(evening)
    await registerAll(ids(4), { schedule: { window: 1 } })
    const { begin } = world.deps
    const refusing: BeginPrecheck = async (beginning) => {
      if (beginning.precheck.instanceId === 'db-0001') throw new Error('the store refuses it')
      return begin(beginning)
    }
    Object.assign(world.deps, { begin: refusing })
    world.wait(1)
    await expect(world.run()).rejects.toThrow('db-0001: the store refuses it')
    expect(world.created).toHaveLength(3)
    Object.assign(world.deps, { begin })
    await live(3)
    expect(world.created).toHaveLength(4)
    expect((await world.sweep(night))?.counts).toMatchObject({ started: 4, passed: 4 })
  })

  it('gives an instance up that could not be started until its window was long over', async () => {
    await open(evening)
    await world.register('db-1', { schedule: { window: 1 } })
    Object.assign(world.deps, { begin: () => Promise.reject(new Error('no')) })
    world.wait(1)
    await expect(world.run()).rejects.toThrow('no')
    world.wait(62)
    await world.run()
    await live(1)
    expect(await world.statuses(night)).toEqual({ 'db-1': 'WINDOW_MISSED' })
    expect((await world.sweep(night))?.state).toBe('completed')
  })

  it('reads what runs once, and not what it has just started', async () => {
    await open(evening)
    await registerAll(ids(4), { schedule: { window: 1 } })
    const { results } = world.deps
    const read: string[] = []
    const get: typeof results.get = (precheckId) => {
      read.push(precheckId)
      return results.get(precheckId)
    }
    Object.assign(world.deps, { results: { ...results, get } })
    world.wait(1)
    await world.run()
    expect(read).toEqual([])
    world.wait(1)
    await world.run()
    expect(read.toSorted()).toEqual(world.created.map(({ precheckId }) => precheckId).toSorted())
  })
})
