import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { startPrecheck } from '../../../../shared/flows/prechecks/start-precheck.ts'
import { requestSweep } from '../../../../shared/flows/sweeps/request-sweep.ts'
import { roundSlots } from '../../../../shared/flows/sweeps/round-slots.ts'
import type { SweepDeps } from '../../../../shared/flows/sweeps/sweep-round.ts'
import { leftUntil } from '../../../../shared/model/deadline.ts'
import { momentOf } from '../../../../shared/ports/steady-clock.ts'
import type { Life } from '../../../support/mortal.ts'
import { propertyRuns } from '../../../support/property-runs.ts'
import { type SweepWorld, sweepWorld } from '../../../support/sweep-world.ts'

/** A minute before the window of 2026-11-21 begins in Shanghai; it ends at 19:00, and the last start is an hour later. */
const evening = '2026-11-20T17:59:00.000Z'
const night = '2026-11-21'

let world: SweepWorld
afterEach(() => world.close())

const open = async (changes: Partial<SweepDeps> = {}): Promise<void> => {
  world = sweepWorld(evening, changes)
  await world.run()
}

const ids = (count: number) =>
  Array.from({ length: count }, (_, index) => `db-${String(index).padStart(2, '0')}`)

const on = (host: string) => ({
  connection: { host, credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_A' } },
})

/** The prechecks that may still look at a host. */
const running = async (): Promise<string[]> => {
  const stored = await Promise.all(world.created.map(({ precheckId }) => world.results.get(precheckId)))
  return stored.flatMap((each) => {
    if (each?.precheck.state !== 'running') return []
    return leftUntil(each.precheck, momentOf(world.deps)) > 0 ? [each.precheck.instanceId] : []
  })
}

/** A minute later: another round, before the end of what runs. */
const tick = async (): Promise<void> => {
  world.wait(1)
  await world.run()
}

describe('however often the service dies, and two rounds go on at once', () => {
  const life: fc.Arbitrary<Life> = fc.record({
    calls: fc.integer({ min: 1, max: 90 }),
    dies: fc.constantFrom('before', 'after'),
  })
  const steps = fc.array(
    fc.record({
      /** None: a round that is not cut. */
      lives: fc.array(life, { maxLength: 2 }),
      minutes: fc.integer({ min: 0, max: 11 }),
      /** Which of the prechecks that run end; the others hang until their deadlines. */
      ends: fc.constantFrom('none', 'some', 'all'),
    }),
    { maxLength: 8 },
  )
  const fleet = fc.array(fc.constantFrom('a.example', 'B.example', 'b.example'), {
    minLength: 1,
    maxLength: 8,
  })

  /** What keeps the limit in this test is not what the service keeps it by. */
  const expectLimit = async (hosts: readonly string[], perHost: number): Promise<void> => {
    const counts: Record<string, number> = {}
    for (const id of await running()) {
      const host = hosts[ids(hosts.length).indexOf(id)]?.toLowerCase() ?? ''
      counts[host] = (counts[host] ?? 0) + 1
    }
    for (const count of Object.values(counts)) expect(count).toBeLessThanOrEqual(perHost)
  }

  it('no more prechecks of a host run than may, and all instances are prechecked once', async () => {
    const property = fc.asyncProperty(
      fleet,
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      steps,
      async (hosts, perHost, isNight, taken) => {
        const fleetSchedule = { enabled: isNight, at: '02:00', window: 10 }
        await open({ hostLimit: { perHost, tag: null }, fleetSchedule })
        await Promise.all(ids(hosts.length).map((id, index) => world.register(id, on(hosts[index] ?? ''))))
        const sweepId = isNight
          ? night
          : (await requestSweep({ ...world.deps, newSweepSuffix: () => '00001' }, {})).id
        for (const { lives, minutes, ends } of taken) {
          world.wait(minutes)
          await (lives.length === 0
            ? world.run()
            : Promise.all(lives.map((each) => world.runMortal({ ...each }))))
          await expectLimit(hosts, perHost)
          if (ends === 'all') await world.finish()
          if (ends === 'some')
            await world.finishThese(world.created.slice(0, 2).map((each) => each.precheckId))
        }
        for (let round = 0; round < 20; round += 1) {
          await tick()
          await expectLimit(hosts, perHost)
          await world.finish()
        }
        await tick()
        const entries = await world.entries(sweepId)
        // What came too late, after so much trouble, says so; everything else was prechecked.
        for (const { status, notRun } of entries) {
          if (status === 'not_run') expect(['WINDOW_MISSED', 'HOST_BUSY']).toContain(notRun?.code)
          else expect(status).toBe('passed')
        }
        expect(entries.map(({ instanceId }) => instanceId)).toEqual(ids(hosts.length))
        expect((await world.sweep(sweepId))?.state).toBe('completed')
        expect(new Set(world.created.map(({ instanceId }) => instanceId)).size).toBe(world.created.length)
        await world.close()
      },
    )
    await fc.assert(property, { numRuns: propertyRuns(25) })
    await open()
  })
})

describe('on one host', () => {
  it('a slot is for who was due first, also before those that are due since', async () => {
    await open({ hostLimit: { perHost: 1, tag: null } })
    await Promise.all(ids(8).map((id) => world.register(id, { schedule: { window: 10 } })))
    for (let minute = 0; minute < 20; minute += 1) {
      await tick()
      await world.finish()
    }
    const entries = await world.entries(night)
    const inOrder = entries
      .toSorted((one, other) =>
        `${one.dueAt}${one.instanceId}`.localeCompare(`${other.dueAt}${other.instanceId}`),
      )
      .map(({ instanceId }) => instanceId)
    expect(world.created.map(({ instanceId }) => instanceId)).toEqual(inOrder)
    expect((await world.sweep(night))?.counts).toMatchObject({ passed: 8, waiting: 0 })
  })

  it('the slot of a precheck that hangs is free after its deadline, and not before', async () => {
    await open({ hostLimit: { perHost: 1, tag: null } })
    await Promise.all(ids(2).map((id) => world.register(id, { schedule: { window: 1 } })))
    await tick()
    expect(await world.statuses(night)).toEqual({ 'db-00': 'started', 'db-01': 'waiting' })
    world.wait(8)
    await tick()
    expect(await world.statuses(night)).toEqual({ 'db-00': 'started', 'db-01': 'waiting' })
    await tick()
    expect(await world.statuses(night)).toEqual({ 'db-00': 'started', 'db-01': 'started' })
  })

  it('a precheck ends with its slot, however long its start takes', async () => {
    await open({ hostLimit: { perHost: 1, tag: null } })
    // What is read between the taking of a slot and the start.
    Object.assign(world.deps, {
      currentPolicies: async () => {
        world.wait(world.created.length === 0 ? 9 : 0)
        return []
      },
    })
    await Promise.all(ids(2).map((id) => world.register(id, { schedule: { window: 1 } })))
    await tick()
    await tick()
    expect(await running()).toHaveLength(1)
    expect(world.created).toHaveLength(2)
  })

  it('an instance that gets no slot before the end of its night is not run, and says which host has how many', async () => {
    await open({ hostLimit: { perHost: 2, tag: null } })
    await Promise.all(
      ids(30).map((id) => world.register(id, { ...on('Slow.example'), schedule: { window: 1 } })),
    )
    // Nothing ends by itself: two in every ten minutes, for an hour.
    for (let minute = 0; minute < 70; minute += 1) await tick()
    const entries = await world.entries(night)
    expect(world.created.length).toBeGreaterThan(8)
    expect(world.created.length).toBeLessThan(16)
    const left = entries.filter(({ status }) => status === 'not_run')
    expect(left).toHaveLength(30 - world.created.length)
    for (const { notRun, endedAt, waiting } of left) {
      expect(notRun).toEqual({ code: 'HOST_BUSY', params: { host: 'slow.example', limit: 2 } })
      expect(endedAt).not.toBeNull()
      expect(waiting).toBeUndefined()
    }
  })

  it('a precheck that somebody asks for does not wait, and takes no slot', async () => {
    await open({ hostLimit: { perHost: 1, tag: null } })
    await Promise.all(ids(2).map((id) => world.register(id, { schedule: { window: 1 } })))
    await world.register('asked', { schedule: { enabled: false } })
    await tick()
    const asked = await startPrecheck(
      { ...world.deps, limits: world.deps.sweepLimits },
      { instanceId: 'asked', trigger: 'request', repeatable: null },
    )
    expect(asked).toHaveProperty('value')
    await world.finishThese(world.created.slice(0, 1).map(({ precheckId }) => precheckId))
    await tick()
    expect(await running()).toEqual(['asked', 'db-01'])
  })

  it('an instance that runs already costs the others no slot', async () => {
    await open({ hostLimit: { perHost: 1, tag: null } })
    await Promise.all(ids(2).map((id) => world.register(id, { schedule: { window: 1 } })))
    await startPrecheck(
      { ...world.deps, limits: world.deps.sweepLimits },
      { instanceId: 'db-00', trigger: 'request', repeatable: null },
    )
    await tick()
    await tick()
    expect(await world.statuses(night)).toEqual({ 'db-00': 'PRECHECK_RUNNING', 'db-01': 'started' })
  })
})

it('of two rounds that take slots of one host at once none gives more than there are', async () => {
  await open()
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
    fc.uuid(),
    async (perHost, takers, id) => {
      const [one, other] = [
        roundSlots(world.deps, perHost, 600_000),
        roundSlots(world.deps, perHost, 600_000),
      ]
      const taken = await Promise.all(
        takers.map((isOne, index) =>
          (isOne ? one : other).take({ id, name: id }, `pc_${String(index).padStart(32, '0')}`),
        ),
      )
      expect(taken.filter((deadline) => deadline !== null)).toHaveLength(Math.min(perHost, takers.length))
      const { holders = [] } = (await world.deps.hostSlots.get(id))?.document ?? {}
      expect(holders.map(({ deadlineAt }) => deadlineAt)).toEqual(
        taken.flatMap((deadline) => deadline?.deadlineAt ?? []),
      )
    },
  )
  await fc.assert(property, { numRuns: propertyRuns(20) })
})

