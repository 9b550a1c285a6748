import type { SteadyClock } from '../ports/steady-clock.ts'

const msPerSecond = 1000
const nsPerMs = 1_000_000

/** The steady clock of this process: the same in all its threads, and another one in every process. */
export const steadyClock: SteadyClock = {
  id: String(performance.timeOrigin),
  ms: () => {
    const [seconds, ns] = process.hrtime()
    return seconds * msPerSecond + ns / nsPerMs
  },
}
