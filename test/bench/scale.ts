import { prices } from '../../infra/deploy/costs/prices.ts'
import { inParallel, valuesOf } from '../../shared/flows/sweeps/in-parallel.ts'
import type { TablestoreEmulator } from '../emulators/tablestore/server.ts'
import { cloudStores } from '../support/stores.ts'
import { type SweepWorld, sweepWorld } from '../support/sweep-world.ts'
import { startTablestoreStore } from '../support/tablestore-store.ts'
import { print } from './print.ts'

/**
 * What the timer costs on Alibaba Cloud with 1,000, 10,000 and 100,000 instances, by the counters of the stand-in of
 * Tablestore: a tick with nothing due, the look at all instances once a day, and a night over four hours in which no
 * more prechecks end in a minute than `perMinute`. `npm run scale -- 1000` for one size; 100,000 take an hour.
 */

const sizes = process.argv.slice(2).map(Number)
const ticksPerDay = 24 * 60
const windowMinutes = 240
/** 200 instances of `run-check`, five items of 4 s. */
const perMinute = 600

interface Usage {
  readonly requests: number
  readonly read: number
  readonly write: number
}

const usdOf = ({ read, write }: Usage): number => read * prices.readCu.usd + write * prices.writeCu.usd

const row = (label: string, { requests, read, write }: Usage): string =>
  label.padEnd(34) +
  [requests, read, write].map((each) => each.toFixed(0).padStart(12)).join('') +
  usdOf({ requests, read, write }).toFixed(4).padStart(12)

const sumOf = (usages: readonly (Usage & { readonly times: number })[]): Usage => {
  const total = (of: keyof Usage): number => usages.reduce((sum, each) => sum + each.times * each[of], 0)
  return { requests: total('requests'), read: total('read'), write: total('write') }
}

/** What some work asks Tablestore for. */
const counted = async (emulator: TablestoreEmulator, work: () => Promise<unknown>): Promise<Usage> => {
  emulator.resetUsage()
  await work()
  return emulator.usage()
}

/** What every tick read before there were due starts: the schedules of all instances, 500 at a time. */
const walkAll = async ({ instances }: SweepWorld): Promise<void> => {
  let after: string | null = null
  do after = (await instances.listSchedules({ limit: 500, ...(after !== null && { after }) })).next
  while (after !== null)
}

/** A night, tick by tick; prechecks end in the order in which they were started. */
const runNight = async (world: SweepWorld): Promise<void> => {
  let ended = 0
  for (let minute = 0; minute < windowMinutes + 60; minute += 1) {
    world.wait(1)
    await world.run()
    const ending = world.created.slice(ended, ended + perMinute)
    await world.finishThese(ending.map(({ precheckId }) => precheckId))
    ended += ending.length
    // Nobody reads them here.
    world.checkMessages.length = 0
    world.resultMessages.length = 0
    if (ending.length === 0 && minute > windowMinutes) return
  }
}

const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }

/** Ends what hangs; requests are counted here, and how long they take says nothing, ms. */
const timeoutMs = 600_000

const measure = async (count: number): Promise<void> => {
  const { emulator, connect } = await startTablestoreStore()
  const stores = { ...cloudStores(connect({ timeoutMs })), close: () => emulator.close() }
  const limits = { sweepConcurrency: 200, maxSweepConcurrency: 800, hostLimit: { perHost: 4, tag: null } }
  const fleetSchedule = { enabled: true, at: '02:00', window: windowMinutes }
  const world = sweepWorld('2026-11-20T17:57:00.000Z', { ...limits, fleetSchedule }, stores)
  await world.run()
  const ids = Array.from({ length: count }, (_, index) => `db-${index}`)
  valuesOf(
    await inParallel(64, ids, (id) =>
      world.register(id, { connection: { host: `${id}.example`, credential } }),
    ),
  )
  world.wait(1)
  await world.run(3_600_000)

  world.wait(1)
  const idle = await counted(emulator, () => world.run())
  const walk = await counted(emulator, () => walkAll(world))
  // The next day, by UTC, nothing is due for once.
  const lookAtAll = await counted(emulator, async () => {
    const stored = await world.deps.sweepClock.get('nights')
    if (stored)
      await world.deps.sweepClock.put('nights', { ...stored.document, indexedFor: '' }, stored.revision)
    world.setTime('2026-11-20T18:00:00.000Z')
    await world.run(3_600_000)
  })
  const night = await counted(emulator, () => runNight(world))
  const counts = (await world.sweep('2026-11-21'))?.counts

  print(
    `\n${count} instances`.padEnd(35) +
      ['requests', 'read CU', 'write CU', 'USD'].map((each) => each.padStart(12)).join(''),
  )
  print(row('a tick with nothing due', idle))
  print(
    row(
      'an idle day, a walk every tick',
      sumOf([
        { ...idle, times: ticksPerDay },
        { ...walk, times: ticksPerDay },
      ]),
    ),
  )
  print(
    row(
      'an idle day, due starts',
      sumOf([
        { ...idle, times: ticksPerDay },
        { ...lookAtAll, times: 1 },
      ]),
    ),
  )
  print(row('a night, with its prechecks', night))
  print(row('  for each instance', sumOf([{ ...night, times: 1 / count }])))
  print(`  started ${counts?.started}, not run ${counts?.notRun}, still open ${counts?.running}`)
  await world.close()
}

for (const count of sizes.length > 0 ? sizes : [1000, 10_000, 100_000]) await measure(count)