describe('what a host is', () => {
  const started = async (): Promise<number> => {
    await tick()
    return world.created.length
  }

  it('its address, whatever the port and the case', async () => {
    await open({ hostLimit: { perHost: 1, tag: null } })
    const { connection } = on('db.example')
    await world.register('db-1', { connection: { ...connection, port: 1433 }, schedule: { window: 1 } })
    await world.register('db-2', { ...on('DB.example'), schedule: { window: 1 } })
    await world.register('db-3', { ...on('other.example'), schedule: { window: 1 } })
    expect(await started()).toBe(2)
  })

  it('the value of a tag, if one is set and the instance has it', async () => {
    await open({ hostLimit: { perHost: 1, tag: 'cluster' } })
    const schedule = { window: 1 }
    await world.register('db-1', { ...on('one.example'), tags: { cluster: 'a' }, schedule })
    await world.register('db-2', { ...on('two.example'), tags: { cluster: 'a' }, schedule })
    await world.register('db-3', { ...on('two.example'), tags: { cluster: 'b' }, schedule })
    await world.register('db-4', { ...on('two.example'), schedule })
    await world.register('db-5', { ...on('two.example'), tags: { cluster: '' }, schedule })
    expect(await started()).toBe(3)
  })

  it('nothing, where there is no limit', async () => {
    await open({ hostLimit: { perHost: 0, tag: null } })
    await Promise.all(ids(20).map((id) => world.register(id, { schedule: { window: 1 } })))
    expect(await started()).toBe(20)
  })
})

