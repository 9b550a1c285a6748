import { beforeEach, describe, expect, it } from 'vitest'
import {
  type DatabaseClock,
  type Pulse,
  databaseClock,
} from '../../../shared/adapters/sqlite/database-clock.ts'

const hour = 3_600_000
const day = 24 * hour
const start = Date.parse('2026-11-21T02:00:00Z')

/** A machine whose wall clock the test sets. */
const machine = () => {
  let wall = start
  let steady = 777.5
  return {
    readings: { wall: () => wall, steady: () => steady },
    pass: (ms: number) => {
      wall += ms
      steady += ms
    },
    set: (byMs: number) => {
      wall += byMs
    },
    /** Another boot: its steady clock begins anew. */
    boot: (stoppedMs: number) => {
      wall += stoppedMs
      steady = 3
    },
  }
}

let here: ReturnType<typeof machine>
let clock: DatabaseClock
beforeEach(() => {
  here = machine()
  clock = databaseClock(null, here.readings)
})
const startAgain = (stored: Pulse = clock.pulse()): void => {
  clock = databaseClock(stored, here.readings)
}

describe('time of the queues', () => {
  it.each([30 * day, -2 * hour])('counts evenly when the wall clock is set by %i ms', (byMs) => {
    const before = clock.queueTime()
    here.pass(1000)
    here.set(byMs)
    expect(clock.queueTime() - before).toBe(1000)
  })

  it('goes on in the next process, where the wall clock was set back meanwhile', () => {
    here.pass(hour)
    const before = clock.queueTime()
    const stored = clock.pulse()
    here.set(-30 * day)
    here.boot(1000)
    startAgain(stored)
    expect(clock.queueTime()).toBe(before)
  })

  it('knows that time has passed while no process ran', () => {
    const before = clock.queueTime()
    const stored = clock.pulse()
    here.boot(hour)
    startAgain(stored)
    expect(clock.queueTime() - before).toBe(hour)
  })
})

describe('a jump', () => {
  it.each([200 * day, 30 * day, 2 * hour, -2 * hour])(
    'by %i ms is noticed, and nothing is forgotten for a day',
    (byMs) => {
      expect([clock.jump(), clock.mayForget()]).toEqual([null, true])
      here.set(byMs)
      expect(clock.mayForget()).toBe(false)
      here.pass(day - hour)
      expect(clock.jump()).toEqual({ byMs, agoMs: day - hour })
      here.pass(hour)
      expect([clock.jump(), clock.mayForget()]).toEqual([null, true])
    },
  )

  it('while no process ran is noticed at the start', () => {
    const stored = clock.pulse()
    here.boot(10_000)
    here.set(200 * day)
    startAgain(stored)
    expect(clock.jump()?.byMs).toBe(200 * day + 10_000)
    expect(clock.mayForget()).toBe(false)
  })

  it('back while no process ran is noticed too', () => {
    const stored = clock.pulse()
    here.boot(0)
    here.set(-2 * hour)
    startAgain(stored)
    expect(clock.jump()?.byMs).toBe(-2 * hour)
  })

  it('is known to the next process, which waits for the rest of the day', () => {
    here.set(200 * day)
    expect(clock.mayForget()).toBe(false)
    here.pass(20 * hour)
    const stored = clock.pulse()
    here.boot(60_000)
    startAgain(stored)
    expect(clock.jump()).toEqual({ byMs: 200 * day, agoMs: 20 * hour })
    here.pass(5 * hour)
    expect(clock.mayForget()).toBe(true)
  })
})

it('every jump is told once, also where the next one came before anybody asked', () => {
  here.set(30 * day)
  clock.mayForget()
  here.set(-30 * day)
  expect(clock.takeJumps()).toEqual([30 * day, -30 * day])
  expect(clock.takeJumps()).toEqual([])
})

it('corrections of seconds, and a stop for an hour, are no jump', () => {
  here.set(59_000)
  here.pass(hour)
  expect(clock.jump()).toBeNull()
  const stored = clock.pulse()
  here.boot(hour)
  startAgain(stored)
  expect(clock.jump()).toBeNull()
})
