import { setTimeout as sleep } from 'node:timers/promises'
import type { HealthFinding } from '../../model/health.ts'
import { StoreFault } from '../../ports/store-fault.ts'
import type { SteadyClock } from '../../ports/steady-clock.ts'
import type { Look } from './health.ts'

/** Times of the looks at a store, ms. */
interface StoreLookTimes {
  /** Between the begins of two attempts, however often somebody looks. */
  readonly everyMs: number
  /** How long a look waits for the attempt that is under way. */
  readonly patienceMs: number
  /** An attempt that takes longer has failed. */
  readonly limitMs: number
}

const usualTimes: StoreLookTimes = { everyMs: 3000, patienceMs: 500, limitMs: 10_000 }

const outputOf = (fault: unknown): string =>
  fault instanceof StoreFault ? fault.message : 'The store does not answer as it should. See the log.'

/** Resolves when the work, which never rejects, has ended or the time is over. */
const orAfter = async (work: Promise<void>, ms: number): Promise<void> => {
  const giveUp = new AbortController()
  const time = sleep(ms, undefined, giveUp).catch(() => undefined)
  await Promise.race([work, time])
  giveUp.abort()
}

/**
 * Looks whether the store does what `attempt` asks of it. One attempt at a time is made, and seldom: whoever looks in
 * between hears of the last one, and nobody waits for a disk that hangs.
 */
export const storeLook = (
  attempt: () => Promise<void>,
  { ms }: Pick<SteadyClock, 'ms'>,
  { everyMs, patienceMs, limitMs }: StoreLookTimes = usualTimes,
): Look => {
  let beganAt = Number.NEGATIVE_INFINITY
  let underWay: Promise<void> | null = null
  let last: HealthFinding | null = null

  const run = async (): Promise<void> => {
    const from = ms()
    const took = () => ({ observedValue: Math.round(ms() - from), observedUnit: 'ms' })
    try {
      await attempt()
      last = { status: 'pass', ...took() }
    } catch (fault) {
      last = { status: 'fail', ...took(), output: outputOf(fault) }
    }
    underWay = null
  }

  return async () => {
    if (!underWay && ms() - beganAt >= everyMs) {
      beganAt = ms()
      underWay = run()
    }
    if (underWay) await orAfter(underWay, patienceMs)
    const waitedMs = underWay ? Math.round(ms() - beganAt) : 0
    const waiting = { observedValue: waitedMs, observedUnit: 'ms' }
    if (waitedMs > limitMs) return { status: 'fail', ...waiting, output: 'The store hangs. Check its disk.' }
    return last ?? { status: 'warn', ...waiting, output: 'The store has not answered yet.' }
  }
}