describe('the slots of a host cost', () => {
  const counted = async (hostOf: (id: string) => string, perHost: number) => {
    await open({ hostLimit: { perHost, tag: null } })
    const { hostSlots, results } = world.deps
    const counts = { reads: 0, writes: 0, prechecks: 0 }
    Object.assign(world.deps, {
      hostSlots: {
        get: (id: string) => {
          counts.reads += 1
          return hostSlots.get(id)
        },
        put: (...given: Parameters<typeof hostSlots.put>) => {
          counts.writes += 1
          return hostSlots.put(...given)
        },
      },
      results: {
        ...results,
        get: (id: string) => {
          counts.prechecks += 1
          return results.get(id)
        },
      },
    })
    await Promise.all(ids(60).map((id) => world.register(id, { ...on(hostOf(id)), schedule: { window: 1 } })))
    await tick()
    return counts
  }

  it('a read and a write for each start, where each host has one instance', async () => {
    expect(await counted((id) => `${id}.example`, 4)).toEqual({ reads: 60, writes: 60, prechecks: 0 })
  })

  it('a read in a round, a write for each start and a look at those that run, where one host has all', async () => {
    expect(await counted(() => 'db.example', 4)).toEqual({ reads: 1, writes: 4, prechecks: 4 })
  })

  it('nothing, where there is no limit', async () => {
    expect(await counted(() => 'db.example', 0)).toEqual({ reads: 0, writes: 0, prechecks: 0 })
  })
})

