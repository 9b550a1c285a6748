import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { completeSweep } from '../../../../shared/flows/sweeps/complete-sweep.ts'
import { requestSweep } from '../../../../shared/flows/sweeps/request-sweep.ts'
import { type SweepWorld, sweepWorld } from '../../../support/sweep-world.ts'

const night = '2026-11-21'

let world: SweepWorld
beforeEach(async () => {
  world = sweepWorld('2026-11-20T17:59:00.000Z')
  await world.run()
})
afterEach(() => world.close())

/** What was logged of sweeps. */
const ofSweeps = () => world.lines.filter(({ event }) => String(event).startsWith('sweep.'))

/** Rounds of a minute each, and the end of what they started. */
const live = async (minutes: number, status: 'passed' | 'failed' = 'passed'): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.wait(1)
    await world.run()
    await world.finish(() => status)
  }
}

const counts = { waiting: 0, running: 0, warning: 0, inconclusive: 0, notRun: 0 }

describe('the log of sweeps', () => {
  it('tells once of the start and of the end of a night, with its counts', async () => {
    await world.register('db-1', { schedule: { window: 1 } })
    await world.register('db-2', { schedule: { window: 1 } })
    await live(4, 'failed')
    expect(ofSweeps()).toEqual([
      { level: 'info', event: 'sweep.started', sweep: night, kind: 'nightly' },
      {
        level: 'info',
        event: 'sweep.completed',
        sweep: night,
        kind: 'nightly',
        ...counts,
        started: 2,
        passed: 0,
        failed: 2,
      },
    ])
  })

  it('tells once of the start and of the end of a requested sweep, however many pages it has', async () => {
    const ids = Array.from({ length: 210 }, (_, index) => `db-${String(index).padStart(3, '0')}`)
    await Promise.all(ids.map((id) => world.register(id, { schedule: { enabled: false } })))
    const { id } = await requestSweep({ ...world.deps, newSweepSuffix: () => '00001' }, {})
    await live(5)
    expect(ofSweeps()).toMatchObject([
      { event: 'sweep.started', sweep: id, kind: 'requested' },
      { event: 'sweep.completed', sweep: id, kind: 'requested', started: 210, passed: 210 },
    ])
  })

  it('tells of no end that another round has written first', async () => {
    await world.register('db-1', { schedule: { window: 1 } })
    await live(1)
    world.wait(1)
    await world.run()
    const settled = world.lines.filter(({ event }) => event === 'sweep.completed')
    const put = async () => false
    await completeSweep({ ...world.deps, sweeps: { ...world.deps.sweeps, put } }, night)
    expect(world.lines.filter(({ event }) => event === 'sweep.completed')).toEqual(settled)
  })
})
