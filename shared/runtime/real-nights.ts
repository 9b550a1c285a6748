import { msPerHour } from '../model/durations.ts'
import type { RealNights } from '../ports/real-nights.ts'
import type { SteadyClock } from '../ports/steady-clock.ts'

/** Starts of an instance that are less apart than this belong to the same night, ms. */
const nightMs = 12 * msPerHour

/** Remembers the starts of half a day. `sinceJump`: ms since the wall clock was set; null: it was not. */
export const realNights = ({ ms }: Pick<SteadyClock, 'ms'>, sinceJump: () => number | null): RealNights => {
  /** When instances were started last, ms of the steady clock, the one noted first in front. */
  const starts = new Map<string, number>()

  const forgetOld = (): void => {
    for (const [instanceId, at] of starts) {
      if (ms() - at < nightMs) return
      starts.delete(instanceId)
    }
  }

  return {
    note: (instanceId, agoMs) => {
      starts.delete(instanceId)
      starts.set(instanceId, ms() - agoMs)
      forgetOld()
    },
    wasStarted: (instanceId) => {
      const startedAt = starts.get(instanceId)
      const jumpMs = sinceJump()
      return startedAt !== undefined && jumpMs !== null && jumpMs < nightMs && ms() - startedAt < nightMs
    },
  }
}