describe('a maintenance window', () => {
  const until = (time: string) => ({
    schedule: { window: 1 },
    maintenanceWindows: [{ reason: 'patch', from: '2026-11-20T17:00:00Z', until: time }],
  })

  it('that ends before it is too late delays a precheck to its end', async () => {
    await open()
    await world.register('patched', until('2026-11-20T18:30:00Z'))
    await tick()
    const [waits] = await world.entries(night)
    expect(waits).toMatchObject({
      status: 'waiting',
      waiting: {
        reason: {
          code: 'MAINTENANCE_WINDOW',
          params: { reason: 'patch', until: '2026-11-20T18:30:00.000Z' },
        },
        until: '2026-11-20T19:01:00.000Z',
      },
    })
    world.setTime('2026-11-20T18:29:00.000Z')
    await world.run()
    expect(await world.statuses(night)).toEqual({ patched: 'waiting' })
    await tick()
    expect(await world.statuses(night)).toEqual({ patched: 'started' })
    await world.finish()
    await tick()
    expect(await world.sweep(night)).toMatchObject({ state: 'completed', counts: { passed: 1, notRun: 0 } })
  })

  it('that ends later costs the night', async () => {
    await open()
    await world.register('patched', until('2026-11-20T19:02:00Z'))
    await tick()
    expect(await world.statuses(night)).toEqual({ patched: 'MAINTENANCE_WINDOW' })
  })

  it('that was made longer meanwhile is waited for once more, or costs the night', async () => {
    await open()
    await world.register('patched', until('2026-11-20T18:10:00Z'))
    await tick()
    await world.register('patched', until('2026-11-20T18:40:00Z'))
    world.setTime('2026-11-20T18:10:00.000Z')
    await world.run()
    expect(await world.statuses(night)).toEqual({ patched: 'waiting' })
    await world.register('patched', until('2026-11-20T20:00:00Z'))
    world.setTime('2026-11-20T18:40:00.000Z')
    await world.run()
    expect(await world.statuses(night)).toEqual({ patched: 'MAINTENANCE_WINDOW' })
  })

  it('is followed by the wait for a slot, where the host has none', async () => {
    await open({ hostLimit: { perHost: 1, tag: null } })
    await world.register('patched', until('2026-11-20T18:05:00Z'))
    await world.register('other', { schedule: { window: 1 } })
    await tick()
    world.setTime('2026-11-20T18:06:00.000Z')
    await world.run()
    expect(await world.entries(night)).toMatchObject([
      { instanceId: 'other', status: 'started' },
      { instanceId: 'patched', status: 'waiting', waiting: { reason: { code: 'HOST_BUSY' } } },
    ])
    await world.finish()
    await tick()
    expect(await world.statuses(night)).toEqual({ other: 'passed', patched: 'started' })
  })

  it('at whose end the service was down costs the night, and says that', async () => {
    await open()
    await world.register('patched', until('2026-11-20T18:30:00Z'))
    await tick()
    world.setTime('2026-11-20T19:02:00.000Z')
    await world.run()
    expect(await world.statuses(night)).toEqual({ patched: 'WINDOW_MISSED' })
  })

  it('keeps a sweep that somebody asked for from waiting', async () => {
    await open({ fleetSchedule: { enabled: false, at: '02:00', window: 60 } })
    await world.register('patched', { ...until('2026-11-20T18:30:00Z'), schedule: { enabled: false } })
    const { id } = await requestSweep({ ...world.deps, newSweepSuffix: () => '00001' }, {})
    await tick()
    expect(await world.statuses(id)).toEqual({ patched: 'MAINTENANCE_WINDOW' })
  })

  it('does not start an instance that is gone when it ends', async () => {
    await open()
    await world.register('patched', until('2026-11-20T18:30:00Z'))
    await tick()
    await world.register('patched', { ...until('2026-11-20T18:30:00Z'), enabled: false })
    world.setTime('2026-11-20T18:30:00.000Z')
    await world.run()
    expect(await world.statuses(night)).toEqual({ patched: 'INSTANCE_REMOVED' })
  })
})
