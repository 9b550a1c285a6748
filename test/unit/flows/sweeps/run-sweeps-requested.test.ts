import { afterEach, describe, expect, it } from 'vitest'
import { requestSweep } from '../../../../shared/flows/sweeps/request-sweep.ts'
import type { SweepFilter } from '../../../../shared/model/sweep.ts'
import { type SweepWorld, sweepWorld } from '../../../support/sweep-world.ts'

let world: SweepWorld
afterEach(() => world.close())

/** A world in which no nights are, with sweeps that somebody asks for. */
const open = (changes: Parameters<typeof sweepWorld>[1] = {}) => {
  world = sweepWorld('2026-11-21T08:30:15.250Z', {
    fleetSchedule: { enabled: false, at: '02:00', window: 60 },
    ...changes,
  })
}

const request = (filter: SweepFilter = {}, suffix = '0a1b2') =>
  requestSweep({ ...world.deps, newSweepSuffix: () => suffix }, filter)

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `db-${String(index).padStart(3, '0')}`)

const goOn = async (): Promise<void> => {
  for (let isBusy = true; isBusy;) {
    ;({ isBusy } = await world.run())
    await world.finish()
  }
  await world.run()
}

describe('a requested sweep', () => {
  it('has the time in its id, and is running until a round deals with it', async () => {
    open()
    const sweep = await request({ engine: 'oracle', tags: { team: 'orders' } })
    expect(sweep).toEqual({
      id: '2026-11-21T083015Z-0fa0a1b2',
      kind: 'requested',
      state: 'running',
      filter: { engine: 'oracle', tags: { team: 'orders' } },
      listing: { after: null },
      startedAt: '2026-11-21T08:30:15.250Z',
      completedAt: null,
      counts: null,
    })
    expect(await world.sweep(sweep.id)).toEqual(sweep)
  })

  it('starts the enabled instances that its filter lets through, and completes', async () => {
    open()
    await world.register('wanted', { tags: { team: 'orders', tier: 'gold' }, region: 'cn-beijing' })
    await world.register('other-team', { tags: { team: 'billing' }, region: 'cn-beijing' })
    await world.register('other-region', { tags: { team: 'orders' } })
    await world.register('off', { tags: { team: 'orders' }, region: 'cn-beijing', enabled: false })
    const { id } = await request({ engine: 'sqlserver', region: 'cn-beijing', tags: { team: 'orders' } })
    await goOn()
    expect(await world.statuses(id)).toEqual({ wanted: 'passed' })
    expect(await world.sweep(id)).toMatchObject({
      state: 'completed',
      listing: null,
      counts: { started: 1, passed: 1 },
    })
    const [entry] = await world.entries(id)
    expect((await world.results.get(entry?.precheckId ?? ''))?.precheck.trigger).toBe('request')
    expect(world.notifications.map(({ source }) => source)).toEqual([{ kind: 'sweep', sweepId: id }])
  })

  it('of nothing completes with nothing', async () => {
    open()
    const { id } = await request({ engine: 'oracle' })
    await goOn()
    expect(await world.sweep(id)).toMatchObject({ state: 'completed', counts: { started: 0, notRun: 0 } })
  })

  it('goes through a fleet page by page, with no more running than may', async () => {
    open({ sweepConcurrency: 30 })
    await Promise.all(numbered(250).map((id) => world.register(id)))
    const { id } = await request()
    let most = 0
    for (let isBusy = true; isBusy;) {
      ;({ isBusy } = await world.run())
      const statuses = Object.values(await world.statuses(id))
      most = Math.max(most, statuses.filter((status) => status === 'started').length)
      await world.finish()
    }
    await world.run()
    expect(most).toBe(30)
    expect(world.created.map(({ instanceId }) => instanceId).toSorted()).toEqual(numbered(250))
    expect(await world.sweep(id)).toMatchObject({ state: 'completed', counts: { started: 250, passed: 250 } })
  })

  it('ends a round when its time is over, and goes on where it was', async () => {
    open({ sweepConcurrency: 1000 })
    await Promise.all(numbered(450).map((id) => world.register(id)))
    const { id } = await request()
    const { instances } = world.deps
    const looked: (string | undefined)[] = []
    // A page takes a minute.
    const list: typeof instances.list = (selection) => {
      world.wait(1)
      looked.push(selection.after)
      return instances.list(selection)
    }
    Object.assign(world.deps, { instances: { ...instances, list } })
    expect(await world.run(60_000)).toEqual({ isBusy: true })
    expect(world.created).toHaveLength(64)
    expect(await world.run(120_000)).toEqual({ isBusy: true })
    expect(world.created).toHaveLength(64 + 200 + 64)
    await world.run(120_000)
    await world.finish()
    await world.run()
    expect(looked).toEqual([undefined, 'db-063', 'db-263', 'db-327'])
    expect(await world.sweep(id)).toMatchObject({ state: 'completed', counts: { started: 450, passed: 450 } })
  })

  it('does not start what is in a maintenance window', async () => {
    open()
    const maintenanceWindows = [{ reason: 'failover drill', weekdays: ['sat'], at: '16:00', minutes: 60 }]
    await world.register('db-1')
    await world.register('drilled', { maintenanceWindows })
    const { id } = await request()
    await goOn()
    expect(await world.statuses(id)).toEqual({ 'db-1': 'passed', drilled: 'MAINTENANCE_WINDOW' })
    expect((await world.sweep(id))?.troubled).toEqual({ failed: [], inconclusive: [], notRun: ['drilled'] })
  })

  it('that nobody could deal with for a day starts nothing any more', async () => {
    open()
    await world.register('db-1')
    const { id } = await request()
    world.wait(24 * 60 + 1)
    await goOn()
    expect(await world.statuses(id)).toEqual({ 'db-1': 'WINDOW_MISSED' })
    expect(world.created).toEqual([])
  })

  it('shares the room with others, the older first, and each instance runs once at a time', async () => {
    open({ sweepConcurrency: 3 })
    await Promise.all(numbered(4).map((id) => world.register(id)))
    const first = await request({}, '00001')
    const second = await request({}, '00002')
    await world.run()
    expect(Object.keys(await world.statuses(first.id))).toHaveLength(3)
    expect(await world.statuses(second.id)).toEqual({})
    await world.finish()
    await goOn()
    const statuses = Object.values(await world.statuses(second.id))
    expect(statuses).toHaveLength(4)
    for (const status of statuses) expect(status).toMatch(/^(passed|PRECHECK_RUNNING)$/)
    expect((await world.sweep(first.id))?.counts).toMatchObject({ started: 4, passed: 4 })
  })
})
