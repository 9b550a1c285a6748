import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scheduledOf } from '../../../../shared/flows/sweeps/due-in-nights.ts'
import { dueOn, duesBetween, nightScheduleOf } from '../../../../shared/model/night.ts'
import { propertyRuns } from '../../../support/property-runs.ts'
import { type SweepWorld, sweepWorld } from '../../../support/sweep-world.ts'

const minuteMs = 60_000
const weekMs = 7 * 24 * 60 * minuteMs

const timeOf = (minute: number): string => new Date(minute * minuteMs).toISOString().slice(11, 16)
const timeOfDay = fc.integer({ min: 0, max: 1439 }).map(timeOf)

/** Minutes from now to the begin of a window, so that what is changed is due soon. */
const soon = fc.integer({ min: -90, max: 90 })

/** Places whose clocks change at different times, by an hour and by half of one, and some at either end of the world. */
const timeZone = fc.constantFrom(
  'Asia/Shanghai',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Kiritimati',
  'Etc/GMT+12',
)

const schedule = fc.record(
  {
    enabled: fc.boolean(),
    at: timeOfDay,
    timeZone,
    window: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 720 })),
  },
  { requiredKeys: [] },
)

const id = fc.constantFrom('db-1', 'db-2', 'db-3', 'db-4')

/** Minutes by which clocks in Hangzhou, where the instances are, are ahead of UTC. */
const ahead = 8 * 60

/** What happens to a fleet and to its service. `abandon`: a writer dies before it has written what it announced. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('register' as const), id, schedule, enabled: fc.boolean() }),
  {
    arbitrary: fc.record({
      kind: fc.constant('expect' as const),
      id,
      soon,
      window: fc.option(fc.integer({ min: 1, max: 60 }), { freq: 2 }),
    }),
    weight: 4,
  },
  fc.record({ kind: fc.constant('remove' as const), id }),
  fc.record({ kind: fc.constant('abandon' as const), id }),
  fc.record({
    kind: fc.constant('redeploy' as const),
    soon,
    window: fc.integer({ min: 1, max: 120 }),
  }),
  {
    arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
    weight: 6,
  },
  fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 180, max: 12 * 24 * 60 }) }),
)
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never

/** Evenings before the clocks change, and one before nothing. */
const begin = fc.constantFrom(
  '2026-03-07T20:00:30.000Z',
  '2026-03-28T20:00:00.000Z',
  '2026-10-24T12:00:00.000Z',
  '2026-10-31T20:00:00.000Z',
  '2026-11-20T17:59:00.000Z',
)

/** What a walk over the schedules of all instances finds due, by night and instance; what was found first stays. */
const walkOver = async (world: SweepWorld, found: Map<string, string>): Promise<void> => {
  const through = Date.parse((await world.deps.sweepClock.get('nights'))?.document.through ?? world.time())
  const until = Math.floor(Date.parse(world.time()) / minuteMs) * minuteMs
  for (const { document } of (await world.instances.list({ limit: 9 })).items) {
    const scheduled = scheduledOf(document)
    const night = scheduled && nightScheduleOf(scheduled, world.deps.fleetSchedule)
    if (!night || until <= through) continue
    for (const { date, dueAt } of duesBetween(night, Math.max(through, until - weekMs), until)) {
      const key = `${date} ${document.id}`
      if (!found.has(key)) found.set(key, new Date(dueAt).toISOString())
    }
  }
}

/** Rounds until nothing is to be done at once. */
const goOn = async (world: SweepWorld): Promise<void> => {
  for (let isBusy = true; isBusy;) {
    ;({ isBusy } = await world.run())
    await world.finish()
  }
}

const happen = async (world: SweepWorld, what: Happening, found: Map<string, string>): Promise<void> => {
  switch (what.kind) {
    case 'register':
      return world.register(what.id, { schedule: what.schedule, enabled: what.enabled })
    case 'expect': {
      const at = timeOf(Date.parse(world.time()) / minuteMs + ahead + what.soon)
      const own = what.window === null ? {} : { at, window: what.window }
      return world.register(what.id, { schedule: own })
    }
    case 'remove':
      return void (await world.instances.remove(what.id))
    case 'abandon':
      return world.announce(what.id)
    case 'redeploy': {
      const at = timeOf(Date.parse(world.time()) / minuteMs + ahead + what.soon)
      return void Object.assign(world.deps, { fleetSchedule: { enabled: true, at, window: what.window } })
    }
    case 'pass':
      world.wait(what.minutes)
      await walkOver(world, found)
      return goOn(world)
  }
}

const entered = async (world: SweepWorld): Promise<Map<string, string>> => {
  const nights = await Promise.all((await world.sweepIds()).map((date) => world.entries(date)))
  return new Map(nights.flat().map(({ sweepId, instanceId, dueAt }) => [`${sweepId} ${instanceId}`, dueAt]))
}

const sorted = (found: ReadonlyMap<string, string>) => [...found].toSorted(([a], [b]) => (a < b ? -1 : 1))

/** Nights of which an instance is still to come. */
const unfinished = async (world: SweepWorld): Promise<string[]> => {
  const { items } = await world.instances.list({ limit: 9 })
  return (await world.sweepIds()).filter((date) =>
    items.some(({ document }) => {
      const scheduled = scheduledOf(document)
      const night = scheduled && nightScheduleOf(scheduled, world.deps.fleetSchedule)
      return night && dueOn(night, date).dueAt > Date.parse(world.time())
    }),
  )
}

describe('the nights that are found by their due starts', () => {
  it('are those that a walk over all schedules finds, whatever is changed in between, and no others', async () => {
    const property = fc.asyncProperty(
      begin,
      fc.integer({ min: 1, max: 5 }),
      fc.array(happening, { minLength: 1, maxLength: 40 }),
      async (startsAt, sweepConcurrency, happenings) => {
        const world = sweepWorld(startsAt, { sweepConcurrency })
        try {
          const found = new Map<string, string>()
          await world.run()
          for (const what of happenings) await happen(world, what, found)
          // What has begun ends, and the round after that sees it, unless that one begins something again.
          for (let quiet = 0; quiet < 2;) {
            const before = found.size
            await happen(world, { kind: 'pass', minutes: 1 }, found)
            quiet = found.size === before ? quiet + 1 : 0
          }
          expect(sorted(await entered(world))).toEqual(sorted(found))
          const running: string[] = []
          for (const date of await world.sweepIds())
            if ((await world.sweep(date))?.state === 'running') running.push(date)
          const toCome = await unfinished(world)
          expect(running.filter((date) => !toCome.includes(date))).toEqual([])
        } finally {
          await world.close()
        }
      },
    )
    const evening = '2026-11-20T17:59:00.000Z'
    const pass = (minutes: number) => ({ kind: 'pass' as const, minutes })
    const expectSoon = (minutes: number, window: number | null) =>
      ({ kind: 'expect', id: 'db-1', soon: minutes, window }) as const
    await fc.assert(property, {
      numRuns: propertyRuns(60),
      examples: [
        // Found at its old minute, and by then due at one that has passed.
        [evening, 5, [pass(5), expectSoon(80, 1), pass(10), expectSoon(-60, 1), pass(90)]],
        // Due in the very minute in which the test ends.
        ['2026-03-07T20:00:30.000Z', 1, [expectSoon(71, 18), pass(22), pass(4401 - 22)]],
        // Another schedule of the fleet, on the day on which all were compared.
        [evening, 5, [expectSoon(-90, null), pass(5), { kind: 'redeploy', soon: 10, window: 1 }, pass(60)]],
      ],
    })
  })
})
